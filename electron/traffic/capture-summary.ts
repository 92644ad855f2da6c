/** A capture as the page shows it: findings first. Pure. */
import type { CapturedExchange, CaptureSummary } from '../../shared/domain/traffic.ts';
import type { CaptureReport, JudgedConnection } from '../capture/capture.ts';
import type { DnsQuestion } from '../capture/dns-questions.ts';
import { isFinding } from '../capture/finding.ts';

/** More would bury the first ones; the command line prints all. */
const MAX_EXCHANGES = 200;

/** What was found, exchange by exchange. */
export function captureSummary({
  packets,
  beganAt,
  endedAt,
  connections,
  questions,
  problems,
}: CaptureReport): CaptureSummary {
  const all = [...questions.map(fromQuestion), ...connections.map(fromConnection)];
  const sorted = [...all.filter((one) => one.isFinding), ...all.filter((one) => !one.isFinding)];
  return {
    packets,
    connections: connections.length,
    questions: questions.length,
    seconds: beganAt === null || endedAt === null ? 0 : Math.round((endedAt - beganAt) / 100) / 10,
    problems: problems.map(({ key, ...params }) => ({ key, params })),
    exchanges: sorted.slice(0, MAX_EXCHANGES),
    more: Math.max(0, sorted.length - MAX_EXCHANGES),
  };
}

function fromConnection({ facts, verdict }: JudgedConnection): CapturedExchange {
  return {
    kind: 'connection',
    client: facts.client,
    server: facts.server,
    name: facts.clientHello?.hello?.serverName ?? facts.request?.host ?? null,
    verdict: verdict.id,
    isFinding: isFinding(verdict.id),
    confidence: verdict.confidence,
    origin: verdict.origin,
    evidence: verdict.evidence,
    timeline: facts.timeline,
  };
}

function fromQuestion({ client, server, name, type, verdict }: DnsQuestion): CapturedExchange {
  return {
    kind: 'question',
    client,
    server,
    name: `${name} ${type}`,
    verdict: verdict.id,
    isFinding: isFinding(verdict.id),
    confidence: verdict.confidence,
    origin: null,
    evidence: verdict.evidence,
    timeline: [],
  };
}
