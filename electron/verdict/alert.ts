/**
 * Which notification is sent, once: one when an outage is shown, one for its recovery when the blamed incidents have
 * ended. Pure; nothing is sent twice for one verdict, whatever is switched, undone or restarted in between.
 */
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import type { Alert, Recovery } from '../../shared/domain/snapshot.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Verdict, VerdictName } from '../../shared/domain/verdict.ts';
import type { NotificationLevel } from './notification-level.ts';

/** One outage, from its first incident to the end of its last. */
export interface Outage {
  /** Of its first incident. */
  readonly id: string;
  readonly name: VerdictName;
  readonly endpointId: string;
  readonly startedAt: EpochMs;
  /** Incidents of it that have not ended. */
  readonly open: ReadonlySet<string>;
  /** When a notification was last sent; null = not yet (quiet hours, muted). */
  readonly notifiedAt: EpochMs | null;
  /** A notification said that it is down. */
  readonly notifiedDown: boolean;
  readonly dismissed: boolean;
}

export interface AlertState {
  readonly outages: readonly Outage[];
  readonly alert: Alert | null;
}

export const INITIAL_ALERTS: AlertState = { outages: [], alert: null };

export interface AlertFacts {
  readonly now: EpochMs;
  readonly verdict: Verdict;
  /** The open incident of each endpoint that has one. */
  readonly open: readonly Incident[];
  readonly remedyProfileId: string | null;
  readonly level: NotificationLevel;
  /** Notify again after this time; null = never. */
  readonly remindEveryMs: DurationMs | null;
  /** An earlier run of the app sent a notification for it. */
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
  const isOutage = verdict.severity === 'down' || verdict.severity === 'degraded';
  if (!isOutage || incident === null || isFallback(verdict)) {
    return { state: { ...before, alert: null }, announce: null };
  }
  const { outage, others } = outageOf(before, incident, facts);
  const isDown = incident.severity === 'down';
  const alert: Alert = {
    id: outage.id,
    endpointId: incident.endpointId,
    severity: incident.severity,
    cause: incident.cause,
    startedAt: outage.startedAt,
    remedyProfileId: facts.remedyProfileId,
    drill: incident.drill,
  };
  const isNew = outage.notifiedAt === null || (isDown && !outage.notifiedDown);
  const isDue = facts.remindEveryMs !== null && now - (outage.notifiedAt ?? now) >= facts.remindEveryMs;
  const notifies = level === 'notify' && (isNew || (isDue && !outage.dismissed));
  const next: Outage = notifies ? { ...outage, notifiedAt: now, notifiedDown: outage.notifiedDown || isDown } : outage;
  const shown = level !== 'list' && !next.dismissed ? alert : null;
  const announce = notifies ? { kind: isNew ? ('outage' as const) : ('reminder' as const), alert } : null;
  return { state: { outages: [...others, next], alert: shown }, announce };
}

/** A later entry of the list answers: `go` works, and there is nothing to do. */
function isFallback({ severity, walk }: Verdict): boolean {
  return severity === 'degraded' && walk?.outcome !== 'slow';
}

/** Slow answers are shown, but cause no notification. */
export function isAlarming({ severity }: Incident): boolean {
  return severity !== 'degraded';
}

/** The outage an incident belongs to: one that contains it, or one of the same verdict that still lasts. */
function outageOf(before: AlertState, incident: Incident, { verdict, wasNotified, now }: AlertFacts) {
  const known =
    before.outages.find(({ open }) => open.has(incident.id)) ??
    before.outages.find(({ name }) => name === verdict.name && name !== 'upstream-outage');
  const others = before.outages.filter((one) => one !== known);
  if (known !== undefined) {
    const open = new Set([...known.open, incident.id]);
    return { outage: { ...known, name: verdict.name, endpointId: incident.endpointId, open }, others };
  }
  const outage: Outage = {
    id: incident.id,
    name: verdict.name,
    endpointId: incident.endpointId,
    startedAt: incident.startedAt,
    open: new Set([incident.id]),
    notifiedAt: wasNotified(incident.id) ? now : null,
    notifiedDown: wasNotified(incident.id),
    dismissed: false,
  };
  return { outage, others };
}

/**
 * An incident has ended; `next` is the one that follows at once, if any. Notified outages without an
 * open incident are the recoveries to announce.
 */
export function endAlert(
  before: AlertState,
  ended: Incident,
  next: Incident | null,
): { readonly state: AlertState; readonly recovery: Recovery | null } {
  const outage = before.outages.find(({ open }) => open.has(ended.id));
  if (outage === undefined || ended.endedAt === null) return { state: before, recovery: null };
  const others = before.outages.filter((one) => one !== outage);
  const open = new Set(outage.open);
  open.delete(ended.id);
  if (next !== null && isAlarming(next)) open.add(next.id);
  if (open.size > 0) return { state: { ...before, outages: [...others, { ...outage, open }] }, recovery: null };
  const alert = before.alert?.id === outage.id ? null : before.alert;
  const state = { outages: others, alert };
  if (outage.notifiedAt === null) return { state, recovery: null };
  const outageMs = downtimeOf({ ...ended, startedAt: outage.startedAt }, ended.endedAt);
  const { endpointId, drill } = ended;
  return { state, recovery: { endpointId, outageMs, at: ended.endedAt, drill } };
}

/** Closes the card; the outage is not notified again. */
export function dismissAlert(before: AlertState): AlertState {
  const { alert, outages } = before;
  if (alert === null) return before;
  return { outages: outages.map((one) => (one.id === alert.id ? { ...one, dismissed: true } : one)), alert: null };
}
