/** Brings a file to the newest layout: numbered steps, each in one transaction with its `user_version`. */
import type { DatabaseSync } from 'node:sqlite';
import { firstLayout } from './0001-first-layout.ts';
import { incidentsInFull } from './0002-incidents-in-full.ts';
import { marks } from './0003-marks.ts';
import { endpointsOfEvents } from './0004-endpoints-of-events.ts';
import type { Migration } from './migration.ts';

/** In order. A released migration is never changed: add another. */
export const MIGRATIONS: readonly Migration[] = [firstLayout, incidentsInFull, marks, endpointsOfEvents];

/** The layout this version of the app writes; a file beyond it is left alone. */
export const NEWEST_VERSION = MIGRATIONS.length;

/** The layout that a file has; 0 = none yet. */
export function layoutVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

/** Runs what is missing. Throws SQLite's error; then the file is as after the last step that went through. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[] = MIGRATIONS): void {
  for (const migration of migrations) step(database, migration);
}

function step(database: DatabaseSync, { version, sql }: Migration): void {
  if (layoutVersion(database) >= version) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Again inside the transaction: another process may have been faster.
    if (layoutVersion(database) < version) {
      database.exec(sql);
      database.exec(`PRAGMA user_version = ${version}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
