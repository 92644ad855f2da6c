/** The status of one endpoint and what it is derived from. */

export const STATUSES = ['unknown', 'up', 'degraded', 'flapping', 'down'] as const;
export type Status = (typeof STATUSES)[number];

/**
 * How an endpoint is degraded: `over-limit` = slower than the soft limits of the settings, `above-baseline` = slower than
 * usual at this hour of the day, `intermittent` = single requests fail more often than expected.
 */
export const DEGRADATION_KINDS = ['over-limit', 'above-baseline', 'intermittent'] as const;
export type DegradationKind = (typeof DEGRADATION_KINDS)[number];

/** Why an endpoint is not being judged right now. */
export type StatusReason = 'paused' | 'offline';

/** How many results in a row change the status. */
export interface Thresholds {
  readonly failuresToDown: number;
  readonly successesToUp: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = { failuresToDown: 3, successesToUp: 2 };

/** Whether an endpoint is probed as usual, backed off after many failures, or tried again. */
export type Breaker = 'closed' | 'open' | 'half-open';
