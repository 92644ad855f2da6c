/** The history on this thread: for one-shot commands and tests. The app and `watch` use worker-history.ts. */
import type { Clock } from '../system/clock.ts';
import { asHistoryStore } from './async-history.ts';
import { openHistoryFile } from './history-file.ts';
import type { HistoryOpening } from './history-store.ts';
import type { Retention } from './retention.ts';
import { SqliteHistory } from './sqlite-history.ts';

/** Path and retention of the history. */
export interface OpenHistoryOptions {
  /** Path of the SQLite file, or `:memory:`. Missing folders are made. */
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  /** DEFAULT_RETENTION when absent. */
  readonly retention?: Retention | undefined;
}

/** Opens the history inline. Rejects with HistoryError only when the place cannot be used at all. */
export async function openHistory({ file, clock, retention }: OpenHistoryOptions): Promise<HistoryOpening> {
  const { database, state, setAsidePath } = openHistoryFile(file, clock.now());
  return { store: asHistoryStore(new SqliteHistory(database, clock, retention)), state, setAsidePath };
}
