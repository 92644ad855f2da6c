/** The judgement as a pure step: what all records mean together now, which verdict is shown, and whether we are offline. */
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { type Overview, type OverviewFacts, overview } from '../verdict/overview.ts';
import { INITIAL_VISIBLE, reduceVisible, type Visible } from '../verdict/visible.ts';

/** From the first failure until it is clear that the machine is offline. */
const OFFLINE_DETECTED_WITHIN_MS: DurationMs = 90_000;

/** What is remembered from one judgement to the next. */
export interface JudgementState {
  /** The last verdict, shown already or not yet. */
  readonly judged: Verdict | null;
  readonly visible: Visible;
  /** Since when the machine is offline (its first failures included); null while it is not. */
  readonly offlineSince: EpochMs | null;
}

export const INITIAL_JUDGEMENT: JudgementState = { judged: null, visible: INITIAL_VISIBLE, offlineSince: null };

export interface JudgementFacts extends OverviewFacts {
  /** Present time between two probes of a proxy; verdicts are shown sooner when it is short. */
  readonly intervalMs: DurationMs;
}

export interface JudgementStep {
  readonly state: JudgementState;
  readonly now: EpochMs;
  /** The verdict as judged. */
  readonly judged: Verdict;
  /** The verdict to show now: a new one may have to last for a while first. */
  readonly verdict: Verdict;
  readonly profiles: Overview['profiles'];
  /** Whether the machine has just gone offline or come back, and since when it was offline. */
  readonly offline: { readonly change: 'began' | 'ended'; readonly since: EpochMs } | null;
  /** When to judge again without a new result; null = not needed. */
  readonly recheckAt: EpochMs | null;
}

/** One judgement. */
export function stepJudgement(before: JudgementState, facts: JudgementFacts): JudgementStep {
  const { now, intervalMs } = facts;
  const { verdict: judged, profiles } = overview(facts, before.judged);
  const visible = reduceVisible(before.visible, judged, now, intervalMs);
  const isOffline = judged.severity === 'offline';
  const offlineSince = isOffline ? (before.offlineSince ?? now - OFFLINE_DETECTED_WITHIN_MS) : null;
  return {
    state: { judged, visible, offlineSince },
    now,
    judged,
    verdict: visible.shown ?? judged,
    profiles,
    offline: offlineChange(before.offlineSince, offlineSince),
    recheckAt: visible.lookAt,
  };
}

/** The endpoint that `go` asks first; null = unknown. */
export function primaryEndpoint({ judged }: JudgementState): string | null {
  return judged?.walk?.steps[0]?.endpointId ?? null;
}

function offlineChange(before: EpochMs | null, after: EpochMs | null): JudgementStep['offline'] {
  if (before === null && after !== null) return { change: 'began', since: after };
  if (before !== null && after === null) return { change: 'ended', since: before };
  return null;
}
