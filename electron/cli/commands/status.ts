/** `gopherbar status`: stored results with their age; with --probe, new measurements. */

import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import { limitsOf } from '../../../shared/domain/endpoint.ts';
import { redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { type Sample, sampleOf } from '../../../shared/domain/result.ts';
import { STRIP_CELLS } from '../../../shared/domain/snapshot.ts';
import type { EpochMs } from '../../../shared/domain/units.ts';
import { formatAge, formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import { causeShort, problemText } from '../../../shared/messages/messages.ts';
import { type Day, DayStrip, STRIP_CELL_MS, stripStart } from '../../history/day-strip.ts';
import type { HistoryStore } from '../../history/history-store.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openStores, type Stores } from '../stores.ts';
import { stripText } from '../strip-text.ts';
import { cut, pad } from '../text-width.ts';
import type { StatusArguments } from './status.command.ts';

interface Row {
  readonly endpoint: Endpoint;
  readonly sample: Sample | null;
  readonly day: Day;
  /** The open incident, when the last run of the engine left one. */
  readonly down: boolean;
}

/** Shows every endpoint; exit 1 when one is down or its last sample failed. */
export async function statusCommand(args: StatusArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const stores = await openStores(io, clock);
  const { problem } = stores.settings;
  if (problem !== null) io.error(`${problemText(io.t, problem)}\n`);
  const rows = await readRows(stores, args.probe === true, io, clock);
  if (io.signal.aborted) return EXIT.interrupted;
  const now = clock.now();
  io.out(args.json ? `${JSON.stringify(statusJson(rows, now), null, 2)}\n` : render(rows, io, now));
  return rows.some(isBad) ? EXIT.finding : EXIT.ok;
}

async function readRows(stores: Stores, measure: boolean, io: CliIo, clock: Clock): Promise<readonly Row[]> {
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

function isBad({ sample, down }: Row): boolean {
  return down || sample?.outcome === 'failed';
}

function statusJson(rows: readonly Row[], now: number) {
  return {
    schema: 1,
    at: new Date(now).toISOString(),
    endpoints: rows.map(({ endpoint, sample, day, down }) => ({
      id: endpoint.id,
      kind: endpoint.kind,
      url: redactUrl(endpoint.url),
      status:
        sample === null
          ? 'unknown'
          : down || sample.outcome === 'failed'
            ? 'down'
            : sample.outcome === 'slow'
              ? 'degraded'
              : 'up',
      cause: sample?.cause ?? null,
      measuredAt: sample === null ? null : new Date(sample.at).toISOString(),
      ageMs: sample === null ? null : now - sample.at,
      totalMs: sample === null || sample.outcome === 'failed' ? null : sample.totalMs,
      uptime24h: day.uptime,
    })),
  };
}

function render(rows: readonly Row[], io: CliIo, now: number): string {
  if (rows.length === 0) return `${io.t('verdict.no-endpoints')} — ${io.t('verdict.no-endpoints-detail')}\n`;
  return rows.map((row) => `${line(row, io, now)}\n`).join('');
}

function line(row: Row, io: CliIo, now: number): string {
  const { endpoint, sample, day } = row;
  const mark =
    sample === null
      ? '○'
      : isBad(row)
        ? io.style('red', '✗')
        : sample.outcome === 'slow'
          ? io.style('yellow', '▲')
          : io.style('green', '●');
  const latency = sample === null || sample.outcome === 'failed' ? '—' : formatLatency(sample.totalMs);
  const uptime = day.uptime === null ? '—' : formatPercent(day.uptime);
  const said =
    sample === null
      ? io.t('cli.never-measured')
      : [sample.cause === undefined ? '' : causeShort(io.t, sample.cause), formatAge(sample.at, now, io.t)]
          .filter((one) => one !== '')
          .join(' · ');
  return `${mark} ${pad(cut(endpoint.name, 28), 28)} ${pad(latency, 8, 'left')}  ${stripText(day.cells, 24, io)}  ${pad(uptime, 6, 'left')}  ${said}`;
}
