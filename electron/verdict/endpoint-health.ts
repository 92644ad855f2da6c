/**
 * An endpoint's health from everything its results show: reachability, flapping, success rate, and how its latency
 * compares with its baseline. Pure.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { DegradationKind, Thresholds } from '../../shared/domain/status.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { type Flapping, INITIAL_FLAPPING, reduceFlapping } from './flapping.ts';
import { type Baseline, baselineAt, INITIAL_PACE, type Pace, reducePace } from './latency-baseline.ts';
import { couldBeLocal } from './local-causes.ts';
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

/** What is remembered of an endpoint between two results. */
export interface EndpointHealth {
  /** Whether it answers: what schedules its probes. */
  readonly reachability: EndpointStatus;
  readonly flapping: Flapping;
  readonly rate: SuccessRate;
  readonly pace: Pace;
  readonly recent: Recent;
  /** Cause of the failures that count. */
  readonly failing: Cause | null;
}

/** What other hosts and the past show about this moment. */
export interface Circumstances {
  /** Shares of failures that other hosts have now; null = nothing to compare with. */
  readonly others: Shares | null;
  readonly baseline: Baseline | undefined;
}

/** The status that is shown, and how the endpoint is degraded. */
export interface PublishedStatus extends EndpointStatus {
  readonly degradation: DegradationKind | null;
}

/** Nothing is known yet. */
export function unknownHealth(now: EpochMs): EndpointHealth {
  return healthFrom(unknownStatus(now));
}

/** Only the status is known, from an earlier run. */
export function healthFrom(reachability: EndpointStatus): EndpointHealth {
  return {
    reachability,
    flapping: INITIAL_FLAPPING,
    rate: INITIAL_SUCCESS_RATE,
    pace: INITIAL_PACE,
    recent: INITIAL_RECENT,
    failing: null,
  };
}

/** The health after one more sample. */
export function reduceHealth(
  before: EndpointHealth,
  sample: Sample,
  thresholds: Thresholds,
  { others, baseline }: Circumstances,
): EndpointHealth {
  const { at, totalMs } = sample;
  const failed = sample.outcome === 'failed';
  const hour = baselineAt(baseline, at);
  const own = hour?.failedShare ?? null;
  const reachability = reduceStatus(
    before.reachability,
    sample,
    confirmed(thresholds, Math.max((others?.failed ?? 0) + (others?.lost ?? 0), own ?? 0)),
  );
  const wasDown = before.reachability.status === 'down';
  const isDown = reachability.status === 'down';
  const changed = wasDown !== isDown && before.reachability.status !== 'unknown';
  const rate =
    isDown || wasDown
      ? resetAfterOutage(before.rate)
      : reduceSuccessRate(before.rate, trialOf(sample), reachability.failures, at, { others, own });
  return {
    reachability,
    flapping: reduceFlapping(before.flapping, changed, at),
    rate,
    pace: failed ? before.pace : reducePace(before.pace, totalMs, hour?.limitMs ?? null, at),
    recent: reduceRecent(before.recent, trialOf(sample), at),
    failing: failed
      ? (sample.cause ?? 'unknown')
      : rate.weight > 0 || rate.intermittentSince !== null
        ? before.failing
        : null,
  };
}

function trialOf({ outcome, cause }: Sample): Trial {
  if (outcome !== 'failed') return 'ok';
  return couldBeLocal(cause ?? null) ? 'lost' : 'failed';
}

/** As many failures in a row as chance produces once in a million tries at this share. */
const CHANCE_OF_A_ROW = 1e-6;
const MAX_FAILURES_TO_DOWN = 6;

/** Where every host loses packets, more failures in a row are needed to rule out chance. */
function confirmed(thresholds: Thresholds, share: number): Thresholds {
  if (share <= 0.005 || share >= 0.5) return thresholds;
  const needed = Math.ceil(Math.log(CHANCE_OF_A_ROW) / Math.log(share));
  return {
    ...thresholds,
    failuresToDown: Math.max(thresholds.failuresToDown, Math.min(MAX_FAILURES_TO_DOWN, needed)),
  };
}

/** The status to show: flapping before down, down before the kinds of degradation. */
export function publishedStatus({ reachability, flapping, rate, pace, failing }: EndpointHealth): PublishedStatus {
  if (reachability.status === 'unknown') return { ...reachability, degradation: null };
  if (flapping.since !== null) {
    return {
      ...reachability,
      status: 'flapping',
      since: flapping.since,
      cause: reachability.cause ?? failing,
      degradation: null,
    };
  }
  if (reachability.status === 'down') return { ...reachability, degradation: null };
  if (rate.intermittentSince !== null) {
    return {
      ...reachability,
      status: 'degraded',
      since: rate.intermittentSince,
      cause: failing,
      degradation: 'intermittent',
    };
  }
  if (reachability.status === 'degraded') return { ...reachability, degradation: 'over-limit' };
  if (pace.aboveBaselineSince === null) return { ...reachability, degradation: null };
  return { ...reachability, status: 'degraded', since: pace.aboveBaselineSince, degradation: 'above-baseline' };
}
