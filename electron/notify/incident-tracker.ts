/** Which incidents are open and who has been told: the reducers of verdict/ with their state. */
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import type { Alert, ProfileState, Recovery } from '../../shared/domain/snapshot.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { type AlertState, dismissAlert, endAlert, INITIAL_ALERTS, reduceAlert } from '../verdict/alert.ts';
import type { PublishedStatus } from '../verdict/endpoint-health.ts';
import { reduceIncident } from '../verdict/incident.ts';
import type { NotificationLevel } from '../verdict/notification-level.ts';
import { couldBeLocal } from '../verdict/offline.ts';
import { remedyProfile } from '../verdict/remedy.ts';

/** What decides who is told what. */
export interface AnnounceInput {
  readonly now: EpochMs;
  readonly verdict: Verdict;
  readonly profiles: readonly ProfileState[];
  /** False while it is not known which `go` a trouble concerns: then only recoveries are told. */
  readonly goIsKnown: boolean;
  readonly tier: NotificationLevel;
  readonly remindEveryMs: DurationMs | null;
}

interface Ended {
  readonly incident: Incident;
  /** What follows it at once. */
  readonly next: Incident | null;
}

const MAX_EVIDENCE_CHARS = 4_096;

export class IncidentTracker {
  readonly #open = new Map<string, Incident>();
  /** Told by an earlier run of the app. */
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

  /** Takes one result into account; returns the incidents to store. */
  observe(
    endpointId: string,
    state: PublishedStatus,
    result: OkResult | FailedResult,
    isDrill: boolean,
  ): readonly Incident[] {
    const before = this.#open.get(endpointId) ?? null;
    const change = reduceIncident(endpointId, before, state, evidenceOf(result));
    // What a drill begins is practised to its end.
    const mark = (one: Incident): Incident => (one.id === before?.id ? one : { ...one, drill: isDrill });
    const open = change.open === null ? null : mark(change.open);
    const save = change.save.map(mark);
    if (open === null) this.#open.delete(endpointId);
    else this.#open.set(endpointId, open);
    const ended = save.filter(({ endedAt }) => endedAt !== null);
    this.#ended.push(...ended.map((incident) => ({ incident, next: open })));
    return save;
  }

  /** Nobody looks from now on: asleep, paused. */
  beginGap(now: EpochMs): void {
    this.#gapSince ??= now;
  }

  /** Somebody looks again: what lay between is no downtime. Returns the incidents to store. */
  endGap(now: EpochMs): readonly Incident[] {
    const since = this.#gapSince;
    this.#gapSince = null;
    if (since === null || now <= since) return [];
    return this.#change((incident) => ({ ...incident, unobservedMs: incident.unobservedMs + (now - since) }));
  }

  /** Puts the standing verdict and the profiles it meets down in the incident it blames. Returns what to store. */
  annotate({ name, severity, endpointId }: Verdict, profiles: readonly ProfileState[]): readonly Incident[] {
    const isTrouble = severity === 'down' || severity === 'degraded';
    return this.#change((incident) => {
      const met = profiles.filter(({ walk }) => meets(walk, incident.endpointId)).map(({ profile }) => profile.id);
      const profileIds = [...new Set([...incident.profileIds, ...met])];
      const verdict = isTrouble && incident.endpointId === endpointId ? name : incident.verdict;
      const isSame = verdict === incident.verdict && profileIds.length === incident.profileIds.length;
      return isSame ? incident : { ...incident, verdict, profileIds };
    });
  }

  /** The machine was offline: incidents that began since are nobody's downtime. Returns the incidents to store. */
  excuse(since: EpochMs, now: EpochMs): readonly Incident[] {
    const ours = [...this.#open.values()].filter((one) => one.startedAt >= since && couldBeLocal(one.cause));
    return ours.map((open) => {
      this.#open.delete(open.endpointId);
      const unobservedMs = now - open.startedAt;
      const incident: Incident = { ...open, verdict: 'local-offline', endedAt: now, unobservedMs };
      this.#ended.push({ incident, next: null });
      return incident;
    });
  }

  /** The endpoint is no longer watched: its incident ends without a word. */
  forget(endpointId: string, now: EpochMs): readonly Incident[] {
    const open = this.#open.get(endpointId);
    if (open === undefined) return [];
    this.#open.delete(endpointId);
    return [{ ...open, endedAt: now }];
  }

  /** What must be told on this occasion. */
  announce({ now, verdict, profiles, goIsKnown, tier, remindEveryMs }: AnnounceInput): readonly Announcement[] {
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
      tier,
      remindEveryMs,
      wasTold: (id) => this.#restored.has(id),
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
