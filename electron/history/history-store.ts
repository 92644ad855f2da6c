/** The port of the history, in the terms of the domain. */
import type { Incident } from '../../shared/domain/incident.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { HistoryEvent, SeriesColumn } from '../../shared/domain/timeline.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { HourFacts } from '../verdict/latency-baseline.ts';

/** The history of samples, incidents and events. Every call rejects with HistoryError. */
export interface HistoryStore {
  /** Stores samples in one transaction. Once it resolves they survive a kill -9 of this process. */
  record(samples: readonly Sample[]): Promise<void>;
  /** Inserts an incident, or replaces the one with its id. */
  saveIncident(incident: Incident): Promise<void>;
  recordEvent(event: HistoryEvent): Promise<void>;
  /** Equal columns over [from, to), oldest first, with percentiles; phases only on request: they cost the most. */
  series(
    endpointId: string,
    from: EpochMs,
    to: EpochMs,
    columns: number,
    withPhases: boolean,
  ): Promise<readonly SeriesColumn[]>;
  /**
   * The first measurement of an endpoint that is still known: to the sample while samples are kept, then to the hour, at
   * last to the day; null when there is none.
   */
  firstAt(endpointId: string): Promise<EpochMs | null>;
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

/**
 * How opening went: `set-aside` = the file was damaged, was renamed, and a new one was begun; `waiting` = it could not be
 * opened, and what is written waits in memory.
 */
export interface HistoryOpening {
  readonly store: HistoryStore;
  readonly state: 'opened' | 'created' | 'set-aside' | 'newer' | 'waiting';
  /** Path of the damaged (or too new) file now; null otherwise. */
  readonly setAsidePath: string | null;
  /** Only of `waiting`: why, and what resolves once the file is in use. */
  readonly waiting?: { readonly problem: Problem; readonly ended: Promise<HistoryOpening> };
}
