/** The endpoint book: what a result changes, what does not count, and what stays over changes of the settings. */
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import { DEFAULT_THRESHOLDS } from '../../shared/domain/status.ts';
import { restoredDown } from '../verdict/status.ts';
import { EndpointBook } from './endpoint-book.ts';

const START = 1_700_000_000_000;
const COUNTS = { isOffline: false, isDrilled: false };

function endpoint(id: string, url = `https://${id}.example`): Endpoint {
  return { id, kind: 'goproxy', name: id, url };
}

function book(...ids: string[]) {
  let now = START;
  const made = new EndpointBook(
    ids.map((id) => endpoint(id)),
    {
      now: () => now,
      thresholds: () => DEFAULT_THRESHOLDS,
      forwardProxyOfGo: (url) => (url.includes('b.') ? 'p' : null),
    },
  );
  const base = (id: string) => {
    now += 1_000;
    const url = `https://${id}.example`;
    return { kind: 'goproxy', url, depth: 'full', startedAt: now, phases: {}, totalMs: 50, steps: [] } as const;
  };
  const ok = (id: string): OkResult => ({
    ...base(id),
    outcome: 'ok',
    slow: [],
    evidence: { url: '', notes: ['sumdb-relayed'] },
  });
  const fails = (id: string, cause: Cause = 'eof-no-response'): FailedResult => ({
    ...base(id),
    outcome: 'failed',
    evidence: { url: '' },
    failure: { cause, phase: 'response', message: '' },
  });
  const down = (id: string, cause?: Cause) => {
    for (let i = 0; i < 3; i += 1) made.observe(id, fails(id, cause), COUNTS);
  };
  const statusOf = (id: string) => made.record(id)?.state.status;
  return { book: made, ok, fails, down, statusOf, now: () => now };
}

describe('a result', () => {
  it('becomes the last one, the last sample, part of the day, and the status', () => {
    const { book: made, ok } = book('a');
    const observation = made.observe('a', ok('a'), COUNTS);
    expect(observation).toMatchObject({ judged: true, sample: { endpointId: 'a', outcome: 'ok' } });
    const { state, last, lastSample, lastFullAt, notes } = made.record('a') ?? {};
    expect({ state, last, lastSample, lastFullAt, notes }).toMatchObject({
      state: { status: 'up' },
      last: { outcome: 'ok' },
      lastSample: { totalMs: 50 },
      lastFullAt: START + 1_000,
      notes: ['sumdb-relayed'],
    });
    expect(made.day('a').uptime).toBe(1);
  });

  it('of an endpoint that is not listed any more is nothing', () => {
    const { book: made, ok } = book('a');
    expect(made.observe('gone', ok('gone'), COUNTS)).toBeNull();
  });

  it.each([
    ['while offline', { isOffline: true, isDrilled: false }],
    ['in a drill', { isOffline: false, isDrilled: true }],
  ])('that fails %s moves the status but is not stored', (_, context) => {
    const { book: made, fails, statusOf } = book('a');
    for (let i = 0; i < 3; i += 1) expect(made.observe('a', fails('a'), context)?.sample).toBeNull();
    expect(statusOf('a')).toBe('down');
    expect(made.day('a').uptime).toBeNull();
  });

  it('lost by our own worker makes the endpoint unknown, never an outdated up', () => {
    const { book: made, ok, fails, statusOf } = book('a');
    made.observe('a', ok('a'), COUNTS);
    expect(made.observe('a', fails('a', 'probe-worker-lost'), COUNTS)?.sample).toBeNull();
    expect(statusOf('a')).toBe('unknown');
  });

  it('that fails in an unjudged round counts for nothing, once', () => {
    const { book: made, fails } = book('a');
    made.startUnjudgedRound();
    expect(made.observe('a', fails('a'), COUNTS)).toMatchObject({ judged: false, sample: null });
    expect(made.record('a')?.health.reachability.failures).toBe(0);
    expect(made.observe('a', fails('a'), COUNTS)).toMatchObject({ judged: true });
  });

  it('carries the experiments of its outage until it is over', () => {
    const { book: made, ok, fails, down } = book('a');
    down('a');
    made.attachExperiments('a', [{ variable: 'ipv4', tries: 3, unchanged: 0, changed: 3 }]);
    const experiments = () => made.record('a')?.last?.evidence.experiments;
    expect(experiments()).toHaveLength(1);
    made.observe('a', fails('a'), COUNTS);
    expect(experiments()).toHaveLength(1);
    made.observe('a', ok('a'), COUNTS);
    expect(experiments()).toBeUndefined();
  });
});

describe('settings', () => {
  it('add and remove endpoints; what is known stays while the URL stays', () => {
    const { book: made, ok, statusOf } = book('a', 'b');
    for (const id of ['a', 'b']) made.observe(id, ok(id), COUNTS);
    const changed = made.configure([
      endpoint('c'),
      { ...endpoint('a'), name: 'A' },
      endpoint('b', 'https://new.example'),
    ]);
    expect(changed).toEqual({ added: ['c', 'b'], removed: [] });
    expect(made.records().map((one) => one.endpoint.name)).toEqual(['c', 'A', 'b']);
    expect([statusOf('a'), statusOf('b'), statusOf('c')]).toEqual(['up', 'unknown', 'unknown']);
    // The history is by id: its last sample is still that of `b`.
    expect(made.record('b')).toMatchObject({ last: null, lastSample: { outcome: 'ok' } });
    expect(made.configure([endpoint('a')])).toEqual({ added: [], removed: ['c', 'b'] });
  });

  it('name the forward proxy that go uses', () => {
    const { book: made } = book('a', 'b');
    expect(made.records().map(({ forwardProxyOfGo }) => forwardProxyOfGo)).toEqual([null, 'p']);
  });
});

describe('failures while the machine was offline', () => {
  it('are discarded: the endpoints become unknown; others stay', () => {
    const { book: made, ok, down, statusOf, now } = book('a', 'b', 'c');
    made.observe('c', ok('c'), COUNTS);
    const since = now();
    down('a', 'connect-unreachable');
    down('b', 'http-server-error');
    expect(made.discardFailuresSince(since)).toEqual(['a']);
    expect([statusOf('a'), statusOf('b'), statusOf('c')]).toEqual(['unknown', 'down', 'up']);
  });

  it('stay when they began before', () => {
    const { book: made, down, now } = book('a');
    down('a', 'connect-unreachable');
    expect(made.discardFailuresSince(now() + 1)).toEqual([]);
  });
});

it('an earlier run leaves its status, last sample and day', () => {
  const { book: made, statusOf } = book('a');
  const sample = { endpointId: 'a', at: START - 60_000, outcome: 'ok', phases: {}, totalMs: 70 } as const;
  made.restore('a', sample, [{ at: START, n: 4, slow: 0, failed: 1, p50: 70, p95: 80, p99: 90, phases: {} }]);
  made.restoreStatus('a', restoredDown(START - 5_000, 'eof-no-response', DEFAULT_THRESHOLDS));
  expect(statusOf('a')).toBe('down');
  expect(made.record('a')?.lastSample).toEqual(sample);
  made.resetEndpoint('a');
  expect(statusOf('a')).toBe('unknown');
});
