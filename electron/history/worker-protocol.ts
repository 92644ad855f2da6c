/** The messages between worker-history.ts and history-worker.ts: plain data, answered by id. */
import type { EpochMs } from '../../shared/domain/units.ts';
import type { HistoryErrorCode } from './history-error.ts';
import type { HistoryOpening } from './history-store.ts';
import type { Retention } from './retention.ts';
import type { SyncHistory } from './sqlite-history.ts';

/** The start data of a worker. */
export interface HistoryWorkerData {
  readonly file: string;
  readonly now: EpochMs;
  readonly retention: Retention | undefined;
}

/** A method called across threads. */
export type HistoryMethod = keyof SyncHistory;

/** `now` is the caller's clock, so that a fake clock also works. */
export interface HistoryCall {
  readonly id: number;
  readonly now: EpochMs;
  readonly method: HistoryMethod;
  readonly args: readonly unknown[];
}

/** An error as plain data. */
export interface CarriedError {
  readonly code: HistoryErrorCode;
  readonly message: string;
}

/** The first answer of a worker is `opened` or `not-opened`; then one `returned` or `threw` for each call. */
export type HistoryAnswer =
  | {
      readonly kind: 'opened';
      readonly state: HistoryOpening['state'];
      readonly setAsidePath: string | null;
    }
  | { readonly kind: 'not-opened'; readonly error: CarriedError }
  | { readonly kind: 'returned'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'threw'; readonly id: number; readonly error: CarriedError };
