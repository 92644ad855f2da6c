/** Time as a port: the wall clock for dates, the monotonic clock for durations, and timers. */
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';

/** Cancels; may be called twice. */
export type Stop = () => void;

export interface Clock {
  /** Wall clock, epoch ms. */
  now(): EpochMs;
  /** Monotonic, ms with fractions, from an arbitrary origin. */
  monotonic(): DurationMs;
  /** Calls back once after a delay. Does not keep the process alive. */
  after(delayMs: DurationMs, callback: () => void): Stop;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, callback) {
    // setTimeout's limit (2^31-1 ms): a longer delay would fire at once.
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
