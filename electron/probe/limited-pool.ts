/** A pool that measures a few probes at a time: more would falsify each other's timings. */
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { MeasuringSlots } from '../system/measuring-slots.ts';
import { PendingWork } from '../system/pending-work.ts';
import { PROBE_SLOTS } from '../verdict/cadence.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';

export class LimitedPool implements ProbePool {
  readonly #inner: ProbePool;
  readonly #pending = new PendingWork();
  readonly #slots: MeasuringSlots;
  readonly #waiting: ((leave: Stop) => void)[] = [];

  constructor(inner: ProbePool, clock: Clock) {
    this.#inner = inner;
    this.#slots = new MeasuringSlots(clock, PROBE_SLOTS, () => this.#fill());
  }

  /** A probe whose signal was aborted while it waited is `cancelled` as soon as its turn comes. */
  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    return this.#pending.add(this.#inTurn(request, signal));
  }

  /** Cancels what runs and what waits; resolves when all of it has ended. */
  async close(): Promise<void> {
    await this.#inner.close();
    await this.#pending.settled();
  }

  async #inTurn(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    const leave = await new Promise<Stop>((resolve) => {
      this.#waiting.push(resolve);
      this.#fill();
    });
    try {
      return await this.#inner.probe(request, signal);
    } finally {
      leave();
    }
  }

  #fill(): void {
    while (this.#waiting.length > 0 && this.#slots.hasRoom(false)) this.#waiting.shift()?.(this.#slots.take());
  }
}
