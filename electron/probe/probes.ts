/** Every kind of endpoint and its probe: one signature for all. */
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock } from '../system/clock.ts';
import { probeDns } from './dns.ts';
import { probeForwardProxy } from './forward-proxy.ts';
import { probeGoproxy } from './goproxy.ts';
import type { ProbeRequest } from './probe-pool.ts';
import { probeSumdb } from './sumdb.ts';
import type { Transfer } from './transfer.ts';
import { probeVcs } from './vcs.ts';

export interface ProbeContext {
  readonly clock: Clock;
  /** Ends the probe: outcome `cancelled`, every socket destroyed. */
  readonly signal: AbortSignal;
  /** Counts the sockets that are opened. */
  readonly transfer?: Transfer | undefined;
}

/** Never rejects: trouble is part of the result. */
export type Probe = (request: ProbeRequest, context: ProbeContext) => Promise<ProbeResult>;

/** The canary needs a real `go` and is run where that is known: see canary-pool. */
export const PROBES: Readonly<Record<Exclude<EndpointKind, 'module'>, Probe>> = {
  goproxy: probeGoproxy,
  sumdb: probeSumdb,
  vcs: probeVcs,
  dns: probeDns,
  'forward-proxy': probeForwardProxy,
};
