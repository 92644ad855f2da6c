/** `gopherbar explain [FILE|-]`: what went wrong in any output of go or git, and what helps. */
import { CAUSES, severityOf } from '../../../shared/domain/cause.ts';
import { causeMeaning, causeShort } from '../../../shared/messages/messages.ts';
import { remedyText } from '../../../shared/messages/remedies.ts';
import { LogReader, SHORT_LOG } from '../../explain/explain-log.ts';
import type { Finding } from '../../explain/finding.ts';
import type { Clock } from '../../system/clock.ts';
import { errorDetail } from '../../system/error-facts.ts';
import { readRegularFile } from '../../system/read-file.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { unreadText } from '../unread-text.ts';
import { UsageError } from '../usage-error.ts';
import type { ExplainArguments } from './explain.command.ts';

/** Reads a file, or standard input; exit 1 when something is found. */
export async function explainCommand(args: ExplainArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { file = '-', json } = args;
  if (file === '-' && io.input().isTTY === true) io.error(`${io.t('cli.explain-paste')}\n`);
  const findings = await read(file, io, clock);
  if (io.signal.aborted || findings === null) return EXIT.interrupted;
  io.out(json === true ? `${JSON.stringify(asJson(findings, io), null, 2)}\n` : rendered(findings, io));
  return findings.length === 0 ? EXIT.ok : EXIT.finding;
}

/** A short text here and now; a longer one in pieces in a thread, so that memory stays small and Ctrl-C ends it. */
async function read(file: string, io: CliIo, clock: Clock): Promise<readonly Finding[] | null> {
  const pieces: Uint8Array[] = [];
  const source = file === '-' ? inputOf(io) : null;
  if (await isShort(file, source, pieces)) {
    const log = new LogReader();
    log.add(Buffer.concat(pieces).toString('utf8'));
    return log.end();
  }
  // Loaded only where it is used: a short text needs no thread.
  const { readApart } = await import('../read-apart.ts');
  const answer =
    source === null
      ? await readApart('explain', { file }, file, io, clock)
      : await readApart('explain', { file: null }, '-', io, clock, joined(pieces, source));
  if (answer === null || answer.ok) return answer?.findings ?? null;
  throw new UsageError(unreadText(file, answer, io.t));
}

/** Whether the whole text is short; `pieces` then holds it, else what was read of standard input so far. */
async function isShort(
  file: string,
  source: AsyncGenerator<Uint8Array> | null,
  pieces: Uint8Array[],
): Promise<boolean> {
  if (source === null) {
    const read = await readRegularFile(file, SHORT_LOG);
    if (read.ok) pieces.push(read.bytes);
    return read.ok;
  }
  let length = 0;
  while (length <= SHORT_LOG) {
    const { done, value } = await source.next();
    if (done === true) return true;
    pieces.push(value);
    length += value.length;
  }
  return false;
}

async function* joined(begun: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* begun;
  yield* rest;
}

/** Standard input to its end, or until the command is interrupted. */
async function* inputOf(io: CliIo): AsyncGenerator<Uint8Array> {
  const { signal, t } = io;
  const input = io.input();
  const stop = () => void input.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* input as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!signal.aborted) throw new UsageError(t('cli.explain-unreadable', { file: '-', detail: errorDetail(error) }));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Schema 1, docs/schemas/explain.schema.json. */
function asJson(findings: readonly Finding[], { t }: CliIo) {
  return {
    schema: 1,
    findings: findings.map((finding) => {
      const { cause, underlying, layer, confidence, url, host, module, httpStatus, text } = finding;
      return {
        cause,
        underlying: underlying ?? null,
        phase: layer,
        severity: severityOf(cause),
        retryable: CAUSES[underlying ?? cause].retryable,
        confidence,
        host: host ?? null,
        module: module ?? null,
        url: url ?? null,
        httpStatus: httpStatus ?? null,
        meaning: causeMeaning(t, cause),
        remedy: remedyText(t, finding),
        line: text,
      };
    }),
  };
}

function rendered(findings: readonly Finding[], io: CliIo): string {
  const { t, style } = io;
  if (findings.length === 0) return `${style('green', '●')} ${t('cli.explain-nothing')}\n`;
  const blocks = findings.map((finding) => {
    const { cause, underlying, host, module, confidence, text } = finding;
    const about = [host, module].filter((one) => one !== undefined).join(' · ');
    const under = underlying === undefined ? '' : ` (${causeShort(t, underlying)})`;
    return [
      style(['red', 'bold'], `✗ ${causeShort(t, cause)}${under}${about === '' ? '' : ` — ${about}`}`),
      `  ${causeMeaning(t, cause)}`,
      `  → ${remedyText(t, finding)}`,
      ...text.split('\n').map((line) => style('dim', `  │ ${line}`)),
      style(
        'dim',
        `  ${underlying === undefined ? cause : `${cause} / ${underlying}`} · ${Math.round(confidence * 100)}%`,
      ),
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
