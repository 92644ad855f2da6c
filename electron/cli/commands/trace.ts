/** `gopherbar trace MODULE | --file FILE`: a real download traced, or a saved trace read: where it stuck, and why. */
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import { remedyForHost } from '../../../shared/messages/remedies.ts';
import type { Clock } from '../../system/clock.ts';
import { writePrivateFile } from '../../system/private-files.ts';
import { type Diagnosis, diagnose } from '../../trace/diagnose.ts';
import { moduleToTrace, runTrace } from '../../trace/run-trace.ts';
import { type Trace, TraceReader } from '../../trace/trace.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readApart } from '../read-apart.ts';
import { reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import { unreadText } from '../unread-text.ts';
import { UsageError } from '../usage-error.ts';
import type { TraceArguments } from './trace.command.ts';

const DEFAULT_TIMEOUT_S = 60;

interface Traced {
  readonly trace: Trace;
  readonly diagnosis: Diagnosis;
}

/** Traces, or reads; exit 1 when the download failed or hung. Throws UsageError for invalid arguments. */
export async function traceCommand(args: TraceArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { module } = args;
  if ((module === undefined) === (args.file === undefined)) throw new UsageError(io.t('trace.usage'));
  const done = args.file === undefined ? await run(module ?? '', args, io, clock) : await read(args.file, io, clock);
  if (done === null) return io.signal.aborted ? EXIT.interrupted : EXIT.finding;
  const { trace, diagnosis } = done;
  if (args.json === true) io.out(`${JSON.stringify({ schema: 1, ...diagnosis, ...summary(trace) }, null, 2)}\n`);
  else io.out(rendered(trace, diagnosis, io));
  return diagnosis.outcome === 'failed' || diagnosis.outcome === 'hung' || diagnosis.outcome === 'empty'
    ? EXIT.finding
    : EXIT.ok;
}

async function run(text: string, args: TraceArguments, io: CliIo, clock: Clock): Promise<Traced | null> {
  const module = moduleToTrace(text);
  if (module === null) throw new UsageError(io.t('cli.bad-module', { module: text }));
  const { core, go } = await openStores(io, clock);
  const found = await go.locate();
  if (!found.ok) {
    reportProblem(io, found.problem);
    return null;
  }
  const kept: string[] = [];
  const done = await runTrace(
    {
      go: found.go.path,
      module,
      env: io.env,
      level: args.frames === true ? 2 : 1,
      timeoutMs: (args.timeout ?? DEFAULT_TIMEOUT_S) * 1_000,
      signal: io.signal,
      reader: new TraceReader(),
      onLine: ({ at, text: line }) => {
        if (args.save !== undefined) kept.push(`${((at ?? 0) / 1_000).toFixed(3)}\t${line}`);
        if (line.startsWith('# get ')) io.error(io.style('dim', `${((at ?? 0) / 1_000).toFixed(1)} s  ${line}\n`));
      },
    },
    core.runner,
    clock,
  );
  if (!done.ok) {
    reportProblem(io, { key: 'go-broken', params: { path: found.go.path, detail: done.code } });
    return null;
  }
  if (args.save !== undefined) await writePrivateFile(args.save, `${kept.join('\n')}\n`);
  return { trace: done.trace, diagnosis: diagnose(done.trace) };
}

async function read(file: string, io: CliIo, clock: Clock): Promise<Traced | null> {
  const saved = await readApart('trace', { file }, file, io, clock);
  if (saved === null || saved.ok) return saved;
  throw new UsageError(unreadText(file, saved, io.t));
}

function summary({ requests, connections }: Trace) {
  return { requests, connections };
}

function rendered(trace: Trace, diagnosis: Diagnosis, io: CliIo): string {
  const { t, style } = io;
  const mark = {
    healthy: 'green',
    recovered: 'green',
    slow: 'yellow',
    'fell-back': 'yellow',
    failed: 'red',
    hung: 'red',
    empty: 'yellow',
  } as const;
  const lines = [
    style(
      [mark[diagnosis.outcome], 'bold'],
      `${SIGNS[diagnosis.outcome]} ${t(`trace.outcome-${diagnosis.outcome}`)}${diagnosis.host === null ? '' : ` — ${diagnosis.host}`}`,
    ),
    ...diagnosis.statements.map(({ key, params }) => `  ${t(`trace.${key}` as 'trace.healthy', params)}`),
  ];
  if (diagnosis.cause !== null)
    lines.push(`  → ${remedyForHost(t, diagnosis.cause, diagnosis.host)}`, style('dim', `  ${diagnosis.cause}`));
  lines.push('', ...trace.requests.map((request) => style('dim', requestLine(request))));
  for (const { host, address, handshakeMs, streams, goaways, resets, lost } of trace.connections.slice(-10)) {
    const parts = [
      `${host} ${address}`,
      ...(handshakeMs === null ? [] : [t('trace.handshake', { ms: Math.round(handshakeMs) })]),
      t('trace.streams', { count: streams }),
      ...goaways.map(({ code, lastStream }) => `GOAWAY ${code} last=${lastStream}`),
      ...resets.map(({ code, stream }) => `RST_STREAM ${code} stream=${stream}`),
      ...(lost === null ? [] : [lost]),
    ];
    lines.push(style('dim', `  h2 ${parts.join(' · ')}`));
  }
  return `${lines.join('\n')}\n`;
}

const SIGNS = {
  healthy: '●',
  recovered: '●',
  slow: '▲',
  'fell-back': '▲',
  failed: '✗',
  hung: '✗',
  empty: '▲',
} as const;

function requestLine({ url, at, status, seconds, error, retries }: Trace['requests'][number]): string {
  const when = at === null ? '' : `${(at / 1_000).toFixed(3).padStart(8)} s  `;
  const end = error ?? (status === null ? '…' : `${status}${seconds === null ? '' : ` ${seconds.toFixed(3)} s`}`);
  return `  ${when}${redactUrls(url)}  ${end}${retries === 0 ? '' : ` (×${retries + 1})`}`;
}
