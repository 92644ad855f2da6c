/** How prominently an outage is shown: by its kind, how much its endpoint matters, and the hour. Pure. */
import type { Criticality } from '../../shared/domain/endpoint.ts';
import type { QuietHours } from '../../shared/domain/quiet-hours.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';

/** `notify`: a notification; `badge`: the card and the icon; `list`: only among the endpoints. */
export type NotificationLevel = 'notify' | 'badge' | 'list';

export interface NotificationLevelFacts {
  readonly verdict: Verdict;
  readonly criticality: Criticality;
  readonly quietHours: QuietHours | null;
  readonly now: EpochMs;
  /** Minutes since local midnight. */
  readonly minuteOfDay: number;
  readonly mutedUntil: EpochMs | null;
  readonly switching: boolean;
}

/** The level now. What is held back is notified when the reason has gone, if the outage still lasts. */
export function notificationLevelOf(facts: NotificationLevelFacts): NotificationLevel {
  const { verdict, criticality, quietHours, now, minuteOfDay, mutedUntil, switching } = facts;
  if (criticality === 'low') return 'list';
  // A sign-in page is seen anyway; a switch is about to change everything.
  if (verdict.name === 'captive-portal' || switching) return 'badge';
  if (mutedUntil !== null && now < mutedUntil) return 'badge';
  const isQuiet = quietHours !== null && isWithin(quietHours, minuteOfDay);
  return isQuiet && criticality !== 'critical' ? 'badge' : 'notify';
}

/** Whether a minute of the day lies in a span that may go past midnight. */
export function isWithin({ fromMinute, toMinute }: QuietHours, minute: number): boolean {
  return fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}
