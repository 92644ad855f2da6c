/** A clock that moves only when advanced: years of scheduling in a second. */
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from './clock.ts';

interface Waiting {
  readonly at: EpochMs;
  readonly order: number;
  readonly callback: () => void;
}

/** Fake clock; `advance` runs due callbacks in order and lets promises settle in between. */
export class FakeClock implements Clock {
  #now: EpochMs;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(start: EpochMs = 1_700_000_000_000) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  monotonic(): DurationMs {
    return this.#now;
  }

  after(delayMs: DurationMs, callback: () => void): Stop {
    const waiting = { at: this.#now + Math.max(0, delayMs), order: this.#order++, callback };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }

  /** Timers that have not fired. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Advances by `ms` and fires due timers in order. */
  async advance(ms: DurationMs): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next !== null; next = this.#next(end)) {
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  /** Jumps without firing anything, like a sleeping machine; due timers fire on the next `advance`. */
  jump(ms: DurationMs): void {
    this.#now += ms;
  }

  #next(end: EpochMs): Waiting | null {
    let best: Waiting | null = null;
    for (const waiting of this.#waiting) {
      if (waiting.at > end) continue;
      if (best === null || waiting.at < best.at || (waiting.at === best.at && waiting.order < best.order))
        best = waiting;
    }
    return best;
  }
}

/** Lets pending promise callbacks run (a macrotask, so chains of any length settle). */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
