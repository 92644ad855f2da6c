/** The summary of many samples: counts, and the latencies of the successes as sum, extremes and histogram. */
import { BitReader, BitWriter } from './bits.ts';
import { addToBin, binOf, decodeHistogram, encodeHistogram, type Histogram, mergeHistogram } from './histogram.ts';
import { CODE_OK, CODE_SLOW, type StoredRow } from './stored-row.ts';

/** Latencies are stored units; `min` and `max` mean nothing while `n === failed`. */
export interface Rollup {
  n: number;
  slow: number;
  failed: number;
  sum: number;
  min: number;
  max: number;
  readonly histogram: Histogram;
}

/** Days are UTC days: every one has as many. */
export const HOURS_A_DAY = 24;

/** The 24 hours of a day; null = nothing measured. */
export type DayHours = readonly (Rollup | null)[];

function emptyRollup(): Rollup {
  return { n: 0, slow: 0, failed: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0, histogram: new Map() };
}

function addRow(rollup: Rollup, row: StoredRow): void {
  rollup.n++;
  if (row.code > CODE_SLOW) {
    rollup.failed++;
    return;
  }
  if (row.code !== CODE_OK) rollup.slow++;
  rollup.sum += row.total;
  rollup.min = Math.min(rollup.min, row.total);
  rollup.max = Math.max(rollup.max, row.total);
  addToBin(rollup.histogram, binOf(row.total), 1);
}

/** Adds one rollup to another. */
export function mergeRollup(into: Rollup, from: Rollup): void {
  into.n += from.n;
  into.slow += from.slow;
  into.failed += from.failed;
  into.sum += from.sum;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  mergeHistogram(into.histogram, from.histogram);
}

/** The rollup of single samples. */
export function rollupOf(rows: readonly StoredRow[]): Rollup {
  const rollup = emptyRollup();
  for (const row of rows) addRow(rollup, row);
  return rollup;
}

/** The rollup of a day from those of its hours. */
export function sumOfHours(hours: DayHours): Rollup {
  const total = emptyRollup();
  for (const hour of hours) if (hour !== null) mergeRollup(total, hour);
  return total;
}

/** One rollup, for a day's total. */
export function encodeRollup(rollup: Rollup): Uint8Array {
  const out = new BitWriter();
  writeCounts(out, rollup);
  encodeHistogram(out, rollup.histogram);
  return out.finish();
}

/** Throws RangeError on damaged bytes. */
export function decodeRollup(bytes: Uint8Array): Rollup {
  const input = new BitReader(bytes);
  const counts = readCounts(input);
  return { ...counts, histogram: decodeHistogram(input) };
}

/**
 * A day's hours in one blob: 24 presence bits, the counts of those present, then their histograms. Counts first, so
 * that a chart that needs no percentiles can stop before the histograms.
 */
export function encodeHours(hours: DayHours): Uint8Array {
  const out = new BitWriter();
  for (const hour of hours) out.bits(hour === null ? 0 : 1, 1);
  for (const hour of hours) if (hour !== null) writeCounts(out, hour);
  for (const hour of hours) if (hour !== null) encodeHistogram(out, hour.histogram);
  return out.finish();
}

/** Throws RangeError on damaged bytes. */
export function decodeHours(bytes: Uint8Array): (Rollup | null)[] {
  const input = new BitReader(bytes);
  const present = Array.from({ length: HOURS_A_DAY }, () => input.bits(1));
  const counts = present.map((bit) => (bit === 1 ? readCounts(input) : null));
  return counts.map((one) => (one === null ? null : { ...one, histogram: decodeHistogram(input) }));
}

function writeCounts(out: BitWriter, rollup: Rollup): void {
  out.gamma(rollup.n);
  out.gamma(rollup.slow);
  out.gamma(rollup.failed);
  if (rollup.n === rollup.failed) return;
  out.wide(rollup.sum);
  out.gamma(rollup.min);
  out.gamma(rollup.max - rollup.min);
}

function readCounts(input: BitReader): Omit<Rollup, 'histogram'> {
  const n = input.gamma();
  const slow = input.gamma();
  const failed = input.gamma();
  if (n === failed) return { n, slow, failed, sum: 0, min: Number.POSITIVE_INFINITY, max: 0 };
  const sum = input.wide();
  const min = input.gamma();
  return { n, slow, failed, sum, min, max: min + input.gamma() };
}
