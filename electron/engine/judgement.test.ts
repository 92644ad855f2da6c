/** The judgement step by step: what is shown when, going offline and coming back, the endpoint that go asks first. */
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import type { GoState } from '../../shared/domain/snapshot.ts';
import type { JudgedRecord } from '../verdict/endpoint-record.ts';
import { restoredDown, unknownStatus } from '../verdict/status.ts';
import {
  INITIAL_JUDGEMENT,
  type JudgementFacts,
  type JudgementState,
  primaryEndpoint,
  stepJudgement,
} from './judgement.ts';

const START = 1_700_000_000_000;

const go: GoState = {
  state: 'found',
  path: '/go',
  version: 'go1.26.0',
  envFile: '/e',
  overrides: [],
  checkedAt: 0,
  effective: { GOPROXY: 'https://a.example,https://b.example' },
  set: [],
  unknown: [],
  git: [],
};

function record(id: string, cause: Cause | null, at: number): JudgedRecord {
  const url = `https://${id}.example`;
  const state =
    cause === null
      ? { ...unknownStatus(START), status: 'up' as const, degradation: null }
      : { ...restoredDown(START, cause, { failuresToDown: 3, successesToUp: 2 }), degradation: null };
  const base = {
    kind: 'goproxy',
    url,
    depth: 'light',
    startedAt: at,
    phases: {},
    totalMs: 1,
    steps: [],
    evidence: { url },
  } as const;
  return {
    endpoint: { id, kind: 'goproxy', name: id, url },
    state,
    last:
      cause === null
        ? { ...base, outcome: 'ok', slow: [] }
        : { ...base, outcome: 'failed', failure: { cause, phase: 'connect', message: '' } },
    lastSample: null,
    notes: [],
    forwardProxyOfGo: null,
  };
}

function judging() {
  let state: JudgementState = INITIAL_JUDGEMENT;
  return (afterMs: number, causes: readonly (Cause | null)[], change: Partial<JudgementFacts> = {}) => {
    const now = START + afterMs;
    const records = causes.map((cause, i) => record('abc'[i] ?? 'x', cause, now));
    const facts = {
      now,
      paused: false,
      hasNetworkPath: true,
      records,
      gateway: { address: null, upstreams: [] },
      profiles: [],
      go,
      stale: [],
      intervalMs: 30_000,
      ...change,
    };
    const step = stepJudgement(state, facts);
    state = step.state;
    return step;
  };
}

describe('an outage', () => {
  it('is shown once it has lasted, and asks to be judged again then', () => {
    const judge = judging();
    expect(judge(0, [null, null]).verdict.severity).toBe('healthy');
    const first = judge(1_000, ['eof-no-response', null]);
    expect(first.judged.severity).toBe('down');
    expect(first.verdict.severity).toBe('healthy');
    expect(first.recheckAt).toBe(START + 7_000);
    expect(judge(7_000, ['eof-no-response', null])).toMatchObject({ verdict: { severity: 'down' }, recheckAt: null });
  });

  it('that ends before is never shown', () => {
    const judge = judging();
    judge(0, [null, null]);
    judge(1_000, ['eof-no-response', null]);
    expect(judge(2_000, [null, null])).toMatchObject({ verdict: { severity: 'healthy' }, recheckAt: null });
  });
});

describe('offline', () => {
  it('is said once when it begins and once when it ends, with the failures before it', () => {
    const judge = judging();
    judge(0, [null, null]);
    const began = judge(100_000, ['connect-unreachable', 'connect-unreachable']);
    expect(began.offline).toEqual({ change: 'began', since: START + 10_000 });
    expect(judge(101_000, ['connect-unreachable', 'connect-unreachable']).offline).toBeNull();
    expect(judge(200_000, [null, null]).offline).toEqual({ change: 'ended', since: START + 10_000 });
    expect(judge(201_000, [null, null]).offline).toBeNull();
  });

  it('is not said of a pause', () => {
    const judge = judging();
    judge(0, [null, null]);
    expect(judge(1_000, ['connect-unreachable', 'connect-unreachable'], { paused: true })).toMatchObject({
      offline: null,
      verdict: { severity: 'paused' },
    });
  });
});

it('the endpoint that go asks first is that of the first entry', () => {
  const judge = judging();
  expect(primaryEndpoint(INITIAL_JUDGEMENT)).toBeNull();
  expect(primaryEndpoint(judge(0, [null, null]).state)).toBe('a');
  expect(primaryEndpoint(judge(1, [null], { go: { state: 'detecting' } }).state)).toBeNull();
});
