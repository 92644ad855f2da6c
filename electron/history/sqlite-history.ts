/**
 * The history on one SQLite connection, synchronous: what the worker thread runs, and tests directly.
 *
 * Samples of open hours are rows (`hot`), closed hours are packed (chunk-codec.ts) and rolled up (rollup.ts); why so
 * stands in docs/decisions/0020-history-layout.md. Every write is one transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { HistoryEvent, SeriesColumn } from '../../shared/domain/timeline.ts';
import { DAY_MS, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';
import type { Clock } from '../system/clock.ts';
import type { HourFacts } from '../verdict/latency-baseline.ts';
import { firstMeasurement } from './first-measurement.ts';
import { HistoryError, toHistoryError } from './history-error.ts';
import type { HistoryStore } from './history-store.ts';
import { hourFacts } from './hour-facts.ts';
import { DEFAULT_RETENTION, prune, type Retention } from './retention.ts';
import { hasClosedHours, sealClosedHours } from './sealing.ts';
import { seriesOf } from './series.ts';
import { incidentsWithin, newestIncidents, openIncidents, putIncident } from './stored-incident.ts';
import { rowOf, type StoredRow, sampleFrom } from './stored-row.ts';
import { Tables, unpack } from './tables.ts';
import { dayOf } from './time-keys.ts';

/** The synchronous form of the port; errors are thrown as HistoryError. */
export type SyncHistory = {
  readonly [M in keyof HistoryStore]: (...args: Parameters<HistoryStore[M]>) => Awaited<ReturnType<HistoryStore[M]>>;
};

/** The history over one open database. */
export class SqliteHistory implements SyncHistory {
  readonly #database: DatabaseSync;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #retention: Retention;
  readonly #tables: Tables;

  /** Takes over a migrated database and closes it at the end. */
  constructor(database: DatabaseSync, clock: Pick<Clock, 'now'>, retention: Retention = DEFAULT_RETENTION) {
    this.#database = database;
    this.#clock = clock;
    this.#retention = retention;
    this.#tables = new Tables(database);
  }

