import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter, unzigzag, zigzag } from './bits.ts';
import { decodeColumn, encodeColumn } from './column-codec.ts';

/** Columns of every kind: any numbers, nearly constant, noise around a level, a drift. */
const columns = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 2 ** 30 - 1 })),
  fc.array(fc.oneof({ weight: 20, arbitrary: fc.constant(7) }, fc.integer({ min: 0, max: 2 ** 20 }))),
  fc.array(fc.integer({ min: 900, max: 1100 })),
  fc
    .array(fc.integer({ min: 0, max: 9 }))
    .map((steps) => steps.map((_, i) => steps.slice(0, i + 1).reduce((a, b) => a + b, 0))),
);

function encoded(values: readonly number[]): Uint8Array {
  const out = new BitWriter();
  encodeColumn(out, values);
  return out.finish();
}

describe('a packed column', () => {
  it('decodes to what was encoded, for any numbers', () => {
    fc.assert(
      fc.property(columns, (values) => {
        expect(decodeColumn(new BitReader(encoded(values)), values.length)).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the stream at the start of the next column', () => {
    fc.assert(
      fc.property(columns, columns, (first, second) => {
        const out = new BitWriter();
        encodeColumn(out, first);
        encodeColumn(out, second);
        const input = new BitReader(out.finish());
        expect(decodeColumn(input, first.length)).toEqual(first);
        expect(decodeColumn(input, second.length)).toEqual(second);
      }),
    );
  });

  it('spends two bytes on 120 equal values', () => {
    expect(encoded(new Array<number>(120).fill(3)).length).toBeLessThanOrEqual(2);
  });

  it('spends about the bits of the noise on noise around a level', () => {
    const values = Array.from({ length: 120 }, (_, i) => 600 + ((i * 37) % 64));
    expect((encoded(values).length * 8) / 120).toBeLessThan(8);
  });

  it('refuses bytes that end early instead of inventing values', () => {
    const bytes = encoded(Array.from({ length: 120 }, (_, i) => (i * i * 31) % 5000));
    expect(() => decodeColumn(new BitReader(bytes.subarray(0, bytes.length >> 1)), 120)).toThrow(RangeError);
  });
});

describe('bits', () => {
  it('carry any number through every code', () => {
    const number = fc.integer({ min: 0, max: 2 ** 31 - 2 });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.integer({ min: 0, max: 30 }))), (pairs) => {
        const out = new BitWriter();
        for (const [value, k] of pairs) {
          out.gamma(value);
          out.rice(value, k);
          out.wide(value * 2 ** 20);
        }
        const input = new BitReader(out.finish());
        for (const [value, k] of pairs) {
          expect(input.gamma()).toBe(value);
          expect(input.rice(k)).toBe(value);
          expect(input.wide()).toBe(value * 2 ** 20);
        }
      }),
    );
  });

  it('fold signs in and out', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 30) + 1, max: 2 ** 30 - 1 }), (value) => {
        expect(zigzag(value)).toBeGreaterThanOrEqual(0);
        expect(unzigzag(zigzag(value))).toBe(value);
      }),
    );
  });
});
