import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../shared/domain/result.ts';
import { DEFAULT_THRESHOLDS } from '../../shared/domain/status.ts';
import { type EndpointStatus, isConfirming, reduceStatus, restoredDown, unknownStatus } from './status.ts';

const START = 1_000;

/** Samples a second apart: `.` ok, `s` slow, `x` failed. */
function samples(pattern: string): Sample[] {
  return [...pattern].map((letter, i) => {
    const base = { endpointId: 'e', at: START + i * 1_000, phases: {}, totalMs: 10 };
    if (letter === 'x') return { ...base, outcome: 'failed', cause: 'eof-no-response' };
    return { ...base, outcome: letter === 's' ? 'slow' : 'ok' };
  });
}

function run(pattern: string, from: EndpointStatus = unknownStatus(0)): EndpointStatus {
  return samples(pattern).reduce((state, sample) => reduceStatus(state, sample, DEFAULT_THRESHOLDS), from);
}

describe('the status of an endpoint', () => {
  it.each([
    ['.', 'up'],
    ['s', 'degraded'],
    ['x', 'unknown'],
    ['xx', 'unknown'],
    ['xxx', 'down'],
    ['.xx', 'up'],
    ['.xx.', 'up'],
    ['.xxx', 'down'],
    ['.xxx.', 'down'],
    ['.xxx..', 'up'],
    ['.xxx.x.', 'down'],
    ['.xxx.x..', 'up'],
    ['.xxx.s', 'degraded'],
    ['.s', 'up'],
    ['.ss', 'degraded'],
    ['.s.s.s', 'up'],
    ['.ss.', 'degraded'],
    ['.ss..', 'up'],
  ])('is after %s: %s', (pattern, status) => {
    expect(run(pattern).status).toBe(status);
  });

  it('dates an outage from its first failure, not from its confirmation', () => {
    expect(run('..xxxx').since).toBe(START + 2_000);
  });

  it('dates a recovery from its first success', () => {
    expect(run('xxx..').since).toBe(START + 3_000);
  });

  it('keeps the cause while recovery is being confirmed and drops it afterwards', () => {
    expect(run('xxx.').cause).toBe('eof-no-response');
    expect(run('xxx..').cause).toBeNull();
  });

  it('asks for confirmation after a failure and after a first success, and not in quiet times', () => {
    expect(isConfirming(run('.x'))).toBe(true);
    expect(isConfirming(run('xxx.'))).toBe(true);
    expect(isConfirming(run('...'))).toBe(false);
    expect(isConfirming(run('xxxx'))).toBe(false);
  });

  it('goes on from an incident that an earlier run left open', () => {
    const restored = restoredDown(5, 'connection-reset', DEFAULT_THRESHOLDS);
    expect(run('x', restored)).toMatchObject({ status: 'down', since: 5 });
    expect(run('..', restored).status).toBe('up');
  });

  it('never changes between down and not down without the agreed number of results in a row', () => {
    const letters = fc.array(fc.constantFrom('.', 's', 'x'), { maxLength: 60 });
    fc.assert(
      fc.property(letters, (pattern) => {
        let state = unknownStatus(0);
        let failed = 0;
        let succeeded = 0;
        for (const sample of samples(pattern.join(''))) {
          const next = reduceStatus(state, sample, DEFAULT_THRESHOLDS);
          failed = sample.outcome === 'failed' ? failed + 1 : 0;
          succeeded = sample.outcome === 'failed' ? 0 : succeeded + 1;
          if (state.status !== 'down' && next.status === 'down') expect(failed).toBeGreaterThanOrEqual(3);
          if (state.status === 'down' && next.status !== 'down') expect(succeeded).toBeGreaterThanOrEqual(2);
          if (failed >= 3) expect(next.status).toBe('down');
          if (succeeded >= 2) expect(['up', 'degraded']).toContain(next.status);
          expect(next.since).toBeLessThanOrEqual(sample.at);
          expect(next.cause !== null).toBe(next.status === 'down' || next.failures > 0);
          state = next;
        }
      }),
    );
  });
});
