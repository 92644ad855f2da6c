/** A pool that runs a few probes at a time: more would falsify each other's clocks. */
import type { ProbeResult } from '../../shared/domain/result.ts';
import { type Limiter, limiter } from '../system/limiter.ts';
import { PendingWork } from '../system/pending-work.ts';
import { MAX_CONCURRENT_PROBES } from '../verdict/cadence.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';

export class LimitedPool implements ProbePool {
  readonly #inner: ProbePool;
  readonly #pending = new PendingWork();
  readonly #limit: Limiter = limiter(MAX_CONCURRENT_PROBES);

  constructor(inner: ProbePool) {
    this.#inner = inner;
  }

  /** A probe whose signal was aborted while it waited is `cancelled` as soon as its turn comes. */
  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    return this.#pending.add(this.#limit(() => this.#inner.probe(request, signal)));
  }

  /** Cancels what runs and what waits; resolves when all of it has ended. */
  async close(): Promise<void> {
    await this.#inner.close();
    await this.#pending.settled();
  }
}
