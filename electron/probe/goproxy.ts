/**
 * The probe of a Go module proxy: success only when the protocol is really spoken. Light asks for the `.info` of a
 * known module; full adds list, `.mod` with its hash, and a name that cannot exist. `Disable-Module-Fetch` keeps the
 * proxy from fetching anything for our sake (https://proxy.golang.org, goproxy.cn).
 */
import type { Cause } from '../../shared/domain/cause.ts';
import { DEFAULT_PROBE_MODULE, type Limits, type ModuleVersion } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { Evidence, Failure, Phase, PhaseTimings, ProbeResult, ProbeStep } from '../../shared/domain/result.ts';
import { goModHash } from '../integrity/h1.ts';
import { classifyStatus, factsOf } from './classify.ts';
import type { Answer } from './exchange.ts';
import { protocolPath } from './module-path.ts';
import { type Bounds, CancelledError, PhaseError } from './phase-error.ts';
import type { ProbeRequest } from './probe-pool.ts';
import type { ProbeContext } from './probes.ts';
import { bodyStart, checkInfo, checkList, checkMissing, checkMod, MAX_BYTES } from './protocol.ts';
import { Requester, type RequestRecord, requestRecord } from './requester.ts';
import { trustSet } from './trust.ts';

/** Reserved by RFC 2606: no proxy can have it. */
const IMPOSSIBLE_MODULE = 'gopherbar.invalid/no-such-module';

const HEADERS = {
  'disable-module-fetch': 'true',
  'user-agent': 'Gopherbar (Go module proxy probe)',
  accept: '*/*',
  // Never compressed: a bomb stays as small as it is sent.
  'accept-encoding': 'identity',
};

/** What one step found out. */
interface StepOutcome {
  readonly step: ProbeStep;
  readonly record: RequestRecord;
  readonly totalMs: number;
  readonly failure: Failure | null;
  readonly verifyMs: number | null;
  readonly bodyStart: string | undefined;
}

type Check = (answer: Answer) => { readonly cause: Cause | null; readonly hash?: string };

/** Probes a `goproxy` endpoint. Never rejects. */
export async function probeGoproxy(request: ProbeRequest, context: ProbeContext): Promise<ProbeResult> {
  const { endpoint, depth, limits } = request;
  const { clock, signal } = context;
  const startedAt = clock.now();
  const base = { kind: endpoint.kind, url: redactUrl(endpoint.url), depth, startedAt };
  const outcomes: StepOutcome[] = [];
  let requester: Requester | null = null;
  try {
    const trust = trustSet(request.network.extraCa ?? []);
    const module = endpoint.module ?? DEFAULT_PROBE_MODULE;
    for (const plan of plansFor(module, depth)) {
      const bounds = { clock, signal, endsAt: clock.monotonic() + limits.hard.totalMs };
      requester ??= new Requester({ network: request.network, trust, limits, headers: HEADERS });
      const outcome = await runStep(plan, `${endpoint.url}/${plan.path}`, requester, bounds);
      outcomes.push(outcome);
      if (outcome.failure !== null && plan.name !== 'missing') break;
    }
  } catch (error) {
    if (error instanceof CancelledError) return { ...base, outcome: 'cancelled' };
    const failure: Failure = {
      cause: 'unknown',
      phase: 'request',
      message: factsOf(error).message,
      code: factsOf(error).code,
    };
    return { ...base, outcome: 'failed', phases: {}, totalMs: 0, steps: [], evidence: { url: base.url }, failure };
  } finally {
    requester?.close();
  }
  return assemble(base, outcomes, limits);
}

interface StepPlan {
  readonly name: ProbeStep['name'];
  readonly path: string;
  readonly maxBytes: number;
  readonly check: Check;
}

function plansFor(module: ModuleVersion, depth: ProbeRequest['depth']): readonly StepPlan[] {
  const known = (check: (answer: Answer) => Cause | null): Check => {
    return (answer) => ({ cause: classifyStatus(answer.status) ?? check(answer) });
  };
  const info: StepPlan = {
    name: 'info',
    path: protocolPath(module.path, `${module.version}.info`),
    maxBytes: MAX_BYTES.info,
    check: known((answer) => checkInfo(answer.body, module)),
  };
  if (depth === 'light') return [info];
  const list: StepPlan = {
    name: 'list',
    path: protocolPath(module.path, 'list'),
    maxBytes: MAX_BYTES.list,
    check: known((answer) => checkList(answer.body)),
  };
  const mod: StepPlan = {
    name: 'mod',
    path: protocolPath(module.path, `${module.version}.mod`),
    maxBytes: MAX_BYTES.mod,
    check: (answer) => {
      const cause = classifyStatus(answer.status) ?? checkMod(answer.body, module);
      return cause === null ? { cause, hash: goModHash(answer.body) } : { cause };
    },
  };
  const missing: StepPlan = {
    name: 'missing',
    path: protocolPath(IMPOSSIBLE_MODULE, 'list'),
    maxBytes: MAX_BYTES.missing,
    check: (answer) => ({ cause: checkMissing(answer.status, answer.body) }),
  };
  return [info, list, mod, missing];
}

