/**
 * Packs hours that have closed: hot rows become chunks and are rolled up by hour and day. Runs inside the caller's
 * transaction, so a crash leaves either the hot rows or the packed ones. A sample that comes after its hour was packed
 * is merged into it by the next sealing.
 */
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { encodeChunk } from './chunk-codec.ts';
import type { HourSlices } from './day-pack.ts';
import { HOURS_A_DAY, mergeRollup, type Rollup, rollupOf, sumOfHours } from './rollup.ts';
import type { StoredRow } from './stored-row.ts';
import { type HotRow, type Tables, unpack } from './tables.ts';
import { dayOf, hourOf } from './time-keys.ts';

/** A probe may run for its hard limit of 15 s and wait for its tick: until then its hour is open. */
const GRACE_MS = 2 * MINUTE_MS;

/** A day without hours. */
const NOTHING: readonly null[] = new Array<null>(HOURS_A_DAY).fill(null);

/** Start of the oldest open hour. */
function openFrom(now: EpochMs): EpochMs {
  return hourOf(now - GRACE_MS) * HOUR_MS;
}

/** Whether hot rows of a closed hour wait to be packed. Cheap: called at every tick. */
export function hasClosedHours(tables: Tables, now: EpochMs): boolean {
  const oldest = tables.oldestHot();
  return oldest !== null && oldest < openFrom(now);
}

/** Packs every closed hour. Doing it twice changes nothing. */
export function sealClosedHours(tables: Tables, now: EpochMs): void {
  const end = openFrom(now);
  for (const [day, endpoints] of groupByDay(tables.hotBefore(end))) sealDay(tables, day, endpoints);
  tables.deleteHotBefore(end);
}

/** Day → endpoint → rows. */
function groupByDay(hot: readonly HotRow[]): Map<number, Map<number, StoredRow[]>> {
  const days = new Map<number, Map<number, StoredRow[]>>();
  for (const { endpoint, row } of hot) {
    const day = dayOf(row.at);
    const endpoints = days.get(day) ?? new Map<number, StoredRow[]>();
    days.set(day, endpoints);
    const rows = endpoints.get(endpoint) ?? [];
    endpoints.set(endpoint, rows);
    rows.push(row);
  }
  return days;
}

function sealDay(tables: Tables, day: number, endpoints: ReadonlyMap<number, StoredRow[]>): void {
  const pack = new Map(tables.pack(day) ?? []);
  for (const [endpoint, rows] of endpoints) {
    const slices = sealEndpoint(tables, day, endpoint, pack.get(endpoint) ?? NOTHING, rows);
    if (slices !== null) pack.set(endpoint, slices);
  }
  if (pack.size > 0) tables.putPack(day, pack);
}

/** Rolls new rows up and returns all packed hours of the day with them in; null when the day is too old for hours. */
function sealEndpoint(
  tables: Tables,
  day: number,
  endpoint: number,
  packed: HourSlices,
  rows: readonly StoredRow[],
): HourSlices | null {
  const stored = tables.day(day, endpoint);
  // Such a day is kept as a total only: samples that old come from a wrong clock.
  if (stored !== null && stored.hours === null) return null;
  const slices = [...packed];
  const rollups = [...(stored?.hours ?? NOTHING)];
  for (let index = 0; index < HOURS_A_DAY; index++) {
    const start = day * DAY_MS + index * HOUR_MS;
    const fresh = rows.filter((row) => row.at >= start && row.at < start + HOUR_MS);
    if (fresh.length === 0) continue;
    const earlier = unpack(slices[index], start);
    const merged = mergeByTime(earlier ?? [], fresh);
    slices[index] = encodeChunk(merged, start);
    rollups[index] = rollupAfter(merged, earlier, rollups[index] ?? null);
  }
  tables.putDay(day, endpoint, sumOfHours(rollups), rollups);
  return slices;
}

/** Recomputed from all samples; added to the stored rollup where its samples were dropped to save space. */
function rollupAfter(
  merged: readonly StoredRow[],
  packed: readonly StoredRow[] | null,
  earlier: Rollup | null,
): Rollup {
  const rollup = rollupOf(merged);
  if (packed === null && earlier !== null) mergeRollup(rollup, earlier);
  return rollup;
}

/** Both in order of time; of two samples with the same time the later recorded one is kept. */
function mergeByTime(packed: readonly StoredRow[], hot: readonly StoredRow[]): StoredRow[] {
  const byTime = new Map([...packed, ...hot].map((row) => [row.at, row]));
  return [...byTime.values()].sort((a, b) => a.at - b.at);
}
