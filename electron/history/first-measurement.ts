/** Since when an endpoint has been measured, as far as that is still known. */
import { DAY_MS, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';
import { type Tables, unpack } from './tables.ts';
import { dayOf } from './time-keys.ts';

/** To the sample, the hour or the day: whatever of the first day is kept; null when nothing is. */
export function firstMeasurement(tables: Tables, endpoint: number): EpochMs | null {
  const hot = tables.oldestHotOf(endpoint);
  const lastDay = tables.lastDay(endpoint);
  const oldestDay = tables.oldestDay();
  if (lastDay === null || oldestDay === null) return hot;
  for (let day = oldestDay; day <= lastDay && (hot === null || day <= dayOf(hot)); day++) {
    const packed = firstOfDay(tables, endpoint, day);
    if (packed !== null) return hot === null ? packed : Math.min(packed, hot);
  }
  return hot;
}

function firstOfDay(tables: Tables, endpoint: number, day: number): EpochMs | null {
  const stored = tables.day(day, endpoint);
  if (stored === null) return null;
  const hour = stored.hours?.findIndex((rollup) => rollup !== null) ?? -1;
  if (hour < 0) return day * DAY_MS;
  const start = day * DAY_MS + hour * HOUR_MS;
  return unpack(tables.pack(day)?.get(endpoint)?.[hour], start)?.[0]?.at ?? start;
}
