/**
 * `gopherbar capture --file F`: what went wrong in a packet capture, connection by connection. Nothing leaves the
 * computer.
 */
import { problemText } from '../../../shared/messages/messages.ts';
import { CaptureAnalysis, type CaptureReport } from '../../capture/capture.ts';
import { KeyLog } from '../../capture/decrypt/key-log.ts';
import { isFinding } from '../../capture/finding.ts';
import { analyseWithTshark } from '../../capture/tshark.ts';
import { lookUpIn } from '../../composition/http-client.ts';
import { record } from '../../macos/record.ts';
import type { Clock } from '../../system/clock.ts';
import { writePrivateFile } from '../../system/private-files.ts';
import { readRegularFile } from '../../system/read-file.ts';
import { planRecording } from '../../traffic/recording.ts';
import { captureJson } from '../capture-json.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readApart } from '../read-apart.ts';
import { problemLine, renderCapture } from '../render-capture.ts';
import { reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import { unreadText } from '../unread-text.ts';
import { UsageError } from '../usage-error.ts';
import type { CaptureArguments } from './capture.command.ts';

/** Exit 1 when a connection or a DNS query failed; 2 when the file is not a capture or cannot be read. */
export async function captureCommand(options: CaptureArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  if (options.record !== undefined) {
    const ended = await recordInto(options.file, options.record, options.seconds ?? DEFAULT_SECONDS, io, clock);
    if (ended !== EXIT.ok) return ended;
  }
  const keyLog = options.keylog === undefined ? null : await keyLogIn(options.keylog, io);
  const report =
    options.tshark === true
      ? await throughTshark(options.file, keyLog, io, clock)
      : await read(options.file, keyLog, io, clock);
  const fatal = report.problems.find(({ key }) => FATAL.includes(key));
  if (fatal !== undefined && report.packets === 0) throw new UsageError(`${options.file}: ${problemLine(fatal, io.t)}`);
  io.out(
    options.json === true
      ? `${JSON.stringify(captureJson(report, options, io), null, 2)}\n`
      : renderCapture(report, io),
  );
  if (report.problems.some(({ key }) => key === 'cancelled')) return EXIT.interrupted;
  const verdicts = [...report.connections, ...report.questions].map(({ verdict }) => verdict.id);
  return verdicts.some(isFinding) ? EXIT.finding : EXIT.ok;
}

/** Long enough for a download to fail. */
const DEFAULT_SECONDS = 30;

/** Asks for the password after showing the exact command; the file belongs to the user, readable only by its owner. */
async function recordInto(
  file: string,
  hosts: readonly string[],
  seconds: number,
  io: CliIo,
  clock: Clock,
): Promise<ExitCode> {
  const { core, settings } = await openStores(io, clock);
  const { runner, toolRoot: root } = core;
  const lookUp = lookUpIn(settings.monitor.network, clock, io.signal);
  const plan = await planRecording(hosts, seconds, { runner, root, lookUp });
  if (!plan.ok) throw new UsageError(problemText(io.t, plan.problem));
  io.error(`${io.t('capture.record-plan')}\n  $ ${plan.value.command}\n`);
  const outcome = await record(plan.value.request, { runner, root, signal: io.signal });
  const how = outcome.ok ? 'done' : outcome.why;
  if (how !== 'not-here') await core.audit.add(plan.value.command, how);
  if (io.signal.aborted) return EXIT.interrupted;
  if (!outcome.ok) {
    reportProblem(io, { key: `record-${outcome.why}`, params: {} });
    return EXIT.finding;
  }
  await writePrivateFile(file, outcome.capture);
  return EXIT.ok;
}

/** A line for each secret, some 200 bytes: hours of connections. */
const MAX_KEY_LOG_BYTES = 64_000_000;

/** The secrets of a file; never stored and never shown. */
async function keyLogIn(file: string, io: CliIo): Promise<string> {
  const read = await readRegularFile(file, MAX_KEY_LOG_BYTES);
  if (!read.ok) throw new UsageError(unreadText(file, read, io.t));
  const text = read.bytes.toString('latin1');
  if (keysIn(text).size === 0) throw new UsageError(io.t('capture.no-key-log', { file }));
  return text;
}

function keysIn(text: string): KeyLog {
  const keys = new KeyLog();
  keys.add(text);
  return keys;
}

/** Problems after which there are no packets to report on. */
const FATAL: readonly string[] = ['unreadable', 'not-a-capture', 'tshark-missing', 'tshark-failed'];

async function throughTshark(file: string, keyLog: string | null, io: CliIo, clock: Clock): Promise<CaptureReport> {
  const { core } = await openStores(io, clock);
  const keys = keyLog === null ? null : keysIn(keyLog);
  return analyseWithTshark(file, { runner: core.runner, path: io.env.PATH ?? '', signal: io.signal, keys });
}

async function read(file: string, keyLog: string | null, io: CliIo, clock: Clock): Promise<CaptureReport> {
  const report = await readApart('capture', { file, keyLog }, file, io, clock);
  return report ?? new CaptureAnalysis().report([{ key: 'cancelled', offset: 0 }]);
}
