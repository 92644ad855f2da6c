/** Incidents with their verdict, affected profiles, unobserved time, and whether they were a drill. */
import type { Migration } from './migration.ts';

/** Layout 2. */
export const incidentsInFull: Migration = {
  version: 2,
  sql: `
    ALTER TABLE incident ADD COLUMN verdict TEXT;
    ALTER TABLE incident ADD COLUMN profiles TEXT NOT NULL DEFAULT '[]'; -- JSON list of ids
    ALTER TABLE incident ADD COLUMN unobserved INTEGER NOT NULL DEFAULT 0; -- ms
    ALTER TABLE incident ADD COLUMN drill INTEGER NOT NULL DEFAULT 0;
  `,
};
