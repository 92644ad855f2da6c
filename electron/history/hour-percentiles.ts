/** What a long chart needs of a day's hours: counts and three percentiles each, in about 150 bytes. */
import { BitReader, BitWriter } from './bits.ts';
import { quantileBins } from './histogram.ts';
import { type DayHours, HOURS_A_DAY } from './rollup.ts';

/** One hour; percentiles are bins of the histogram, null when nothing succeeded. */
export interface HourMark {
  readonly n: number;
  readonly slow: number;
  readonly failed: number;
  readonly bins: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

/** The 24 hours of a day; null = nothing measured. */
export type DayMarks = readonly (HourMark | null)[];

/** Shares of the successes that the three percentiles stand for when hours are merged. */
export const MARK_WEIGHTS = { p50: 0.5, p95: 0.45, p99: 0.05 } as const;

/** 24 presence bits, then for each hour present its counts and percentiles. */
export function encodeMarks(hours: DayHours): Uint8Array {
  const out = new BitWriter();
  for (const hour of hours) out.bits(hour === null ? 0 : 1, 1);
  for (const hour of hours) {
    if (hour === null) continue;
    out.gamma(hour.n);
    out.gamma(hour.slow);
    out.gamma(hour.failed);
    const [p50, p95, p99] = quantileBins(hour.histogram, [0.5, 0.95, 0.99]);
    if (p50 === undefined || p50 === null) continue;
    out.gamma(p50);
    out.gamma((p95 ?? p50) - p50);
    out.gamma((p99 ?? p50) - (p95 ?? p50));
  }
  return out.finish();
}

/** Throws RangeError on damaged bytes. */
export function decodeMarks(bytes: Uint8Array): DayMarks {
  const input = new BitReader(bytes);
  const present = Array.from({ length: HOURS_A_DAY }, () => input.bits(1));
  return present.map((bit) => {
    if (bit === 0) return null;
    const n = input.gamma();
    const slow = input.gamma();
    const failed = input.gamma();
    if (n === failed) return { n, slow, failed, bins: null };
    const p50 = input.gamma();
    const p95 = p50 + input.gamma();
    return { n, slow, failed, bins: { p50, p95, p99: p95 + input.gamma() } };
  });
}
