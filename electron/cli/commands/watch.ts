/** `gopherbar watch`: the engine in a terminal, as a live table; without a terminal, a line for each change. */

import { problemText } from '../../../shared/messages/messages.ts';
import { openControl } from '../../composition/control.ts';
import { openCore } from '../../composition/core.ts';
import { dataPaths } from '../../composition/data-paths.ts';
import { openEngine } from '../../composition/engine.ts';
import { openMetrics, openOtlp, readCollector } from '../../composition/metrics.ts';
import type { Engine } from '../../engine/engine-api.ts';
import { type MetricsAddress, readMetricsAddress } from '../../fleet/metrics-server.ts';
import type { Clock, Stop } from '../../system/clock.ts';
import { takeLock } from '../../system/exclusive-lock.ts';
import { dataFolder } from '../../system/files.ts';
import { silentLog } from '../../system/log.ts';
import { type CliIo, inSession } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { liveTable } from '../live-table.ts';
import { renderChange } from '../render-watch.ts';
import { reportError, reportProblem } from '../report.ts';
import { UsageError } from '../usage-error.ts';
import { statusCommand } from './status.ts';
import type { WatchArguments } from './watch.command.ts';

/** Runs until q, Ctrl-C or `seconds` have passed. When another engine runs, shows its stored results. */
export async function watchCommand(args: WatchArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { for: seconds } = args;
  const address = args.metrics === undefined ? null : readAddress(args.metrics, io);
  const collector = args.otlp === undefined ? null : collectorOf(args.otlp, io);
  const folder = dataFolder(process.platform, io.env);
  const lock = takeLock(dataPaths(folder).engineLock);
  if (lock === null) {
    // The results are another process's, and so are its metrics.
    if (address !== null || collector !== null) throw new UsageError(io.t('cli.metrics-engine-running'));
    return readOnly(seconds, io, clock);
  }
  const core = await openCore(folder, io.env, silentLog, { clock });
  const engine = await openEngine(core);
  const control = await openControl(core, engine);
  const metrics = address === null ? null : await openMetrics(engine, address, io.env, clock);
  const otlp =
    collector === null
      ? null
      : openOtlp(engine, collector, core, (problem) => io.error(`${otlpText(problem, collector.url, io)}\n`));
  try {
    if (metrics !== null && !metrics.ok) {
      reportError(io, io.t('cli.metrics-refused', { address: args.metrics ?? '', detail: metrics.message }));
      return EXIT.finding;
    }
    if (metrics !== null) io.error(`${io.t('cli.metrics-at', { url: metricsUrl(address, metrics.port) })}\n`);
    engine.probing.setVisible(true);
    await (io.isTerminal
      ? liveTable(engine, io, clock, (signal) => over(seconds, { ...io, signal }, clock))
      : changeLines(engine, seconds, io, clock));
  } finally {
    await control.close();
    await otlp?.close();
    if (metrics?.ok === true) await metrics.close();
    await engine.close();
    await core.close();
    lock.release();
  }
  return EXIT.ok;
}

function readAddress(text: string, io: CliIo): MetricsAddress {
  const address = readMetricsAddress(text);
  if (address === null) throw new UsageError(io.t('cli.metrics-address', { address: text }));
  return address;
}

function collectorOf(text: string, io: CliIo) {
  const collector = readCollector(text, io.env);
  if (!collector.ok) throw new UsageError(problemText(io.t, collector.problem));
  return collector.value;
}

function otlpText(problem: string | null, url: string, { t }: CliIo): string {
  return problem === null ? t('cli.otlp-taken', { url }) : t('cli.otlp-refused', { url, detail: problem });
}

function metricsUrl(address: MetricsAddress | null, port: number): string {
  return `http://${address?.host === '::1' ? '[::1]' : '127.0.0.1'}:${port}/metrics`;
}

/** Another engine measures: its stored results are shown repeatedly. */
async function readOnly(seconds: number | undefined, io: CliIo, clock: Clock): Promise<ExitCode> {
  reportProblem(io, { key: 'engine-running', params: {} });
  const end = over(seconds, io, clock);
  for (;;) {
    await inSession(io, (session) => statusCommand({}, session, clock));
    const ended = await Promise.race([end.then(() => true), pause(5_000, clock, io.signal)]);
    if (ended) return EXIT.ok;
    io.out('\n');
  }
}

async function changeLines(engine: Engine, seconds: number | undefined, io: CliIo, clock: Clock): Promise<void> {
  let last = '';
  const show = () => {
    const snapshot = engine.snapshot();
    const { verdict, endpoints } = snapshot;
    const state = JSON.stringify([
      verdict.name,
      verdict.severity,
      verdict.endpointId,
      endpoints.map(({ status }) => status),
    ]);
    if (state === last) return;
    last = state;
    io.out(`${renderChange(snapshot, io, clock.now())}\n`);
  };
  const stop = engine.subscribe(show);
  show();
  await over(seconds, io, clock);
  stop();
}

/** Resolves when the time is over or the user interrupts; no timer is left then. */
function over(seconds: number | undefined, io: CliIo, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    // Keeps the process alive: the engine's own timers do not.
    const alive = setInterval(() => {}, 60_000);
    let stopTimer: Stop = () => {};
    const end = () => {
      clearInterval(alive);
      stopTimer();
      resolve();
    };
    if (io.signal.aborted) return end();
    io.signal.addEventListener('abort', end, { once: true });
    if (seconds !== undefined) stopTimer = clock.after(seconds * 1_000, end);
  });
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    let stopTimer: Stop = () => {};
    const end = () => {
      stopTimer();
      signal.removeEventListener('abort', end);
      resolve(false);
    };
    if (signal.aborted) return end();
    stopTimer = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
}
