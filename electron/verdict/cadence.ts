/**
 * When to probe next, and how deep: pure, so that a year of scheduling is tested in a second.
 */
import type { ProbeDepth } from '../../shared/domain/result.ts';
import { type DurationMs, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';
import { type EndpointStatus, isConfirming } from './status.ts';

/** Time between two probes of an endpoint, by whether somebody is looking. */
export interface Intervals {
  readonly visibleMs: DurationMs;
  readonly hiddenMs: DurationMs;
}

/** First delay of a confirming re-probe; each further one waits half as long again. */
const CONFIRM_MS = 2_000;
const CONFIRM_GROWTH = 1.5;

/** Regular probes are spread by ± this share, so that endpoints (and users) do not march in step. */
const JITTER = 0.1;

/** At most this many probes run at once: more would falsify each other's clocks. */
export const MAX_CONCURRENT_PROBES = 3;

/** The regular interval now. */
export function intervalOf(intervals: Intervals, visible: boolean): DurationMs {
  return visible ? intervals.visibleMs : intervals.hiddenMs;
}

/**
 * Delay until the next probe, ms. `random` is uniform in [0, 1).
 * While a change is being confirmed (or the last result was not judged: `inDoubt`) the re-probes are quick, with
 * jittered back-off, and never slower than regular ones.
 */
export function nextDelay(state: EndpointStatus, intervalMs: DurationMs, random: number, inDoubt = false): DurationMs {
  const jitter = 1 + (2 * random - 1) * JITTER;
  if (!inDoubt && !isConfirming(state)) return intervalMs * jitter;
  const attempt = Math.max(0, (state.status === 'down' ? state.successes : state.failures) - 1);
  return Math.min(CONFIRM_MS * CONFIRM_GROWTH ** attempt, intervalMs) * jitter;
}

/** Endpoints start one after the other over the interval (or a few seconds, whichever is shorter), ms. */
export function startDelay(index: number, count: number, intervalMs: DurationMs): DurationMs {
  return (index / Math.max(1, count)) * Math.min(intervalMs, 3_000);
}

/** Full depth hourly, on the first failure of a streak and on the first sign of recovery; light otherwise. */
export function depthOf(state: EndpointStatus, lastFullAt: EpochMs | null, now: EpochMs): ProbeDepth {
  if (lastFullAt === null || now - lastFullAt >= HOUR_MS) return 'full';
  const firstFailure = state.status !== 'down' && state.failures === 1;
  const firstSuccess = state.status === 'down' && state.successes === 1;
  return firstFailure || firstSuccess ? 'full' : 'light';
}

/** Whether a timer fired so late that the machine must have slept meanwhile. */
export function hasSlept(dueAt: EpochMs, now: EpochMs): boolean {
  return now - dueAt > 30_000;
}
