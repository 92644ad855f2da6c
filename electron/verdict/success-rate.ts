/**
 * Scattered failures that never come three in a row: a sequential test over the results one by one (Page's CUSUM for a
 * share, E. S. Page, Biometrika 41, 1954). It asks whether failures come five times as often as they should, and needs no
 * window: a few failures close together are as conclusive as many far apart. Pure.
 */
import { type DurationMs, type EpochMs, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';

export interface SuccessRate {
  /** How much the failures weigh, in nats; 0 = nothing to see. */
  readonly weight: number;
  /** When the failures that weigh now began; null while none do. */
  readonly weighsSince: EpochMs | null;
  readonly n: number;
  readonly failed: number;
  /** Since when failures are too many; null while they are not. */
  readonly intermittentSince: EpochMs | null;
  /** Successes in a row since the last failure, and when they began. */
  readonly calm: number;
  readonly calmSince: EpochMs | null;
  /** How long it has been probed more often because of doubts, within the present period. */
  readonly surveyedMs: DurationMs;
  readonly surveyPeriod: number;
  readonly lastAt: EpochMs | null;
}

export const INITIAL_SUCCESS_RATE: SuccessRate = {
  weight: 0,
  weighsSince: null,
  n: 0,
  failed: 0,
  intermittentSince: null,
  calm: 0,
  calmSince: null,
  surveyedMs: 0,
  surveyPeriod: -1,
  lastAt: null,
};

/** Two failures in a thousand are normal; up to four are tolerated. */
const EXPECTED_SHARE = 0.004;
/** Most that an endpoint's own past can explain: a proxy that always loses 5 % is reported, too. */
const WORST_OWN_SHARE = 0.02;
/** How many times the expected share is too many. */
const TOO_MANY = 5;
/**
 * Weight at which it is reported. A false alarm at 0.2 % has a chance of about e^(-1.6 × 8), one in 400,000, each time a
 * failure starts the test.
 */
const ENOUGH = 8;
/** Kept beyond it, so that the end of a streak does not revert it at once. */
const SLACK = 2;
/** It is over when so many successes in a row would be as unlikely as one in 400 at the share that was reported. */
const RECOVERY_NATS = 6;
const MAX_RECOVERY = 300;

/** Shares of results, 0…1: `lost` = failures that the line may have caused, `failed` = the others. */
export interface Shares {
  readonly failed: number;
  readonly lost: number;
}

/** What the share of failures is compared with. */
export interface Expected {
  /** What other hosts fail now: failures that all hosts have are not this endpoint's. null = nothing to compare with. */
  readonly others: Shares | null;
  /** This endpoint's usual share of failures at this hour, 0…1; null while that is not known. */
  readonly own: number | null;
}

/** A little more than what others fail is no surprise. */
const MARGIN = 1.5;
const MOST_EXPECTED = 0.1;

/** The shares that are no surprise now. */
export function expectedShares({ others, own }: Expected): Shares {
  const byHabit = others === null ? Math.min(WORST_OWN_SHARE, (own ?? 0) * MARGIN) : others.failed * MARGIN;
  return {
    failed: Math.min(MOST_EXPECTED, Math.max(EXPECTED_SHARE, byHabit)),
    lost: Math.min(MOST_EXPECTED, (others?.lost ?? 0) * MARGIN),
  };
}

/** Lost packets are the line's rather than the endpoint's: they weigh half. */
const LOSS_WEIGHT = 0.5;

/** One result as the test sees it: `lost` = a failure that the line may have caused. */
export type Trial = 'ok' | 'lost' | 'failed';

/**
 * After one more result; `row` = failures in a row with it. A streak is not scattered: while it lasts, nothing is reported.
 * Results while down do not count: `resetAfterOutage`.
 */
export function reduceSuccessRate(
  before: SuccessRate,
  trial: Trial,
  row: number,
  at: EpochMs,
  expected: Expected,
): SuccessRate {
  const failed = trial !== 'ok';
  const weight = Math.max(0, before.weight + stepOf(trial, expectedShares(expected)));
  const starts = before.weight === 0;
  const next: SuccessRate = {
    ...surveyed(before, at),
    weight: Math.min(weight, ENOUGH + SLACK),
    weighsSince: weight === 0 ? null : starts ? at : before.weighsSince,
    n: starts ? 1 : before.n + 1,
    failed: (starts ? 0 : before.failed) + (failed ? 1 : 0),
    calm: failed ? 0 : before.calm + 1,
    calmSince: failed ? null : (before.calmSince ?? at),
    lastAt: at,
  };
  if (before.intermittentSince === null) {
    return weight >= ENOUGH && row < 2 ? { ...next, intermittentSince: next.weighsSince } : next;
  }
  // While it is reported, its own counts go on, whatever they weigh.
  const reported = {
    ...next,
    n: before.n + 1,
    failed: before.failed + (failed ? 1 : 0),
    weighsSince: before.weighsSince,
  };
  const reportedShare = Math.max(WORST_OWN_SHARE, reported.failed / reported.n);
  const isOver = reported.calm >= Math.min(MAX_RECOVERY, Math.ceil(RECOVERY_NATS / reportedShare));
  return isOver ? resetAfterOutage(reported) : reported;
}

/** The logarithm of how much likelier the result is when failures are too many. */
function stepOf(trial: Trial, { failed, lost }: Shares): number {
  if (trial === 'failed') return Math.log(TOO_MANY);
  if (trial === 'lost') return Math.log(TOO_MANY) * LOSS_WEIGHT;
  return Math.log((1 - failed * TOO_MANY - lost * TOO_MANY ** LOSS_WEIGHT) / (1 - failed - lost));
}

/** The failures so far belonged to an outage, which is reported by itself. */
export function resetAfterOutage(before: SuccessRate): SuccessRate {
  return {
    ...INITIAL_SUCCESS_RATE,
    surveyedMs: before.surveyedMs,
    surveyPeriod: before.surveyPeriod,
    lastAt: before.lastAt,
  };
}

/** While in doubt an endpoint is probed this often: a share needs many results. */
export const SURVEY_MS: DurationMs = 3_000;
/** But no longer than this in each period, to limit load. */
const MAX_SURVEY_MS = 45 * MINUTE_MS;
const SURVEY_PERIOD_MS = 6 * HOUR_MS;

/** Whether more results are wanted soon to tell chance from a problem. */
export function wantsSurvey(state: SuccessRate): boolean {
  return state.weight > 0 && state.intermittentSince === null && state.surveyedMs < MAX_SURVEY_MS;
}

function surveyed(before: SuccessRate, at: EpochMs): SuccessRate {
  const surveyPeriod = Math.floor(at / SURVEY_PERIOD_MS);
  const spent = wantsSurvey(before) && before.lastAt !== null ? Math.min(at - before.lastAt, 2 * SURVEY_MS) : 0;
  return {
    ...before,
    surveyPeriod,
    surveyedMs: (surveyPeriod === before.surveyPeriod ? before.surveyedMs : 0) + spent,
  };
}

/** Counts by five minutes over the last hour: what an endpoint fails now, as the others' measure. */
export interface Recent {
  readonly slots: readonly {
    readonly slot: number;
    readonly n: number;
    readonly failed: number;
    readonly lost: number;
  }[];
}

export const INITIAL_RECENT: Recent = { slots: [] };
const SLOT_MS = 5 * MINUTE_MS;
const SLOTS = 12;
const ENOUGH_RESULTS = 30;

/** One more result counted. */
export function reduceRecent({ slots }: Recent, trial: Trial, at: EpochMs): Recent {
  const slot = Math.floor(at / SLOT_MS);
  const kept = slots.filter((one) => one.slot > slot - SLOTS && one.slot !== slot);
  const same = slots.find((one) => one.slot === slot) ?? { slot, n: 0, failed: 0, lost: 0 };
  const { n, failed, lost } = same;
  const counted = {
    slot,
    n: n + 1,
    failed: failed + (trial === 'failed' ? 1 : 0),
    lost: lost + (trial === 'lost' ? 1 : 0),
  };
  return { slots: [...kept, counted] };
}

/** What hosts fail together: over the last 15 minutes or the last hour, the larger; null with too few results. */
export function commonShares(hosts: readonly Recent[], at: EpochMs): Shares | null {
  const slot = Math.floor(at / SLOT_MS);
  const over = (last: number) => {
    const some = hosts.flatMap(({ slots }) => slots.filter((one) => one.slot > slot - last));
    const sum = (key: 'n' | 'failed' | 'lost') => some.reduce((total, one) => total + one[key], 0);
    const n = sum('n');
    return n < ENOUGH_RESULTS ? null : { failed: sum('failed') / n, lost: sum('lost') / n };
  };
  const [quarter, hour] = [over(3), over(SLOTS)];
  if (quarter === null || hour === null) return quarter ?? hour;
  return { failed: Math.max(quarter.failed, hour.failed), lost: Math.max(quarter.lost, hour.lost) };
}
