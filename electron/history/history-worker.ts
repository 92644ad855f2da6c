/** The thread that owns the SQLite connection: checkpoints and big queries never hold up the main thread. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { toHistoryError } from './history-error.ts';
import { openHistoryFile } from './history-file.ts';
import { SqliteHistory } from './sqlite-history.ts';
import type { CarriedError, HistoryAnswer, HistoryCall, HistoryWorkerData } from './worker-protocol.ts';

if (parentPort !== null) serve(parentPort, workerData as HistoryWorkerData);

function serve(port: MessagePort, { file, now, retention }: HistoryWorkerData): void {
  const answer = (message: HistoryAnswer) => port.postMessage(message);
  // The caller's clock as of its last call.
  const clock = { at: now, now: () => clock.at };
  let history: SqliteHistory;
  try {
    const { database, state, setAsidePath } = openHistoryFile(file, now);
    history = new SqliteHistory(database, clock, retention);
    answer({ kind: 'opened', state, setAsidePath });
  } catch (error) {
    answer({ kind: 'not-opened', error: carried(error) });
    port.close();
    return;
  }
  port.on('message', (call: HistoryCall) => {
    clock.at = call.now;
    answer(perform(history, call));
    if (call.method === 'close') port.close();
  });
}

function perform(history: SqliteHistory, { id, method, args }: HistoryCall): HistoryAnswer {
  try {
    const act = history[method].bind(history) as (...args: readonly unknown[]) => unknown;
    return { kind: 'returned', id, value: act(...args) };
  } catch (error) {
    return { kind: 'threw', id, error: carried(error) };
  }
}

/** Only plain data crosses a thread border whole: a class would arrive as a bare Error without its code. */
function carried(error: unknown): CarriedError {
  const { code, message } = toHistoryError(error);
  return { code, message };
}
