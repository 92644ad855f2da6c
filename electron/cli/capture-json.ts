/** A capture's report for programs: schema 1, docs/schemas/capture.schema.json. Fields are only ever added. */
import type { EpochMs } from '../../shared/domain/units.ts';
import { evidenceText } from '../../shared/messages/capture-texts.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import type { CaptureReport, JudgedConnection } from '../capture/capture.ts';
import type { DnsQuestion } from '../capture/dns-questions.ts';
import { isFinding } from '../capture/finding.ts';
import type { CaptureEvidence } from '../capture/verdict.ts';
import type { CliIo } from './cli-io.ts';
import { problemLine } from './render-capture.ts';

export function captureJson(report: CaptureReport, { file, tshark }: { file: string; tshark?: boolean }, { t }: CliIo) {
  return {
    schema: 1,
    file,
    decoder: tshark === true ? 'tshark' : 'own',
    packets: report.packets,
    beganAt: instant(report.beganAt),
    endedAt: instant(report.endedAt),
    problems: report.problems.map((problem) => ({ ...problem, text: problemLine(problem, t) })),
    connections: report.connections.map((one) => connectionJson(one, t)),
    questions: report.questions.map((one) => questionJson(one, t)),
  };
}

function connectionJson({ facts, verdict, program }: JudgedConnection, t: Translate) {
  const { client, server, clientHello, serverHello, request, answer, certificate } = facts;
  return {
    client,
    server,
    name: clientHello?.hello?.serverName ?? request?.host ?? null,
    program,
    beganAt: instant(facts.beganAt),
    durationMs: millis(facts.durationMs),
    verdict: verdict.id,
    finding: isFinding(verdict.id),
    confidence: share(verdict.confidence),
    origin: verdict.origin,
    injector: verdict.injector,
    meaning: t(`capture.verdict.${verdict.id}.meaning`),
    evidence: verdict.evidence.map((one) => evidenceJson(one, t)),
    clientHello:
      clientHello === null
        ? null
        : {
            bytes: clientHello.bytes,
            retransmissions: clientHello.retransmissions,
            alpn: clientHello.hello?.alpn ?? [],
            versions: clientHello.hello?.versions ?? [],
            keyShares: clientHello.hello?.keyShares ?? [],
          },
    serverHello: serverHello === null ? null : serverHello.hello,
    certificate:
      certificate === null
        ? null
        : { ...certificate, notBefore: instant(certificate.notBefore), notAfter: instant(certificate.notAfter) },
    decryption: facts.inside?.decryption ?? null,
    http2: facts.inside?.http2 ?? null,
    http1: facts.inside?.http1 ?? [],
    request: request === null ? null : { method: request.method, target: request.target, host: request.host },
    status: answer?.status ?? null,
    clientBytes: facts.clientSide.bytes,
    serverBytes: facts.serverSide.bytes,
    retransmissions: facts.clientSide.retransmissions + facts.serverSide.retransmissions,
    serverTtl: facts.serverSide.ttl,
    resets: facts.resets.map((reset) => ({ ...reset, atMs: millis(reset.atMs) })),
    timeline: facts.timeline.map((entry) => ({ ...entry, atMs: millis(entry.atMs) })),
  };
}

function questionJson({ verdict, askedAt, answers, ...question }: DnsQuestion, t: Translate) {
  return {
    ...question,
    askedAt: instant(askedAt),
    verdict: verdict.id,
    finding: isFinding(verdict.id),
    confidence: share(verdict.confidence),
    meaning: t(`capture.verdict.${verdict.id}.meaning`),
    evidence: verdict.evidence.map((one) => evidenceJson(one, t)),
    answers: answers.map((answer) => ({ ...answer, atMs: millis(answer.atMs) })),
  };
}

function evidenceJson({ key, params }: CaptureEvidence, t: Translate) {
  return { key, params, text: evidenceText(t, { key, params }) };
}

/** A damaged time stamp may be outside the range of dates. */
function instant(at: EpochMs | null): string | null {
  return at === null || !(Math.abs(at) <= 8.64e15) ? null : new Date(at).toISOString();
}

function millis(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function share(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
