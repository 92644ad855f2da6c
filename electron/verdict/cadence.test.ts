import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../shared/domain/status.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { breakerOf, type Conditions, depthOf, INITIAL_CONDITIONS, intervalOf, mayProbe, nextDelay } from './cadence.ts';
import { reduceStatus, unknownStatus } from './status.ts';

const INTERVALS = { visibleMs: 30_000, hiddenMs: 60_000 };

/** The status after results in a row. */
function following(...outcomes: ('ok' | 'failed')[]) {
  return outcomes.reduce(
    (state, outcome, i) =>
      reduceStatus(
        state,
        {
          endpointId: 'a',
          at: i,
          outcome,
          phases: {},
          totalMs: 1,
          ...(outcome === 'failed' ? { cause: 'eof-no-response' as const } : {}),
        },
        DEFAULT_THRESHOLDS,
      ),
    unknownStatus(0),
  );
}

const failures = (count: number) => Array.from({ length: count }, () => 'failed' as const);

describe('intervals', () => {
  it('are those of the settings, longer for kinds that need no check twice a minute', () => {
    expect(intervalOf(INTERVALS, true)).toBe(30_000);
    expect(intervalOf(INTERVALS, false, 'dns')).toBe(60_000);
    expect(intervalOf(INTERVALS, false, 'sumdb')).toBe(120_000);
    expect(intervalOf(INTERVALS, true, 'module')).toBe(30 * MINUTE_MS);
  });
});

describe('the circuit breaker', () => {
  it('opens after long trouble, and half-opens at the first success', () => {
    expect(breakerOf(following('ok'))).toBe('closed');
    expect(breakerOf(following(...failures(3)))).toBe('closed');
    expect(breakerOf(following(...failures(6)))).toBe('open');
    expect(breakerOf(following(...failures(6), 'ok'))).toBe('half-open');
    expect(breakerOf(following(...failures(6), 'ok', 'ok'))).toBe('closed');
    expect(breakerOf(following(...failures(9), 'ok', 'failed'))).toBe('closed');
  });

  it('leaves a dead endpoint in peace, but never for more than ten minutes', () => {
    const delays = [6, 7, 8, 9, 30].map((count) => nextDelay(following(...failures(count)), 60_000, 0.5));
    expect(delays).toEqual([1, 2, 4, 8, 10].map((minutes) => minutes * MINUTE_MS));
  });
});

describe('the next delay', () => {
  it('is quick while something is confirmed, and heeds Retry-After', () => {
    expect(nextDelay(following('ok'), 60_000, 0.5)).toBe(60_000);
    expect(nextDelay(following('ok', 'failed'), 60_000, 0.5)).toBe(2_000);
    expect(nextDelay(following('ok', 'failed', 'failed'), 60_000, 0.5)).toBe(3_000);
    expect(nextDelay(following('ok', 'failed'), 60_000, 0.5, false, 45_000)).toBe(45_000);
    expect(nextDelay(following('ok', 'failed'), 60_000, 0.5, false, 7 * HOUR_MS)).toBe(HOUR_MS);
  });

  it('is always within sensible bounds', () => {
    const outcome = fc.constantFrom('ok' as const, 'failed' as const);
    fc.assert(
      fc.property(
        fc.array(outcome, { maxLength: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (outcomes, random) => {
          const delay = nextDelay(following(...outcomes), 60_000, random);
          expect(delay).toBeGreaterThan(1_000);
          expect(delay).toBeLessThanOrEqual(11 * MINUTE_MS);
        },
      ),
    );
  });
});

describe('the depth', () => {
  it('is full at first, hourly, at the first failure and at the first sign of recovery', () => {
    expect(depthOf(following('ok'), null, 0)).toBe('full');
    expect(depthOf(following('ok'), 0, HOUR_MS - 1)).toBe('light');
    expect(depthOf(following('ok'), 0, HOUR_MS)).toBe('full');
    expect(depthOf(following('ok', 'failed'), 0, 1)).toBe('full');
    expect(depthOf(following('ok', 'failed', 'failed'), 0, 1)).toBe('light');
    expect(depthOf(following(...failures(4), 'ok'), 0, 1)).toBe('full');
  });
});

describe('saving', () => {
  const INTERVALS = { visibleMs: 15_000, hiddenMs: 30_000 };
  const every = (change: Partial<Conditions>, visible = false) =>
    intervalOf(INTERVALS, visible, 'goproxy', { ...INITIAL_CONDITIONS, ...change }) / 1_000;

  it('makes probes rarer on battery, in Low Power Mode, on metered networks and when the day’s bytes run short', () => {
    expect(every({})).toBe(30);
    expect(every({ onBattery: true })).toBe(60);
    expect(every({ onBattery: true, lowPower: true })).toBe(120);
    expect(every({ metered: true })).toBe(120);
    expect(every({ spent: 0.8 })).toBe(120);
  });

  it('stays fast while a window is open, also on battery', () => {
    expect(every({ onBattery: true, lowPower: true }, true)).toBe(15);
    expect(every({ metered: true }, true)).toBe(60);
  });

  it('ends probing when the bytes are spent, and canaries where they would cost', () => {
    expect(mayProbe('goproxy', { ...INITIAL_CONDITIONS, spent: 1 })).toBe(false);
    expect(mayProbe('goproxy', { ...INITIAL_CONDITIONS, onBattery: true, metered: true, spent: 0.99 })).toBe(true);
    expect(mayProbe('module', { ...INITIAL_CONDITIONS, onBattery: true })).toBe(false);
    expect(mayProbe('module', { ...INITIAL_CONDITIONS, metered: true })).toBe(false);
    expect(mayProbe('module', INITIAL_CONDITIONS)).toBe(true);
  });
});
