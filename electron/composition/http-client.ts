/** The HTTP client of the settings: for everything that is not a measurement. */
import manifest from '../../package.json' with { type: 'json' };
import type { Limits } from '../../shared/domain/endpoint.ts';
import { httpConnector } from '../probe/http-connector.ts';
import type { ProbeNetwork } from '../probe/probe-pool.ts';
import type { Clock } from '../system/clock.ts';
import type { HttpClient } from '../system/http-client.ts';
import { UndiciHttpClient } from '../system/undici-http-client.ts';

/** Opens a client over one network; `close` it. Throws where an extra root is not a certificate. */
export function openHttpClient(network: ProbeNetwork, limits: Limits, clock: Clock): HttpClient {
  return new UndiciHttpClient({
    connector: httpConnector(network, limits, clock),
    clock,
    limits: { headerMs: limits.hard.headerMs, bodyIdleMs: limits.hard.headerMs, totalMs: limits.hard.totalMs },
    headers: { 'user-agent': `Gopherbar/${manifest.version}` },
  });
}
