/**
 * The probe of a Go module proxy: success only when the protocol is really spoken. Light asks for the `.info` of a
 * known module; full adds list, `.mod` with its hash, and a name that cannot exist. `Disable-Module-Fetch` keeps the
 * proxy from fetching anything for our sake (https://proxy.golang.org, goproxy.cn).
 *
 * `phases` are those of the first connection of the first request; `totalMs` is that request with all its redirects
 * (named in the evidence), without `verify`. Each request has the whole deadline.
 */
import manifest from '../../package.json' with { type: 'json' };
import type { Cause } from '../../shared/domain/cause.ts';
import { DEFAULT_PROBE_MODULE, type Endpoint, type ModuleVersion } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { Failure, ProbeDepth, ProbeResult, ProbeStep } from '../../shared/domain/result.ts';
import { goModHash } from '../integrity/h1.ts';
import { classifyStatus, factsOf } from './classify.ts';
import type { Answer } from './exchange.ts';
import { isModuleVersion, protocolPath } from './module-path.ts';
import { type Bounds, CancelledError, PhaseError } from './phase-error.ts';
import type { ProbeRequest } from './probe-pool.ts';
import type { ProbeContext } from './probes.ts';
import { bodyStart, checkInfo, checkList, checkMissing, checkMod, MAX_BYTES } from './protocol.ts';
import { Requester, requestRecord } from './requester.ts';
import { assemble, type ResultBase, type StepOutcome, unreached } from './result-of-steps.ts';
import { trustSet } from './trust.ts';

/** Reserved by RFC 2606: no proxy can have it. */
const IMPOSSIBLE_MODULE = 'gopherbar.invalid/no-such-module';

const HEADERS = {
  'disable-module-fetch': 'true',
  'user-agent': `Gopherbar/${manifest.version} (+module proxy probe)`,
  accept: '*/*',
  // Never compressed: a bomb stays as small as it is sent.
  'accept-encoding': 'identity',
};

/** Probes a `goproxy` endpoint. Never rejects. */
export async function probeGoproxy(request: ProbeRequest, context: ProbeContext): Promise<ProbeResult> {
  const { endpoint, depth, limits, network } = request;
  const { clock, signal } = context;
  const base: ResultBase = { kind: endpoint.kind, url: redactUrl(endpoint.url), depth, startedAt: clock.now() };
  const outcomes: StepOutcome[] = [];
  let requester: Requester | null = null;
  try {
    const target = readTarget(endpoint);
    requester = new Requester({ network, trust: trustSet(network.extraCa ?? []), limits, headers: HEADERS });
    for (const plan of plansFor(target.module, depth)) {
      const bounds = { clock, signal, endsAt: clock.monotonic() + limits.hard.totalMs };
      const outcome = await runStep(plan, urlOf(target.base, plan.path), requester, bounds);
      outcomes.push(outcome);
      if (outcome.failure !== null && plan.name !== 'missing') break;
    }
    return assemble(base, outcomes, limits, endpoint.url);
  } catch (error) {
    if (error instanceof CancelledError) return { ...base, outcome: 'cancelled' };
    if (error instanceof PhaseError) return unreached(base, error.toFailure());
    const { message, code } = factsOf(error);
    return unreached(base, { cause: 'unknown', phase: 'request', message: redactUrl(message).slice(0, 500), code });
  } finally {
    requester?.close();
  }
}

interface Target {
  readonly base: URL;
  readonly module: ModuleVersion;
}

/** What is to be asked for; throws a PhaseError for settings that `go` would refuse before any connection. */
function readTarget(endpoint: Endpoint): Target {
  const module = endpoint.module ?? DEFAULT_PROBE_MODULE;
  if (!isModuleVersion(module)) {
    throw new PhaseError('request', 'module-path-malformed', `${module.path}@${module.version} is no module version`);
  }
  let base: URL;
  try {
    base = new URL(endpoint.url);
  } catch {
    throw new PhaseError('request', 'goproxy-invalid', `${redactUrl(endpoint.url)} is no URL`);
  }
  if (base.protocol !== 'https:' && base.protocol !== 'http:') {
    throw new PhaseError('request', 'goproxy-invalid', `${base.protocol}// cannot be asked over the network`);
  }
  return { base, module };
}

function urlOf(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${path}`;
  return url;
}

interface StepPlan {
  readonly name: ProbeStep['name'];
  readonly path: string;
  readonly maxBytes: number;
  /** What is wrong with an answer; null when nothing is. */
  readonly check: (answer: Answer) => Cause | null;
}

function plansFor(module: ModuleVersion, depth: ProbeDepth): readonly StepPlan[] {
  const { path, version } = module;
  const info = known('info', protocolPath(path, `${version}.info`), (body) => checkInfo(body, module));
  if (depth === 'light') return [info];
  return [
    info,
    known('list', protocolPath(path, 'list'), (body) => checkList(body, module)),
    known('mod', protocolPath(path, `${version}.mod`), (body) => checkMod(body, module)),
    {
      name: 'missing',
      path: protocolPath(IMPOSSIBLE_MODULE, 'v0.0.0.info'),
      maxBytes: MAX_BYTES.missing,
      check: ({ status, body }) => checkMissing(status, body),
    },
  ];
}

/** A file that must be there. */
function known(name: 'info' | 'list' | 'mod', path: string, check: (body: Buffer) => Cause | null): StepPlan {
  return {
    name,
    path,
    maxBytes: MAX_BYTES[name],
    check: ({ status, body }) => classifyStatus(status, status === 200 ? '' : bodyStart(body)) ?? check(body),
  };
}

async function runStep(plan: StepPlan, url: URL, requester: Requester, bounds: Bounds): Promise<StepOutcome> {
  const { clock } = bounds;
  const record = requestRecord();
  const began = clock.monotonic();
  let failure: Failure | null = null;
  let answer: Answer | null = null;
  let verifyMs: number | null = null;
  let hash: string | undefined;
  try {
    answer = await requester.get(url, plan.maxBytes, bounds, record);
    const received = clock.monotonic();
    failure = judge(plan, answer);
    if (plan.name === 'mod' && failure === null) hash = goModHash(answer.body);
    verifyMs = clock.monotonic() - received;
  } catch (error) {
    if (!(error instanceof PhaseError)) throw error;
    failure = error.toFailure();
  }
  const totalMs = (record.last.endedAt ?? clock.monotonic()) - began;
  const step: ProbeStep = {
    name: plan.name,
    url: redactUrl(url.href),
    outcome: failure === null ? 'ok' : 'failed',
    durationMs: totalMs,
    httpStatus: record.last.status,
    cause: failure?.cause,
    phase: failure?.phase,
    hash,
  };
  return { step, record, totalMs, failure, verifyMs, unexpected: failure === null ? null : (answer?.body ?? null) };
}

function judge(plan: StepPlan, answer: Answer): Failure | null {
  const cause = plan.check(answer);
  if (cause === null) return null;
  if (answer.status !== 200) return { cause, phase: 'response', message: `HTTP status ${answer.status}` };
  return { cause, phase: 'verify', message: `unexpected content of ${plan.name}` };
}
