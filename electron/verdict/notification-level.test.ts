import { describe, expect, it } from 'vitest';
import { parseQuietHours } from '../../shared/domain/quiet-hours.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { isWithin, type NotificationLevelFacts, notificationLevelOf } from './notification-level.ts';

const verdict: Verdict = {
  name: 'upstream-outage',
  severity: 'down',
  since: 0,
  endpointId: 'a',
  cause: 'eof-no-response',
  walk: null,
  degradation: null,
};
const NOON = 12 * 60;

function level(change: Partial<NotificationLevelFacts>) {
  return notificationLevelOf({
    verdict,
    criticality: 'normal',
    quietHours: null,
    now: 1_000,
    minuteOfDay: NOON,
    mutedUntil: null,
    switching: false,
    ...change,
  });
}

describe('the level of a notification', () => {
  it('is by a notification, as a rule', () => {
    expect(level({})).toBe('notify');
  });

  it('is by the icon alone while muted, switching, or signing in', () => {
    expect(level({ mutedUntil: 2_000 })).toBe('badge');
    expect(level({ mutedUntil: 1_000 })).toBe('notify');
    expect(level({ switching: true })).toBe('badge');
    expect(level({ verdict: { ...verdict, name: 'captive-portal' } })).toBe('badge');
  });

  it('is quiet in quiet hours, unless the endpoint is critical', () => {
    const quietHours = parseQuietHours('11:00-13:00');
    expect(level({ quietHours })).toBe('badge');
    expect(level({ quietHours, criticality: 'critical' })).toBe('notify');
    expect(level({ quietHours, minuteOfDay: 13 * 60 })).toBe('notify');
  });

  it('is only a line in the list for what does not matter', () => {
    expect(level({ criticality: 'low' })).toBe('list');
  });
});

describe('quiet hours', () => {
  it('may go past midnight', () => {
    const hours = parseQuietHours('22:00-08:00') ?? { fromMinute: 0, toMinute: 0 };
    expect([23, 0, 7].map((hour) => isWithin(hours, hour * 60))).toEqual([true, true, true]);
    expect([8, 12, 21].map((hour) => isWithin(hours, hour * 60))).toEqual([false, false, false]);
  });

  it.each(['', '22-8', '24:00-08:00', '22:00-08:60', '22:00 - 08:00'])('are not %o', (text) => {
    expect(parseQuietHours(text)).toBeNull();
  });
});
