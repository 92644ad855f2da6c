/** What `gopherbar status` shows when no engine runs: the stored results. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { limitsOf } from '../../shared/domain/endpoint.ts';
import { type Sample, sampleOf } from '../../shared/domain/result.ts';
import { STRIP_CELLS } from '../../shared/domain/snapshot.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { type Day, DayStrip, STRIP_CELL_MS, stripStart } from '../history/day-strip.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Clock } from '../system/clock.ts';
import type { CliIo } from './cli-io.ts';
import { openStores, type Stores } from './stores.ts';

/** One endpoint as a line of the table. */
export interface Row {
  readonly endpoint: Endpoint;
  readonly sample: Sample | null;
  readonly day: Day;
  /** The open incident, when the last run of the engine left one. */
  readonly down: boolean;
}

/** Reads every endpoint's row; `measure` probes each now, without storing. Problems of the files are printed. */
export async function readStoredRows(measure: boolean, io: CliIo, clock: Clock): Promise<readonly Row[]> {
  const stores = await openStores(io, clock);
  const history = await stores.openHistory();
  try {
    const now = clock.now();
    const [latest, open] = await Promise.all([history.latest(), history.openIncidents()]);
    const measured = measure ? await probeAll(stores, io) : new Map<string, Sample>();
    return await Promise.all(
      stores.settings.monitor.endpoints.map(async (endpoint) => ({
        endpoint,
        sample: measured.get(endpoint.id) ?? latest.get(endpoint.id) ?? null,
        day: await dayOf(history, endpoint.id, now),
        down: !measure && open.some((one) => one.endpointId === endpoint.id && one.severity === 'down'),
      })),
    );
  } finally {
    await history.close();
  }
}

/** The last 24 hours in half-hour columns, as the app shows them. */
async function dayOf(history: HistoryStore, endpointId: string, now: EpochMs): Promise<Day> {
  const from = stripStart(now);
  const columns = await history.series(endpointId, from, from + STRIP_CELLS * STRIP_CELL_MS, STRIP_CELLS, false);
  return new DayStrip(columns).at(now);
}

/** Measures without storing: the history belongs to the running engine. */
async function probeAll({ core, settings }: Stores, io: CliIo): Promise<ReadonlyMap<string, Sample>> {
  const { endpoints, limits, network } = settings.monitor;
  const pool = await core.pool();
  const samples = await Promise.all(
    endpoints.map(async (endpoint) => {
      const request = { endpoint, depth: 'full' as const, limits: limitsOf(endpoint, limits), network };
      return sampleOf(endpoint.id, await pool.probe(request, io.signal));
    }),
  );
  return new Map(samples.flatMap((sample) => (sample === null ? [] : [[sample.endpointId, sample]])));
}
