/** A capture's report as text: failures with evidence and timeline, then how much was fine. */

import { evidenceText } from '../../shared/messages/capture-texts.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import type { CaptureReport, JudgedConnection } from '../capture/capture.ts';
import type { TimelineEntry } from '../capture/connection-facts.ts';
import type { DnsQuestion, DnsVerdictId } from '../capture/dns-questions.ts';
import { isFinding } from '../capture/finding.ts';
import type { CaptureProblem } from '../capture/problem.ts';
import type { CaptureEvidence, VerdictId } from '../capture/verdict.ts';
import type { CliIo } from './cli-io.ts';

/** More would hide the first ones; --json has all. */
const MAX_SHOWN = 20;

export function renderCapture(report: CaptureReport, io: CliIo): string {
  const { t, style } = io;
  const { connections, questions, packets, beganAt, endedAt, problems } = report;
  const seconds = beganAt === null || endedAt === null ? 0 : Math.round((endedAt - beganAt) / 100) / 10;
  const counts = { packets, connections: connections.length, questions: questions.length, seconds };
  const failed = connections.filter(({ verdict }) => isFinding(verdict.id));
  const forged = questions.filter(({ verdict }) => isFinding(verdict.id));
  const blocks = [...forged.map((one) => questionBlock(one, io)), ...failed.map((one) => connectionBlock(one, io))];
  const rest = connections.length + questions.length - blocks.length;
  const more = blocks.length - MAX_SHOWN;
  return `${[
    [t('capture.summary', counts), ...problems.map((one) => style('yellow', `! ${problemLine(one, t)}`))].join('\n'),
    ...blocks.slice(0, MAX_SHOWN),
    ...(more > 0 ? [style('dim', t('capture.more', { count: more }))] : []),
    ...(blocks.length === 0 ? [`${style('green', '●')} ${t('capture.nothing')}`] : []),
    ...(rest > 0 ? [style('dim', t('capture.rest', { count: rest }))] : []),
  ].join('\n\n')}\n`;
}

/** A problem with the file as text. */
export function problemLine({ key, ...params }: CaptureProblem, t: Translate): string {
  return t(`capture.problem.${key}`, params);
}

function questionBlock({ name, type, server, client, verdict }: DnsQuestion, io: CliIo): string {
  return block({ ...verdict, origin: null }, `${name} ${type} · ${client} → ${server}`, [], io);
}

function connectionBlock({ facts, verdict, program }: JudgedConnection, io: CliIo): string {
  const name = facts.clientHello?.hello?.serverName ?? facts.request?.host ?? null;
  const who = program === null ? [] : [program.pid === null ? program.name : `${program.name} (${program.pid})`];
  const about = [`${facts.client} → ${facts.server}`, ...(name === null ? [] : [name]), ...who].join(' · ');
  return block(
    verdict,
    about,
    facts.timeline.map((entry) => timelineLine(entry, io.t)),
    io,
  );
}

interface Judgement {
  readonly id: VerdictId | DnsVerdictId;
  readonly confidence: number;
  readonly evidence: readonly CaptureEvidence[];
  readonly origin: 'injected' | 'genuine' | 'unclear' | null;
}

function block(
  { id, confidence, evidence, origin }: Judgement,
  about: string,
  timeline: readonly string[],
  io: CliIo,
): string {
  const { t, style } = io;
  const whose = origin === null ? '' : ` — ${t(`capture.origin.${origin}`)}`;
  return [
    style(['red', 'bold'], `✗ ${t(`capture.verdict.${id}.short`)}${whose}`),
    `  ${about}`,
    `  ${t(`capture.verdict.${id}.meaning`)}`,
    ...evidence.map((one) => `  · ${evidenceText(t, one)}`),
    ...timeline.map((line) => style('dim', `  │ ${line}`)),
    style('dim', `  ${id} · ${Math.round(confidence * 100)}%`),
  ].join('\n');
}

function timelineLine({ atMs, from, what, detail, clientBytes, serverBytes }: TimelineEntry, t: Translate): string {
  const about = detail === null ? '' : ` (${detail})`;
  const at = `${atMs.toFixed(1)} ms`.padStart(12);
  return `${at}  ${t(`capture.side.${from}`)}: ${t(`capture.happening.${what}`)}${about}  [${clientBytes}/${serverBytes}]`;
}
