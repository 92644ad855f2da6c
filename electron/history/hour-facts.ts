/** Whole hours of one endpoint, for its baseline. */
import { DAY_MS, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';
import type { HourFacts } from '../verdict/latency-baseline.ts';
import { quantiles } from './histogram.ts';
import { type Rollup, rollupOf } from './rollup.ts';
import { type StoredRow, toMs } from './stored-row.ts';
import type { Tables } from './tables.ts';
import { dayOf } from './time-keys.ts';

/** Hours that touch [from, to) and in which something was measured, oldest first. */
export function hourFacts(tables: Tables, endpoint: number, from: EpochMs, to: EpochMs): readonly HourFacts[] {
  const facts: HourFacts[] = [];
  const oldest = tables.oldestDay();
  for (let day = Math.max(dayOf(from), oldest ?? dayOf(to)); oldest !== null && day * DAY_MS < to; day++) {
    for (const [index, rollup] of (tables.day(day, endpoint)?.hours ?? []).entries()) {
      const at = day * DAY_MS + index * HOUR_MS;
      if (rollup !== null && at < to && at + HOUR_MS > from) facts.push(factsOf(at, rollup));
    }
  }
  const hot = new Map<EpochMs, StoredRow[]>();
  for (const row of tables.hotOf(endpoint, from, to)) {
    const at = Math.floor(row.at / HOUR_MS) * HOUR_MS;
    hot.set(at, [...(hot.get(at) ?? []), row]);
  }
  const sealed = new Set(facts.map(({ at }) => at));
  for (const [at, rows] of hot) if (!sealed.has(at)) facts.push(factsOf(at, rollupOf(rows)));
  return facts;
}

function factsOf(at: EpochMs, { n, failed, histogram }: Rollup): HourFacts {
  const [p50 = null, p95 = null] = quantiles(histogram, [0.5, 0.95]).map((units) =>
    units === null ? null : toMs(Math.round(units)),
  );
  return { at, n, failed, p50, p95 };
}
