/** Every kind of endpoint and its probe: one signature for all. */
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock } from '../system/clock.ts';
import { probeGoproxy } from './goproxy.ts';
import type { ProbeRequest } from './probe-pool.ts';

export interface ProbeContext {
  readonly clock: Clock;
  /** Ends the probe: outcome `cancelled`, every socket destroyed. */
  readonly signal: AbortSignal;
}

/** Never rejects: trouble is part of the result. */
export type Probe = (request: ProbeRequest, context: ProbeContext) => Promise<ProbeResult>;

export const PROBES: Readonly<Record<EndpointKind, Probe>> = { goproxy: probeGoproxy };
