/** Whether a verdict causes a notification now, and how prominent it is: mute, quiet hours, criticality, reminders. */
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { parseQuietHours } from '../../shared/domain/quiet-hours.ts';
import type { Preferences, ProfileState } from '../../shared/domain/snapshot.ts';
import { type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import type { Clock } from '../system/clock.ts';
import { notificationLevelOf } from '../verdict/notification-level.ts';
import type { IncidentTracker } from './incident-tracker.ts';

/** What decides besides the verdict. */
export interface NotificationContext {
  readonly endpoints: readonly Endpoint[];
  readonly preferences: Preferences;
  readonly profiles: readonly ProfileState[];
  /** False while it is not known which `go` an outage concerns. */
  readonly goIsKnown: boolean;
  readonly switching: boolean;
}

export class NotificationPolicy {
  readonly #clock: Clock;
  readonly #incidents: IncidentTracker;
  #mutedUntil: EpochMs | null = null;

  constructor(clock: Clock, incidents: IncidentTracker) {
    this.#clock = clock;
    this.#incidents = incidents;
  }

  get mutedUntil(): EpochMs | null {
    return this.#mutedUntil !== null && this.#mutedUntil > this.#clock.now() ? this.#mutedUntil : null;
  }

  /** No notifications until an instant; null = send them again. */
  muteUntil(until: EpochMs | null): void {
    this.#mutedUntil = until;
  }

  /** The notifications to send now for the verdict that is shown. */
  announce(verdict: Verdict, context: NotificationContext): readonly Announcement[] {
    const { endpoints, preferences, profiles, goIsKnown, switching } = context;
    const now = this.#clock.now();
    const local = new Date(now);
    const endpoint = endpoints.find(({ id }) => id === verdict.endpointId);
    const level = notificationLevelOf({
      verdict,
      now,
      criticality: endpoint?.criticality ?? 'normal',
      quietHours: parseQuietHours(endpoint?.quietHours ?? preferences.quietHours ?? ''),
      minuteOfDay: local.getHours() * 60 + local.getMinutes(),
      mutedUntil: this.#mutedUntil,
      switching,
    });
    const remindEveryMs = preferences.reminderHours * HOUR_MS || null;
    return this.#incidents.announce({ now, verdict, profiles, goIsKnown, level, remindEveryMs });
  }
}
