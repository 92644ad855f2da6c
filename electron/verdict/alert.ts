/**
 * Who is told what, once: an outage when the verdict is down, its recovery when the blamed incident ends.
 * Pure; nothing is told twice for one incident, whatever is switched, undone or restarted meanwhile.
 */
import type { Incident } from '../../shared/domain/incident.ts';
import type { Alert, Recovery } from '../../shared/domain/snapshot.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';

export interface AlertState {
  /** Incidents a person has been told about and that have not been told as ended. */
  readonly told: ReadonlySet<string>;
  readonly dismissed: ReadonlySet<string>;
  readonly alert: Alert | null;
}

export const NO_ALERTS: AlertState = { told: new Set(), dismissed: new Set(), alert: null };

export interface AlertFacts {
  readonly verdict: Verdict;
  /** The open `down` incident of each endpoint that has one. */
  readonly openDowns: readonly Incident[];
  readonly remedyProfileId: string | null;
}

export interface AlertStep {
  readonly state: AlertState;
  readonly outage: Alert | null;
}

/** The standing card and, the first time, the outage to announce. `quietly` = it was told in an earlier run. */
export function reduceAlert(before: AlertState, facts: AlertFacts, quietly = false): AlertStep {
  const { verdict } = facts;
  const incident = facts.openDowns.find((one) => one.endpointId === verdict.endpointId) ?? null;
  if (verdict.severity !== 'down' || incident === null) return { state: { ...before, alert: null }, outage: null };
  const alert: Alert = {
    id: incident.id,
    endpointId: incident.endpointId,
    cause: incident.cause,
    startedAt: incident.startedAt,
    remedyProfileId: facts.remedyProfileId,
  };
  const isNew = !before.told.has(incident.id);
  const told = isNew ? new Set([...before.told, incident.id]) : before.told;
  const shown = before.dismissed.has(incident.id) ? null : alert;
  return { state: { ...before, told, alert: shown }, outage: isNew && !quietly ? alert : null };
}

/** An incident has ended: the recovery to announce, if its outage had been told. */
export function endAlert(before: AlertState, ended: Incident): { state: AlertState; recovery: Recovery | null } {
  if (!before.told.has(ended.id) || ended.endedAt === null) return { state: before, recovery: null };
  const told = new Set(before.told);
  told.delete(ended.id);
  const dismissed = new Set(before.dismissed);
  dismissed.delete(ended.id);
  const alert = before.alert?.id === ended.id ? null : before.alert;
  const recovery = { endpointId: ended.endpointId, outageMs: ended.endedAt - ended.startedAt, at: ended.endedAt };
  return { state: { told, dismissed, alert }, recovery };
}

/** Takes the card away; the incident stays told. */
export function dismissAlert(before: AlertState): AlertState {
  if (before.alert === null) return before;
  return { ...before, dismissed: new Set([...before.dismissed, before.alert.id]), alert: null };
}
