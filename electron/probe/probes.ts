/** Every kind of endpoint and its probe: one signature for all. */
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import { probeDns } from './dns.ts';
import { probeForwardProxy } from './forward-proxy.ts';
import { probeGoproxy } from './goproxy.ts';
import type { Probe } from './probe-context.ts';
import { probeSumdb } from './sumdb.ts';
import { probeVcs } from './vcs.ts';

/** The canary needs a real `go` and is run where that is known: see canary-pool. */
export const PROBES: Readonly<Record<Exclude<EndpointKind, 'module'>, Probe>> = {
  goproxy: probeGoproxy,
  sumdb: probeSumdb,
  vcs: probeVcs,
  dns: probeDns,
  'forward-proxy': probeForwardProxy,
};
