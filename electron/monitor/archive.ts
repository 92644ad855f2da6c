/** Asks the history what charts and the dashboard show. */
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import type { EndpointDetail } from '../../shared/domain/snapshot.ts';
import type { Chart, Dashboard, DrillReport, UptimeRow } from '../../shared/domain/timeline.ts';
import { DAY_MS, type EpochMs } from '../../shared/domain/units.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { changePoints } from '../verdict/change-points.ts';

/** A column is a few pixels wide. */
const CHART_COLUMNS = 240;
/** What a chart can mark. */
const MAX_EVENTS = 500;
/** Shorter spans have no lasting change. */
const CHANGES_FROM_MS = 5 * DAY_MS;

/** One endpoint over [from, to). Rejects with HistoryError. */
export async function readChart(store: HistoryStore, endpointId: string, from: EpochMs, to: EpochMs): Promise<Chart> {
  const [columns, incidents, events, hours] = await Promise.all([
    store.series(endpointId, from, to, CHART_COLUMNS, true),
    store.incidentsWithin(from, to),
    store.events(from, to, MAX_EVENTS),
    to - from >= CHANGES_FROM_MS ? store.hours(endpointId, from - DAY_MS, to) : [],
  ]);
  return {
    endpointId,
    from,
    to,
    columns,
    incidents: incidents.filter((one) => one.endpointId === endpointId).map(withoutEvidence),
    events: [...events].reverse(),
    changePoints: changePoints(hours).filter(({ at }) => at >= from),
  };
}

/** What one endpoint did lately: its last samples and incidents. Rejects with HistoryError. */
export async function readDetail(
  store: HistoryStore,
  endpointId: string,
  now: EpochMs,
): Promise<Pick<EndpointDetail, 'samples' | 'incidents'>> {
  const [samples, incidents] = await Promise.all([
    store.samples(endpointId, now - DAY_MS, now + 1, 30),
    store.incidents(endpointId, 20),
  ]);
  return { samples, incidents };
}

/** The dashboard's tables. Rejects with HistoryError. */
export async function readTables(
  store: HistoryStore,
  endpointIds: readonly string[],
  at: EpochMs,
): Promise<Omit<Dashboard, 'lag'>> {
  const [uptime, incidents, events, drills] = await Promise.all([
    Promise.all(endpointIds.map((id) => readUptime(store, id, at))),
    store.incidents(null, 100),
    store.events(0, at + 1, 50),
    readDrills(store, at, 10),
  ]);
  return { at, uptime, incidents: incidents.map(withoutEvidence), events, drills };
}

/** A row of the uptime table. Rejects with HistoryError. */
async function readUptime(store: HistoryStore, endpointId: string, now: EpochMs): Promise<UptimeRow> {
  const of = async (days: number) => (await store.series(endpointId, now - days * DAY_MS, now + 1, 1, false))[0];
  const [day, week, month, year, incidents] = await Promise.all([
    of(1),
    of(7),
    of(30),
    of(365),
    store.incidentsWithin(now - 30 * DAY_MS, now + 1),
  ]);
  const outages = incidents.filter((one) => one.endpointId === endpointId && one.severity === 'down' && !one.drill);
  return {
    endpointId,
    day: shareOf(day),
    week: shareOf(week),
    month: shareOf(month),
    year: shareOf(year),
    p50: month?.p50 ?? null,
    p95: month?.p95 ?? null,
    p99: month?.p99 ?? null,
    outages: outages.length,
    downtimeMs: outages.reduce((sum, one) => sum + downtimeOf(one, now), 0),
  };
}

/** What practised outages measured, newest first. Rejects with HistoryError. */
export async function readDrills(store: HistoryStore, now: EpochMs, limit: number): Promise<readonly DrillReport[]> {
  const events = await store.events(now - 400 * DAY_MS, now + 1, 5_000);
  return events
    .filter(({ kind }) => kind === 'drilled')
    .slice(0, limit)
    .flatMap(({ detail }) => {
      try {
        return [JSON.parse(detail) as DrillReport];
      } catch {
        return [];
      }
    });
}

/** Lists need no evidence; it stays with the endpoint's own page. */
function withoutEvidence(incident: Incident): Incident {
  return { ...incident, evidence: null };
}

function shareOf(column: { readonly n: number; readonly failed: number } | undefined): number | null {
  return column === undefined || column.n === 0 ? null : (column.n - column.failed) / column.n;
}
