import { describe, expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import type { Walk } from '../../shared/domain/verdict.ts';
import type { PublishedStatus } from './endpoint-health.ts';
import type { JudgedRecord } from './endpoint-record.ts';
import { restoredDown, unknownStatus } from './status.ts';
import { judge, type VerdictFacts } from './verdict.ts';

const THRESHOLDS = { failuresToDown: 3, successesToUp: 2 };

function record(id: string, state: PublishedStatus): JudgedRecord {
  const endpoint = { id, kind: 'goproxy', name: id, url: `https://${id}.example` } as const;
  return { endpoint, state, last: null, lastSample: null, notes: [], forwardProxyOfGo: null };
}

function down(id: string, cause: Cause, since = 50): JudgedRecord {
  return record(id, { ...restoredDown(since, cause, THRESHOLDS), degradation: null });
}

function up(id: string): JudgedRecord {
  return record(id, { ...unknownStatus(10), status: 'up', degradation: null });
}

function walk(outcome: Walk['outcome'], steps: Walk['steps'], endsAt: number | null): Walk {
  return { outcome, steps, endsAt, latencyMs: null };
}

const answers = (endpointId: string) =>
  ({ text: 'x', separator: null, endpointId, action: 'answers', cause: null }) as const;
const fails = (endpointId: string, cause: Cause) =>
  ({ text: 'x', separator: '|', endpointId, action: 'fails-over', cause }) as const;
const stops = (endpointId: string, cause: Cause) =>
  ({ text: 'x', separator: ',', endpointId, action: 'stops', cause }) as const;

function facts(change: Partial<VerdictFacts>): VerdictFacts {
  return { now: 100, paused: false, hasNetworkPath: true, goMissing: false, records: [], walk: null, ...change };
}

describe('the verdict', () => {
  it('is healthy when the first entry of the list answers', () => {
    expect(judge(facts({ records: [up('a')], walk: walk('works', [answers('a')], 0) }), null)).toMatchObject({
      name: 'healthy',
      severity: 'healthy',
      endpointId: 'a',
    });
  });

  it('is never healthy without a go that works, however well the proxies answer', () => {
    const verdict = judge(facts({ goMissing: true, records: [up('a')] }), null);
    expect(verdict).toMatchObject({ name: 'go-missing', severity: 'down', cause: 'go-tool-missing', endpointId: null });
    expect(judge(facts({ goMissing: true, paused: true }), null).severity).toBe('paused');
    expect(
      judge(facts({ goMissing: true, hasNetworkPath: false, records: [down('a', 'dns-timeout')] }), null).severity,
    ).toBe('offline');
  });

  it('is an outage dated from its first failure when the list stops', () => {
    const verdict = judge(
      facts({
        records: [down('a', 'eof-no-response'), up('b')],
        walk: walk('stops', [stops('a', 'eof-no-response')], 0),
      }),
      null,
    );
    expect(verdict).toMatchObject({ name: 'upstream-outage', severity: 'down', cause: 'eof-no-response', since: 50 });
  });

  it('blames the first entry when a later one has to serve', () => {
    const list = walk('fell-back', [fails('a', 'connection-reset'), answers('b')], 1);
    expect(judge(facts({ walk: list }), null)).toMatchObject({
      severity: 'degraded',
      endpointId: 'a',
      cause: 'connection-reset',
    });
  });

  it('calls a list that go refuses misconfigured', () => {
    const list = walk(
      'stops',
      [{ text: 'x', separator: null, endpointId: null, action: 'stops', cause: 'goproxy-off' }],
      0,
    );
    expect(judge(facts({ walk: list }), null)).toMatchObject({ name: 'misconfigured', cause: 'goproxy-off' });
  });

  it('cannot tell about direct, and says so', () => {
    expect(judge(facts({ walk: walk('unproven', [{ ...answers('a'), endpointId: null }], 0) }), null)).toMatchObject({
      name: 'cannot-tell',
      severity: 'unknown',
    });
  });

  it('blames the machine, not the proxies, when nothing can be reached', () => {
    const records = [down('a', 'connect-unreachable'), down('b', 'dns-resolver-unreachable')];
    expect(judge(facts({ records, walk: walk('stops', [stops('a', 'connect-unreachable')], 0) }), null)).toMatchObject({
      name: 'local-offline',
      severity: 'offline',
    });
  });

  it('does not blame the machine for one unreachable host', () => {
    const list = walk('stops', [stops('a', 'connect-unreachable')], 0);
    expect(judge(facts({ records: [down('a', 'connect-unreachable')], walk: list }), null).severity).toBe('down');
  });

  it('calls the machine offline when it has no path and names do not resolve', () => {
    const records = [down('a', 'dns-no-such-host')];
    expect(judge(facts({ hasNetworkPath: false, records }), null).severity).toBe('offline');
    expect(judge(facts({ hasNetworkPath: true, records }), null).severity).toBe('down');
  });

  it('judges nothing while paused', () => {
    expect(judge(facts({ paused: true, records: [down('a', 'eof-no-response')] }), null).severity).toBe('paused');
  });

  it('is healthy without a go when any endpoint answers, down only when all are', () => {
    expect(judge(facts({ records: [down('a', 'eof-no-response'), up('b')] }), null).severity).toBe('healthy');
    expect(judge(facts({ records: [down('a', 'eof-no-response')] }), null).severity).toBe('down');
    expect(judge(facts({ records: [record('a', { ...unknownStatus(0), degradation: null })] }), null).severity).toBe(
      'unknown',
    );
  });

  it('keeps its date while it says the same', () => {
    const list = walk('works', [answers('a')], 0);
    const first = judge(facts({ now: 100, records: [up('a')], walk: list }), null);
    expect(judge(facts({ now: 900, records: [up('a')], walk: list }), first).since).toBe(100);
  });

  describe('beyond the list', () => {
    const works = walk('works', [answers('a')], 0);
    const well = { records: [up('a')], walk: works };

    it('is degraded while the checksum database is away, and healthy once it is back', () => {
      const sumdb = { endpointId: 'sum', cause: 'eof-no-response' } as const;
      expect(judge(facts({ ...well, sumdb }), null)).toMatchObject({
        name: 'sumdb-unreachable',
        severity: 'degraded',
        endpointId: 'sum',
      });
      expect(judge(facts({ ...well, sumdb: null }), null).name).toBe('healthy');
    });

    it('says that the mirror that answers is stale, and nothing about another one', () => {
      const stale = { endpointId: 'a', module: 'golang.org/x/net', hoursBehind: 30 };
      const verdict = judge(facts({ ...well, stale }), null);
      expect(verdict).toMatchObject({
        name: 'mirror-stale',
        severity: 'degraded',
        blame: { detail: 'golang.org/x/net' },
      });
      expect(judge(facts({ ...well, stale: { ...stale, endpointId: 'b' } }), null).name).toBe('healthy');
    });

    it('is an outage when the forward proxy that go uses is dead, whatever our straight probes say', () => {
      const deadProxy = { endpointId: 'proxy', cause: 'forward-proxy-unreachable' } as const;
      expect(judge(facts({ ...well, deadProxy }), null)).toMatchObject({
        name: 'forward-proxy-down',
        severity: 'down',
      });
    });

    it('does not hide an outage of the list itself', () => {
      const stopped = {
        records: [down('a', 'eof-no-response')],
        walk: walk('stops', [stops('a', 'eof-no-response')], 0),
      };
      const sumdb = { endpointId: 'sum', cause: 'eof-no-response' } as const;
      expect(judge(facts({ ...stopped, sumdb }), null).name).toBe('upstream-outage');
    });

    it('says how the blamed endpoint is degraded', () => {
      const { state } = up('a');
      const flapping = record('a', { ...state, status: 'flapping', cause: 'connection-reset' });
      const slow = walk('slow', [answers('a')], 0);
      expect(judge(facts({ records: [flapping], walk: slow }), null)).toMatchObject({
        severity: 'degraded',
        degradation: 'flapping',
        cause: 'connection-reset',
      });
    });
  });
});
