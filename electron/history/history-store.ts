/** The port of the history: what is asked of it, in the words of the domain. */
import type { Incident } from '../../shared/domain/incident.ts';
import type { PhaseTimings, Sample } from '../../shared/domain/result.ts';
import type { StripCell } from '../../shared/domain/snapshot.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { HourFacts } from '../verdict/latency-baseline.ts';

/** What a person or the machine did, for the time line. */
export interface HistoryEvent {
  readonly at: EpochMs;
  readonly kind:
    | 'started'
    | 'stopped'
    | 'paused'
    | 'resumed'
    | 'slept'
    | 'woke'
    | 'network-changed'
    | 'went-offline'
    | 'back-online'
    | 'switched'
    | 'undone'
    | 'failed-over'
    | 'drilled'
    | 'settings-changed';
  /** Free text for a person, redacted. */
  readonly detail: string;
}

export interface DaySummary {
  readonly cells: readonly StripCell[];
  /** Share of successes, 0…1; null when nothing was measured. */
  readonly uptime: number | null;
}

/** Everything measured in one column of a chart. */
export interface SeriesColumn {
  /** Start, UTC. */
  readonly at: EpochMs;
  readonly n: number;
  readonly slow: number;
  readonly failed: number;
  /** Of the successes, within 1 %; null when there were none. */
  readonly p50: DurationMs | null;
  readonly p95: DurationMs | null;
  readonly p99: DurationMs | null;
  /** Means of the successes' phases; empty where single samples are not kept any more. */
  readonly phases: PhaseTimings;
}

export interface HistoryStore {
  /** Stores samples in one transaction. Once it resolves they survive a kill -9 of this process. */
  record(samples: readonly Sample[]): Promise<void>;
  /** Inserts an incident, or replaces the one with its id. */
  saveIncident(incident: Incident): Promise<void>;
  recordEvent(event: HistoryEvent): Promise<void>;
  /** Equal columns over [from, to), oldest first, and the share of successes in them. */
  summary(endpointId: string, from: EpochMs, to: EpochMs, cells: number): Promise<DaySummary>;
  /** Equal columns over [from, to), oldest first, with percentiles. */
  series(endpointId: string, from: EpochMs, to: EpochMs, columns: number): Promise<readonly SeriesColumn[]>;
  /** Whole hours that touch [from, to), oldest first; hours without measurements are left out. */
  hours(endpointId: string, from: EpochMs, to: EpochMs): Promise<readonly HourFacts[]>;
  /** Newest first. */
  samples(endpointId: string, from: EpochMs, to: EpochMs, limit: number): Promise<readonly Sample[]>;
  /** Newest first. */
  incidents(endpointId: string | null, limit: number): Promise<readonly Incident[]>;
  /** Oldest first, those that touch [from, to). */
  incidentsWithin(from: EpochMs, to: EpochMs): Promise<readonly Incident[]>;
  /** Incidents that have not ended, oldest first. */
  openIncidents(): Promise<readonly Incident[]>;
  /** Newest first. */
  events(from: EpochMs, to: EpochMs, limit: number): Promise<readonly HistoryEvent[]>;
  /** The newest sample of every endpoint that has one. */
  latest(): Promise<ReadonlyMap<string, Sample>>;
  close(): Promise<void>;
}

/** How opening went: `set-aside` = the file was damaged, was renamed, and a new one was begun. */
export interface HistoryOpening {
  readonly store: HistoryStore;
  readonly state: 'opened' | 'created' | 'set-aside' | 'newer';
  /** Where the damaged (or too new) file lies now; null otherwise. */
  readonly setAsidePath: string | null;
}

/** Interval used by `uptime24h` and strips. */
export const DAY_STRIP_MS: DurationMs = 24 * 3_600_000;
