/** Incidents and their notifications, from the first failure to the recovery, over gaps and drills. */
import { describe, expect, it } from 'vitest';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import type { ProfileState } from '../../shared/domain/snapshot.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import type { PublishedStatus } from '../verdict/endpoint-health.ts';
import { restoredDown, unknownStatus } from '../verdict/status.ts';
import { type AnnounceInput, IncidentTracker } from './incident-tracker.ts';

const BASE = {
  kind: 'goproxy',
  url: 'u',
  depth: 'light',
  phases: {},
  totalMs: 1,
  steps: [],
  evidence: { url: 'u' },
} as const;
const OK: OkResult = { ...BASE, startedAt: 0, outcome: 'ok', slow: [] };

function failure(message = 'no'): FailedResult {
  const cause = 'eof-no-response';
  return { ...BASE, startedAt: 0, outcome: 'failed', failure: { cause, phase: 'response', message } };
}

function down(since: number, cause: FailedResult['failure']['cause'] = 'eof-no-response'): PublishedStatus {
  return { ...restoredDown(since, cause, { failuresToDown: 3, successesToUp: 2 }), degradation: null };
}

function up(since: number): PublishedStatus {
  return { ...unknownStatus(since), status: 'up', degradation: null };
}

function verdict(severity: Verdict['severity'], endpointId: string | null = 'a'): Verdict {
  const name = severity === 'healthy' ? 'healthy' : 'upstream-outage';
  return { name, severity, since: 0, endpointId, cause: 'eof-no-response', walk: null, degradation: null };
}

function input(now: number, severity: Verdict['severity'], change: Partial<AnnounceInput> = {}): AnnounceInput {
  return {
    now,
    verdict: verdict(severity),
    profiles: [],
    goIsKnown: true,
    level: 'notify',
    remindEveryMs: null,
    ...change,
  };
}

const kinds = (tracker: IncidentTracker, one: AnnounceInput) => tracker.announce(one).map(({ kind }) => kind);

describe('an outage', () => {
  it('begins, is announced once, ends, and its recovery is announced once', () => {
    const tracker = new IncidentTracker();
    const [begun] = tracker.observe('a', down(1_000), failure(), false);
    expect(begun).toMatchObject({ endpointId: 'a', severity: 'down', startedAt: 1_000, endedAt: null, drill: false });
    expect(JSON.parse(begun?.evidence ?? '')).toMatchObject({ failure: { cause: 'eof-no-response' } });
    expect(kinds(tracker, input(2_000, 'down'))).toEqual(['outage']);
    expect(tracker.alert).toMatchObject({ endpointId: 'a', startedAt: 1_000 });
    expect(kinds(tracker, input(3_000, 'down'))).toEqual([]);
    expect(tracker.observe('a', up(9_000), OK, false)).toMatchObject([{ endedAt: 9_000 }]);
    expect(tracker.announce(input(9_500, 'healthy'))).toMatchObject([
      { kind: 'recovery', recovery: { endpointId: 'a', outageMs: 8_000 } },
    ]);
    expect(tracker.alert).toBeNull();
    expect(tracker.recovery).toMatchObject({ endpointId: 'a' });
    expect(kinds(tracker, input(9_600, 'healthy'))).toEqual([]);
  });

  it('that was never announced has no recovery either', () => {
    const tracker = new IncidentTracker();
    tracker.observe('a', down(1_000), failure(), false);
    expect(kinds(tracker, input(2_000, 'down', { level: 'badge' }))).toEqual([]);
    tracker.observe('a', up(9_000), OK, false);
    expect(kinds(tracker, input(9_500, 'healthy'))).toEqual([]);
  });

  it('waits until it is known which go it concerns', () => {
    const tracker = new IncidentTracker();
    tracker.observe('a', down(1_000), failure(), false);
    expect(kinds(tracker, input(2_000, 'down', { goIsKnown: false }))).toEqual([]);
    expect(kinds(tracker, input(3_000, 'down'))).toEqual(['outage']);
  });

  it('of an earlier run is not announced again, but its recovery is', () => {
    const earlier = new IncidentTracker();
    const [stored] = earlier.observe('a', down(1_000), failure(), false);
    const tracker = new IncidentTracker();
    if (stored !== undefined) tracker.restore(stored);
    expect(kinds(tracker, input(2_000, 'down'))).toEqual([]);
    expect(tracker.alert).not.toBeNull();
    tracker.observe('a', up(9_000), OK, false);
    expect(kinds(tracker, input(9_500, 'healthy'))).toEqual(['recovery']);
  });

  it('is announced again after the time that the person chose', () => {
    const tracker = new IncidentTracker();
    tracker.observe('a', down(0), failure(), false);
    const at = (now: number) => kinds(tracker, input(now, 'down', { remindEveryMs: 60 * MINUTE_MS }));
    expect(at(0)).toEqual(['outage']);
    expect(at(59 * MINUTE_MS)).toEqual([]);
    expect(at(60 * MINUTE_MS)).toEqual(['reminder']);
    tracker.dismissAlert();
    expect(at(180 * MINUTE_MS)).toEqual([]);
  });

  it('keeps evidence of a bounded size', () => {
    const [begun] = new IncidentTracker().observe('a', down(1), failure('x'.repeat(50_000)), false);
    expect(begun?.evidence).toHaveLength(4_096);
  });
});

