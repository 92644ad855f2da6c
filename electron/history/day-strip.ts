/**
 * The last 24 hours of one endpoint in half-hour columns, kept up to date sample by sample without querying the
 * history.
 */
import type { Sample } from '../../shared/domain/result.ts';
import { STRIP_CELLS, type StripCell, stripOutcome } from '../../shared/domain/snapshot.ts';
import type { SeriesColumn } from '../../shared/domain/timeline.ts';
import { DAY_MS, type DurationMs, type EpochMs } from '../../shared/domain/units.ts';

/** Width of a column; columns begin at whole half hours, UTC. */
export const STRIP_CELL_MS: DurationMs = DAY_MS / STRIP_CELLS;

/** What the first paint shows of an endpoint's day. */
export interface Day {
  /** Oldest first, STRIP_CELLS long; the last one holds now. */
  readonly cells: readonly StripCell[];
  /** Share of successes, 0…1; null when nothing was measured. */
  readonly uptime: number | null;
}

interface Column {
  n: number;
  slow: number;
  failed: number;
  /** Of the successes that were added one by one. */
  readonly latencies: DurationMs[];
  /** Of the successes the history knew. */
  readonly p50: DurationMs | null;
  cell: StripCell | null;
}

const GAP: StripCell = { outcome: 'gap', latencyMs: null };

/** Begin of the first column of a day that ends now. */
export function stripStart(now: EpochMs): EpochMs {
  return (Math.floor(now / STRIP_CELL_MS) - STRIP_CELLS + 1) * STRIP_CELL_MS;
}

/** The last 24 hours of one endpoint; half hours are UTC. */
export class DayStrip {
  readonly #columns = new Map<number, Column>();
  /** The last result: requested on every change of the snapshot. */
  #shown: { readonly last: number; readonly day: Day } | null = null;

  /** Takes over columns of the history, as wide as ours. */
  constructor(known: readonly SeriesColumn[] = []) {
    for (const { at, n, slow, failed, p50 } of known) {
      if (n > 0) this.#columns.set(Math.round(at / STRIP_CELL_MS), { n, slow, failed, p50, latencies: [], cell: null });
    }
  }

  add({ at, outcome, totalMs }: Sample): void {
    const slot = Math.floor(at / STRIP_CELL_MS);
    const column = this.#columns.get(slot) ?? { n: 0, slow: 0, failed: 0, latencies: [], p50: null, cell: null };
    column.n += 1;
    if (outcome === 'failed') column.failed += 1;
    else column.latencies.push(totalMs);
    if (outcome === 'slow') column.slow += 1;
    column.cell = null;
    this.#shown = null;
    this.#columns.set(slot, column);
    for (const old of this.#columns.keys()) if (old <= slot - 2 * STRIP_CELLS) this.#columns.delete(old);
  }

  /** The 24 hours that end with the half hour of `now`. */
  at(now: EpochMs): Day {
    const last = Math.floor(now / STRIP_CELL_MS);
    if (this.#shown?.last !== last) this.#shown = { last, day: this.#endingWith(last) };
    return this.#shown.day;
  }

  #endingWith(last: number): Day {
    const columns = Array.from({ length: STRIP_CELLS }, (_, i) => this.#columns.get(last - STRIP_CELLS + 1 + i));
    const sum = (key: 'n' | 'failed') => columns.reduce((total, column) => total + (column?.[key] ?? 0), 0);
    const n = sum('n');
    return { cells: columns.map(cellOf), uptime: n === 0 ? null : (n - sum('failed')) / n };
  }
}

function cellOf(column: Column | undefined): StripCell {
  if (column === undefined) return GAP;
  column.cell ??= { outcome: stripOutcome(column), latencyMs: medianOf(column) };
  return column.cell;
}

/** Of a column that the history knew in part, the part with more measurements counts. */
function medianOf({ latencies, p50, n }: Column): DurationMs | null {
  if (p50 !== null && latencies.length < n / 2) return p50;
  return [...latencies].sort((a, b) => a - b)[(latencies.length - 1) >> 1] ?? p50;
}
