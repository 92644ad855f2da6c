import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantiles } from './histogram.ts';
import { decodeHours, decodeRollup, encodeHours, encodeRollup, rollupOf, sumOfHours } from './rollup.ts';
import type { StoredRow } from './stored-row.ts';

const row = fc.record({
  at: fc.integer({ min: 0, max: 3_600_000 }),
  code: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 2, max: 80 })),
  phases: fc.constant<readonly null[]>([]),
  total: fc.integer({ min: 0, max: 150_000 }),
});
const hours = fc.array(fc.array(row, { maxLength: 40 }), { minLength: 24, maxLength: 24 });

function rollups(lists: readonly (readonly StoredRow[])[]) {
  return lists.map((list) => (list.length === 0 ? null : rollupOf(list)));
}

describe('a rollup', () => {
  it('decodes to what was encoded, alone and as one of a day', () => {
    fc.assert(
      fc.property(hours, (lists) => {
        const day = rollups(lists);
        expect(decodeHours(encodeHours(day))).toEqual(day);
        const total = sumOfHours(day);
        const back = decodeRollup(encodeRollup(total));
        expect({ ...back, histogram: [...back.histogram] }).toEqual({
          ...total,
          histogram: [...total.histogram].sort(([a], [b]) => a - b),
        });
      }),
    );
  });

  it('of hours added up is the rollup of all their samples', () => {
    fc.assert(
      fc.property(hours, (lists) => {
        const summed = sumOfHours(rollups(lists));
        const direct = rollupOf(lists.flat());
        expect(new Map([...summed.histogram].sort())).toEqual(new Map([...direct.histogram].sort()));
        expect({ ...summed, histogram: null }).toEqual({ ...direct, histogram: null });
      }),
    );
  });

  it('gives percentiles within 1 % of the exact ones', () => {
    const totals = Array.from({ length: 2000 }, (_, i) => Math.round(400 * Math.exp(i / 900)));
    const { histogram } = rollupOf(totals.map((total, at) => ({ at, code: 0, phases: [], total })));
    for (const share of [0.5, 0.95, 0.99]) {
      const exact = totals[Math.floor(share * (totals.length - 1))] ?? Number.NaN;
      expect(Math.abs((quantiles(histogram, [share])[0] ?? 0) / exact - 1)).toBeLessThan(0.0105);
    }
  });

  it('counts failures but not their times', () => {
    const rollup = rollupOf([
      { at: 0, code: 0, phases: [], total: 500 },
      { at: 1, code: 7, phases: [], total: 90_000 },
    ]);
    expect(rollup).toMatchObject({ n: 2, failed: 1, sum: 500, max: 500 });
  });
});
