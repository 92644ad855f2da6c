/** `gopherbar history [ENDPOINT]`: incidents and events of a span for a person, everything stored as CSV or JSON. */
import { PHASES, type Sample } from '../../../shared/domain/result.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { eventJson, incidentJson, iso, sampleJson } from '../history-json.ts';
import { readSpan } from '../read-span.ts';
import { renderHistory } from '../render-history.ts';
import { openStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import type { HistoryArguments } from './history.command.ts';

/** A year of ten endpoints every 30 s is ten million samples: an export covers a time span. */
const MAX_SAMPLES = 500_000;
const MAX_ROWS = 1_000;

/** Shows or exports what is stored; contacts no host. */
export async function historyCommand(args: HistoryArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const endpointId = args.endpoint;
  const stores = await openStores(io, clock);
  const { endpoints } = stores.settings.monitor;
  const known = endpoints.map(({ id }) => id);
  if (endpointId !== undefined && !known.includes(endpointId)) {
    throw new UsageError(io.t('cli.no-endpoint', { name: endpointId, known: known.join(', ') }));
  }
  const to = clock.now();
  const from = to - readSpan(args.since ?? '7d', io);
  const history = await stores.openHistory();
  try {
    const wanted = endpointId === undefined ? known : [endpointId];
    const samples = async () =>
      (await Promise.all(wanted.map((id) => history.samples(id, from, to + 1, MAX_SAMPLES)))).flat();
    if (args.csv === true) {
      io.out(csv(await samples()));
      return EXIT.ok;
    }
    const incidents = (await history.incidents(endpointId ?? null, MAX_ROWS)).filter(
      ({ startedAt, endedAt }) => (endedAt ?? to) >= from && startedAt <= to,
    );
    const events = await history.events(from, to + 1, MAX_ROWS);
    if (args.json === true) {
      const span = { from: iso(from), to: iso(to) };
      const stored = {
        samples: (await samples()).map(sampleJson),
        incidents: incidents.map(incidentJson),
        events: events.map(eventJson),
      };
      io.out(`${JSON.stringify({ schema: 1, ...span, ...stored }, null, 2)}\n`);
      return EXIT.ok;
    }
    io.out(renderHistory({ incidents, events, endpoints, profiles: stores.settings.profiles }, io));
    return EXIT.ok;
  } finally {
    await history.close();
  }
}

/** RFC 4180; durations in ms, empty where a phase was not reached. */
function csv(samples: readonly Sample[]): string {
  const head = ['endpoint', 'at', 'outcome', 'cause', 'totalMs', ...PHASES];
  const rows = samples.map(({ endpointId, at, outcome, cause, totalMs, phases }) => [
    endpointId,
    iso(at),
    outcome,
    cause ?? '',
    String(totalMs),
    ...PHASES.map((phase) => String(phases[phase] ?? '')),
  ]);
  return [head, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
