/**
 * What follows from results and judgements, in one visible order: incidents, notifications, failover, drill. Everything
 * that the engine does by itself is started here.
 */
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Recorder } from '../history/recorder.ts';
import type { IncidentTracker } from '../notify/incident-tracker.ts';
import type { NotificationPolicy } from '../notify/notification-policy.ts';
import type { AutoSwitch } from '../profile/auto-switch.ts';
import type { Drills } from './drills.ts';
import type { Observation } from './endpoint-book.ts';
import type { EngineSettings } from './engine-ports.ts';
import type { FactLog } from './fact-log.ts';
import type { JudgementStep } from './judgement.ts';
import type { ObservationGaps } from './observation-gaps.ts';

export interface ReactionParts {
  readonly settings: () => EngineSettings;
  readonly recorder: Pick<Recorder, 'add' | 'saveIncident'>;
  readonly incidents: IncidentTracker;
  readonly notifications: NotificationPolicy;
  readonly autoSwitch: Pick<AutoSwitch, 'go' | 'busy' | 'follow'>;
  readonly drills: Pick<Drills, 'observe'>;
  readonly facts: Pick<FactLog, 'observe'>;
  readonly gaps: Pick<ObservationGaps, 'beginOffline' | 'endOffline' | 'paused'>;
}

export class Reactions {
  readonly #parts: ReactionParts;

  constructor(parts: ReactionParts) {
    this.#parts = parts;
  }

  /** To one result: it is stored, and begins, changes or ends the incident of its endpoint. */
  toObservation({ record, result, sample, context }: Observation): void {
    const { recorder, incidents, drills, facts } = this.#parts;
    if (!context.isDrilled) facts.observe(record.endpoint.id, result);
    if (context.isOffline && result.outcome === 'failed') return;
    if (sample !== null) recorder.add(sample);
    const { id } = record.endpoint;
    for (const one of incidents.observe(id, record.state, result, context.isDrilled)) recorder.saveIncident(one);
    const { status } = record.state;
    if (context.isDrilled && (status === 'down' || status === 'up')) drills.observe(status);
  }

  /** The machine went offline or came back; must come before the other reactions. */
  toOffline({ offline, now }: JudgementStep): void {
    if (offline === null) return;
    if (offline.change === 'began') this.#parts.gaps.beginOffline(offline.since, now);
    else this.#parts.gaps.endOffline(offline.since);
  }

  /** To a judgement; returns the notifications to show with the next snapshot. */
  toJudgement(step: JudgementStep): readonly Announcement[] {
    const { verdict, profiles } = step;
    const { recorder, incidents, autoSwitch, drills, gaps } = this.#parts;
    for (const one of incidents.attachVerdict(verdict, profiles)) recorder.saveIncident(one);
    const announcements = this.#announcements(step);
    autoSwitch.follow(profiles, verdict.severity === 'down' && gaps.paused === null);
    if (announcements.some((one) => one.kind === 'outage' && one.alert.drill)) drills.observe('notified');
    return announcements;
  }

  #announcements({ verdict, profiles }: JudgementStep): readonly Announcement[] {
    const { settings, notifications, autoSwitch } = this.#parts;
    const { monitor, preferences } = settings();
    return notifications.announce(verdict, {
      endpoints: monitor.endpoints,
      preferences,
      profiles,
      goIsKnown: autoSwitch.go.state !== 'detecting',
      switching: autoSwitch.busy,
    });
  }
}
