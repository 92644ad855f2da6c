import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../shared/domain/units.ts';
import { ageInLog, withHead } from './log-age.ts';

const NOW = 100 * DAY_MS;
const daysAgo = (days: number, size: number) => ({ at: NOW - days * DAY_MS, size });

describe('the age of a record', () => {
  const heads = [daysAgo(10, 100), daysAgo(5, 200), daysAgo(1, 300)];

  it('lies between the first head that holds it and the one before', () => {
    expect(ageInLog(150, heads, NOW)).toEqual({ atLeastMs: 5 * DAY_MS, atMostMs: 10 * DAY_MS });
    // Heads count records, records count from 0.
    expect(ageInLog(199, heads, NOW)).toEqual({ atLeastMs: 5 * DAY_MS, atMostMs: 10 * DAY_MS });
    expect(ageInLog(200, heads, NOW)).toEqual({ atLeastMs: DAY_MS, atMostMs: 5 * DAY_MS });
  });

  it('has no upper bound when the first head holds it already', () => {
    expect(ageInLog(99, heads, NOW)).toEqual({ atLeastMs: 10 * DAY_MS, atMostMs: null });
  });

  it('is nothing yet when no head holds it', () => {
    expect(ageInLog(300, heads, NOW)).toEqual({ atLeastMs: 0, atMostMs: DAY_MS });
    expect(ageInLog(0, [], NOW)).toEqual({ atLeastMs: 0, atMostMs: null });
  });
});

describe('the heads that are kept', () => {
  it('are one an hour', () => {
    const first = withHead([], { at: NOW, size: 5 });
    expect(withHead(first, { at: NOW + HOUR_MS - 1, size: 6 })).toBe(first);
    expect(withHead(first, { at: NOW + HOUR_MS, size: 6 })).toEqual([...first, { at: NOW + HOUR_MS, size: 6 }]);
    // One of the same size says that nothing was added since: the records that follow are younger.
    expect(withHead(first, { at: NOW + HOUR_MS, size: 5 })).toHaveLength(2);
  });

  it('never go back, neither in time nor in size', () => {
    const heads = [{ at: NOW, size: 5 }];
    expect(withHead(heads, { at: NOW - DAY_MS, size: 9 })).toBe(heads);
    expect(withHead(heads, { at: NOW + DAY_MS, size: 4 })).toBe(heads);
  });

  it('reach back as far as the longest cooldown, and one further', () => {
    const heads = [daysAgo(99, 1), daysAgo(95, 2), daysAgo(89, 3)];
    expect(withHead(heads, { at: NOW, size: 4 }).map(({ size }) => size)).toEqual([2, 3, 4]);
  });
});
