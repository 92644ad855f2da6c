/** Endpoints of every kind; the first is a proxy with all that a failure can tell. */
import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import type { EndpointState, Snapshot } from '../../../shared/domain/snapshot.ts';
import { type EndpointOptions, endpoint } from '../parts.ts';
import { down } from './outage.ts';

const EVIDENCE = {
  notes: ['tls-downgraded', 'ipv6-fails'],
  experiments: [
    { variable: 'other-name', tries: 3, unchanged: 0, changed: 3, value: 'example.com' },
    { variable: 'small-hello', tries: 3, unchanged: 0, changed: 0 },
  ],
} as const;

/** One endpoint of each kind, as of an instant (epoch ms). */
export function kinds(now: number): Snapshot {
  const of = (kind: Endpoint['kind'], name: string, i: number, options: EndpointOptions = {}): EndpointState => {
    const state = endpoint(now, name, i, options);
    return { ...state, endpoint: { ...state.endpoint, kind } };
  };
  const blamed = endpoint(now, 'goproxy.cn', 1, { status: 'down', cause: 'connection-reset', uptime: 0.98 });
  const last = blamed.last === null ? null : { ...blamed.last, evidence: { ...blamed.last.evidence, ...EVIDENCE } };
  return {
    ...down(now),
    verdict: {
      ...down(now).verdict,
      name: 'sni-blocked',
      blame: { rule: 'sni-blocked/experiment', score: 0.95, detail: 'example.com', endpointIds: ['goproxy.cn'] },
    },
    endpoints: [
      { ...blamed, breaker: 'open', forwardProxyOfGo: 'http://127.0.0.1:7890', last },
      of('sumdb', 'sum.golang.org', 2, { latencyMs: 210 }),
      of('vcs', 'github.com', 3, { latencyMs: 320 }),
      of('dns', '223.5.5.5', 4, { latencyMs: 9 }),
      of('forward-proxy', '127.0.0.1:7890', 5, { status: 'down', cause: 'forward-proxy-unreachable' }),
      of('module', 'golang.org/x/text', 6, { latencyMs: 2_400 }),
    ],
  };
}
