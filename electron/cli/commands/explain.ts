/** `gopherbar explain [FILE|-]`: what went wrong in any output of go or git, and what helps. */
import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { CAUSES, severityOf } from '../../../shared/domain/cause.ts';
import { causeMeaning, causeShort } from '../../../shared/messages/messages.ts';
import { remedyText } from '../../../shared/messages/remedies.ts';
import { LogReader } from '../../explain/explain-log.ts';
import type { Finding } from '../../explain/finding.ts';
import { errorDetail } from '../../system/error-facts.ts';
import type { CliInput, CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CLEAR_LINE } from '../terminal-text.ts';
import { UsageError } from '../usage-error.ts';
import type { ExplainArguments } from './explain.command.ts';

const CHUNK_BYTES = 1024 * 1024;

/** From here on progress is shown. */
const LONG_BYTES = 20 * 1024 * 1024;

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
  const stop = () => void stream?.destroy();
  let stream: CliInput | ReadStream | null = null;
  signal.addEventListener('abort', stop, { once: true });
  try {
    const size = file === '-' ? 0 : (await stat(file)).size;
    stream = file === '-' ? io.input : createReadStream(file, { highWaterMark: CHUNK_BYTES });
    let done = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      reader.add(decoder.write(chunk));
      done += chunk.length;
      if (size > LONG_BYTES && io.showsProgress) {
        io.error(`${CLEAR_LINE}${t('capture.reading', { percent: Math.min(100, Math.floor((100 * done) / size)) })}`);
      }
    }
    if (size > LONG_BYTES && io.showsProgress) io.error(CLEAR_LINE);
  } catch (error) {
    if (!signal.aborted) {
      throw new UsageError(t('cli.explain-unreadable', { file, detail: errorDetail(error) }));
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return signal.aborted ? [] : reader.end();
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
