/**
 * The status of one endpoint as a pure reducer over its results. One failure never makes an endpoint `down` and one
 * success never makes it `up` again: both are confirmed first, so that a lost packet is not an outage.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { Status, Thresholds } from '../../shared/domain/status.ts';
import type { EpochMs } from '../../shared/domain/units.ts';

/** What is remembered of an endpoint between two results. Streaks count results in a row. */
export interface EndpointStatus {
  readonly status: Status;
  /** Since when; for `down` the first failure of the streak, not its confirmation. */
  readonly since: EpochMs;
  /** Why it is `down`, or what the failures under confirmation say; null when nothing is wrong. */
  readonly cause: Cause | null;
  readonly failures: number;
  readonly successes: number;
  readonly slows: number;
  readonly timelies: number;
  /** When the running streak of failures (or, while down, of successes) began; null when there is none. */
  readonly streakSince: EpochMs | null;
}

/** Nothing is known yet. */
export function unknownStatus(now: EpochMs): EndpointStatus {
  return {
    status: 'unknown',
    since: now,
    cause: null,
    failures: 0,
    successes: 0,
    slows: 0,
    timelies: 0,
    streakSince: null,
  };
}

/** Down since an incident that an earlier run of the app left open. */
export function restoredDown(since: EpochMs, cause: Cause | null, thresholds: Thresholds): EndpointStatus {
  return { ...unknownStatus(since), status: 'down', cause, failures: thresholds.failuresToDown };
}

/** The status after one more sample. */
export function reduceStatus(before: EndpointStatus, sample: Sample, thresholds: Thresholds): EndpointStatus {
  return sample.outcome === 'failed'
    ? afterFailure(before, sample, thresholds)
    : afterSuccess(before, sample, thresholds);
}

/** Whether the next results are needed soon to confirm a change. */
export function isConfirming(state: EndpointStatus): boolean {
  return state.status === 'down' ? state.successes > 0 : state.failures > 0;
}

function afterFailure(before: EndpointStatus, sample: Sample, thresholds: Thresholds): EndpointStatus {
  const failures = before.failures + 1;
  const streakSince = before.failures === 0 || before.streakSince === null ? sample.at : before.streakSince;
  const next = { ...before, cause: sample.cause ?? 'unknown', failures, successes: 0, slows: 0, timelies: 0 };
  if (before.status === 'down') return { ...next, streakSince: null };
  if (failures < thresholds.failuresToDown) return { ...next, streakSince };
  return { ...next, status: 'down', since: streakSince, streakSince: null };
}

function afterSuccess(before: EndpointStatus, sample: Sample, thresholds: Thresholds): EndpointStatus {
  const slow = sample.outcome === 'slow';
  const successes = before.successes + 1;
  const streaks = { successes, slows: slow ? before.slows + 1 : 0, timelies: slow ? 0 : before.timelies + 1 };
  if (before.status === 'down') {
    const streakSince = before.streakSince ?? sample.at;
    if (successes < thresholds.successesToUp) return { ...before, ...streaks, failures: 0, streakSince };
    return {
      status: slow ? 'degraded' : 'up',
      since: streakSince,
      cause: null,
      failures: 0,
      ...streaks,
      streakSince: null,
    };
  }
  const healthy = { ...before, ...streaks, cause: null, failures: 0, streakSince: null };
  const status = pace(before.status, slow, streaks, thresholds);
  return status === before.status ? healthy : { ...healthy, status, since: sample.at };
}

/** A first answer is believed at once; after that, slow and timely need as many in a row as recovery does. */
function pace(
  before: Status,
  slow: boolean,
  streaks: { readonly slows: number; readonly timelies: number },
  thresholds: Thresholds,
): Status {
  if (before === 'unknown') return slow ? 'degraded' : 'up';
  if (streaks.slows >= thresholds.successesToUp) return 'degraded';
  if (streaks.timelies >= thresholds.successesToUp) return 'up';
  return before;
}
