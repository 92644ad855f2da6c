/** What follows from results and judgements, and in which order. */
import { describe, expect, it } from 'vitest';
import type { FailedResult } from '../../shared/domain/result.ts';
import { DEFAULT_PREFERENCES } from '../../shared/domain/snapshot.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { IncidentTracker } from '../notify/incident-tracker.ts';
import { NotificationPolicy } from '../notify/notification-policy.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { EndpointBook, type ObservationContext } from './endpoint-book.ts';
import type { EngineSettings } from './engine-ports.ts';
import type { JudgementStep } from './judgement.ts';
import { INITIAL_JUDGEMENT } from './judgement.ts';
import { Reactions } from './reactions.ts';

const ENDPOINT = { id: 'a', kind: 'goproxy', name: 'a', url: 'https://a.example' } as const;
const THRESHOLDS = { failuresToDown: 3, successesToUp: 2 };

const SETTINGS: EngineSettings = {
  monitor: {
    endpoints: [ENDPOINT],
    intervals: { visibleMs: 1, hiddenMs: 1 },
    thresholds: THRESHOLDS,
    limits: {
      soft: { dialMs: 1, tlsMs: 1, headerMs: 1, totalMs: 1 },
      hard: { dialMs: 1, tlsMs: 1, headerMs: 1, totalMs: 1 },
    },
    network: {},
    controls: {},
  },
  profiles: [],
  preferences: { ...DEFAULT_PREFERENCES, language: 'en', failover: true },
  watchedModules: [],
  doctorResolvers: [],
  statusFeeds: false,
  managed: [],
  updateFeeds: [],
  metricsCollector: null,
  networks: [],
  bytesPerDay: { usual: null, metered: null },
  gateway: { address: null, upstreams: [] },
  demo: false,
  problem: null,
  forwardProxyOfGo: () => null,
};

function start({ paused = false } = {}) {
  const clock = new FakeClock();
  /** What was done, in order. */
  const log: string[] = [];
  const incidents = new IncidentTracker();
  const book = new EndpointBook([ENDPOINT], {
    now: () => clock.now(),
    thresholds: () => THRESHOLDS,
    forwardProxyOfGo: () => null,
  });
  const reactions = new Reactions({
    settings: () => SETTINGS,
    recorder: {
      add: ({ outcome }) => log.push(`sample ${outcome}`),
      saveIncident: ({ endedAt, verdict }) => log.push(`incident ${endedAt === null ? (verdict ?? 'open') : 'ended'}`),
    },
    incidents,
    notifications: new NotificationPolicy(clock, incidents),
    autoSwitch: {
      go: { state: 'missing', problem: { key: 'go-missing', params: {} } },
      busy: false,
      follow: (_, outage) => log.push(`failover ${outage}`),
    },
    drills: { observe: (event) => log.push(`drill ${event}`) },
    facts: { observe: () => {} },
    gaps: {
      paused: paused ? { until: null } : null,
      beginOffline: (since) => log.push(`offline since ${since}`),
      endOffline: (since) => log.push(`online, offline since ${since}`),
    },
  });
  const fail = (context: Partial<ObservationContext> = {}) => {
    const url = ENDPOINT.url;
    const failure = { cause: 'eof-no-response', phase: 'response', message: '' } as const;
    const base = {
      kind: 'goproxy',
      url,
      depth: 'light',
      startedAt: clock.now(),
      phases: {},
      totalMs: 1,
      steps: [],
    } as const;
    const result: FailedResult = { ...base, outcome: 'failed', evidence: { url }, failure };
    const observation = book.observe('a', result, { isOffline: false, isDrilled: false, ...context });
    if (observation !== null) reactions.toObservation(observation);
  };
  const judge = (severity: Verdict['severity'], offline: JudgementStep['offline'] = null) => {
    const verdict: Verdict = {
      name: severity === 'down' ? 'upstream-outage' : 'healthy',
      severity,
      since: 0,
      endpointId: 'a',
      cause: null,
      walk: null,
      degradation: null,
    };
    const step = {
      state: INITIAL_JUDGEMENT,
      now: clock.now(),
      judged: verdict,
      verdict,
      profiles: [],
      offline,
      recheckAt: null,
    };
    reactions.toOffline(step);
    return reactions.toJudgement(step);
  };
  return { log, fail, judge };
}

describe('a result', () => {
  it('is stored and opens an incident once it is confirmed', () => {
    const { log, fail } = start();
    for (let i = 0; i < 3; i += 1) fail();
    expect(log).toEqual(['sample failed', 'sample failed', 'sample failed', 'incident open']);
  });

  it('that fails while offline is neither stored nor an incident', () => {
    const { log, fail } = start();
    for (let i = 0; i < 3; i += 1) fail({ isOffline: true });
    expect(log).toEqual([]);
  });

  it('of a drill is an incident and an event of the drill, but no sample', () => {
    const { log, fail } = start();
    for (let i = 0; i < 3; i += 1) fail({ isDrilled: true });
    expect(log).toEqual(['incident open', 'drill down']);
  });
});

describe('a judgement', () => {
  it('reaches incidents, then notifications, then failover, then the drill', () => {
    const { log, fail, judge } = start();
    for (let i = 0; i < 3; i += 1) fail({ isDrilled: true });
    log.length = 0;
    expect(judge('down')).toMatchObject([{ kind: 'outage', alert: { drill: true } }]);
    expect(log).toEqual(['incident upstream-outage', 'failover true', 'drill notified']);
    log.length = 0;
    expect(judge('down')).toEqual([]);
    expect(log).toEqual(['failover true']);
  });

  it('moves nothing while paused', () => {
    const { log, fail, judge } = start({ paused: true });
    for (let i = 0; i < 3; i += 1) fail();
    judge('down');
    expect(log.at(-1)).toBe('failover false');
  });

  it('of an offline machine comes first', () => {
    const { log, judge } = start();
    judge('offline', { change: 'began', since: 5 });
    judge('healthy', { change: 'ended', since: 5 });
    expect(log).toEqual(['offline since 5', 'failover false', 'online, offline since 5', 'failover false']);
  });
});
