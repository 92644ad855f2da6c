import { describe, expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import type { Observation } from './endpoint-record.ts';
import { isOffline } from './offline.ts';
import { unknownStatus } from './status.ts';

function observation(host: string, cause: Cause | null, lastAt: number | null): Observation {
  const url = `https://${host}`;
  const failures = cause === null ? 0 : 1;
  return {
    endpoint: { id: host, kind: 'goproxy', name: host, url },
    state: { ...unknownStatus(0), failures, cause, degradation: null },
    last:
      lastAt === null
        ? null
        : {
            kind: 'goproxy',
            url,
            depth: 'light',
            startedAt: lastAt,
            phases: {},
            totalMs: 1,
            steps: [],
            evidence: { url },
            outcome: 'ok',
            slow: [],
          },
  };
}

const fails = (host: string, cause: Cause, lastAt = 1_000) => observation(host, cause, lastAt);
const answers = (host: string, lastAt: number | null) => observation(host, null, lastAt);

describe('the machine is offline', () => {
  it('when two hosts cannot be reached and no host has answered since', () => {
    expect(isOffline(true, [fails('a', 'connect-unreachable'), fails('b', 'dns-resolver-unreachable')])).toBe(true);
    expect(
      isOffline(true, [fails('a', 'connect-unreachable'), fails('b', 'connect-unreachable'), answers('c', 900)]),
    ).toBe(true);
  });

  it('when three hosts are silent, or any with no path at all', () => {
    const silent = [fails('a', 'connect-timeout'), fails('b', 'dns-timeout'), fails('c', 'dns-no-such-host')];
    expect(isOffline(true, silent)).toBe(true);
    expect(isOffline(true, silent.slice(1))).toBe(false);
    expect(isOffline(false, silent.slice(2))).toBe(true);
  });

  it('not when a host has answered since, even with an error', () => {
    const two = [fails('a', 'connect-unreachable'), fails('b', 'connect-unreachable')];
    expect(isOffline(true, [...two, answers('c', 1_001)])).toBe(false);
    expect(isOffline(true, [...two, fails('c', 'http-server-error')])).toBe(false);
    expect(isOffline(true, [...two, fails('d', 'connect-unreachable', 2_000), answers('c', 1_001)])).toBe(false);
  });

  it('from when the last of the needed hosts was tried, whatever failed before', () => {
    const lost = fails('a', 'connect-timeout', 5_000);
    const gone = [fails('b', 'connect-unreachable', 5_100), fails('c', 'connect-unreachable', 5_200)];
    expect(isOffline(true, [lost, ...gone, answers('d', 4_900)])).toBe(true);
  });

  it('not for one host, nor when nothing fails, nor when nothing is known', () => {
    expect(isOffline(true, [fails('a', 'connect-unreachable'), fails('a', 'connect-unreachable')])).toBe(false);
    expect(isOffline(false, [answers('a', 5)])).toBe(false);
    expect(isOffline(false, [])).toBe(false);
  });
});
