import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StripCell } from '../../shared/domain/snapshot.ts';
import { stripText } from './strip-text.ts';

const plain = { style: (_: unknown, text: string) => text };

const cell: fc.Arbitrary<StripCell> = fc.oneof(
  fc.record({
    outcome: fc.constantFrom('up' as const, 'slow' as const),
    latencyMs: fc.integer({ min: 1, max: 5_000 }),
  }),
  fc.constantFrom<StripCell>({ outcome: 'gap', latencyMs: null }, { outcome: 'failed', latencyMs: null }),
);

it('is as wide as its cells, and never wider than the terminal', () => {
  fc.assert(
    fc.property(fc.array(cell), fc.integer({ min: 1, max: 60 }), (cells, width) => {
      expect([...stripText(cells, width, plain)]).toHaveLength(Math.min(cells.length, width));
    }),
  );
});

it('shows a failure at any width', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), fc.integer({ min: 1, max: 60 }), (cells, width) => {
      const hasFailed = cells.some(({ outcome }) => outcome === 'failed');
      expect(stripText(cells, width, plain).includes('×')).toBe(hasFailed);
    }),
  );
});

it('is higher for slower cells, with the slowest at the top', () => {
  const cells: StripCell[] = [1, 100, 400].map((latencyMs) => ({ outcome: 'up', latencyMs }));
  expect(stripText([...cells, { outcome: 'gap', latencyMs: null }], 10, plain)).toBe('▁▅█·');
});
