/** The one signature of all probes. */
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock } from '../system/clock.ts';
import type { ProbeRequest } from './probe-pool.ts';
import type { HttpsLookUp } from './resolved-address.ts';
import type { Transfer } from './transfer.ts';

/** What a probe is run with. */
export interface ProbeContext {
  readonly clock: Clock;
  /** Ends the probe: outcome `cancelled`, every socket destroyed. */
  readonly signal: AbortSignal;
  /** Called whenever a step has ended: the sign that the probe is still running. */
  readonly onStep?: (() => void) | undefined;
  /** Looks names up where the resolver is one over HTTPS. */
  readonly overHttps?: HttpsLookUp | undefined;
  /** Counts the sockets that are opened. */
  readonly transfer?: Transfer | undefined;
}

/** Measures one endpoint. Never rejects: failures are part of the result. */
export type Probe = (request: ProbeRequest, context: ProbeContext) => Promise<ProbeResult>;