async function runStep(plan: StepPlan, url: string, requester: Requester, bounds: Bounds): Promise<StepOutcome> {
  const { clock } = bounds;
  const record = requestRecord();
  const began = clock.monotonic();
  const done = (
    failure: Failure | null,
    rest: { hash?: string | undefined; verifyMs?: number; start?: string },
  ): StepOutcome => {
    const totalMs = clock.monotonic() - began;
    const step: ProbeStep = {
      name: plan.name,
      url: redactUrl(url),
      outcome: failure === null ? 'ok' : 'failed',
      durationMs: totalMs,
      httpStatus: record.last.status,
      ...(failure === null ? {} : { cause: failure.cause, phase: failure.phase }),
      ...(rest.hash === undefined ? {} : { hash: rest.hash }),
    };
    return { step, record, totalMs, failure, verifyMs: rest.verifyMs ?? null, bodyStart: rest.start };
  };
  try {
    const answer = await requester.get(parseUrl(url), plan.maxBytes, bounds, record);
    const received = clock.monotonic();
    const { cause, hash } = plan.check(answer);
    const verifyMs = clock.monotonic() - received;
    if (cause === null) return done(null, { hash, verifyMs });
    const phase: Phase = answer.status === 200 ? 'verify' : 'response';
    const message = phase === 'response' ? `HTTP status ${answer.status}` : `unexpected content of ${plan.name}`;
    return done({ cause, phase, message }, { verifyMs, start: bodyStart(answer.body) });
  } catch (error) {
    if (error instanceof PhaseError) return done(error.toFailure(), {});
    throw error;
  }
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new PhaseError('request', 'goproxy-invalid', `${redactUrl(url)} is no URL`);
  }
}

type Base = Pick<ProbeResult, 'kind' | 'url' | 'depth' | 'startedAt'>;

function assemble(base: Base, outcomes: readonly StepOutcome[], limits: Limits): ProbeResult {
  const first = outcomes[0];
  const decisive = outcomes.find(({ failure, step }) => failure !== null && step.name !== 'missing') ?? first;
  if (first === undefined || decisive === undefined) throw new Error('a probe has at least one step');
  const phases: PhaseTimings = {
    ...first.record.first.phases,
    ...(first.verifyMs === null ? {} : { verify: first.verifyMs }),
  };
  const { remote, tls, addresses } = first.record.first;
  const measured = {
    ...base,
    phases,
    totalMs: first.totalMs,
    steps: outcomes.map(({ step }) => step),
    remote,
    protocol: first.record.protocol,
    tls,
    evidence: evidenceOf(decisive, addresses, tls?.trust === 'bundled' ? undefined : tls?.issuer),
  };
  if (decisive.failure !== null) return { ...measured, outcome: 'failed', failure: decisive.failure };
  return { ...measured, outcome: 'ok', slow: slowPhases(phases, first.totalMs, limits) };
}

function evidenceOf(
  outcome: StepOutcome,
  addresses: readonly string[] | undefined,
  interceptedBy: string | undefined,
): Evidence {
  const { hops, last } = outcome.record;
  return {
    url: hops.at(-1) ?? outcome.step.url,
    ...(hops.length > 1 ? { redirects: hops } : {}),
    httpStatus: last.status,
    contentType: last.contentType?.slice(0, 200),
    bodyBytes: last.bodyBytes,
    bodyStart: outcome.bodyStart,
    addresses,
    interceptedBy,
  };
}

/** The phases beyond their soft limits; `connect` stands for dialling when neither part alone was too slow. */
function slowPhases(phases: PhaseTimings, totalMs: number, { soft }: Limits): readonly (Phase | 'total')[] {
  const dns = phases.dns ?? 0;
  const slow: (Phase | 'total')[] = [];
  if (dns > soft.dialMs) slow.push('dns');
  else if (dns + (phases.connect ?? 0) > soft.dialMs) slow.push('connect');
  if ((phases.tls ?? 0) > soft.tlsMs) slow.push('tls');
  if ((phases.response ?? 0) > soft.headerMs) slow.push('response');
  if (totalMs > soft.totalMs) slow.push('total');
  return slow;
}
