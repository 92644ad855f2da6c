/**
 * Counts of latencies in logarithmic bins, for percentiles of any span: histograms add up, percentiles do not.
 * A bin is 2 % wide, so a percentile read from its middle is at most 1 % off.
 */
import type { BitReader, BitWriter } from './bits.ts';

const GROWTH = Math.log(1.02);

/** Bin → count. */
export type Histogram = Map<number, number>;

/** The bin of a latency in stored units; everything up to one unit shares bin 0. */
export function binOf(units: number): number {
  return units <= 1 ? 0 : Math.round(Math.log(units) / GROWTH);
}

/** The latency in the middle of a bin, stored units with fractions. */
function middleOf(bin: number): number {
  return Math.exp(bin * GROWTH);
}

/** Adds a count, whole or a share, to a bin. */
export function addToBin(histogram: Histogram, bin: number, count: number): void {
  histogram.set(bin, (histogram.get(bin) ?? 0) + count);
}

/** Adds all counts of one histogram to another. */
export function mergeHistogram(into: Histogram, from: Histogram): void {
  for (const [bin, count] of from) addToBin(into, bin, count);
}

/** The latency below which a share (0…1) of the counts lies, stored units; null for an empty histogram. */
export function quantile(histogram: Histogram, share: number): number | null {
  const bin = quantileBin(histogram, share);
  return bin === null ? null : middleOf(bin);
}

/** The bin in which that latency lies; null for an empty histogram. */
export function quantileBin(histogram: Histogram, share: number): number | null {
  const bins = [...histogram].sort(([a], [b]) => a - b);
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  let rank = share * (total - 1);
  for (const [bin, count] of bins) {
    if (rank < count) return bin;
    rank -= count;
  }
  // Counts that are shares may leave a rest of rounding.
  return bins.at(-1)?.[0] ?? null;
}

/** Writes the bins in order, each as its distance from the one before, with its count. */
export function encodeHistogram(out: BitWriter, histogram: Histogram): void {
  const bins = [...histogram].sort(([a], [b]) => a - b);
  out.gamma(bins.length);
  let next = 0;
  for (const [bin, count] of bins) {
    out.gamma(bin - next);
    out.gamma(count - 1);
    next = bin + 1;
  }
}

/** Throws RangeError on a damaged stream. */
export function decodeHistogram(input: BitReader): Histogram {
  const histogram: Histogram = new Map();
  const bins = input.gamma();
  let bin = 0;
  for (let read = 0; read < bins; read++) {
    bin += input.gamma();
    histogram.set(bin, input.gamma() + 1);
    bin++;
  }
  return histogram;
}
