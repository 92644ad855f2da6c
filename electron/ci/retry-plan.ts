/** When a step is run again. Pure. */
import type { DurationMs } from '../../shared/domain/units.ts';

/** The last wait, before jitter: content networks keep a negative answer for 10 s, and the last try must outlive it. */
const LAST_MS = 12_000;
/** A connection that was cut once is often fine at once. */
const FIRST_MS = 500;
const GROWTH = 2;
/** Many jobs that failed at once must not come back at once. */
const JITTER = { from: 0.9, to: 1.4 };

/** The wait before retry number `retry` (1 = the first) of `retries`; `random` is 0…1. The last is above 10 s. */
export function delayBefore(retry: number, retries: number, random: number): DurationMs {
  const base = Math.max(FIRST_MS, LAST_MS / GROWTH ** (retries - retry));
  return Math.round(base * (JITTER.from + random * (JITTER.to - JITTER.from)));
}
