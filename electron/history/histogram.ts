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

function middleOrNull(bin: number | null): number | null {
  return bin === null ? null : middleOf(bin);
}

/** Adds a count to a bin. */
export function addToBin(histogram: Histogram, bin: number, count: number): void {
  histogram.set(bin, (histogram.get(bin) ?? 0) + count);
}

/** Adds all counts of one histogram to another. */
export function mergeHistogram(into: Histogram, from: Histogram): void {
  for (const [bin, count] of from) addToBin(into, bin, count);
}

/** Bins with counts in the order in which they came, the same bin perhaps twice: the cheapest way to gather many. */
export interface BinList {
  readonly bins: number[];
  readonly counts: number[];
}

/** The latencies below which shares (0…1) of the counts lie, stored units; null for an empty histogram. */
export function quantiles(histogram: Histogram, shares: readonly number[]): readonly (number | null)[] {
  return quantileBins(histogram, shares).map(middleOrNull);
}

/** The same of a list, which is sorted by it. */
export function quantilesOfList({ bins, counts }: BinList, shares: readonly number[]): readonly (number | null)[] {
  return binsAt(bins, counts, shares).map(middleOrNull);
}

/** The bins in which those latencies lie; null for an empty histogram. */
export function quantileBins(histogram: Histogram, shares: readonly number[]): readonly (number | null)[] {
  return binsAt([...histogram.keys()], [...histogram.values()], shares);
}

/** The same of bins and their counts side by side, in any order; both arrays are sorted by it. */
function binsAt(bins: number[], counts: number[], shares: readonly number[]): readonly (number | null)[] {
  sortTogether(bins, counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return shares.map((share) => {
    let rank = share * (total - 1);
    for (let i = 0; i < bins.length; i += 1) {
      const count = counts[i] as number;
      if (rank < count) return bins[i] as number;
      rank -= count;
    }
    // Counts that are shares may leave a rest of rounding.
    return bins.at(-1) ?? null;
  });
}

/** Insertion sort: a chart sorts thousands of lists, most of them twenty long or nearly in order. */
function sortTogether(bins: number[], counts: number[]): void {
  for (let i = 1; i < bins.length; i += 1) {
    const [bin, count] = [bins[i] as number, counts[i] as number];
    let at = i;
    for (; at > 0 && (bins[at - 1] as number) > bin; at -= 1) {
      bins[at] = bins[at - 1] as number;
      counts[at] = counts[at - 1] as number;
    }
    bins[at] = bin;
    counts[at] = count;
  }
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
