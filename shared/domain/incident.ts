/** A time span in which an endpoint had a problem. */
import type { Cause } from './cause.ts';
import type { DurationMs, EpochMs } from './units.ts';
import type { VerdictName } from './verdict.ts';

/**
 * `down`: no responses. `flapping`: repeatedly down and up. `intermittent`: single requests fail more often than
 * expected. `degraded`: slow responses.
 */
export const INCIDENT_SEVERITIES = ['down', 'flapping', 'intermittent', 'degraded'] as const;
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

export interface Incident {
  /** Unique within the history. */
  readonly id: string;
  readonly endpointId: string;
  readonly severity: IncidentSeverity;
  readonly cause: Cause | null;
  /** The verdict it was attributed to; null when there was none, or when `go` did not need this endpoint. */
  readonly verdict: VerdictName | null;
  /** Profiles that did not work, or fell back, because of it. */
  readonly profileIds: readonly string[];
  readonly startedAt: EpochMs;
  /** null while it lasts. */
  readonly endedAt: EpochMs | null;
  /** Unobserved time within it (asleep, paused, not running): not counted as downtime. */
  readonly unobservedMs: DurationMs;
  /** A drill, not real. */
  readonly drill: boolean;
  /** What the first failing probe saw, as JSON of Evidence and Failure; bounded to 4 KB. */
  readonly evidence: string | null;
}

/** How long it was seen to last, until `now` while it does, ms. */
export function downtimeOf({ startedAt, endedAt, unobservedMs }: Incident, now: EpochMs): DurationMs {
  return Math.max(0, (endedAt ?? now) - startedAt - unobservedMs);
}
