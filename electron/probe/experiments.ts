/**
 * Control experiments: the failed probe again with one thing changed, and again unchanged beside it. What flips the
 * outcome is evidence; a guess is not. Bounded in number, one after the other, light probes only.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import { limitsOf } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { Experiment, FailedResult, ProbeResult, Variable } from '../../shared/domain/result.ts';
import type { ProbeNetwork, ProbePool, ProbeRequest } from './probe-pool.ts';

/** What may replace a part of a probe's path; each is a host that the settings list: no other host is contacted. */
export interface Controls {
  /** `ip:port` of another DNS server. */
  readonly resolver?: string | undefined;
  readonly forwardProxy?: string | undefined;
  /** A name to put into the ClientHello towards the same address; its owner is not contacted. */
  readonly serverName?: string | undefined;
}

interface Plan {
  readonly variable: Variable;
  readonly network: ProbeNetwork;
  readonly value?: string | undefined;
}

/** Often enough that chance is no explanation (one loss in two tries would be), seldom enough to be polite. */
const TRIES = 3;

/** A hanging server would otherwise take the whole deadline for every try. */
const TOTAL_MS = 4_000;

/** `go` gives a TLS handshake ten seconds; a module worth a canary is small. */
const CANARY_MS = 15_000;

/** Reserved by RFC 2606, so that no one's real name is used. */
const NEUTRAL_NAME = 'example.com';

/** The experiments that a failure asks for: those that could tell something about its phase. Pure. */
export function planExperiments(request: ProbeRequest, result: FailedResult, controls: Controls): readonly Plan[] {
  const { network, endpoint } = request;
  const { phase } = result.failure;
  if (endpoint.kind === 'dns' || endpoint.kind === 'forward-proxy') return [];
  const plans: Plan[] = [];
  const change = (variable: Variable, changed: ProbeNetwork['changed'], value?: string) =>
    plans.push({ variable, network: { ...network, changed: { ...network.changed, ...changed } }, value });
  if (endpoint.kind === 'module') {
    // With the real go: it may hang in a handshake or in HTTP/2 and print nothing, so its phase tells little.
    if (!mayBeTransport(result)) return [];
    change('small-hello', { smallHello: true }, 'GODEBUG=tlsmlkem=0,tlssecpmlkem=0');
    change('http1', { http1: true }, 'GODEBUG=http2client=0');
    return plans;
  }
  const isSecure = endpoint.url.startsWith('https:');
  const before = phase === 'dns' || phase === 'connect' || phase === 'tls';
  // A certificate that was refused came: neither the name nor the size of the ClientHello is at fault.
  if (isSecure && phase === 'tls' && BROKEN_HANDSHAKE.has(result.failure.cause)) {
    const serverName = controls.serverName ?? NEUTRAL_NAME;
    change('other-name', { serverName }, serverName);
    change('small-hello', { smallHello: true });
  }
  const { addresses = [] } = result.evidence;
  const families = new Set(addresses.map((address) => (address.includes(':') ? 6 : 4)));
  if (families.size === 2 && phase !== 'dns') {
    change('ipv4', { family: 4 });
    change('ipv6', { family: 6 });
  }
  if (isSecure && result.protocol === 'h2') change('http1', { http1: true });
  if (before && controls.resolver !== undefined && controls.resolver !== network.resolver) {
    const { resolver } = controls;
    plans.push({ variable: 'other-resolver', network: { ...network, resolver }, value: resolver });
  }
  if (network.forwardProxy !== undefined) {
    plans.push({ variable: 'without-proxy', network: { ...network, forwardProxy: undefined } });
  } else if (controls.forwardProxy !== undefined) {
    const { forwardProxy } = controls;
    plans.push({ variable: 'through-proxy', network: { ...network, forwardProxy }, value: redactUrl(forwardProxy) });
  }
  return plans;
}

/** Whether a failed download may be the fault of how `go` shakes hands or speaks HTTP. */
function mayBeTransport({ failure }: FailedResult): boolean {
  const { cause } = failure;
  return cause.startsWith('tls-') || cause.startsWith('http2-') || TRANSPORT.has(cause);
}

/** How a handshake ends that a device cuts off or drops. */
const BROKEN_HANDSHAKE: ReadonlySet<Cause> = new Set([
  'eof-no-response',
  'connection-reset',
  'tls-handshake-timeout',
  'tls-alert',
]);

const TRANSPORT: ReadonlySet<Cause> = new Set([
  'eof-no-response',
  'connection-reset',
  'response-timeout',
  'body-truncated',
]);

/** Runs them; an experiment that was cancelled is left out. The unchanged probe is tried again once for all. */
export async function runExperiments(
  pool: ProbePool,
  request: ProbeRequest,
  result: FailedResult,
  controls: Controls,
  signal: AbortSignal,
): Promise<readonly Experiment[]> {
  const plans = planExperiments(request, result, controls);
  if (plans.length === 0) return [];
  const again = shortened(request);
  const unchanged = await repeated(pool, again, signal, isOk);
  const experiments: Experiment[] = [];
  for (const { variable, network, value } of plans) {
    if (signal.aborted) break;
    const changed = await repeated(pool, { ...again, network }, signal, variable === 'other-name' ? isBeyondTls : isOk);
    const sizes = variable === 'small-hello' ? helloSizes(unchanged, changed) : {};
    experiments.push({ variable, tries: TRIES, unchanged: unchanged.count, changed: changed.count, value, ...sizes });
  }
  return signal.aborted ? [] : experiments;
}

/** The same, lighter and sooner given up. */
function shortened(request: ProbeRequest): ProbeRequest {
  const { endpoint } = request;
  const limits = limitsOf(endpoint, request.limits);
  if (endpoint.kind === 'module') {
    const totalMs = Math.min(endpoint.limits?.hard?.totalMs ?? CANARY_MS, CANARY_MS);
    return { ...request, endpoint: { ...endpoint, limits: { ...endpoint.limits, hard: { totalMs } } } };
  }
  const hard = { ...limits.hard, totalMs: Math.min(limits.hard.totalMs, TOTAL_MS) };
  return { ...request, depth: 'light', limits: { ...limits, hard } };
}

/** What several tries of one probe gave. */
interface Repeated {
  /** How many succeeded. */
  readonly count: number;
  /** Size of the last ClientHello, bytes; undefined = none was sent, or the real `go` sent it. */
  readonly helloBytes: number | undefined;
}

async function repeated(
  pool: ProbePool,
  request: ProbeRequest,
  signal: AbortSignal,
  succeeded: (result: ProbeResult) => boolean,
): Promise<Repeated> {
  let count = 0;
  let helloBytes: number | undefined;
  for (let i = 0; i < TRIES && !signal.aborted; i += 1) {
    const result = await pool.probe(request, signal);
    if (succeeded(result)) count += 1;
    if (result.outcome !== 'cancelled') helloBytes = result.evidence.helloBytes ?? helloBytes;
  }
  return { count, helloBytes };
}

function helloSizes(unchanged: Repeated, changed: Repeated): Pick<Experiment, 'helloBytes'> {
  if (unchanged.helloBytes === undefined || changed.helloBytes === undefined) return {};
  return { helloBytes: { unchanged: unchanged.helloBytes, changed: changed.helloBytes } };
}

function isOk({ outcome }: ProbeResult): boolean {
  return outcome === 'ok';
}

/** Under another name the probe ends with the handshake, before its request: that it shook hands is the answer. */
function isBeyondTls(result: ProbeResult): boolean {
  return result.outcome === 'failed' && result.failure.phase === 'request' && result.phases.tls !== undefined;
}
