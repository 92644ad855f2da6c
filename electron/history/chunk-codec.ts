/**
 * The samples of one endpoint in one hour, packed column by column. Exact: what is decoded is what was encoded.
 * Layout: version, count, offset of the first sample, then the columns time deltas, codes, presence masks, one for
 * each phase (present values only), and total minus the sum of the phases.
 */
import type { EpochMs } from '../../shared/domain/units.ts';
import { BitReader, BitWriter, unzigzag, zigzag } from './bits.ts';
import { decodeColumn, encodeColumn } from './column-codec.ts';
import { type RowTotal, STORED_PHASES, type StoredRow } from './stored-row.ts';

/** First four bits of every chunk; another layout gets another number and its own decoder. */
const VERSION = 1;
const VERSION_BITS = 4;

/** Packs rows, which must be sorted by time and lie within the hour that begins at `hourStart`. */
export function encodeChunk(rows: readonly StoredRow[], hourStart: EpochMs): Uint8Array {
  const out = new BitWriter();
  out.bits(VERSION, VERSION_BITS);
  out.gamma(rows.length);
  const offsets = rows.map((row) => row.at - hourStart);
  encodeColumn(
    out,
    offsets.map((offset, index) => offset - (offsets[index - 1] ?? 0)),
  );
  encodeColumn(
    out,
    rows.map((row) => row.code),
  );
  encodeColumn(out, rows.map(maskOf));
  for (const phase of STORED_PHASES.keys()) {
    encodeColumn(
      out,
      rows.flatMap((row) => row.phases[phase] ?? []),
    );
  }
  // Totals are the phases' sum but for rounding, or far from it when the probe ended otherwise: fold the sign in.
  encodeColumn(
    out,
    rows.map((row) => zigzag(row.total - sumOf(row.phases))),
  );
  return out.finish();
}

/** Unpacks rows in order of time. Throws RangeError on damaged bytes. */
export function decodeChunk(bytes: Uint8Array, hourStart: EpochMs): StoredRow[] {
  const { deltas, codes, masks, phases, rest } = decodeColumns(bytes);
  const spreads = phases.map((values, phase) => spread(values, masks, 1 << phase));
  let at = hourStart;
  return deltas.map((delta, index) => {
    at += delta;
    const timings = spreads.map((column) => column[index] as number | null);
    return {
      at,
      code: codes[index] as number,
      phases: timings,
      total: unzigzag(rest[index] as number) + sumOf(timings),
    };
  });
}

/** The same without the phases, which a strip has no need of: half the work. */
export function decodeTotals(bytes: Uint8Array, hourStart: EpochMs): RowTotal[] {
  const { deltas, codes, masks, phases, rest } = decodeColumns(bytes);
  const totals = rest.map(unzigzag);
  for (const [phase, values] of phases.entries()) {
    let next = 0;
    for (let index = 0; index < totals.length; index += 1) {
      if (((masks[index] as number) & (1 << phase)) === 0) continue;
      totals[index] = (totals[index] as number) + (values[next] as number);
      next += 1;
    }
  }
  let at = hourStart;
  return deltas.map((delta, index) => {
    at += delta;
    return { at, code: codes[index] as number, total: totals[index] as number };
  });
}

/** The columns as they are stored; a phase has values for the rows only that have it. */
function decodeColumns(bytes: Uint8Array) {
  const input = new BitReader(bytes);
  if (input.bits(VERSION_BITS) !== VERSION) throw new RangeError('unknown chunk version');
  const count = input.gamma();
  const deltas = decodeColumn(input, count);
  const codes = decodeColumn(input, count);
  const masks = decodeColumn(input, count);
  const phases = STORED_PHASES.map((_, phase) => decodeColumn(input, presentIn(masks, 1 << phase)));
  return { deltas, codes, masks, phases, rest: decodeColumn(input, count) };
}

function presentIn(masks: readonly number[], bit: number): number {
  let present = 0;
  for (const mask of masks) if ((mask & bit) !== 0) present += 1;
  return present;
}

/** Which phases a row has, one bit each. */
function maskOf(row: StoredRow): number {
  return row.phases.reduce<number>((mask, value, phase) => (value === null ? mask : mask | (1 << phase)), 0);
}

/** A phase's values with nulls where the mask has none. */
function spread(values: readonly number[], masks: readonly number[], bit: number): (number | null)[] {
  let next = 0;
  return masks.map((mask) => ((mask & bit) === 0 ? null : (values[next++] as number)));
}

function sumOf(values: readonly (number | null)[]): number {
  let sum = 0;
  for (const value of values) sum += value ?? 0;
  return sum;
}
