/** What `gopherbar status` shows when no engine runs: the stored results. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { limitsOf } from '../../shared/domain/endpoint.ts';
import { type Sample, sampleOf } from '../../shared/domain/result.ts';
import { STRIP_CELLS } from '../../shared/domain/snapshot.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { dataPaths } from '../composition/data-paths.ts';
import { openSettingsFile } from '../composition/open-settings-file.ts';
import { type Day, DayStrip, STRIP_CELL_MS, stripStart } from '../history/day-strip.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { openHistory } from '../history/open-history.ts';
import { readExtraCa } from '../settings/extra-ca.ts';
import type { Clock } from '../system/clock.ts';
import { dataFolder } from '../system/files.ts';
import { silentLog } from '../system/log.ts';
import type { CliIo } from './cli-io.ts';
import { reportProblem } from './report.ts';

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
  const { endpoints, measured } = measure ? await probed(io, clock) : await listed(io, clock);
  const { store: history } = await openHistory({ file: dataPaths(folderOf(io)).history, clock });
  try {
    const now = clock.now();
    const [latest, open] = await Promise.all([history.latest(), history.openIncidents()]);
    return await Promise.all(
      endpoints.map(async (endpoint) => ({
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

interface Endpoints {
  readonly endpoints: readonly Endpoint[];
  /** What was measured just now, by endpoint. */
  readonly measured: ReadonlyMap<string, Sample>;
}

/** Those of the settings, read without the core: it would take as long to load as all else that the command does. */
async function listed(io: CliIo, clock: Clock): Promise<Endpoints> {
  const file = await openSettingsFile(folderOf(io), io.env, { log: silentLog, clock, owned: false });
  io.atEnd(() => file.close());
  const { endpoints, extraCa } = file.settings;
  const problem = file.problem ?? file.managedNotice ?? readExtraCa(extraCa).problem;
  if (problem !== null) reportProblem(io, problem);
  return { endpoints, measured: new Map() };
}

/** The same, measured without storing: the history belongs to the running engine. */
async function probed(io: CliIo, clock: Clock): Promise<Endpoints> {
  const { openStores } = await import('./stores.ts');
  const { core, settings } = await openStores(io, clock);
  const { endpoints, limits, network } = settings.monitor;
  const pool = await core.pool();
  const samples = await Promise.all(
    endpoints.map(async (endpoint) => {
      const request = { endpoint, depth: 'full' as const, limits: limitsOf(endpoint, limits), network };
      return sampleOf(endpoint.id, await pool.probe(request, io.signal));
    }),
  );
  return {
    endpoints,
    measured: new Map(samples.flatMap((sample) => (sample === null ? [] : [[sample.endpointId, sample]]))),
  };
}

function folderOf({ env }: CliIo): string {
  return dataFolder(process.platform, env);
}

/** The last 24 hours in half-hour columns, as the app shows them. */
async function dayOf(history: HistoryStore, endpointId: string, now: EpochMs): Promise<Day> {
  const from = stripStart(now);
  const columns = await history.series(endpointId, from, from + STRIP_CELLS * STRIP_CELL_MS, STRIP_CELLS, false);
  return new DayStrip(columns).at(now);
}
