/**
 * Opens the file on disk without losing data: a damaged file is renamed with everything that belongs to it, a file
 * of a newer version is only read.
 */
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EpochMs } from '../../shared/domain/units.ts';
import { privateFile } from '../system/private-files.ts';
import { HistoryError, toHistoryError } from './history-error.ts';
import type { HistoryOpening } from './history-store.ts';
import { layoutVersion, migrate, NEWEST_VERSION } from './migrations/migrate.ts';

/** How long a write waits for another process that holds the file, ms. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * WAL with NORMAL: a commit is in the operating system's hands when it returns, so it survives kill -9 of this process;
 * a power cut may cost the last commits but never the file (sqlite.org/pragma.html#pragma_synchronous). FULL would
 * flush the disk at every tick for that.
 */
const SETTINGS = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
`;

/** A migrated database and how the file was found. */
export interface OpenedFile {
  readonly database: DatabaseSync;
  readonly state: HistoryOpening['state'];
  readonly setAsidePath: string | null;
}

/**
 * Opens or creates the history. `:memory:` creates one that ends with its connection. Throws HistoryError when the
 * place cannot be used at all (no permission, no space); a damaged or newer file is no error but a state.
 */
export function openHistoryFile(file: string, now: EpochMs): OpenedFile {
  try {
    if (file === ':memory:') return { database: open(file), state: 'created', setAsidePath: null };
    switch (inspect(file)) {
      case 'missing':
        return { database: create(file), state: 'created', setAsidePath: null };
      case 'damaged': {
        const setAsidePath = setAside(file, now);
        return { database: create(file), state: 'set-aside', setAsidePath };
      }
      case 'newer':
        return { database: open(':memory:'), state: 'newer', setAsidePath: file };
      case 'good':
        return { database: open(file), state: 'opened', setAsidePath: null };
    }
  } catch (error) {
    throw toHistoryError(error);
  }
}

/** Checks without writing. An empty file counts as new. */
function inspect(file: string): 'missing' | 'good' | 'newer' | 'damaged' {
  const found = statSync(file, { throwIfNoEntry: false });
  // Opening a named pipe would block forever, and a folder or device is no history.
  if (found !== undefined && !found.isFile()) throw new HistoryError('cannot-open', `${file} is not a regular file`);
  if (found === undefined || found.size === 0) return 'missing';
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    const version = layoutVersion(database);
    if (version > NEWEST_VERSION) return 'newer';
    // Cut off, or written by another program: every query would fail.
    if (version > 0 && !hasTables(database)) return 'damaged';
    const findings = database.prepare('PRAGMA quick_check(1)').all();
    return findings.length === 1 && findings[0]?.quick_check === 'ok' ? 'good' : 'damaged';
  } catch (error) {
    if (toHistoryError(error).code === 'damaged') return 'damaged';
    throw error;
  } finally {
    database?.close();
  }
}

function hasTables(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'endpoint'").get() !== undefined;
}

function create(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  privateFile(file);
  return open(file);
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec(SETTINGS);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Renames the file and what SQLite keeps beside it; returns the new path of the file itself. */
function setAside(file: string, now: EpochMs): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  let target = `${file}.damaged-${stamp}`;
  for (let copy = 2; existsSync(target); copy++) target = `${file}.damaged-${stamp}-${copy}`;
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
  }
  return target;
}
