/** A forward proxy of the environment as something to measure. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { displayName } from '../../shared/domain/goproxy-list.ts';

/** Asked for the URL that `go` would ask for through it. */
export function proxyEndpoint(proxy: string, target: string): Endpoint {
  const url = proxy.includes('://') ? proxy : `http://${proxy}`;
  return { id: url, kind: 'forward-proxy', name: displayName(url), url, target };
}
