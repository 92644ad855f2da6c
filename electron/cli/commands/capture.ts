/** `gopherbar capture --file F`: what went wrong in a packet capture, connection by connection. Nothing leaves the computer. */
import type { CaptureReport } from '../../doctor/capture/capture.ts';
import { analyseCapture } from '../../doctor/capture/capture.ts';
import { analyseWithTshark } from '../../doctor/capture/tshark.ts';
import type { Clock } from '../../system/clock.ts';
import { SystemProcessRunner } from '../../system/process-runner.ts';
import { captureJson } from '../capture-json.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isFinding, problemLine, renderCapture } from '../render-capture.ts';
import { UsageError } from '../usage-error.ts';

interface CaptureOptions {
  readonly file: string;
  readonly tshark?: boolean;
  readonly json?: boolean;
}

/** Exit 1 when a connection or a DNS question failed; 2 when the file is none or cannot be read. */
export async function captureCommand(options: CaptureOptions, io: CliIo, clock: Clock): Promise<ExitCode> {
  const report = options.tshark === true ? await throughTshark(options.file, io, clock) : await read(options.file, io);
  const fatal = report.problems.find(({ key }) => FATAL.includes(key));
  if (fatal !== undefined && report.packets === 0) throw new UsageError(problemLine(fatal, io.t));
  io.out(
    options.json === true
      ? `${JSON.stringify(captureJson(report, options, io), null, 2)}\n`
      : renderCapture(report, io),
  );
  if (report.problems.some(({ key }) => key === 'cancelled')) return EXIT.interrupted;
  const verdicts = [...report.connections, ...report.questions].map(({ verdict }) => verdict.id);
  return verdicts.some(isFinding) ? EXIT.finding : EXIT.ok;
}

/** With these and no packet there is nothing to report on. */
const FATAL: readonly string[] = ['unreadable', 'not-a-capture', 'tshark-missing', 'tshark-failed'];

function throughTshark(file: string, { env, signal }: CliIo, clock: Clock): Promise<CaptureReport> {
  return analyseWithTshark(file, { runner: new SystemProcessRunner(clock), path: env.PATH ?? '', signal });
}

/** Large files take a while: a terminal sees how far it is. */
async function read(file: string, io: CliIo): Promise<CaptureReport> {
  let told = -1;
  const onProgress = (share: number) => {
    const percent = Math.floor(share * 100);
    if (percent === told) return;
    told = percent;
    io.error(`\r${io.t('capture.reading', { percent })}`);
  };
  const isWatched = process.stderr.isTTY === true;
  const report = await analyseCapture(file, { signal: io.signal, ...(isWatched ? { onProgress } : {}) });
  if (told !== -1) io.error('\r\x1b[K');
  return report;
}
