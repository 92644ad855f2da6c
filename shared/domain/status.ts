/** The standing judgement about one endpoint. */

export const STATUSES = ['unknown', 'up', 'degraded', 'flapping', 'down'] as const;
export type Status = (typeof STATUSES)[number];

/**
 * How an endpoint is degraded: `slow` beyond the limits of the settings, `slower` than by its habit at this hour,
 * `unsteady` = single answers fail more often than they should.
 */
export const MANNERS = ['slow', 'slower', 'unsteady'] as const;
export type DegradationKind = (typeof MANNERS)[number];

/** Why an endpoint is not being judged right now. */
export type StatusReason = 'paused' | 'offline';

/** How many results in a row change the status. */
export interface Thresholds {
  readonly failuresToDown: number;
  readonly successesToUp: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = { failuresToDown: 3, successesToUp: 2 };

/** Whether an endpoint is probed as usual, left in peace after many failures, or tried again. */
export type Breaker = 'closed' | 'open' | 'half-open';
