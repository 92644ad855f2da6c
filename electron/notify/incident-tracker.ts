/** Open incidents and sent notifications: the reducers of verdict/ (incident, alert) with their state. */
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import type { Alert, ProfileState, Recovery } from '../../shared/domain/snapshot.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { type AlertState, dismissAlert, endAlert, INITIAL_ALERTS, reduceAlert } from '../verdict/alert.ts';
import type { PublishedStatus } from '../verdict/endpoint-health.ts';
import { reduceIncident } from '../verdict/incident.ts';
import { couldBeLocal } from '../verdict/local-causes.ts';
import type { NotificationLevel } from '../verdict/notification-level.ts';
import { remedyProfile } from '../verdict/remedy.ts';

/** What decides about notifications now. */
export interface AnnounceInput {
  readonly now: EpochMs;
  readonly verdict: Verdict;
  readonly profiles: readonly ProfileState[];
  /** False while it is not known which `go` an outage concerns: then only recoveries are announced. */
  readonly goIsKnown: boolean;
  readonly level: NotificationLevel;
  readonly remindEveryMs: DurationMs | null;
}

interface Ended {
  readonly incident: Incident;
  /** The incident that follows it at once, if any. */
  readonly next: Incident | null;
}

const MAX_EVIDENCE_CHARS = 4_096;

/** Every method that returns incidents returns those to store. */
export class IncidentTracker {
  readonly #open = new Map<string, Incident>();
  /** Ids of incidents that an earlier run of the app sent notifications for. */
  readonly #restored = new Set<string>();
  readonly #ended: Ended[] = [];
  #alerts: AlertState = INITIAL_ALERTS;
  #recovery: Recovery | null = null;
  #gapSince: EpochMs | null = null;

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

  /** Takes one result into account. */
  observe(
    endpointId: string,
    state: PublishedStatus,
    result: OkResult | FailedResult,
    isDrill: boolean,
  ): readonly Incident[] {
    const before = this.#open.get(endpointId) ?? null;
    const change = reduceIncident(endpointId, before, state, evidenceOf(result));
    // What a drill begins stays practised to its end.
    const mark = (one: Incident): Incident => (one.id === before?.id ? one : { ...one, drill: isDrill });
    const open = change.open === null ? null : mark(change.open);
    const save = change.save.map(mark);
    if (open === null) this.#open.delete(endpointId);
    else this.#open.set(endpointId, open);
    const ended = save.filter(({ endedAt }) => endedAt !== null);
    this.#ended.push(...ended.map((incident) => ({ incident, next: open })));
    return save;
  }

  /** No probes from now on: asleep, paused, offline. */
  beginGap(now: EpochMs): void {
    this.#gapSince ??= now;
  }

  /** Probes again: the time in between does not count as downtime. */
  endGap(now: EpochMs): readonly Incident[] {
    const since = this.#gapSince;
    this.#gapSince = null;
    if (since === null || now <= since) return [];
    return this.#change((incident) => ({ ...incident, unobservedMs: incident.unobservedMs + (now - since) }));
  }

  /** Attaches the present verdict to the incident it blames, and to each incident the profiles it affects. */
  attachVerdict({ name, severity, endpointId }: Verdict, profiles: readonly ProfileState[]): readonly Incident[] {
    const isOutage = severity === 'down' || severity === 'degraded';
    return this.#change((incident) => {
      const met = profiles.filter(({ walk }) => meets(walk, incident.endpointId)).map(({ profile }) => profile.id);
      const profileIds = [...new Set([...incident.profileIds, ...met])];
      const verdict = isOutage && incident.endpointId === endpointId ? name : incident.verdict;
      const isSame = verdict === incident.verdict && profileIds.length === incident.profileIds.length;
      return isSame ? incident : { ...incident, verdict, profileIds };
    });
  }

  /** The machine was offline: incidents that began since `since` end and do not count as downtime. */
  discardSince(since: EpochMs, now: EpochMs): readonly Incident[] {
    const local = [...this.#open.values()].filter((one) => one.startedAt >= since && couldBeLocal(one.cause));
    return local.map((open) => {
      this.#open.delete(open.endpointId);
      const unobservedMs = now - open.startedAt;
      const incident: Incident = { ...open, verdict: 'local-offline', endedAt: now, unobservedMs };
      this.#ended.push({ incident, next: null });
      return incident;
    });
  }

  /** The endpoint was removed from the settings: its incident ends without a notification. */
  end(endpointId: string, now: EpochMs): readonly Incident[] {
    const open = this.#open.get(endpointId);
    if (open === undefined) return [];
    this.#open.delete(endpointId);
    return [{ ...open, endedAt: now }];
  }

  /** The notifications to send now; each is returned once. */
  announce({ now, verdict, profiles, goIsKnown, level, remindEveryMs }: AnnounceInput): readonly Announcement[] {
    const announcements: Announcement[] = [];
    for (const { incident, next } of this.#ended.splice(0)) {
      const { state, recovery } = endAlert(this.#alerts, incident, next);
      this.#alerts = state;
      if (recovery === null) continue;
      this.#recovery = recovery;
      announcements.push({ kind: 'recovery', recovery });
    }
    if (!goIsKnown) return announcements;
    const { state, announce } = reduceAlert(this.#alerts, {
      now,
      verdict,
      open: [...this.#open.values()],
      remedyProfileId: remedyProfile(profiles),
      level,
      remindEveryMs,
      wasNotified: (id) => this.#restored.has(id),
    });
    this.#alerts = state;
    if (state.alert !== null) this.#recovery = null;
    if (announce !== null) announcements.push(announce);
    return announcements;
  }

  dismissAlert(): void {
    this.#alerts = dismissAlert(this.#alerts);
  }

  dismissRecovery(): void {
    this.#recovery = null;
  }

  #change(change: (incident: Incident) => Incident): readonly Incident[] {
    const changed: Incident[] = [];
    for (const [endpointId, incident] of this.#open) {
      const next = change(incident);
      if (next === incident) continue;
      this.#open.set(endpointId, next);
      changed.push(next);
    }
    return changed;
  }
}

/** Whether a profile's list stops or falls over at an endpoint. */
function meets({ steps }: ProfileState['walk'], endpointId: string): boolean {
  return steps.some(
    (step) => step.endpointId === endpointId && (step.action === 'stops' || step.action === 'fails-over'),
  );
}

function evidenceOf(result: OkResult | FailedResult): string | null {
  if (result.outcome === 'ok') return null;
  const text = JSON.stringify({ failure: result.failure, evidence: result.evidence });
  return text.length <= MAX_EVIDENCE_CHARS ? text : `${text.slice(0, MAX_EVIDENCE_CHARS - 1)}…`;
}
