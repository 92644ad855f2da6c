/** `gopherbar explain [FILE|-]`: what went wrong in any output of go or git, and what helps. */
import { createReadStream } from 'node:fs';
import { CAUSES, severityOf } from '../../../shared/domain/cause.ts';
import { causeMeaning, causeRemedy, causeShort } from '../../../shared/messages/messages.ts';
import { explain, type Finding } from '../../explain/explain.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../usage-error.ts';

/** Of a longer log its beginning and its end are read: memory stays small whatever its size. */
const HEAD_BYTES = 2 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024 * 1024;

/** Reads a file, or standard input; exit 1 when something is found. */
export async function explainCommand(file: string, json: boolean, io: CliIo): Promise<ExitCode> {
  if (file === '-' && process.stdin.isTTY === true) io.error(`${io.t('cli.explain-paste')}\n`);
  const text = await readBounded(file, io);
  const findings = explain(text);
  io.out(json ? `${JSON.stringify(asJson(findings, io), null, 2)}\n` : rendered(findings, io));
  return findings.length === 0 ? EXIT.ok : EXIT.finding;
}

async function readBounded(file: string, { t, signal }: CliIo): Promise<string> {
  const stream = file === '-' ? process.stdin : createReadStream(file);
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let total = 0;
  const stop = () => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer | string>) {
      const bytes = Buffer.from(chunk);
      total += bytes.length;
      const room = HEAD_BYTES - head.length;
      if (room > 0) head = Buffer.concat([head, bytes.subarray(0, room)]);
      const rest = room > 0 ? bytes.subarray(room) : bytes;
      tail = Buffer.concat([tail, rest]);
      if (tail.length > 2 * TAIL_BYTES) tail = tail.subarray(-TAIL_BYTES);
    }
  } catch (error) {
    if (signal.aborted) return '';
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(t('cli.explain-unreadable', { file, detail: code ?? String(error) }));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const text = Buffer.concat([head, tail.subarray(-TAIL_BYTES)]);
  return total === 0 ? '' : text.toString('utf8');
}

/** Schema 1, docs/schemas/explain.schema.json. */
function asJson(findings: readonly Finding[], { t }: CliIo) {
  return {
    schema: 1,
    findings: findings.map(({ cause, underlying, layer, confidence, url, host, module, httpStatus, text }) => ({
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
      remedy: causeRemedy(t, cause),
      line: text,
    })),
  };
}

function rendered(findings: readonly Finding[], io: CliIo): string {
  const { t, style } = io;
  if (findings.length === 0) return `${style('green', '●')} ${t('cli.explain-nothing')}\n`;
  const blocks = findings.map(({ cause, underlying, host, module, confidence, text }) => {
    const about = [host, module].filter((one) => one !== undefined).join(' · ');
    const under = underlying === undefined ? '' : ` (${causeShort(t, underlying)})`;
    const sure = confidence === 0 ? '' : ` · ${Math.round(confidence * 100)}%`;
    return [
      style(['red', 'bold'], `✗ ${causeShort(t, cause)}${under}${about === '' ? '' : ` — ${about}`}`),
      `  ${causeMeaning(t, cause)}`,
      `  → ${causeRemedy(t, underlying ?? cause)}`,
      ...text
        .split('\n')
        .slice(0, 6)
        .map((line) => style('dim', `  │ ${line}`)),
      style('dim', `  ${underlying === undefined ? cause : `${cause} / ${underlying}`}${sure}`),
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
