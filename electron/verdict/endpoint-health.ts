/**
 * An endpoint's standing from everything its results show: whether it answers (status), whether it keeps changing its
 * mind (flapping), how many single answers fail (success rate), and how its pace compares with its habit. Pure.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { DegradationKind, Thresholds } from '../../shared/domain/status.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { type Flapping, INITIAL_FLAPPING, reduceFlapping } from './flapping.ts';
import { type Baseline, habitAt, INITIAL_PACE, type Pace, reducePace } from './latency-baseline.ts';
import { couldBeLocal } from './offline.ts';
import { type EndpointStatus, reduceStatus, unknownStatus } from './status.ts';
import {
  INITIAL_RECENT,
  INITIAL_SUCCESS_RATE,
  type Recent,
  reduceRecent,
  reduceSuccessRate,
  resetAfterOutage,
  type Shares,
  type SuccessRate,
  type Trial,
} from './success-rate.ts';

/** Everything that is remembered of an endpoint between two results. */
export interface EndpointHealth {
  /** Whether it answers: what schedules its probes. */
  readonly answers: EndpointStatus;
  readonly flapping: Flapping;
  readonly rate: SuccessRate;
  readonly pace: Pace;
  readonly recent: Recent;
  /** What the failures that weigh say. */
  readonly failing: Cause | null;
}

/** What others and the past say about the moment. */
export interface Circumstances {
  /** Shares of failures that other hosts have now; null = nobody to compare with. */
  readonly others: Shares | null;
  readonly baseline: Baseline | undefined;
}

/** What people are told of it: a status, and in which manner it is degraded. */
export interface PublishedStatus extends EndpointStatus {
  readonly manner: DegradationKind | null;
}

/** Nothing is known yet. */
export function unknownStanding(now: EpochMs): EndpointHealth {
  return standingFrom(unknownStatus(now));
}

/** Only whether it answers is known: from an earlier run. */
export function standingFrom(answers: EndpointStatus): EndpointHealth {
  return {
    answers,
    flapping: INITIAL_FLAPPING,
    rate: INITIAL_SUCCESS_RATE,
    pace: INITIAL_PACE,
    recent: INITIAL_RECENT,
    failing: null,
  };
}

/** The standing after one more sample. */
export function reduceStanding(
  before: EndpointHealth,
  sample: Sample,
  thresholds: Thresholds,
  { others, baseline }: Circumstances,
): EndpointHealth {
  const { at, totalMs } = sample;
  const failed = sample.outcome === 'failed';
  const habit = habitAt(baseline, at);
  const own = habit?.failedShare ?? null;
  const answers = reduceStatus(
    before.answers,
    sample,
    confirmed(thresholds, Math.max((others?.failed ?? 0) + (others?.lost ?? 0), own ?? 0)),
  );
  const wasDown = before.answers.status === 'down';
  const isDown = answers.status === 'down';
  const changed = wasDown !== isDown && before.answers.status !== 'unknown';
  const rate =
    isDown || wasDown
      ? resetAfterOutage(before.rate)
      : reduceSuccessRate(before.rate, trialOf(sample), answers.failures, at, { others, own });
  return {
    answers,
    flapping: reduceFlapping(before.flapping, changed, at),
    rate,
    pace: failed ? before.pace : reducePace(before.pace, totalMs, habit?.limitMs ?? null, at),
    recent: reduceRecent(before.recent, trialOf(sample), at),
    failing: failed
      ? (sample.cause ?? 'unknown')
      : rate.weight > 0 || rate.unsteadySince !== null
        ? before.failing
        : null,
  };
}

function trialOf({ outcome, cause }: Sample): Trial {
  if (outcome !== 'failed') return 'ok';
  return couldBeLocal(cause ?? null) ? 'lost' : 'failed';
}

/** A row of failures as long as this share of them makes once in a million tries. */
const CHANCE_OF_A_ROW = 1e-6;
const MAX_FAILURES_TO_DOWN = 6;

/** Where every host loses packets, more failures in a row are needed to be none of chance. */
function confirmed(thresholds: Thresholds, share: number): Thresholds {
  if (share <= 0.005 || share >= 0.5) return thresholds;
  const needed = Math.ceil(Math.log(CHANCE_OF_A_ROW) / Math.log(share));
  return {
    ...thresholds,
    failuresToDown: Math.max(thresholds.failuresToDown, Math.min(MAX_FAILURES_TO_DOWN, needed)),
  };
}

/** What to tell: flapping before down, down before the ways of being degraded. */
export function publishedStatus({ answers, flapping, rate, pace, failing }: EndpointHealth): PublishedStatus {
  if (answers.status === 'unknown') return { ...answers, manner: null };
  if (flapping.since !== null) {
    return { ...answers, status: 'flapping', since: flapping.since, cause: answers.cause ?? failing, manner: null };
  }
  if (answers.status === 'down') return { ...answers, manner: null };
  if (rate.unsteadySince !== null) {
    return { ...answers, status: 'degraded', since: rate.unsteadySince, cause: failing, manner: 'unsteady' };
  }
  if (answers.status === 'degraded') return { ...answers, manner: 'slow' };
  if (pace.slowerSince === null) return { ...answers, manner: null };
  return { ...answers, status: 'degraded', since: pace.slowerSince, manner: 'slower' };
}
