/**
 * Who is told what, once: a trouble when its verdict stands, its recovery when the blamed incidents have ended.
 * Pure; nothing is told twice for one verdict, whatever is switched, undone or restarted meanwhile.
 */
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import type { Alert, Recovery } from '../../shared/domain/snapshot.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Verdict, VerdictName } from '../../shared/domain/verdict.ts';
import type { NotificationLevel } from './notification-level.ts';

/** One trouble, from its first incident to the end of its last. */
export interface Trouble {
  /** Of its first incident. */
  readonly id: string;
  readonly name: VerdictName;
  readonly endpointId: string;
  readonly startedAt: EpochMs;
  /** Incidents of it that have not ended. */
  readonly open: ReadonlySet<string>;
  /** When a person was last told; null = not yet (quiet hours, muted). */
  readonly notifiedAt: EpochMs | null;
  /** The worst that was told. */
  readonly notifiedDown: boolean;
  readonly dismissed: boolean;
}

export interface AlertState {
  readonly troubles: readonly Trouble[];
  readonly alert: Alert | null;
}

export const INITIAL_ALERTS: AlertState = { troubles: [], alert: null };

export interface AlertFacts {
  readonly now: EpochMs;
  readonly verdict: Verdict;
  /** The open incident of each endpoint that has one. */
  readonly open: readonly Incident[];
  readonly remedyProfileId: string | null;
  readonly level: NotificationLevel;
  /** Tell again after this time; null = never. */
  readonly remindEveryMs: DurationMs | null;
  /** Told in an earlier run. */
  readonly wasNotified: (incidentId: string) => boolean;
}

export interface AlertStep {
  readonly state: AlertState;
  readonly announce: { readonly kind: 'outage' | 'reminder'; readonly alert: Alert } | null;
}

/** The standing card, and what to announce now. */
export function reduceAlert(before: AlertState, facts: AlertFacts): AlertStep {
  const { verdict, now, level } = facts;
  const incident = facts.open.find((one) => one.endpointId === verdict.endpointId && isAlarming(one)) ?? null;
  const isTrouble = verdict.severity === 'down' || verdict.severity === 'degraded';
  if (!isTrouble || incident === null || isFallback(verdict)) {
    return { state: { ...before, alert: null }, announce: null };
  }
  const { trouble, others } = troubleOf(before, incident, facts);
  const isDown = incident.severity === 'down';
  const alert: Alert = {
    id: trouble.id,
    endpointId: incident.endpointId,
    severity: incident.severity,
    cause: incident.cause,
    startedAt: trouble.startedAt,
    remedyProfileId: facts.remedyProfileId,
    drill: incident.drill,
  };
  const isNew = trouble.notifiedAt === null || (isDown && !trouble.notifiedDown);
  const isDue = facts.remindEveryMs !== null && now - (trouble.notifiedAt ?? now) >= facts.remindEveryMs;
  const notifies = level === 'notify' && (isNew || (isDue && !trouble.dismissed));
  const next: Trouble = notifies
    ? { ...trouble, notifiedAt: now, notifiedDown: trouble.notifiedDown || isDown }
    : trouble;
  const shown = level !== 'list' && !next.dismissed ? alert : null;
  const announce = notifies ? { kind: isNew ? ('outage' as const) : ('reminder' as const), alert } : null;
  return { state: { troubles: [...others, next], alert: shown }, announce };
}

/** A later entry of the list answers: `go` works, there is nothing to do. */
function isFallback({ severity, walk }: Verdict): boolean {
  return severity === 'degraded' && walk?.outcome !== 'slow';
}

/** Slow answers are shown, not told. */
export function isAlarming({ severity }: Incident): boolean {
  return severity !== 'degraded';
}

/** The trouble an incident belongs to: one that has it, or one of the same verdict that still lasts. */
function troubleOf(before: AlertState, incident: Incident, { verdict, wasNotified, now }: AlertFacts) {
  const known =
    before.troubles.find(({ open }) => open.has(incident.id)) ??
    before.troubles.find(({ name }) => name === verdict.name && name !== 'upstream-outage');
  const others = before.troubles.filter((one) => one !== known);
  if (known !== undefined) {
    const open = new Set([...known.open, incident.id]);
    return { trouble: { ...known, name: verdict.name, endpointId: incident.endpointId, open }, others };
  }
  const trouble: Trouble = {
    id: incident.id,
    name: verdict.name,
    endpointId: incident.endpointId,
    startedAt: incident.startedAt,
    open: new Set([incident.id]),
    notifiedAt: wasNotified(incident.id) ? now : null,
    notifiedDown: wasNotified(incident.id),
    dismissed: false,
  };
  return { trouble, others };
}

/**
 * An incident has ended; `next` is the one that follows at once, if any. Told troubles that have no incident left are the
 * recoveries to announce.
 */
export function endAlert(
  before: AlertState,
  ended: Incident,
  next: Incident | null,
): { readonly state: AlertState; readonly recovery: Recovery | null } {
  const trouble = before.troubles.find(({ open }) => open.has(ended.id));
  if (trouble === undefined || ended.endedAt === null) return { state: before, recovery: null };
  const others = before.troubles.filter((one) => one !== trouble);
  const open = new Set(trouble.open);
  open.delete(ended.id);
  if (next !== null && isAlarming(next)) open.add(next.id);
  if (open.size > 0) return { state: { ...before, troubles: [...others, { ...trouble, open }] }, recovery: null };
  const alert = before.alert?.id === trouble.id ? null : before.alert;
  const state = { troubles: others, alert };
  if (trouble.notifiedAt === null) return { state, recovery: null };
  const outageMs = downtimeOf({ ...ended, startedAt: trouble.startedAt }, ended.endedAt);
  const { endpointId, drill } = ended;
  return { state, recovery: { endpointId, outageMs, at: ended.endedAt, drill } };
}

/** Takes the card away; the trouble stays told. */
export function dismissAlert(before: AlertState): AlertState {
  const { alert, troubles } = before;
  if (alert === null) return before;
  return { troubles: troubles.map((one) => (one.id === alert.id ? { ...one, dismissed: true } : one)), alert: null };
}
