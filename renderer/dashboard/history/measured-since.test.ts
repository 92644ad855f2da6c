import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../shared/domain/units.ts';
import { chartSince, claimOf, monthSince, type ShareKey } from './measured-since.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
const KEYS: readonly ShareKey[] = ['day', 'week', 'month', 'year'];

describe('what may be claimed', () => {
  it.each([
    [null, ['nothing', 'nothing', 'nothing', 'nothing']],
    [HOUR_MS / 3, ['since', 'nothing', 'nothing', 'nothing']],
    [2 * DAY_MS, ['whole', 'since', 'nothing', 'nothing']],
    [9 * DAY_MS, ['whole', 'whole', 'since', 'nothing']],
    [200 * DAY_MS, ['whole', 'whole', 'whole', 'since']],
    [400 * DAY_MS, ['whole', 'whole', 'whole', 'whole']],
  ] as const)('after %s ms of measuring', (age, claims) => {
    expect(KEYS.map((key) => claimOf(key, age === null ? null : NOW - age, NOW))).toEqual(claims);
  });

  it('of a whole day begins with its first probe, not with the second itself', () => {
    expect(claimOf('day', NOW - DAY_MS + 60_000, NOW)).toBe('whole');
  });

  it('of the last 30 days is said to begin later until there are so many', () => {
    expect(monthSince({ since: NOW - DAY_MS }, NOW)).toBe(NOW - DAY_MS);
    expect(monthSince({ since: NOW - 31 * DAY_MS }, NOW)).toBeNull();
    expect(monthSince({ since: null }, NOW)).toBeNull();
  });

  it('of a chart is the first measurement when it begins there', () => {
    expect(chartSince({ since: 5, from: 5 })).toBe(5);
    expect(chartSince({ since: 5, from: 6 })).toBeNull();
    expect(chartSince({ since: null, from: 6 })).toBeNull();
  });
});
