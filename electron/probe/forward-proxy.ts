/**
 * The probe of a forward proxy: success only when something really comes through it. `tunnel` asks for a connection
 * (CONNECT, or SOCKS5), `through` sends a request over one. A target of http:// is asked for as `go` does it: without a
 * tunnel at an HTTP proxy. Any answer of the target counts: the proxy is judged, not the target.
 */

import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { originOf } from '../../shared/domain/host.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { type Connection, openTunnel } from './connection.ts';
import { failedBeforeSteps, httpUrl, runHttpProbe, type StepPlan } from './http-steps.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeRequest } from './probe-pool.ts';
import { requestRecord } from './requester.ts';
import { assemble, baseOf, type ResultBase } from './result-of-steps.ts';
import { trustSet } from './trust.ts';
import { isSocks, PROXY_SCHEMES } from './tunnel.ts';

/** Asked for through a proxy unless the settings name something else: what the tunnel is for. */
export const DEFAULT_TARGET = 'https://proxy.golang.org/golang.org/x/text/@v/v0.3.0.info';

/** Probes a `forward-proxy` endpoint. Never rejects. */
export async function probeForwardProxy(request: ProbeRequest, context: ProbeContext): Promise<ProbeResult> {
  const { endpoint, depth } = request;
  const base = baseOf(request, context.clock.now());
  try {
    const proxy = proxyUrl(endpoint.url);
    const target = httpUrl(endpoint.target ?? DEFAULT_TARGET);
    const needsTunnel = target.protocol === 'https:' || isSocks(proxy);
    if (!needsTunnel) return await runThrough(request, context, proxy, target);
    const tunnel = await runTunnel(request, context, base, proxy, target);
    if (tunnel.outcome !== 'ok' || depth === 'light') return tunnel;
    const through = await runThrough(request, context, proxy, target);
    return through.outcome === 'cancelled' ? through : joined(tunnel, through);
  } catch (error) {
    return failedBeforeSteps(base, error);
  }
}

/** The tunnel's phases, and whatever came through it. */
function joined(
  tunnel: ProbeResult & { outcome: 'ok' },
  through: Exclude<ProbeResult, { outcome: 'cancelled' }>,
): ProbeResult {
  const { phases, totalMs, remote, tls } = tunnel;
  return { ...through, phases, totalMs, remote, tls, steps: [...tunnel.steps, ...through.steps] };
}

function proxyUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new PhaseError('request', 'forward-proxy-misconfigured', `${redactUrl(text)} is not the URL of a proxy`);
  }
  if (PROXY_SCHEMES.has(url.protocol)) return url;
  throw new PhaseError('request', 'forward-proxy-misconfigured', `${url.protocol}// is no scheme of a proxy`);
}

async function runTunnel(
  request: ProbeRequest,
  { clock, signal, transfer, onStep, overHttps }: ProbeContext,
  base: ResultBase,
  proxy: URL,
  target: URL,
): Promise<ProbeResult> {
  const { limits, network } = request;
  const record = requestRecord();
  record.hops.push(base.url);
  const deadline = { clock, signal, transfer, overHttps, endsAt: clock.monotonic() + limits.hard.totalMs };
  const options = { network, trust: trustSet(network.extraCa ?? []), limits, deadline };
  const began = clock.monotonic();
  let failure = null;
  let connection: Connection | null = null;
  try {
    connection = await openTunnel(proxy, originOf(target), options, record.first);
  } catch (error) {
    if (!(error instanceof PhaseError)) throw error;
    failure = error.toFailure();
  }
  const totalMs = clock.monotonic() - began;
  const facts = connection?.handshake?.facts();
  if (facts !== undefined) record.first.tls = facts;
  connection?.socket.destroy();
  onStep?.();
  const step = {
    name: 'tunnel' as const,
    url: base.url,
    outcome: failure === null ? ('ok' as const) : ('failed' as const),
    durationMs: totalMs,
    cause: failure?.cause,
    phase: failure?.phase,
  };
  return assemble(base, [{ step, record, totalMs, failure, verifyMs: null, unexpected: null }], request);
}

function runThrough(request: ProbeRequest, context: ProbeContext, proxy: URL, target: URL): Promise<ProbeResult> {
  const network = { ...request.network, forwardProxy: proxy.href };
  const isPlain = target.protocol === 'http:' && !isSocks(proxy);
  const plan: StepPlan = {
    name: 'through',
    url: target,
    maxBytes: 1024 * 1024,
    enoughBytes: 1,
    judge: ({ status }) => {
      if (status === 407) return { cause: 'forward-proxy-auth', phase: 'response', message: 'HTTP status 407' };
      // Without a tunnel the proxy itself answers for a target that it cannot reach.
      const failed = isPlain && (status === 502 || status === 503 || status === 504);
      return failed ? { cause: 'forward-proxy-refused', phase: 'response', message: `HTTP status ${status}` } : null;
    },
  };
  return runHttpProbe({ ...request, network }, context, async (runner) => {
    await runner.run(plan);
  });
}
