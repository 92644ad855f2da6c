/** What a line of a chart is drawn through: measured columns, and an interruption for each gap. Pure. */
import type { Chart, ChartGap, SeriesColumn } from '../../../shared/domain/timeline.ts';
import type { EpochMs } from '../../../shared/domain/units.ts';

/** A place the crosshair can stand on: a measured column, or the middle of a gap. */
export type ChartRow =
  | { readonly at: EpochMs; readonly column: SeriesColumn; readonly gap: null }
  | { readonly at: EpochMs; readonly column: null; readonly gap: ChartGap };

/**
 * Oldest first. Columns without a measurement are left out: between two probes the line goes on, and only a gap
 * interrupts it.
 */
export function rowsOf({ columns, gaps }: Pick<Chart, 'columns' | 'gaps'>): readonly ChartRow[] {
  const measured = columns.filter(({ n }) => n > 0).map((column) => ({ at: column.at, column, gap: null }));
  const missing = gaps.map((gap) => ({ at: (gap.from + gap.to) / 2, column: null, gap }));
  return [...measured, ...missing].sort((a, b) => a.at - b.at);
}

/** The index of the row nearest to an instant; -1 when there are none. */
export function nearestRow(rows: readonly ChartRow[], at: EpochMs): number {
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (const [index, row] of rows.entries()) {
    const away = Math.abs(row.at - at);
    if (away < distance) [best, distance] = [index, away];
  }
  return best;
}