  record(samples: readonly Sample[]): void {
    if (samples.length === 0) return;
    this.#write((tables) => {
      for (const sample of samples) {
        const row = rowOf(sample, (name) => tables.causes.idOf(name));
        tables.addHot(tables.endpoints.idOf(sample.endpointId), row);
      }
      const now = this.#clock.now();
      if (!hasClosedHours(tables, now)) return;
      sealClosedHours(tables, now);
      prune(tables, now, this.#retention);
    });
  }

  saveIncident(incident: Incident): void {
    this.#write((tables) => putIncident(tables, incident));
  }

  recordEvent({ at, kind, detail, endpointId }: HistoryEvent): void {
    this.#write((tables) => {
      const endpoint = endpointId === undefined ? null : tables.endpoints.idOf(endpointId);
      const insert = tables.statement('INSERT INTO event (at, kind, detail, endpoint) VALUES (?, ?, ?, ?)');
      insert.run(Math.round(at), kind, detail, endpoint);
    });
  }

  samples(endpointId: string, from: EpochMs, to: EpochMs, limit: number): readonly Sample[] {
    return this.#read((tables) => {
      const endpoint = tables.endpoints.find(endpointId);
      if (endpoint === undefined || limit <= 0) return [];
      const rows = newestRows(tables, endpoint, from, to, limit);
      return rows.map((row) => this.#sample(row, endpointId));
    });
  }

  series(
    endpointId: string,
    from: EpochMs,
    to: EpochMs,
    columns: number,
    withPhases: boolean,
  ): readonly SeriesColumn[] {
    return this.#read((tables) => {
      const endpoint = tables.endpoints.find(endpointId) ?? 0;
      return seriesOf(tables, endpoint, from, to, columns, withPhases);
    });
  }

  firstAt(endpointId: string): EpochMs | null {
    return this.#read((tables) => firstMeasurement(tables, tables.endpoints.find(endpointId) ?? 0));
  }

  hours(endpointId: string, from: EpochMs, to: EpochMs): readonly HourFacts[] {
    return this.#read((tables) => hourFacts(tables, tables.endpoints.find(endpointId) ?? 0, from, to));
  }

  incidents(endpointId: string | null, limit: number): readonly Incident[] {
    return this.#read((tables) => newestIncidents(tables, endpointId, limit));
  }

  incidentsWithin(from: EpochMs, to: EpochMs): readonly Incident[] {
    return this.#read((tables) => incidentsWithin(tables, from, to));
  }

  openIncidents(): readonly Incident[] {
    return this.#read((tables) => openIncidents(tables));
  }

  events(from: EpochMs, to: EpochMs, limit: number): readonly HistoryEvent[] {
    return this.#read((tables) =>
      tables
        .statement(
          `SELECT at, kind, detail, name FROM event LEFT JOIN endpoint ON endpoint.id = event.endpoint
           WHERE at >= ? AND at < ? ORDER BY at DESC, event.id DESC LIMIT ?`,
        )
        .all(from, to, limit)
        .map((row) => ({
          at: Number(row.at),
          kind: String(row.kind) as HistoryEvent['kind'],
          detail: String(row.detail),
          ...(row.name === null ? {} : { endpointId: String(row.name) }),
        })),
    );
  }

  latest(): ReadonlyMap<string, Sample> {
    return this.#read((tables) => {
      const latest = new Map<string, Sample>();
      for (const [name, id] of tables.endpoints.all()) {
        const row = newestRow(tables, id);
        if (row !== null) latest.set(name, this.#sample(row, name));
      }
      return latest;
    });
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #sample(row: StoredRow, endpointId: string): Sample {
    return sampleFrom(row, endpointId, (id) => this.#tables.causes.nameOf(id));
  }

  #read<T>(read: (tables: Tables) => T): T {
    if (!this.#database.isOpen) throw new HistoryError('closed', 'the history is closed');
    try {
      return read(this.#tables);
    } catch (error) {
      throw toHistoryError(error);
    }
  }

  #write(write: (tables: Tables) => void): void {
    this.#read((tables) => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        write(tables);
        this.#database.exec('COMMIT');
      } catch (error) {
        // SQLite rolls back automatically after some errors, such as a full disk.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        tables.endpoints.reload();
        tables.causes.reload();
        throw error;
      }
    });
  }
}

/** The newest rows in [from, to), newest first. Late samples may still be rows beside their packed hour. */
function newestRows(tables: Tables, endpoint: number, from: EpochMs, to: EpochMs, limit: number): StoredRow[] {
  const rows = new Map(tables.hotOf(endpoint, from, to).map((row) => [row.at, row]));
  for (const { start, slice } of packedHours(tables, endpoint, from, to)) {
    if (countFrom(rows.keys(), start + HOUR_MS) >= limit) break;
    for (const row of unpack(slice, start) ?? []) {
      if (row.at >= from && row.at < to && !rows.has(row.at)) rows.set(row.at, row);
    }
  }
  return [...rows.values()].sort((a, b) => b.at - a.at).slice(0, limit);
}

/** Packed hours that touch [from, to), newest first, read day by day as they are asked for. */
function* packedHours(
  tables: Tables,
  endpoint: number,
  from: EpochMs,
  to: EpochMs,
): Generator<{ readonly start: EpochMs; readonly slice: Uint8Array }> {
  const oldest = tables.oldestPack();
  const lastDay = tables.lastDay(endpoint);
  if (oldest === null || lastDay === null) return;
  const oldestDay = Math.max(dayOf(from), oldest);
  for (let day = Math.min(dayOf(to - 1), lastDay); day >= oldestDay; day--) {
    for (const [index, slice] of [...(tables.pack(day)?.get(endpoint) ?? []).entries()].reverse()) {
      const start = day * DAY_MS + index * HOUR_MS;
      if (slice !== null && start < to && start + HOUR_MS > from) yield { start, slice };
    }
  }
}

/** How many instants are not before a given one. */
function countFrom(instants: Iterable<EpochMs>, from: EpochMs): number {
  let count = 0;
  for (const at of instants) if (at >= from) count++;
  return count;
}

function newestRow(tables: Tables, endpoint: number): StoredRow | null {
  const end = Number.MAX_SAFE_INTEGER;
  return newestRows(tables, endpoint, 0, end, 1)[0] ?? null;
}
