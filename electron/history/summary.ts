/**
 * Equal columns over any span. Whole days and hours come from rollups, cut ones from samples, so a year costs
 * hardly more than a day.
 */
import { DAY_MS, type DurationMs, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';
import type { HourSlices } from './day-pack.ts';
import { type BinList, binOf, quantilesOfList } from './histogram.ts';
import { type DayMarks, type HourMark, MARK_WEIGHTS } from './hour-percentiles.ts';
import type { DayHours, Rollup } from './rollup.ts';
import { CODE_OK, CODE_SLOW, type RowTotal } from './stored-row.ts';
import { type Tables, unpackTotals } from './tables.ts';
import { dayOf } from './time-keys.ts';

/**
 * Columns this wide are made of whole hours: an hour on a border counts where its middle lies, and its percentiles
 * stand
 * for all its successes.
 */
const WHOLE_HOURS_FROM_MS = 2 * HOUR_MS;

/** Equal columns over [from, to), oldest first; wide ones are exact to half an hour at their borders. */
export function tallies(tables: Tables, endpoint: number, from: EpochMs, to: EpochMs, cells: number): readonly Tally[] {
  const columns = new Columns(from, to, cells);
  const firstDay = tables.oldestDay();
  if (firstDay !== null) {
    const first = Math.max(dayOf(from), firstDay);
    // Of columns wider than a day only the first and the last day are cut: these can be read in full.
    const isMarked = columns.widthMs >= WHOLE_HOURS_FROM_MS && columns.widthMs < DAY_MS;
    const marks = isMarked ? tables.marks(endpoint, first, dayOf(to)) : NO_MARKS;
    for (let day = first; day * DAY_MS < to; day++) addDay(tables, endpoint, day, columns, marks.get(day));
  }
  columns.addRows(tables.hotTotals(endpoint, from, to));
  return columns.tallies;
}

const NO_MARKS: ReadonlyMap<number, DayMarks> = new Map();

function addDay(tables: Tables, endpoint: number, day: number, columns: Columns, marks: DayMarks | undefined): void {
  const start = day * DAY_MS;
  if (columns.holdsWhole(start, DAY_MS)) {
    const total = tables.total(day, endpoint);
    if (total !== null) columns.addRollup(total, start, DAY_MS);
    return;
  }
  if (marks !== undefined) {
    for (const [index, mark] of marks.entries()) {
      if (mark !== null) columns.addMark(mark, start + index * HOUR_MS);
    }
    return;
  }
  const stored = tables.day(day, endpoint);
  if (stored === null) return;
  if (stored.hours === null) columns.addRollup(stored.total, start, DAY_MS);
  else addHours(tables, endpoint, start, stored.hours, columns);
}

function addHours(tables: Tables, endpoint: number, dayStart: EpochMs, hours: DayHours, columns: Columns): void {
  let pack: HourSlices | null | undefined;
  for (const [index, rollup] of hours.entries()) {
    const start = dayStart + index * HOUR_MS;
    if (rollup === null || !columns.touches(start, HOUR_MS)) continue;
    const whole = columns.widthMs >= WHOLE_HOURS_FROM_MS || columns.holdsWhole(start, HOUR_MS);
    if (!whole && pack === undefined) pack = tables.pack(dayOf(dayStart))?.get(endpoint) ?? null;
    const rows = whole ? null : unpackTotals(pack?.[index], start);
    if (rows === null) columns.addRollup(rollup, start, HOUR_MS);
    else columns.addRows(rows);
  }
}

/** What one column holds. */
export interface Tally {
  n: number;
  slow: number;
  failed: number;
  /** Units, of successes known one by one. */
  readonly latencies: number[];
  /** Of successes known as counts only. */
  readonly counted: BinList;
}

class Columns {
  readonly #from: EpochMs;
  readonly #to: EpochMs;
  readonly widthMs: DurationMs;
  readonly #tallies: readonly Tally[];

  constructor(from: EpochMs, to: EpochMs, cells: number) {
    this.#from = from;
    this.#to = to;
    this.widthMs = (to - from) / cells;
    this.#tallies = Array.from({ length: cells }, () => ({
      n: 0,
      slow: 0,
      failed: 0,
      latencies: [],
      counted: { bins: [], counts: [] },
    }));
  }

  touches(start: EpochMs, length: DurationMs): boolean {
    return start < this.#to && start + length > this.#from;
  }

  /** Whether a span lies within one column. */
  holdsWhole(start: EpochMs, length: DurationMs): boolean {
    const last = start + length - 1;
    return start >= this.#from && last < this.#to && this.#indexOf(start) === this.#indexOf(last);
  }

  addRows(rows: readonly RowTotal[]): void {
    for (const row of rows) {
      const tally = this.#tallyAt(row.at);
      if (tally === undefined) continue;
      tally.n++;
      if (row.code > CODE_SLOW) {
        tally.failed++;
        continue;
      }
      if (row.code !== CODE_OK) tally.slow++;
      tally.latencies.push(row.total);
    }
  }

  /** Counts a rolled-up span where its middle lies: exact when one column holds it whole. */
  addRollup(rollup: Rollup, start: EpochMs, length: DurationMs): void {
    const tally = this.#tallyAt(start + length / 2);
    if (tally === undefined) return;
    tally.n += rollup.n;
    tally.slow += rollup.slow;
    tally.failed += rollup.failed;
    for (const [bin, count] of rollup.histogram) addTo(tally.counted, bin, count);
  }

  get tallies(): readonly Tally[] {
    return this.#tallies;
  }

  /** Counts an hour of which only percentiles are known where its middle lies. */
  addMark({ n, slow, failed, bins }: HourMark, start: EpochMs): void {
    const tally = this.#tallyAt(start + HOUR_MS / 2);
    if (tally === undefined) return;
    tally.n += n;
    tally.slow += slow;
    tally.failed += failed;
    if (bins === null) return;
    const { counted } = tally;
    addTo(counted, bins.p50, (n - failed) * MARK_WEIGHTS.p50);
    addTo(counted, bins.p95, (n - failed) * MARK_WEIGHTS.p95);
    addTo(counted, bins.p99, (n - failed) * MARK_WEIGHTS.p99);
  }

  #tallyAt(at: EpochMs): Tally | undefined {
    return at >= this.#from && at < this.#to ? this.#tallies[this.#indexOf(at)] : undefined;
  }

  #indexOf(at: EpochMs): number {
    // Rounding may put the last instant one too far.
    return Math.min(Math.floor((at - this.#from) / this.widthMs), this.#tallies.length - 1);
  }
}

/**
 * The latencies below which shares (0…1) of the successes lie, stored units; null when there were none. Exact while every
 * success is known one by one, within 1 % otherwise.
 */
export function quantilesOf({ latencies, counted }: Tally, shares: readonly number[]): readonly (number | null)[] {
  if (counted.bins.length === 0) {
    latencies.sort((a, b) => a - b);
    return shares.map((share) => latencies[Math.floor(share * (latencies.length - 1))] ?? null);
  }
  for (const latency of latencies.splice(0)) addTo(counted, binOf(latency), 1);
  return quantilesOfList(counted, shares).map((found) => (found === null ? null : Math.round(found)));
}

function addTo({ bins, counts }: BinList, bin: number, count: number): void {
  bins.push(bin);
  counts.push(count);
}
