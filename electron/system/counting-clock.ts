/** A clock that counts fired timers: wake-ups that keep a processor from sleeping. */
import type { Clock, Stop } from './clock.ts';

export class CountingClock implements Clock {
  /** Timers that have fired. */
  wakeups = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, callback: () => void): Stop {
    return this.#clock.after(delayMs, () => {
      this.wakeups += 1;
      callback();
    });
  }
}
