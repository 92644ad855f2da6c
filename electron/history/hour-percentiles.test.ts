import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToBin, binOf, quantileBins } from './histogram.ts';
import { decodeMarks, encodeMarks } from './hour-percentiles.ts';
import type { Rollup } from './rollup.ts';

const hour = fc.record({
  latencies: fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 40 }),
  failed: fc.nat(40),
});

function rollup({
  latencies,
  failed,
}: {
  readonly latencies: readonly number[];
  readonly failed: number;
}): Rollup | null {
  if (latencies.length + failed === 0) return null;
  const histogram: Rollup['histogram'] = new Map();
  for (const latency of latencies) addToBin(histogram, binOf(latency), 1);
  return { n: latencies.length + failed, slow: 0, failed, sum: 0, min: 0, max: 0, histogram };
}

describe('marks', () => {
  it('match the histogram of each hour', () => {
    fc.assert(
      fc.property(fc.array(hour, { minLength: 24, maxLength: 24 }), (drawn) => {
        const hours = drawn.map(rollup);
        const marks = decodeMarks(encodeMarks(hours));
        for (const [index, one] of hours.entries()) {
          const mark = marks[index];
          if (one === null) {
            expect(mark).toBeNull();
            continue;
          }
          expect(mark).toMatchObject({ n: one.n, failed: one.failed });
          const bins = quantileBins(one.histogram, [0.5, 0.95, 0.99]);
          expect(mark?.bins === null ? [null, null, null] : [mark?.bins.p50, mark?.bins.p95, mark?.bins.p99]).toEqual(
            bins,
          );
        }
      }),
    );
  });

  it('that are damaged are refused', () => {
    expect(() => decodeMarks(Uint8Array.of(0xff, 0xff))).toThrow(RangeError);
  });
});
