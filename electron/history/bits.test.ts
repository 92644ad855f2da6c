/** Bits written come back as they were, each code has the computed cost, and a truncated stream is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter, riceCost, unzigzag, zigzag } from './bits.ts';

type Step =
  | { readonly code: 'bits'; readonly value: number; readonly width: number }
  | { readonly code: 'gamma' | 'wide'; readonly value: number }
  | { readonly code: 'rice'; readonly value: number; readonly k: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .integer({ min: 1, max: 32 })
    .chain((width) =>
      fc.record({ code: fc.constant('bits' as const), width: fc.constant(width), value: fc.nat(2 ** width - 1) }),
    ),
  fc.record({ code: fc.constant('gamma' as const), value: fc.nat(2 ** 31 - 2) }),
  fc.record({ code: fc.constant('wide' as const), value: fc.nat(2 ** 53 - 1) }),
  fc.record({ code: fc.constant('rice' as const), value: fc.nat(2 ** 31 - 2), k: fc.integer({ min: 0, max: 20 }) }),
);

function written(steps: readonly Step[]): Uint8Array {
  const out = new BitWriter();
  for (const one of steps) {
    if (one.code === 'bits') out.bits(one.value, one.width);
    else if (one.code === 'rice') out.rice(one.value, one.k);
    else out[one.code](one.value);
  }
  return out.finish();
}

function readBack(bytes: Uint8Array, steps: readonly Step[]): number[] {
  const input = new BitReader(bytes);
  return steps.map((one) => {
    if (one.code === 'bits') return input.bits(one.width);
    return one.code === 'rice' ? input.rice(one.k) : input[one.code]();
  });
}

describe('a stream of bits', () => {
  it('reads back any mixture of codes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        expect(readBack(written(steps), steps)).toEqual(steps.map(({ value }) => value));
      }),
    );
  });

  it('is padded to whole bytes, and grows beyond its first buffer', () => {
    expect(written([{ code: 'bits', value: 1, width: 3 }])).toEqual(Uint8Array.of(0b0010_0000));
    const many = Array.from({ length: 1_000 }, (_, i): Step => ({ code: 'bits', value: i, width: 17 }));
    expect(written(many).length).toBe(Math.ceil((1_000 * 17) / 8));
    expect(readBack(written(many), many)).toEqual(many.map(({ value }) => value));
  });

  it('that ends early is refused, never misread', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), fc.nat(), (steps, cut) => {
        const bytes = written(steps);
        const shorter = bytes.subarray(0, cut % bytes.length);
        expect(() => readBack(shorter, steps)).toThrow(RangeError);
      }),
    );
  });
});

describe('codes', () => {
  it('Rice has the computed cost, escape included', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 2), fc.integer({ min: 0, max: 20 }), (value, k) => {
        const out = new BitWriter();
        out.rice(value, k);
        expect(out.finish().length).toBe(Math.ceil(riceCost(value, k) / 8));
      }),
    );
  });

  it('signs fold in and out: small numbers of either sign stay small', () => {
    expect([0, -1, 1, -2, 2].map(zigzag)).toEqual([0, 1, 2, 3, 4]);
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 30) + 1, max: 2 ** 30 - 1 }), (value) => {
        expect(unzigzag(zigzag(value))).toBe(value);
      }),
    );
  });
});
