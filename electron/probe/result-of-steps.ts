/** From the steps of a probe to its result. Pure. */
import type { Limits } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type {
  CancelledResult,
  Evidence,
  FailedResult,
  Failure,
  Phase,
  PhaseTimings,
  ProbeResult,
  ProbeStep,
} from '../../shared/domain/result.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { scrubber } from './credentials.ts';
import { bodyStart } from './goproxy-responses.ts';
import type { ProbeRequest } from './probe-pool.ts';
import type { RequestRecord } from './requester.ts';
import { retryAfterMs } from './retry-after.ts';

export type ResultBase = Omit<CancelledResult, 'outcome'>;

/** The part of a result that describes its request. */
export function baseOf({ endpoint, depth }: ProbeRequest, startedAt: EpochMs): ResultBase {
  return { kind: endpoint.kind, url: redactUrl(endpoint.url), depth, startedAt };
}

/** What one step found out. */
export interface StepOutcome {
  readonly step: ProbeStep;
  readonly record: RequestRecord;
  readonly totalMs: number;
  readonly failure: Failure | null;
  /** null when there was no answer to judge. */
  readonly verifyMs: number | null;
  /** The body that was not what it should be. */
  readonly unexpected: Buffer | null;
}

/** The result of a probe that never got as far as a connection. */
export function unreached(base: ResultBase, failure: Failure): FailedResult {
  return { ...base, outcome: 'failed', phases: {}, totalMs: 0, steps: [], evidence: { url: base.url }, failure };
}

/** Joins the steps: the first gives the phases, the first failed one that is not advisory the failure. */
export function assemble(
  base: ResultBase,
  outcomes: readonly StepOutcome[],
  { endpoint, limits, network }: ProbeRequest,
): ProbeResult {
  const first = outcomes[0];
  if (first === undefined) throw new Error('a probe has at least one step');
  const decisive = outcomes.find(({ failure, step }) => failure !== null && step.advisory !== true) ?? first;
  const connection = first.record.first;
  const phases: PhaseTimings = {
    ...connection.phases,
    ...(first.verifyMs === null ? {} : { verify: first.verifyMs }),
  };
  const scrub = scrubber(endpoint.url, network.credential);
  const measured = {
    ...base,
    phases,
    totalMs: first.totalMs,
    steps: outcomes.map(({ step }) => step),
    remote: connection.remote,
    protocol: first.record.protocol,
    tls: connection.tls,
    evidence: evidenceOf(decisive, first, scrub, base.startedAt),
  };
  const { failure } = decisive;
  if (failure !== null && decisive.step.advisory !== true) {
    return { ...measured, outcome: 'failed', failure: { ...failure, message: scrub(failure.message) } };
  }
  return { ...measured, outcome: 'ok', slow: slowPhases(phases, connection.dialMs ?? 0, first.totalMs, limits) };
}

function evidenceOf(outcome: StepOutcome, first: StepOutcome, scrub: (text: string) => string, now: EpochMs): Evidence {
  const { hops, last } = outcome.record;
  const { addresses, helloBytes, tls, refusedIssuer } = first.record.first;
  return {
    url: scrub(hops.at(-1) ?? outcome.step.url),
    redirects: hops.length > 1 ? hops.map(scrub) : undefined,
    httpStatus: last.status,
    contentType: last.contentType === undefined ? undefined : scrub(last.contentType.slice(0, 200)),
    bodyBytes: last.bodyBytes,
    bodyStart: outcome.unexpected === null ? undefined : scrub(bodyStart(outcome.unexpected)),
    addresses,
    helloBytes,
    retryAfterMs: retryAfterMs(last.retryAfter, now) ?? undefined,
    interceptedBy: tls === undefined || tls.trust === 'bundled' ? undefined : tls.issuer,
    refusedIssuer,
  };
}

/** The phases beyond their soft limits; dialling too slow is the fault of the longer of its two phases. */
function slowPhases(phases: PhaseTimings, dialMs: number, totalMs: number, { soft }: Limits): (Phase | 'total')[] {
  const slow: (Phase | 'total')[] = [];
  const dns = phases.dns ?? 0;
  if (dialMs > soft.dialMs) slow.push(dns > dialMs - dns ? 'dns' : 'connect');
  if ((phases.tls ?? 0) > soft.tlsMs) slow.push('tls');
  if ((phases.response ?? 0) > soft.headerMs) slow.push('response');
  if (totalMs > soft.totalMs) slow.push('total');
  return slow;
}
