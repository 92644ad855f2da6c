/** Every statement about samples, prepared once: rows in, rows out. Callers interpret them. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { EpochMs } from '../../shared/domain/units.ts';
import { decodeChunk, decodeTotals } from './chunk-codec.ts';
import { type DayPack, decodePack, encodePack } from './day-pack.ts';
import { type DayMarks, decodeMarks, encodeMarks } from './hour-percentiles.ts';
import { NameTable } from './name-table.ts';
import { type DayHours, decodeHours, decodeRollup, encodeHours, encodeRollup, type Rollup } from './rollup.ts';
import { CODE_SLOW, type RowTotal, STORED_PHASES, type StoredRow } from './stored-row.ts';
import { dayKey, dayOfKey } from './time-keys.ts';

/** A sample of an hour that is still open. */
export interface HotRow {
  readonly endpoint: number;
  readonly row: StoredRow;
}

/** A day of one endpoint; `hours` null = too old to be kept by hour. */
export interface StoredDay {
  readonly total: Rollup;
  readonly hours: DayHours | null;
}

type Columns = Record<string, SQLOutputValue>;

/** All statements over one database. */
export class Tables {
  readonly database: DatabaseSync;
  readonly endpoints: NameTable;
  readonly causes: NameTable;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
    this.endpoints = new NameTable(database, 'endpoint', 1);
    this.causes = new NameTable(database, 'cause', CODE_SLOW + 1);
  }

  addHot(endpoint: number, row: StoredRow): void {
    this.statement(
      `INSERT OR REPLACE INTO hot (at, endpoint, code, ${STORED_PHASES.join(', ')}, total)
       VALUES (?, ?, ?, ${STORED_PHASES.map(() => '?').join(', ')}, ?)`,
    ).run(row.at, endpoint, row.code, ...row.phases, row.total);
  }

  /** When the oldest hot sample was taken; null when there is none. */
  oldestHot(): EpochMs | null {
    return numberOrNull(this.statement('SELECT min(at) AS at FROM hot').get()?.at);
  }

  /** All hot rows before an instant, by endpoint and time. */
  hotBefore(end: EpochMs): HotRow[] {
    const rows = this.statement('SELECT * FROM hot WHERE at < ? ORDER BY endpoint, at').all(end);
    return rows.map((columns) => ({ endpoint: Number(columns.endpoint), row: hotRow(columns) }));
  }

  deleteHotBefore(end: EpochMs): void {
    this.statement('DELETE FROM hot WHERE at < ?').run(end);
  }

  /** Hot rows of one endpoint in [from, to), oldest first. */
  hotOf(endpoint: number, from: EpochMs, to: EpochMs): StoredRow[] {
    return this.statement('SELECT * FROM hot WHERE at >= ? AND at < ? AND endpoint = ? ORDER BY at')
      .all(from, to, endpoint)
      .map(hotRow);
  }

  /** The same without the phases, of which a chart of many endpoints has no need. */
  hotTotals(endpoint: number, from: EpochMs, to: EpochMs): RowTotal[] {
    return this.statement('SELECT at, code, total FROM hot WHERE at >= ? AND at < ? AND endpoint = ? ORDER BY at')
      .all(from, to, endpoint)
      .map(({ at, code, total }) => ({ at: Number(at), code: Number(code), total: Number(total) }));
  }

  /** When the oldest hot sample of one endpoint was taken; null when there is none. */
  oldestHotOf(endpoint: number): EpochMs | null {
    return numberOrNull(this.statement('SELECT min(at) AS at FROM hot WHERE endpoint = ?').get(endpoint)?.at);
  }

  /** All packed samples of a day; null when there are none. */
  pack(day: number): DayPack | null {
    const data = this.statement('SELECT data FROM pack WHERE day = ?').get(day)?.data;
    if (!(data instanceof Uint8Array)) return null;
    return readable(() => decodePack(data));
  }

  putPack(day: number, pack: DayPack): void {
    this.statement('INSERT OR REPLACE INTO pack (day, data) VALUES (?, ?)').run(day, encodePack(pack));
    const update = this.statement('UPDATE endpoint SET last_day = ?1 WHERE id = ?2 AND coalesce(last_day, -1) < ?1');
    for (const endpoint of pack.keys()) update.run(day, endpoint);
  }

  /** The newest day of which an endpoint has packed hours; null while it has none. */
  lastDay(endpoint: number): number | null {
    return numberOrNull(this.statement('SELECT last_day FROM endpoint WHERE id = ?').get(endpoint)?.last_day);
  }

  /** Null when nothing was packed that day. */
  day(day: number, endpoint: number): StoredDay | null {
    const columns = this.statement('SELECT total, hours FROM day WHERE key = ?').get(dayKey(day, endpoint));
    if (columns === undefined) return null;
    const { total, hours } = columns;
    if (!(total instanceof Uint8Array)) return null;
    return readable(() => ({
      total: decodeRollup(total),
      hours: hours instanceof Uint8Array ? decodeHours(hours) : null,
    }));
  }

  putDay(day: number, endpoint: number, total: Rollup, hours: DayHours): void {
    this.statement('INSERT OR REPLACE INTO day (key, total, hours, marks) VALUES (?, ?, ?, ?)').run(
      dayKey(day, endpoint),
      encodeRollup(total),
      encodeHours(hours),
      encodeMarks(hours),
    );
  }

  /** Only the total of a day; null when nothing was packed that day. */
  total(day: number, endpoint: number): Rollup | null {
    const total = this.statement('SELECT total FROM day WHERE key = ?').get(dayKey(day, endpoint))?.total;
    return total instanceof Uint8Array ? readable(() => decodeRollup(total)) : null;
  }

  /** Day → counts and percentiles of its hours, of one endpoint; from and to are included. In one statement: ninety take 3 ms. */
  marks(endpoint: number, from: number, to: number): ReadonlyMap<number, DayMarks> {
    const rows = this.statement(
      `WITH RECURSIVE wanted (key) AS (SELECT ?1 UNION ALL SELECT key + ?2 FROM wanted WHERE key < ?3)
       SELECT key, marks FROM wanted JOIN day USING (key)`,
    ).all(dayKey(from, endpoint), dayKey(1, 0), dayKey(to, endpoint));
    const found = new Map<number, DayMarks>();
    for (const { key, marks } of rows) {
      const decoded = marks instanceof Uint8Array ? readable(() => decodeMarks(marks)) : null;
      if (decoded !== null) found.set(dayOfKey(Number(key)), decoded);
    }
    return found;
  }

  /** The first day that still has samples; null when none has. */
  oldestPack(): number | null {
    return numberOrNull(this.statement('SELECT min(day) AS day FROM pack').get()?.day);
  }

  /** The first day that is known at all; null when none is. */
  oldestDay(): number | null {
    const key = numberOrNull(this.statement('SELECT min(key) AS key FROM day').get()?.key);
    return key === null ? null : dayOfKey(key);
  }

  /** A prepared statement, made at its first use. */
  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** The samples of a packed hour, oldest first. Unreadable bytes are a gap, like hours without samples. */
export function unpack(slice: Uint8Array | null | undefined, hourStart: EpochMs): StoredRow[] | null {
  return slice ? readable(() => decodeChunk(slice, hourStart)) : null;
}

/** The same without the phases. */
export function unpackTotals(slice: Uint8Array | null | undefined, hourStart: EpochMs): RowTotal[] | null {
  return slice ? readable(() => decodeTotals(slice, hourStart)) : null;
}

/** A column that may be null as a number. */
export function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function hotRow(columns: Columns): StoredRow {
  return {
    at: Number(columns.at),
    code: Number(columns.code),
    phases: STORED_PHASES.map((name) => numberOrNull(columns[name])),
    total: Number(columns.total),
  };
}

/** Codecs throw RangeError for invalid bytes; any other error is a bug and is rethrown. */
function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
