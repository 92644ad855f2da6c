/** The two histories that are compared: ours, and the table of a well-known monitor that keeps a row for each beat. */
import { DatabaseSync } from 'node:sqlite';
import { openHistoryFile } from '../../electron/history/history-file.ts';
import { SqliteHistory } from '../../electron/history/sqlite-history.ts';
import type { Sample } from '../../shared/domain/result.ts';
import { DAY_MS, type EpochMs } from '../../shared/domain/units.ts';

/** Latencies in ms, uptime 0…1. */
export interface Stats {
  readonly p50: number;
  readonly p95: number;
  readonly uptime: number;
}

export interface Layout {
  /** Fills the past; may take many ticks at once where the layout would not. */
  grow(ticks: readonly (readonly Sample[])[]): void;
  /** Stores one tick as the running application would. */
  insert(tick: readonly Sample[]): void;
  /** The 24-hour strip of one endpoint. */
  strip(endpointId: string, now: EpochMs): number;
  /** Points over a span for one endpoint. */
  chart(endpointId: string, from: EpochMs, to: EpochMs, points: number): number;
  /** Over a span of days. */
  stats(endpointId: string, from: EpochMs, to: EpochMs): Stats;
  /** Moves everything into the main file and closes it. */
  close(): void;
}

const STRIP_CELLS = 48;

export class PackedLayout implements Layout {
  readonly #history: SqliteHistory;
  readonly #database: DatabaseSync;
  #now: EpochMs;

  constructor(file: string, now: EpochMs) {
    this.#now = now;
    this.#database = openHistoryFile(file, now).database;
    this.#history = new SqliteHistory(this.#database, { now: () => this.#now });
  }

  grow(ticks: readonly (readonly Sample[])[]): void {
    for (const tick of ticks) this.insert(tick);
  }

  insert(tick: readonly Sample[]): void {
    this.#now = tick.at(-1)?.at ?? this.#now;
    this.#history.record(tick);
  }

  strip(endpointId: string, now: EpochMs): number {
    return this.#history.series(endpointId, now - DAY_MS, now, STRIP_CELLS, false).length;
  }

  chart(endpointId: string, from: EpochMs, to: EpochMs, points: number): number {
    return this.#history.series(endpointId, from, to, points, false).length;
  }

  stats(endpointId: string, from: EpochMs, to: EpochMs): Stats {
    const [column] = this.#history.series(endpointId, from, to, 1, false);
    const { n = 0, failed = 0, p50 = null, p95 = null } = column ?? {};
    return { p50: p50 ?? 0, p95: p95 ?? 0, uptime: (n - failed) / n };
  }

  /** The same from every single sample. */
  exactStats(endpointId: string, from: EpochMs, to: EpochMs): Stats {
    const samples = this.#history.samples(endpointId, from, to, Number.MAX_SAFE_INTEGER);
    const sorted = samples
      .filter(({ outcome }) => outcome !== 'failed')
      .map(({ totalMs }) => totalMs)
      .sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    return { p50: at(0.5), p95: at(0.95), uptime: sorted.length / samples.length };
  }

  close(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#history.close();
  }
}

/** The columns and indexes of Uptime Kuma 2's `heartbeat` (its migrations); total time only, no phases. */
const HEARTBEAT = `
  CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY AUTOINCREMENT, important BOOLEAN NOT NULL DEFAULT 0, monitor_id INTEGER NOT NULL,
    status SMALLINT NOT NULL, msg TEXT, time DATETIME NOT NULL, ping INTEGER, duration INTEGER NOT NULL DEFAULT 0,
    down_count INTEGER NOT NULL DEFAULT 0, end_time DATETIME, retries INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX important ON heartbeat (important);
  CREATE INDEX monitor_time_index ON heartbeat (monitor_id, time);
  CREATE INDEX monitor_id ON heartbeat (monitor_id);
  CREATE INDEX monitor_important_time_index ON heartbeat (monitor_id, important, time);`;

export class HeartbeatLayout implements Layout {
  readonly #database: DatabaseSync;
  readonly #monitors = new Map<string, number>();

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.#database.exec(HEARTBEAT);
  }

  grow(ticks: readonly (readonly Sample[])[]): void {
    this.#database.exec('BEGIN');
    for (const tick of ticks) this.insert(tick);
    this.#database.exec('COMMIT');
  }

  /** Each beat is a transaction of its own: monitors store what they found when they found it. */
  insert(tick: readonly Sample[]): void {
    const statement = this.#prepared(
      `INSERT INTO heartbeat (important, monitor_id, status, msg, time, ping, duration, end_time)
       VALUES (?, ?, ?, ?, ?, ?, 30, ?)`,
    );
    for (const { endpointId, at, outcome, totalMs, cause } of tick) {
      const status = outcome === 'failed' ? 0 : 1;
      const text = status === 1 ? '200 - OK' : (cause ?? '');
      const ping = status === 1 ? Math.round(totalMs) : null;
      statement.run(1 - status, this.#monitor(endpointId), status, text, dateText(at), ping, dateText(at + totalMs));
    }
  }

  strip(endpointId: string, now: EpochMs): number {
    const cells = Array.from({ length: STRIP_CELLS }, () => [] as number[]);
    const rows = this.#prepared(
      'SELECT status, time, ping FROM heartbeat WHERE monitor_id = ? AND time >= ? AND time < ? ORDER BY time',
    ).all(this.#monitor(endpointId), dateText(now - DAY_MS), dateText(now));
    for (const { time, ping } of rows) {
      const at = Date.parse(`${String(time).replace(' ', 'T')}Z`);
      if (ping !== null) cells[Math.floor((at - now + DAY_MS) / (DAY_MS / STRIP_CELLS))]?.push(Number(ping));
    }
    return cells.map((pings) => pings.sort((a, b) => a - b)[pings.length >> 1]).length;
  }

  chart(endpointId: string, from: EpochMs, to: EpochMs, points: number): number {
    return this.#prepared(
      `SELECT (CAST(strftime('%s', time) AS INTEGER) - ?1) / ?2 AS point, count(*), sum(status = 0), avg(ping),
              min(ping), max(ping)
       FROM heartbeat WHERE monitor_id = ?3 AND time >= ?4 AND time < ?5 GROUP BY point`,
    ).all(from / 1000, (to - from) / 1000 / points, this.#monitor(endpointId), dateText(from), dateText(to)).length;
  }

  stats(endpointId: string, from: EpochMs, to: EpochMs): Stats {
    const pings = this.#prepared(
      'SELECT ping FROM heartbeat WHERE monitor_id = ? AND time >= ? AND time < ? AND status = 1 ORDER BY ping',
    ).all(this.#monitor(endpointId), dateText(from), dateText(to));
    const row = this.#prepared(
      'SELECT avg(status) AS uptime FROM heartbeat WHERE monitor_id = ? AND time >= ? AND time < ?',
    ).get(this.#monitor(endpointId), dateText(from), dateText(to));
    const at = (share: number) => Number(pings[Math.floor(share * (pings.length - 1))]?.ping);
    return { p50: at(0.5), p95: at(0.95), uptime: Number(row?.uptime) };
  }

  close(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#database.close();
  }

  #monitor(endpointId: string): number {
    const known = this.#monitors.get(endpointId) ?? this.#monitors.size + 1;
    this.#monitors.set(endpointId, known);
    return known;
  }

  #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  #prepared(sql: string) {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** `2026-01-01 00:00:30.123`, as the original stores times. */
function dateText(at: EpochMs): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 23);
}
