import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../shared/domain/result.ts';
import { HOUR_MS } from '../../shared/domain/units.ts';
import { decodeChunk, decodeTotals, encodeChunk } from './chunk-codec.ts';
import { decodePack, encodePack } from './day-pack.ts';
import { rowOf, STORED_PHASES, type StoredRow, sampleFrom } from './stored-row.ts';

const HOUR_START = 490_000 * HOUR_MS;
const units = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 5000 }) },
  fc.integer({ min: 0, max: 2 ** 26 - 1 }),
);

const rows: fc.Arbitrary<StoredRow[]> = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: HOUR_START, max: HOUR_START + HOUR_MS - 1 }),
      code: fc.integer({ min: 0, max: 90 }),
      phases: fc.array(fc.option(units), { minLength: STORED_PHASES.length, maxLength: STORED_PHASES.length }),
      total: units,
    }),
    { selector: (row) => row.at, maxLength: 150 },
  )
  .map((unsorted) => unsorted.sort((a, b) => a.at - b.at));

describe('a packed hour', () => {
  it('decodes to exactly the encoded rows, including causes, absent phases and times', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const bytes = encodeChunk(list, HOUR_START);
        expect(decodeChunk(bytes, HOUR_START)).toEqual(list);
        expect(decodeTotals(bytes, HOUR_START)).toEqual(list.map(({ at, code, total }) => ({ at, code, total })));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses the bytes of an unknown version', () => {
    const bytes = encodeChunk([], HOUR_START);
    bytes[0] = 0xf0;
    expect(() => decodeChunk(bytes, HOUR_START)).toThrow('unknown chunk version');
  });
});

describe('a packed day', () => {
  const slice = fc.option(fc.uint8Array({ minLength: 1, maxLength: 900 }));
  const hours = fc.array(slice, { minLength: 24, maxLength: 24 });
  const packs = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 65_535 }), hours), { maxLength: 4 })
    .map((list) => new Map(list));

  it('decodes to the hours of every endpoint that were encoded', () => {
    fc.assert(
      fc.property(packs, (pack) => {
        expect(decodePack(encodePack(pack))).toEqual(pack);
      }),
    );
  });

  it('is refused when bytes are missing', () => {
    const bytes = encodePack(new Map([[1, new Array<Uint8Array>(24).fill(new Uint8Array(600))]]));
    expect(() => decodePack(bytes.subarray(0, 5000))).toThrow(RangeError);
    expect(() => decodePack(bytes.subarray(0, 3))).toThrow(RangeError);
  });
});

describe('a sample as a row', () => {
  const ms = fc.double({ min: 0, max: 15_000, noNaN: true });
  const phases = fc.record(Object.fromEntries(STORED_PHASES.map((name) => [name, ms])), { requiredKeys: [] });

  it('is restored with every phase within a tenth of a millisecond and absent phases absent', () => {
    fc.assert(
      fc.property(phases, ms, (timings, totalMs) => {
        const sample: Sample = { endpointId: 'a', at: HOUR_START, outcome: 'ok', phases: timings, totalMs };
        const back = sampleFrom(
          rowOf(sample, () => 2),
          'a',
          () => '',
        );
        expect(Object.keys(back.phases).sort()).toEqual(Object.keys(timings).sort());
        for (const name of STORED_PHASES) {
          const [was, is] = [timings[name], back.phases[name]];
          if (was !== undefined) expect(Math.abs((is ?? Number.NaN) - was)).toBeLessThanOrEqual(0.1 + 1e-6);
        }
        expect(Math.abs(back.totalMs - totalMs)).toBeLessThanOrEqual(0.05 + 1e-6);
      }),
    );
  });

  it('reads a cause of a newer version as unknown', () => {
    const row = { at: HOUR_START, code: 9, phases: [], total: 1 };
    expect(sampleFrom(row, 'a', () => 'cause-of-the-future')).toMatchObject({ outcome: 'failed', cause: 'unknown' });
  });
});
