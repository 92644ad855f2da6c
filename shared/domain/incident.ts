/** A span of `down` or `degraded`. */
import type { Cause } from './cause.ts';
import type { EpochMs } from './units.ts';

export interface Incident {
  /** Unique within the history. */
  readonly id: string;
  readonly endpointId: string;
  readonly severity: 'down' | 'degraded';
  readonly cause: Cause | null;
  readonly startedAt: EpochMs;
  /** null while it lasts. */
  readonly endedAt: EpochMs | null;
  /** What the first failing probe saw, as JSON of Evidence and Failure; bounded to 4 KB. */
  readonly evidence: string | null;
}
