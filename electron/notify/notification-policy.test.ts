/** Whether a verdict causes a notification now: mute, quiet hours, criticality, a switch that runs. */
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../shared/domain/snapshot.ts';
import { HOUR_MS } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { restoredDown } from '../verdict/status.ts';
import { IncidentTracker } from './incident-tracker.ts';
import { type NotificationContext, NotificationPolicy } from './notification-policy.ts';

/** Local noon: quiet hours are local time. */
const NOON = new Date(2026, 0, 15, 12).getTime();

const OUTAGE: Verdict = {
  name: 'upstream-outage',
  severity: 'down',
  since: 0,
  endpointId: 'a',
  cause: 'eof-no-response',
  walk: null,
  degradation: null,
};

const PREFERENCES: Preferences = { ...DEFAULT_PREFERENCES, language: 'en' };

function start(endpoint: Partial<Endpoint> = {}, preferences: Partial<Preferences> = {}) {
  const clock = new FakeClock(NOON);
  const incidents = new IncidentTracker();
  const state = restoredDown(NOON, 'eof-no-response', { failuresToDown: 3, successesToUp: 2 });
  const evidence = { url: 'u' };
  const failure = { cause: 'eof-no-response', phase: 'response', message: '' } as const;
  const base = {
    kind: 'goproxy',
    url: 'u',
    depth: 'light',
    startedAt: NOON,
    phases: {},
    totalMs: 1,
    steps: [],
  } as const;
  incidents.observe('a', { ...state, degradation: null }, { ...base, outcome: 'failed', evidence, failure }, false);
  const policy = new NotificationPolicy(clock, incidents);
  const announce = (change: Partial<NotificationContext> = {}) =>
    policy
      .announce(OUTAGE, {
        endpoints: [{ id: 'a', kind: 'goproxy', name: 'a', url: 'u', ...endpoint }],
        preferences: { ...PREFERENCES, ...preferences },
        profiles: [],
        goIsKnown: true,
        switching: false,
        ...change,
      })
      .map(({ kind }) => kind);
  return { clock, incidents, policy, announce };
}

describe('an outage is announced', () => {
  it('at once', () => {
    expect(start().announce()).toEqual(['outage']);
  });

  it('after the mute has ended, if it still lasts', async () => {
    const { clock, policy, announce } = start();
    policy.muteUntil(clock.now() + HOUR_MS);
    expect(announce()).toEqual([]);
    expect(policy.mutedUntil).toBe(NOON + HOUR_MS);
    await clock.advance(HOUR_MS);
    expect(policy.mutedUntil).toBeNull();
    expect(announce()).toEqual(['outage']);
  });

  it('after the quiet hours, unless the endpoint is critical', async () => {
    const { clock, announce, incidents } = start({}, { quietHours: '11:00-13:00' });
    expect(announce()).toEqual([]);
    expect(incidents.alert).not.toBeNull();
    await clock.advance(HOUR_MS);
    expect(announce()).toEqual(['outage']);
    expect(start({ criticality: 'critical' }, { quietHours: '11:00-13:00' }).announce()).toEqual(['outage']);
  });

  it('by the quiet hours of its endpoint rather than those of the preferences', () => {
    expect(start({ quietHours: '13:00-14:00' }, { quietHours: '11:00-13:00' }).announce()).toEqual(['outage']);
    expect(start({ quietHours: '11:30-12:30' }).announce()).toEqual([]);
  });

  it('after a switch that may end it, and never for an endpoint that matters little', () => {
    const { announce } = start();
    expect(announce({ switching: true })).toEqual([]);
    expect(announce()).toEqual(['outage']);
    const low = start({ criticality: 'low' });
    expect(low.announce()).toEqual([]);
    expect(low.incidents.alert).toBeNull();
  });

  it('again after the hours of the preferences', async () => {
    const { clock, announce } = start({}, { reminderHours: 4 });
    announce();
    await clock.advance(4 * HOUR_MS - 1);
    expect(announce()).toEqual([]);
    await clock.advance(1);
    expect(announce()).toEqual(['reminder']);
  });
});
