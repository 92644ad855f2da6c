/** What the pool and its worker thread say to each other: plain data with ids. */
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { ProbeRequest } from './probe-pool.ts';

/** To the worker. */
export type ToWorker =
  | { readonly type: 'probe'; readonly id: number; readonly request: ProbeRequest }
  | { readonly type: 'cancel'; readonly id: number };

/** From the worker: a step of the probe has ended, or all of it. */
export type FromWorker =
  | { readonly type: 'step'; readonly id: number }
  | { readonly type: 'result'; readonly id: number; readonly result: ProbeResult };
