/** The first layout: hot rows, packed hours, rolled-up days, incidents and events. */
import type { Migration } from './migration.ts';

/** Layout 1. */
export const firstLayout: Migration = {
  version: 1,
  sql: `
    CREATE TABLE endpoint (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      last_day INTEGER -- newest day with packed hours; null while everything is hot
    );

    -- Ids 0 and 1 are taken by the outcomes ok and slow.
    CREATE TABLE cause (
      id INTEGER PRIMARY KEY CHECK (id > 1),
      name TEXT NOT NULL UNIQUE
    );

    -- Samples of hours still open. Time first: the samples of a tick share a page. Durations: 0.1 ms.
    CREATE TABLE hot (
      at INTEGER NOT NULL,
      endpoint INTEGER NOT NULL REFERENCES endpoint (id),
      code INTEGER NOT NULL,
      dns INTEGER, connect INTEGER, tls INTEGER, request INTEGER, response INTEGER, body INTEGER, verify INTEGER,
      total INTEGER NOT NULL,
      PRIMARY KEY (at, endpoint)
    ) WITHOUT ROWID;

    -- The packed samples of all endpoints in one UTC day, counted since the epoch.
    CREATE TABLE pack (day INTEGER PRIMARY KEY, data BLOB NOT NULL);

    -- Rollups: key = day * 65536 + endpoint. Apart from the samples, so that a year of them is few pages.
    -- Hours become null in time.
    CREATE TABLE day (key INTEGER PRIMARY KEY, total BLOB NOT NULL, hours BLOB);

    CREATE TABLE incident (
      id TEXT PRIMARY KEY,
      endpoint INTEGER NOT NULL REFERENCES endpoint (id),
      severity TEXT NOT NULL,
      cause INTEGER REFERENCES cause (id),
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      evidence TEXT
    );
    CREATE INDEX incident_by_start ON incident (started_at);
    CREATE INDEX incident_open ON incident (started_at) WHERE ended_at IS NULL;

    CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL);
    CREATE INDEX event_by_time ON event (at);
  `,
};
