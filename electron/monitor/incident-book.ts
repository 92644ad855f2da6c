/** Which incidents are open and who has been told: the reducers of verdict/ with their state. */
import type { Incident } from '../../shared/domain/incident.ts';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import type { Alert, ProfileState, Recovery } from '../../shared/domain/snapshot.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { type AlertState, dismissAlert, endAlert, NO_ALERTS, reduceAlert } from '../verdict/alert.ts';
import { reduceIncident } from '../verdict/incident.ts';
import { remedyProfile } from '../verdict/remedy.ts';
import type { EndpointStatus } from '../verdict/status.ts';

/** What a person must be told now, by a desktop notification. Each is emitted once. */
export type Announcement =
  | { readonly kind: 'outage'; readonly alert: Alert }
  | { readonly kind: 'recovery'; readonly recovery: Recovery };

const MAX_EVIDENCE_CHARS = 4_096;

export class IncidentBook {
  readonly #open = new Map<string, Incident>();
  /** Told by an earlier run of the app. */
  readonly #restored = new Set<string>();
  readonly #ended: Incident[] = [];
  #alerts: AlertState = NO_ALERTS;
  #recovery: Recovery | null = null;

  get alert(): Alert | null {
    return this.#alerts.alert;
  }

  /** The last outage that ended; null after it was dismissed or another began. */
  get recovery(): Recovery | null {
    return this.#recovery;
  }

  restore(incident: Incident): void {
    this.#open.set(incident.endpointId, incident);
    this.#restored.add(incident.id);
  }

  /** Takes one result into account; returns the incidents to store. */
  observe(endpointId: string, state: EndpointStatus, result: OkResult | FailedResult): readonly Incident[] {
    const { open, save } = reduceIncident(endpointId, this.#open.get(endpointId) ?? null, state, evidenceOf(result));
    if (open === null) this.#open.delete(endpointId);
    else this.#open.set(endpointId, open);
    this.#ended.push(...save.filter((incident) => incident.endedAt !== null));
    return save;
  }

  /** The endpoint is no longer watched: its incident ends without a word. */
  forget(endpointId: string, now: EpochMs): readonly Incident[] {
    const open = this.#open.get(endpointId);
    if (open === undefined) return [];
    this.#open.delete(endpointId);
    return [{ ...open, endedAt: now }];
  }

  /** What must be told after this verdict; nothing about outages while it is not known which `go` they concern. */
  announce(verdict: Verdict, profiles: readonly ProfileState[], goIsKnown: boolean): readonly Announcement[] {
    const announcements: Announcement[] = [];
    for (const incident of this.#ended.splice(0)) {
      const { state, recovery } = endAlert(this.#alerts, incident);
      this.#alerts = state;
      if (recovery === null) continue;
      this.#recovery = recovery;
      announcements.push({ kind: 'recovery', recovery });
    }
    if (!goIsKnown) return announcements;
    const openDowns = [...this.#open.values()].filter((one) => one.severity === 'down');
    const quietly = openDowns.some((one) => one.endpointId === verdict.endpointId && this.#restored.has(one.id));
    const facts = { verdict, openDowns, remedyProfileId: remedyProfile(profiles) };
    const { state, outage } = reduceAlert(this.#alerts, facts, quietly);
    this.#alerts = state;
    if (state.alert !== null) this.#recovery = null;
    if (outage !== null) announcements.push({ kind: 'outage', alert: outage });
    return announcements;
  }

  dismissAlert(): void {
    this.#alerts = dismissAlert(this.#alerts);
  }

  dismissRecovery(): void {
    this.#recovery = null;
  }
}

function evidenceOf(result: OkResult | FailedResult): string | null {
  if (result.outcome === 'ok') return null;
  const text = JSON.stringify({ failure: result.failure, evidence: result.evidence });
  return text.length <= MAX_EVIDENCE_CHARS ? text : `${text.slice(0, MAX_EVIDENCE_CHARS - 1)}…`;
}
