/** What people see and are told of the judgements: when a verdict shows, how loudly a trouble is told, and who was told. */

import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { parseQuietHours } from '../../shared/domain/quiet-hours.ts';
import type { Preferences, ProfileState } from '../../shared/domain/snapshot.ts';
import { type DurationMs, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { notificationLevelOf } from '../verdict/notification-level.ts';
import { INITIAL_VISIBLE, reduceVisible, type Visible } from '../verdict/visible.ts';
import type { IncidentTracker } from './incident-tracker.ts';

/** What decides about telling, besides the verdict. */
export interface NotificationContext {
  readonly endpoints: readonly Endpoint[];
  readonly preferences: Preferences;
  readonly profiles: readonly ProfileState[];
  /** False while it is not known which `go` a trouble concerns. */
  readonly goIsKnown: boolean;
  readonly switching: boolean;
}

export class NotificationPolicy {
  readonly #clock: Clock;
  readonly #book: IncidentTracker;
  readonly #lookAgain: () => void;
  #visible: Visible = INITIAL_VISIBLE;
  #mutedUntil: EpochMs | null = null;
  #stopTimer: Stop = () => {};

  /** `lookAgain` is called when a verdict that waits may be shown. */
  constructor(clock: Clock, book: IncidentTracker, lookAgain: () => void) {
    this.#clock = clock;
    this.#book = book;
    this.#lookAgain = lookAgain;
  }

  get mutedUntil(): EpochMs | null {
    return this.#mutedUntil !== null && this.#mutedUntil > this.#clock.now() ? this.#mutedUntil : null;
  }

  /** No notifications until an instant; null = send them again. */
  mute(until: EpochMs | null): void {
    this.#mutedUntil = until;
  }

  /** The verdict that may be shown now. */
  shown(judged: Verdict, intervalMs: DurationMs): Verdict {
    const now = this.#clock.now();
    this.#visible = reduceVisible(this.#visible, judged, now, intervalMs);
    this.#stopTimer();
    const { shown, lookAt } = this.#visible;
    this.#stopTimer = lookAt === null ? () => {} : this.#clock.after(lookAt - now, this.#lookAgain);
    return shown ?? judged;
  }

  /** What must be told now of a verdict that shows. */
  announce(verdict: Verdict, listeners: NotificationContext): readonly Announcement[] {
    const { endpoints, preferences, profiles, goIsKnown, switching } = listeners;
    const now = this.#clock.now();
    const local = new Date(now);
    const endpoint = endpoints.find(({ id }) => id === verdict.endpointId);
    const tier = notificationLevelOf({
      verdict,
      now,
      criticality: endpoint?.criticality ?? 'normal',
      quietHours: parseQuietHours(endpoint?.quietHours ?? preferences.quietHours ?? ''),
      minuteOfDay: local.getHours() * 60 + local.getMinutes(),
      mutedUntil: this.#mutedUntil,
      switching,
    });
    const remindEveryMs = preferences.reminderHours * HOUR_MS || null;
    return this.#book.announce({ now, verdict, profiles, goIsKnown, tier, remindEveryMs });
  }

  close(): void {
    this.#stopTimer();
  }
}
