/** What the pool and its worker thread say to each other: plain data with ids. */
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { ProbeRequest } from './probe-pool.ts';

export type ToWorker =
  | { readonly type: 'probe'; readonly id: number; readonly request: ProbeRequest }
  | { readonly type: 'cancel'; readonly id: number };

export interface FromWorker {
  readonly id: number;
  readonly result: ProbeResult;
}
