/** `gopherbar explain [FILE|-]`: what went wrong in any output of go or git, and what helps. */
import { StringDecoder } from 'node:string_decoder';
import { CAUSES, severityOf } from '../../../shared/domain/cause.ts';
import { causeMeaning, causeShort } from '../../../shared/messages/messages.ts';
import { remedyText } from '../../../shared/messages/remedies.ts';
import { LogReader } from '../../explain/explain-log.ts';
import type { Finding } from '../../explain/finding.ts';
import { errorDetail } from '../../system/error-facts.ts';
import { readChunks } from '../../system/read-file.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CLEAR_LINE } from '../terminal-text.ts';
import { unreadText } from '../unread-text.ts';
import { UsageError } from '../usage-error.ts';
import type { ExplainArguments } from './explain.command.ts';

/** Reads a file, or standard input; exit 1 when something is found. */
export async function explainCommand({ file = '-', json }: ExplainArguments, io: CliIo): Promise<ExitCode> {
  if (file === '-' && io.input.isTTY === true) io.error(`${io.t('cli.explain-paste')}\n`);
  const findings = await read(file, io);
  if (io.signal.aborted) return EXIT.interrupted;
  io.out(json === true ? `${JSON.stringify(asJson(findings, io), null, 2)}\n` : rendered(findings, io));
  return findings.length === 0 ? EXIT.ok : EXIT.finding;
}

/** In chunks: memory stays small for any size, and a long log shows progress. */
async function read(file: string, io: CliIo): Promise<readonly Finding[]> {
  const { t, signal } = io;
  const reader = new LogReader();
  const decoder = new StringDecoder('utf8');
  const take = (chunk: Buffer) => {
    reader.add(decoder.write(chunk));
    return true;
  };
  if (file === '-') await readInput(io, take);
  else {
    const unread = await readChunks(file, take, { signal, onProgress: progressOf(io) });
    if (io.showsProgress) io.error(CLEAR_LINE);
    if (unread !== null) throw new UsageError(unreadText(file, unread, t));
  }
  return signal.aborted ? [] : reader.end();
}

/** Standard input to its end, or until the command is interrupted. */
async function readInput({ input, signal, t }: CliIo, take: (chunk: Buffer) => boolean): Promise<void> {
  const stop = () => void input.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) take(chunk);
  } catch (error) {
    if (!signal.aborted) throw new UsageError(t('cli.explain-unreadable', { file: '-', detail: errorDetail(error) }));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A long log tells a person at a terminal how far it is, percent by percent. */
function progressOf({ showsProgress, error, t }: CliIo): ((share: number) => void) | undefined {
  if (!showsProgress) return undefined;
  let told = 0;
  return (share) => {
    const percent = Math.floor(100 * share);
    if (percent === told) return;
    told = percent;
    if (percent < 100) error(`${CLEAR_LINE}${t('capture.reading', { percent })}`);
  };
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
