/** Runs a few probes at once; urgent ones first, the others in the order in which they were added. */

import type { Clock } from '../system/clock.ts';
import { MeasuringSlots, type SlotLimits } from '../system/measuring-slots.ts';

interface Waiting {
  readonly endpointId: string;
  isUrgent: boolean;
  readonly ended: Promise<void>;
  readonly end: () => void;
}

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

export class ProbeQueue {
  readonly #slots: MeasuringSlots;
  readonly #run: (endpointId: string, signal: AbortSignal) => Promise<void>;
  #waiting: readonly Waiting[] = [];
  readonly #running = new Map<string, Running>();

  /** `run` probes one endpoint and must not reject; its signal is aborted by `cancel`. */
  constructor(
    clock: Pick<Clock, 'after'>,
    limits: SlotLimits,
    run: (endpointId: string, signal: AbortSignal) => Promise<void>,
  ) {
    this.#slots = new MeasuringSlots(clock, limits, () => this.#fill());
    this.#run = run;
  }

  /**
   * Adds an endpoint unless it waits or runs already. Resolves when that probe has ended or was cancelled; never rejects.
   */
  add(endpointId: string, isUrgent: boolean): Promise<void> {
    const running = this.#running.get(endpointId);
    if (running !== undefined) return running.ended;
    const queued = this.#waiting.find((one) => one.endpointId === endpointId);
    if (queued !== undefined) {
      queued.isUrgent ||= isUrgent;
      this.#fill();
      return queued.ended;
    }
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#waiting = [...this.#waiting, { endpointId, isUrgent, ended, end }];
    this.#fill();
    return ended;
  }

  isRunning(endpointId: string): boolean {
    return this.#running.has(endpointId);
  }

  /** Drops a waiting probe, aborts a running one. */
  cancel(endpointId: string): void {
    const queued = this.#waiting.find((one) => one.endpointId === endpointId);
    this.#waiting = this.#waiting.filter((one) => one !== queued);
    queued?.end();
    this.#running.get(endpointId)?.controller.abort();
  }

  /** Cancels everything; resolves when nothing runs any more. */
  async close(): Promise<void> {
    for (const { endpointId } of this.#waiting) this.cancel(endpointId);
    for (const { controller } of this.#running.values()) controller.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  #fill(): void {
    for (;;) {
      const next = this.#waiting.find(({ isUrgent }) => isUrgent) ?? this.#waiting[0];
      if (next === undefined || !this.#slots.hasRoom(next.isUrgent)) return;
      this.#waiting = this.#waiting.filter((one) => one !== next);
      void this.#start(next);
    }
  }

  async #start({ endpointId, ended, end }: Waiting): Promise<void> {
    const controller = new AbortController();
    const leave = this.#slots.take();
    this.#running.set(endpointId, { controller, ended });
    try {
      await this.#run(endpointId, controller.signal);
    } finally {
      this.#running.delete(endpointId);
      end();
      leave();
    }
  }
}
