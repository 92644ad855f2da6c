/** Events that concern one endpoint name it: a certificate of one host explains nothing about another. */
import type { Migration } from './migration.ts';

/** Layout 4. */
export const endpointsOfEvents: Migration = {
  version: 4,
  // Null for events of the whole machine, and for those stored before.
  sql: 'ALTER TABLE event ADD COLUMN endpoint INTEGER REFERENCES endpoint (id)',
};