describe('time in which nothing is observed', () => {
  it('does not count as downtime, however often the gap is begun', () => {
    const tracker = new IncidentTracker();
    tracker.observe('a', down(0), failure(), false);
    tracker.announce(input(10, 'down'));
    tracker.beginGap(1_000);
    tracker.beginGap(5_000);
    expect(tracker.endGap(11_000)).toMatchObject([{ unobservedMs: 10_000 }]);
    expect(tracker.endGap(20_000)).toEqual([]);
    tracker.observe('a', up(15_000), OK, false);
    expect(tracker.announce(input(16_000, 'healthy'))).toMatchObject([{ recovery: { outageMs: 5_000 } }]);
  });

  it('offline ends what began with it, unless its cause cannot be local', () => {
    const tracker = new IncidentTracker();
    tracker.observe('a', down(500, 'connect-unreachable'), failure(), false);
    tracker.observe('b', down(2_000, 'connect-unreachable'), failure(), false);
    tracker.observe('c', down(2_000, 'http-server-error'), failure(), false);
    expect(tracker.discardSince(1_000, 9_000)).toMatchObject([
      { endpointId: 'b', verdict: 'local-offline', endedAt: 9_000, unobservedMs: 7_000 },
    ]);
  });
});

describe('what is attached to an incident', () => {
  const blocked: ProfileState = {
    profile: { id: 'one', name: '', explanation: '', builtIn: false, variables: {}, git: [], networks: [] },
    active: true,
    walk: {
      steps: [{ text: 'a', separator: ',', endpointId: 'a', action: 'stops', cause: null }],
      outcome: 'stops',
      endsAt: 0,
      latencyMs: null,
    },
  };

  it('is the verdict that blames it and the profiles it stops, stored only when they change', () => {
    const tracker = new IncidentTracker();
    tracker.observe('a', down(0), failure(), false);
    tracker.observe('b', down(0), failure(), false);
    expect(tracker.attachVerdict(verdict('down'), [blocked])).toMatchObject([
      { endpointId: 'a', verdict: 'upstream-outage', profileIds: ['one'] },
    ]);
    expect(tracker.attachVerdict(verdict('down'), [blocked])).toEqual([]);
    // What helped later does not take back what was.
    expect(tracker.attachVerdict(verdict('healthy'), [])).toEqual([]);
  });
});

it('a drill marks the incident it begins to its end, and no other', () => {
  const tracker = new IncidentTracker();
  expect(tracker.observe('a', down(0), failure(), true)).toMatchObject([{ drill: true }]);
  expect(tracker.announce(input(10, 'down'))).toMatchObject([{ kind: 'outage', alert: { drill: true } }]);
  expect(tracker.observe('a', up(100), OK, false)).toMatchObject([{ drill: true }]);
  expect(tracker.observe('a', down(200), failure(), false)).toMatchObject([{ drill: false }]);
});

it('an endpoint that is removed from the settings ends its incident without a notification', () => {
  const tracker = new IncidentTracker();
  tracker.observe('a', down(0), failure(), false);
  tracker.announce(input(10, 'down'));
  expect(tracker.end('a', 50)).toMatchObject([{ endedAt: 50 }]);
  expect(tracker.end('a', 60)).toEqual([]);
  expect(kinds(tracker, input(70, 'healthy'))).toEqual([]);
});
