/** Queries of windows: an endpoint in depth, charts, the dashboard's tables, what Gopherbar itself uses. */
import type { Contact } from '../../shared/domain/contact.ts';
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import type { EndpointDetail, Snapshot } from '../../shared/domain/snapshot.ts';
import {
  type Chart,
  type Dashboard,
  type DrillReport,
  eventsAbout,
  type Meter,
  type UptimeRow,
} from '../../shared/domain/timeline.ts';
import { DAY_MS, type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import type { OutageChanges } from '../../shared/domain/what-changed.ts';
import type { NetworkConditions } from '../conditions/network-conditions.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { readWhatChanged } from '../history/read-what-changed.ts';
import type { Recorder } from '../history/recorder.ts';
import type { LagWatch } from '../monitor/lag-watch.ts';
import { contactsOf } from '../settings/contacts.ts';
import { changePoints } from '../verdict/change-points.ts';
import { abilitiesOf } from '../verdict/mirror-abilities.ts';
import { unobservedSpans } from '../verdict/unobserved-spans.ts';
import type { EndpointBook } from './endpoint-book.ts';
import type { HistoryService } from './engine-api.ts';
import type { EnginePorts, EngineSettings } from './engine-ports.ts';

/** A column is a few pixels wide. */
const CHART_COLUMNS = 240;
/** What a chart can mark. */
const MAX_EVENTS = 500;
/** Enough to know whether the machine slept, or the app was paused, when a chart begins. */
const EVENTS_BEFORE = 50;
/** A chart of less has no shape. */
const LEAST_CHART_MS = 5 * MINUTE_MS;
/** A silence is a gap when this many probes are missing, and never below a quarter of an hour: an open breaker waits ten minutes. */
const PROBES_MISSED = 3;
const LEAST_SILENCE_MS = 15 * MINUTE_MS;
/** Shorter spans have no lasting change. */
const CHANGES_FROM_MS = 5 * DAY_MS;

export interface QueryParts {
  readonly store: HistoryStore;
  readonly recorder: Pick<Recorder, 'flush'>;
  readonly settings: () => EngineSettings;
  readonly snapshot: () => Snapshot;
  readonly lag: LagWatch;
  readonly book: EndpointBook;
  readonly conditions: NetworkConditions;
  readonly clock: EnginePorts['clock'];
  readonly costs: EnginePorts['costs'];
  readonly startedAt: EpochMs;
}

/** What waits to be written is written first, so that every answer is complete. */
export class HistoryQueries implements HistoryService {
  readonly #parts: QueryParts;

  constructor(parts: QueryParts) {
    this.#parts = parts;
  }

  async detail(endpointId: string): Promise<EndpointDetail | null> {
    const { store, recorder, clock, snapshot } = this.#parts;
    const state = snapshot().endpoints.find((one) => one.endpoint.id === endpointId);
    if (state === undefined) return null;
    await recorder.flush();
    return { state, ...(await readDetail(store, endpointId, clock.now())) };
  }

  async chart(endpointId: string, from: EpochMs, to: EpochMs): Promise<Chart> {
    await this.#parts.recorder.flush();
    const { store, settings } = this.#parts;
    const { visibleMs, hiddenMs } = settings().monitor.intervals;
    const leastSilenceMs = Math.max(LEAST_SILENCE_MS, PROBES_MISSED * Math.max(visibleMs, hiddenMs));
    const since = await store.firstAt(endpointId);
    const shown = since === null ? from : Math.max(from, Math.min(since, to - LEAST_CHART_MS));
    return { ...(await readChart(store, { endpointId, from: shown, to, leastSilenceMs })), since };
  }

  async since(): Promise<OutageChanges | null> {
    const { store, recorder, settings } = this.#parts;
    await recorder.flush();
    return readWhatChanged(settings().monitor.endpoints, store);
  }

  async dashboard(): Promise<Dashboard> {
    const { store, recorder, clock, settings, lag, book } = this.#parts;
    await recorder.flush();
    const ids = settings().monitor.endpoints.map(({ id }) => id);
    return { ...(await readTables(store, ids, clock.now())), lag: lag.rows, mirrors: abilitiesOf(book.records()) };
  }

  meter(): Meter {
    const { conditions, costs, startedAt } = this.#parts;
    return { since: startedAt, ...costs(), ...conditions.today(), bytesPerDay: conditions.bytesPerDay };
  }

  contacts(): readonly Contact[] {
    const { go } = this.#parts.snapshot();
    return contactsOf(this.#parts.settings(), go.state === 'found' ? go.effective : null);
  }
}

interface ChartQuery {
  readonly endpointId: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly leastSilenceMs: DurationMs;
}

async function readChart(
  store: HistoryStore,
  { endpointId, from, to, leastSilenceMs }: ChartQuery,
): Promise<Omit<Chart, 'since'>> {
  const [columns, incidents, newest, before, hours] = await Promise.all([
    store.series(endpointId, from, to, CHART_COLUMNS, true),
    store.incidentsWithin(from, to),
    store.events(from, to, MAX_EVENTS),
    store.events(0, from, EVENTS_BEFORE),
    to - from >= CHANGES_FROM_MS ? store.hours(endpointId, from - DAY_MS, to) : [],
  ]);
  const events = [...newest].reverse();
  const withBefore = [...[...before].reverse(), ...events];
  return {
    endpointId,
    from,
    to,
    columns,
    gaps: unobservedSpans({ from, to, columns, events: withBefore, leastSilenceMs }),
    incidents: incidents.filter((one) => one.endpointId === endpointId).map(withoutEvidence),
    events: eventsAbout(endpointId, events),
    changePoints: changePoints(hours).filter(({ at }) => at >= from),
  };
}

/** The last samples and incidents of one endpoint. */
async function readDetail(
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

async function readTables(
  store: HistoryStore,
  endpointIds: readonly string[],
  at: EpochMs,
): Promise<Omit<Dashboard, 'lag' | 'mirrors'>> {
  const month = await store.incidentsWithin(at - 30 * DAY_MS, at + 1);
  const outages = month.filter(({ severity, drill }) => severity === 'down' && !drill);
  const outagesOf = (id: string) => outages.filter(({ endpointId }) => endpointId === id);
  const [uptime, incidents, events, drills] = await Promise.all([
    Promise.all(endpointIds.map((id) => readUptime(store, id, at, outagesOf(id)))),
    store.incidents(null, 100),
    store.events(0, at + 1, 50),
    readDrills(store, at, 10),
  ]);
  return { at, uptime, incidents: incidents.map(withoutEvidence), events, drills };
}

/** A row of the uptime table; `outages` are those of the last 30 days. */
async function readUptime(
  store: HistoryStore,
  endpointId: string,
  now: EpochMs,
  outages: readonly Incident[],
): Promise<UptimeRow> {
  const of = async (days: number) => (await store.series(endpointId, now - days * DAY_MS, now + 1, 1, false))[0];
  const [since, day, week, month, year] = await Promise.all([store.firstAt(endpointId), of(1), of(7), of(30), of(365)]);
  return {
    endpointId,
    since,
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

/** Reports of past drills, newest first. Rejects with HistoryError. */
export async function readDrills(
  store: Pick<HistoryStore, 'events'>,
  now: EpochMs,
  limit: number,
): Promise<readonly DrillReport[]> {
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

/** Lists need no evidence; the endpoint's own page shows it. */
function withoutEvidence(incident: Incident): Incident {
  return { ...incident, evidence: null };
}

function shareOf(column: { readonly n: number; readonly failed: number } | undefined): number | null {
  return column === undefined || column.n === 0 ? null : (column.n - column.failed) / column.n;
}
