/**
 * When a verdict is shown: each has a delay of its own, so that what will be attributed to something else in a moment (the
 * network is gone, a sign-in page appears) is not shown first. Recoveries and pauses are shown at once. Pure.
 */
import { type DurationMs, type EpochMs, SECOND_MS } from '../../shared/domain/units.ts';
import type { Verdict, VerdictName } from '../../shared/domain/verdict.ts';

export interface Visible {
  readonly shown: Verdict | null;
  /** What would be shown if it lasts, and since when; null when that is shown already. */
  readonly waiting: { readonly key: string; readonly since: EpochMs } | null;
  /** When to judge again; null = after the next change. */
  readonly lookAt: EpochMs | null;
}

export const INITIAL_VISIBLE: Visible = { shown: null, waiting: null, lookAt: null };

/** Outages were confirmed by quick re-probes before; this waits for results of other endpoints and experiments. */
const DELAYS: { readonly [N in VerdictName]?: DurationMs } = {
  'local-offline': 2 * SECOND_MS,
  'captive-portal': 3 * SECOND_MS,
  'upstream-outage': 6 * SECOND_MS,
  'sumdb-unreachable': 30 * SECOND_MS,
  'mirror-stale': 30 * SECOND_MS,
};
const OTHER_DELAY_MS: DurationMs = 3 * SECOND_MS;

/** What to show after a judgement. With short intervals the delays are short, too: half an interval at most. */
export function reduceVisible(before: Visible, verdict: Verdict, now: EpochMs, intervalMs: DurationMs): Visible {
  const key = keyOf(verdict);
  const isAtOnce =
    before.shown === null || keyOf(before.shown) === key || !['down', 'degraded', 'offline'].includes(verdict.severity);
  if (isAtOnce) return { shown: verdict, waiting: null, lookAt: null };
  const since = before.waiting?.key === key ? before.waiting.since : now;
  const delayMs = Math.min(DELAYS[verdict.name] ?? OTHER_DELAY_MS, intervalMs / 2);
  if (now - since >= delayMs) return { shown: verdict, waiting: null, lookAt: null };
  return { ...before, waiting: { key, since }, lookAt: since + delayMs };
}

function keyOf({ name, severity, endpointId }: Verdict): string {
  return `${name} ${severity} ${endpointId ?? ''}`;
}
