/** The standing judgement about one endpoint. */
import type { Cause } from './cause.ts';
import type { EpochMs } from './units.ts';

export const STATUSES = ['unknown', 'up', 'degraded', 'down'] as const;
export type Status = (typeof STATUSES)[number];

/** Why an endpoint is not being judged right now. */
export type StatusReason = 'paused' | 'offline';

/** How many results in a row change the status. */
export interface Thresholds {
  readonly failuresToDown: number;
  readonly successesToUp: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = { failuresToDown: 3, successesToUp: 2 };

export interface EndpointStatus {
  readonly status: Status;
  readonly since: EpochMs;
  /** The cause behind `down`; kept while recovery is being confirmed. */
  readonly cause: Cause | null;
  /** Failures in a row that have not (yet) been told as `down`, and successes in a row since the last failure. */
  readonly failures: number;
  readonly successes: number;
}
