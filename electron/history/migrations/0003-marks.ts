/** Counts and percentiles of each hour beside the histograms they come from: long charts read a tenth of the bytes. */
import type { Migration } from './migration.ts';

/** Layout 3. */
export const marks: Migration = {
  version: 3,
  // Null for days packed before: these are read from their histograms.
  sql: 'ALTER TABLE day ADD COLUMN marks BLOB',
};
