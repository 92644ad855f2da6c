/** The HTTP client of the settings: for everything that is not a measurement. */
import manifest from '../../package.json' with { type: 'json' };
import { DEFAULT_LIMITS, type Limits } from '../../shared/domain/endpoint.ts';
import { askOverHttps } from '../probe/doh.ts';
import { httpConnector, type ProxyFor } from '../probe/http-connector.ts';
import { lookUpWith } from '../probe/look-up.ts';
import type { ProbeNetwork } from '../probe/probe-pool.ts';
import type { HttpsLookUp } from '../probe/resolved-address.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import type { HttpClient } from '../system/http-client.ts';
import { UndiciHttpClient } from '../system/undici-http-client.ts';
import { parseUrl } from '../system/web.ts';
import { forwardProxyFor } from '../toolchain/proxy-environment.ts';

/** Opens a client over one network; `close` it. Throws where an extra root is not a certificate. */
export function openHttpClient(network: ProbeNetwork, limits: Limits, clock: Clock, proxyFor?: ProxyFor): HttpClient {
  return new UndiciHttpClient({
    connector: httpConnector(network, limits, clock, httpsLookUp(clock), proxyFor),
    clock,
    limits: { headerMs: limits.hard.headerMs, bodyIdleMs: limits.hard.headerMs, totalMs: limits.hard.totalMs },
    headers: { 'user-agent': `Gopherbar/${manifest.version}` },
  });
}

/** The forward proxy that the environment names for an origin, as Go's http.ProxyFromEnvironment reads it. */
export function environmentProxy(env: Env): ProxyFor {
  return ({ secure, host, port }) => {
    const url = parseUrl(`${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`);
    return url === null ? null : forwardProxyFor(url, env);
  };
}

/**
 * DNS over HTTPS for a resolver of the settings. The name of the resolver itself is looked up by the system; each look-up
 * has a connection of its own, as every probe has.
 */
export function httpsLookUp(clock: Clock): HttpsLookUp {
  return async (host, server, { extraCa, pinned }, signal) => {
    const client = openHttpClient({ extraCa, pinned }, DEFAULT_LIMITS, clock);
    try {
      return await askOverHttps(client, server, host, signal);
    } finally {
      await client.close();
    }
  };
}

/** Looks names up by the resolver of the settings; see lookUpWith. */
export function lookUpIn(network: ProbeNetwork, clock: Clock, signal?: AbortSignal) {
  return lookUpWith(network, clock, httpsLookUp(clock), signal);
}
