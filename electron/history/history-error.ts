/** The errors of a history: one class, a closed list of codes, the system's message. */
import { errorFacts } from '../system/error-facts.ts';

/**
 * `disk-full` and `read-only` end once there is space or permission again: later calls work.
 * `worker-lost`: the thread died with the call in flight; its effect is unknown, and the next call starts a new thread.
 */
export type HistoryErrorCode =
  | 'disk-full'
  | 'read-only'
  | 'busy'
  | 'damaged'
  | 'cannot-open'
  | 'worker-lost'
  | 'closed'
  | 'failed';

/** The error that every call of the history rejects with. */
export class HistoryError extends Error {
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string) {
    super(message);
    this.name = 'HistoryError';
    this.code = code;
  }
}

/** SQLite's primary result codes (sqlite.org/rescode.html) that have a meaning of their own here. */
const SQLITE_CODES: Readonly<Record<number, HistoryErrorCode>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  11: 'damaged',
  13: 'disk-full',
  14: 'cannot-open',
  26: 'damaged',
};

/** The same for errors of the file system. */
const SYSTEM_CODES: Readonly<Record<string, HistoryErrorCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'cannot-open',
  EPERM: 'cannot-open',
};

/** Any thrown value as a HistoryError; extended result codes are read by their primary code. */
export function toHistoryError(error: unknown): HistoryError {
  if (error instanceof HistoryError) return error;
  const { errcode, code, message } = errorFacts(error);
  const named = errcode === undefined ? SYSTEM_CODES[code ?? ''] : SQLITE_CODES[errcode & 0xff];
  return new HistoryError(named ?? 'failed', message);
}
