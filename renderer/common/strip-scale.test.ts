import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripHeights } from './strip-scale.ts';

describe('the heights of a strip', () => {
  it('are full for failures, nothing for gaps, and half for a steady line', () => {
    const cells = [
      { outcome: 'up', latencyMs: 40 },
      { outcome: 'up', latencyMs: 40 },
      { outcome: 'failed', latencyMs: null },
      { outcome: 'gap', latencyMs: null },
    ] as const;
    expect(stripHeights(cells)).toEqual([0.6, 0.6, 1, null]);
  });

  it('are not flattened by one slow half hour', () => {
    const cells = Array.from({ length: 48 }, (_, i) => ({ outcome: 'up', latencyMs: i === 7 ? 9_000 : 40 }) as const);
    expect(stripHeights(cells)[0]).toBeCloseTo(0.6);
    expect(stripHeights(cells)[7]).toBe(1);
  });

  it('always lie between nothing and full', () => {
    const cell = fc.record({
      outcome: fc.constantFrom('up', 'slow', 'failed', 'gap'),
      latencyMs: fc.option(fc.double({ min: 0, max: 1e7, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        for (const height of stripHeights(cells)) expect(height === null || (height > 0 && height <= 1)).toBe(true);
      }),
    );
  });
});
