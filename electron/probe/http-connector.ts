/**
 * Connections for the HTTP client, made and judged as probes make and judge theirs: the same trust set, resolver, pins,
 * forward proxy and Happy Eyeballs, and the same name for every failure.
 */
import type { Limits } from '../../shared/domain/endpoint.ts';
import type { Origin } from '../../shared/domain/host.ts';
import type { Clock } from '../system/clock.ts';
import { type ErrorFacts, errorFacts } from '../system/error-facts.ts';
import type { BrokenExchange, HttpConnector } from '../system/http-client.ts';
import { classifyHttp1, classifyHttp2, phaseError } from './classify.ts';
import { openConnection } from './connection.ts';
import { authorization } from './credentials.ts';
import { judgeAddress } from './dns-message.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import type { HttpsLookUp } from './resolved-address.ts';
import { trustSet } from './trust.ts';
import { isSocks, proxyAuthorization } from './tunnel.ts';

/** Chooses the forward proxy for an origin, such as by HTTPS_PROXY and NO_PROXY; null = none. */
export type ProxyFor = (origin: Origin) => string | null;

/**
 * A connector over one network. `proxyFor` decides where the network names no forward proxy. Throws where an extra root is
 * not a certificate.
 */
export function httpConnector(
  network: ProbeNetwork,
  limits: Limits,
  clock: Clock,
  overHttps?: HttpsLookUp,
  proxyFor: ProxyFor = () => null,
): HttpConnector {
  const trust = trustSet(network.extraCa ?? []);
  const proxyOf = (origin: Origin) => network.forwardProxy ?? proxyFor(origin) ?? undefined;
  const { dialMs, tlsMs, headerMs } = limits.hard;
  return {
    async connect(origin, signal, isOutsideOnly) {
      // A tunnel costs two handshakes and an answer.
      const endsAt = clock.monotonic() + 2 * (dialMs + tlsMs) + headerMs;
      const through = { ...network, forwardProxy: proxyOf(origin) };
      const outsideOnly = isOutsideOnly && through.forwardProxy === undefined;
      const options = { network: through, trust, limits, outsideOnly, deadline: { clock, signal, endsAt, overHttps } };
      return (await openConnection(origin, options, { phases: {} })).socket;
    },
    relayHeaders(origin) {
      const proxy = origin.secure ? undefined : proxyOf(origin);
      if (proxy === undefined) return null;
      const url = new URL(proxy);
      return isSocks(url) ? null : proxyAuthorization(url);
    },
    authorization(url) {
      try {
        return authorization(url);
      } catch (error) {
        return failureOf(error, { phase: 'response', begun: false, isHttp2: false });
      }
    },
    failureOf,
    isInside: (address) => judgeAddress(address) === 'bogus',
  };
}

function failureOf(error: unknown, seen: BrokenExchange) {
  if (error instanceof PhaseError) return error.toFailure();
  const facts = nodeFacts(error);
  return phaseError(seen.phase, causeOf(facts, seen), facts).toFailure();
}

function causeOf(facts: ErrorFacts, { phase, begun, isHttp2 }: BrokenExchange) {
  if (facts.code === 'UND_ERR_HEADERS_OVERFLOW') return 'response-too-large';
  if (!isHttp2) return classifyHttp1(facts, phase, begun);
  const code = /"?(?:GOAWAY|stream error)"?.*\bcode (\d+)/i.exec(facts.message)?.[1];
  const isGoaway = /GOAWAY/.test(facts.message);
  const isReset = !isGoaway && (code !== undefined || facts.code === 'ERR_HTTP2_STREAM_ERROR');
  const trace = {
    goaway: isGoaway ? Number(code ?? 0) : null,
    rstCode: isReset ? Number(code ?? 1) : 0,
    error: isReset ? { ...facts, code: 'ERR_HTTP2_STREAM_ERROR' } : facts,
  };
  return classifyHttp2(trace, phase);
}

/**
 * undici's errors in Node's terms (undici/docs/docs/api/Errors.md): a connection that the server closed, a body shorter
 * or longer than announced, and what llhttp refused (undici leaves its code out, its reason is in the text).
 */
function nodeFacts(error: unknown): ErrorFacts {
  const facts = errorFacts(error);
  const isEnd = facts.code === 'UND_ERR_SOCKET' || facts.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
  if (isEnd) return { ...facts, code: 'ECONNRESET', syscall: undefined };
  if (facts.name !== 'HTTPParserError') return facts;
  const isCut = /invalid eof/i.test(facts.message);
  return { ...facts, code: isCut ? 'HPE_INVALID_EOF_STATE' : 'HPE_INVALID' };
}
