/** `gopherbar export`: what is stored as NDJSON for a log collector; with --follow, also what another Gopherbar adds. */
import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryStore } from '../../history/history-store.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { LATE_MS, NOTHING_WRITTEN, newLines, type Stored } from '../export-lines.ts';
import { readSpan } from '../read-span.ts';
import { openStores, type Stores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import type { ExportArguments } from './export.command.ts';

const LOOK_MS = 1_000;
/** Of one look; a year is exported with `history --csv`. */
const MAX_SAMPLES = 500_000;
const MAX_EVENTS = 10_000;

/** Until Ctrl-C with --follow; contacts no host. */
export async function exportCommand(args: ExportArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  if (args.format !== 'ndjson') throw new UsageError(io.t('cli.export-format', { format: args.format }));
  const span = readSpan(args.since ?? '24h', io);
  const stores = await openStores(io, clock);
  const history = await stores.openHistory();
  io.atEnd(() => history.close());
  let from = clock.now() - span;
  let written = NOTHING_WRITTEN;
  for (;;) {
    const now = clock.now();
    const found = newLines(await look(stores, history, from, now), written);
    if (found.lines.length > 0) io.out(found.lines.map((line) => `${line}\n`).join(''));
    written = found.written;
    from = Math.max(from, now - 2 * LATE_MS);
    if (args.follow !== true || io.signal.aborted) return EXIT.ok;
    await delay(LOOK_MS, undefined, { signal: io.signal }).catch(() => {});
    if (io.signal.aborted) return EXIT.ok;
  }
}

async function look({ core, settings }: Stores, history: HistoryStore, from: number, now: number): Promise<Stored> {
  const ids = settings.monitor.endpoints.map(({ id }) => id);
  const [samples, incidents, open, events, privileges] = await Promise.all([
    Promise.all(ids.map((id) => history.samples(id, from, now + 1, MAX_SAMPLES))),
    history.incidentsWithin(from, now + 1),
    history.openIncidents(),
    history.events(from, now + 1, MAX_EVENTS),
    core.audit.read(),
  ]);
  const known = new Map([...incidents, ...open].map((one) => [one.id, one]));
  return {
    samples: samples.flat(),
    incidents: [...known.values()],
    events,
    privileges: privileges.filter(({ at }) => at >= from),
  };
}
