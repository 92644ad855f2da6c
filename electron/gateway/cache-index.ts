/**
 * The index of the cache: which files are whole, when each was used, and the counters. SQLite in WAL mode, so that the app
 * and the command line share one cache. Synchronous: each statement takes microseconds.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { GatewayFigures } from '../../shared/domain/gateway.ts';
import { DAY_MS, type EpochMs } from '../../shared/domain/units.ts';

/** One cached file. */
export interface CacheEntry {
  /** Path below the cache folder, as in a GOPROXY tree. */
  readonly path: string;
  readonly bytes: number;
  /** Of the content: its strong ETag, and what it is checked by when a process serves it for the first time. */
  readonly sha256: string;
  /** Whole seconds, as Last-Modified has them. */
  readonly modifiedAt: EpochMs;
  /** Whether it was verified against the checksum database. */
  readonly verified: boolean;
}

/** What is counted. */
export const COUNTERS = [
  'requests',
  'survived',
  'saved',
  'hedges',
  'cacheHits',
  'cacheBytes',
  'upstreamBytes',
  'incidents',
] as const;
export type Counter = (typeof COUNTERS)[number];

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, modified_at INTEGER NOT NULL,
    verified INTEGER NOT NULL, used_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS files_used ON files (used_at);
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS saved_days (day INTEGER PRIMARY KEY, saved INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS transfers (id TEXT PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
`;

/** How long it is remembered when requests were saved. */
const DAYS_KEPT = 31;

/** Another process may hold the write lock for a moment. */
const BUSY_MS = 2_000;

export class CacheIndex {
  readonly #database: DatabaseSync;
  /** Compiling a statement costs more than running it. */
  readonly #statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Opens or makes the index. Throws where the place cannot be written or holds something else. */
  static open(file: string): CacheIndex {
    mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`);
    database.exec(SCHEMA);
    return new CacheIndex(database);
  }

  #prepared(sql: string): StatementSync {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) return kept;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  get(path: string): CacheEntry | null {
    const row = this.#prepared('SELECT path, bytes, sha256, modified_at, verified FROM files WHERE path = ?').get(path);
    if (row === undefined) return null;
    return {
      path: String(row.path),
      bytes: Number(row.bytes),
      sha256: String(row.sha256),
      modifiedAt: Number(row.modified_at),
      verified: Number(row.verified) === 1,
    };
  }

  put({ path, bytes, sha256, modifiedAt, verified }: CacheEntry, now: EpochMs): void {
    this.#prepared('INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)').run(
      path,
      bytes,
      sha256,
      modifiedAt,
      verified ? 1 : 0,
      now,
    );
  }

  /** Notes that files were used. */
  touch(paths: Iterable<string>, now: EpochMs): void {
    const statement = this.#prepared('UPDATE files SET used_at = ? WHERE path = ?');
    this.#transaction(() => {
      for (const path of paths) statement.run(now, path);
    });
  }

  remove(path: string): void {
    this.#prepared('DELETE FROM files WHERE path = ?').run(path);
  }

  /** Bytes and number of all files. */
  totals(): { readonly bytes: number; readonly files: number } {
    const row = this.#prepared('SELECT COALESCE(SUM(bytes), 0) AS bytes, COUNT(*) AS files FROM files').get();
    return { bytes: Number(row?.bytes ?? 0), files: Number(row?.files ?? 0) };
  }

  /** The files used longest ago, at most `limit`. */
  oldest(limit: number): readonly { readonly path: string; readonly bytes: number }[] {
    const rows = this.#prepared('SELECT path, bytes FROM files ORDER BY used_at LIMIT ?').all(limit);
    return rows.map(({ path, bytes }) => ({ path: String(path), bytes: Number(bytes) }));
  }

  /** Paths that begin with a text. */
  paths(prefix: string): readonly string[] {
    const rows = this.#prepared('SELECT path FROM files WHERE path >= ? AND path < ?').all(
      prefix,
      `${prefix}\u{10ffff}`,
    );
    return rows.map(({ path }) => String(path));
  }

  /** Adds to counters. */
  count(counts: Readonly<Partial<Record<Counter, number>>>, now: EpochMs): void {
    const statement = this.#prepared(
      'INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value',
    );
    this.#transaction(() => {
      for (const [name, value] of Object.entries(counts)) if (value > 0) statement.run(name, value);
      const { saved = 0 } = counts;
      if (saved > 0) this.#saved(saved, Math.floor(now / DAY_MS));
    });
  }

  #saved(saved: number, day: number): void {
    this.#prepared(
      'INSERT INTO saved_days VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET saved = saved + excluded.saved',
    ).run(day, saved);
    this.#prepared('DELETE FROM saved_days WHERE day < ?').run(day - DAYS_KEPT);
  }

  /** Requests that were saved in the last `days` days, today (UTC) included. */
  savedSince(days: number, now: EpochMs): number {
    const first = Math.floor(now / DAY_MS) - days + 1;
    const row = this.#prepared('SELECT SUM(saved) AS saved FROM saved_days WHERE day >= ?').get(first);
    return Number(row?.saved ?? 0);
  }

  counters(): Readonly<Record<Counter, number>> {
    const found = new Map(
      this.#prepared('SELECT name, value FROM counters')
        .all()
        .map(({ name, value }) => [String(name), Number(value)]),
    );
    const at = (name: Counter) => found.get(name) ?? 0;
    return {
      requests: at('requests'),
      survived: at('survived'),
      saved: at('saved'),
      hedges: at('hedges'),
      cacheHits: at('cacheHits'),
      cacheBytes: at('cacheBytes'),
      upstreamBytes: at('upstreamBytes'),
      incidents: at('incidents'),
    };
  }

  /** Counters and totals, and what was saved in the last seven days. */
  figures(now: EpochMs): GatewayFigures {
    return { ...this.counters(), ...this.totals(), savedThisWeek: this.savedSince(7, now) };
  }

  /** What is being downloaded, for another process to show; null ends it. */
  transfer(id: string, json: string | null, now: EpochMs): void {
    if (json === null) this.#prepared('DELETE FROM transfers WHERE id = ?').run(id);
    else this.#prepared('INSERT OR REPLACE INTO transfers VALUES (?, ?, ?)').run(id, now, json);
  }

  /** Transfers that were noted since an instant. */
  transfers(since: EpochMs): readonly string[] {
    const rows = this.#prepared('SELECT json FROM transfers WHERE at >= ? ORDER BY id').all(since);
    return rows.map(({ json }) => String(json));
  }

  /** Forgets every file and counter. */
  clear(): void {
    this.#database.exec('DELETE FROM files; DELETE FROM counters; DELETE FROM saved_days; DELETE FROM transfers;');
  }

  close(): void {
    this.#database.close();
  }

  #transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
