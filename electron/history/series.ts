/** What a chart of one endpoint shows: counts and percentiles of each column, and phases where samples are still kept. */

import type { SeriesColumn } from '../../shared/domain/timeline.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/units.ts';
import { CODE_SLOW, STORED_PHASES, type StoredRow, toMs } from './stored-row.ts';
import { quantilesOf, tallies } from './summary.ts';
import { type Tables, unpack } from './tables.ts';
import { dayOf } from './time-keys.ts';

/** Phases over a longer span are not read: they come from single samples, a million of them a year. */
const PHASES_WITHIN_MS: DurationMs = 8 * DAY_MS;

/** Equal columns over [from, to), oldest first. */
export function seriesOf(
  tables: Tables,
  endpoint: number,
  from: EpochMs,
  to: EpochMs,
  columns: number,
  withPhases: boolean,
): readonly SeriesColumn[] {
  const width = (to - from) / columns;
  const phases = withPhases && to - from <= PHASES_WITHIN_MS ? phaseMeans(tables, endpoint, from, to, columns) : null;
  return tallies(tables, endpoint, from, to, columns).map((tally, index) => {
    const [p50 = null, p95 = null, p99 = null] = quantilesOf(tally, [0.5, 0.95, 0.99]).map((units) =>
      units === null ? null : toMs(units),
    );
    const { n, slow, failed } = tally;
    return {
      at: from + index * width,
      n,
      slow,
      failed,
      p50,
      p95,
      p99,
      phases: phases?.[index] ?? {},
    };
  });
}

/** The mean of each phase in each column, ms. */
function phaseMeans(tables: Tables, endpoint: number, from: EpochMs, to: EpochMs, columns: number) {
  const sums = Array.from({ length: columns }, () => STORED_PHASES.map(() => ({ n: 0, sum: 0 })));
  const add = (row: StoredRow) => {
    if (row.at < from || row.at >= to || row.code > CODE_SLOW) return;
    const column = sums[Math.min(columns - 1, Math.floor(((row.at - from) / (to - from)) * columns))];
    for (const [index, units] of row.phases.entries()) {
      const one = column?.[index];
      if (one === undefined || units === null) continue;
      one.n += 1;
      one.sum += units;
    }
  };
  for (let day = Math.max(dayOf(from), tables.oldestPack() ?? dayOf(to)); day * DAY_MS < to; day++) {
    const hours = tables.pack(day)?.get(endpoint) ?? [];
    for (const [index, slice] of hours.entries()) {
      const start = day * DAY_MS + index * HOUR_MS;
      if (start < to && start + HOUR_MS > from) for (const row of unpack(slice, start) ?? []) add(row);
    }
  }
  for (const row of tables.hotOf(endpoint, from, to)) add(row);
  return sums.map((column) =>
    Object.fromEntries(
      column.flatMap(({ n, sum }, index) => (n === 0 ? [] : [[STORED_PHASES[index], toMs(sum / n)] as const])),
    ),
  );
}
