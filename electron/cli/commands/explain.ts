/** `gopherbar explain [FILE|-]`: what went wrong in any output of go or git, and what helps. */
import { CAUSES, severityOf } from '../../../shared/domain/cause.ts';
import { causeMeaning, causeShort } from '../../../shared/messages/messages.ts';
import { remedyText } from '../../../shared/messages/remedies.ts';
import type { Finding } from '../../explain/finding.ts';
import type { Clock } from '../../system/clock.ts';
import { errorDetail } from '../../system/error-facts.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readApart } from '../read-apart.ts';
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

/** In pieces: memory stays small for any size. */
async function read(file: string, io: CliIo, clock: Clock): Promise<readonly Finding[] | null> {
  const answer =
    file === '-'
      ? await readApart('explain', { file: null }, '-', io, clock, inputOf(io))
      : await readApart('explain', { file }, file, io, clock);
  if (answer === null || answer.ok) return answer?.findings ?? null;
  throw new UsageError(unreadText(file, answer, io.t));
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
