/** Updates of the app as it shows them. */
import type { Cause } from './cause.ts';
import type { EpochMs } from './units.ts';

/**
 * `unsupported`: this copy cannot replace itself (a plain folder, a start from the sources); `idle`: nothing newer is
 * known; `staged`: downloaded and checked, installed when the app quits.
 */
export const UPDATE_PHASES = ['off', 'unsupported', 'idle', 'checking', 'downloading', 'staged'] as const;
export type UpdatePhase = (typeof UPDATE_PHASES)[number];

/**
 * Why an update server was of no use. `unreachable`: Gopherbar's own probe of it failed; `not-a-feed`: it responded with
 * something else than update information; `checksum`: the download is not the published file; `download`: it broke off.
 */
export const FEED_FAILURES = ['unreachable', 'not-a-feed', 'checksum', 'download'] as const;
export type FeedFailure = (typeof FEED_FAILURES)[number];

/** What the last check found at one update server. */
export interface FeedVerdict {
  /** Redacted. */
  readonly url: string;
  /** null = it was used. */
  readonly failure: FeedFailure | null;
  /** Of an unreachable one. */
  readonly cause: Cause | null;
  /** What the server or the system said; empty for a success. */
  readonly detail: string;
}

/** A version newer than the running one. */
export interface OfferedUpdate {
  readonly version: string;
  /** Markdown; empty when the server has none. */
  readonly notes: string;
}

export interface UpdateState {
  readonly phase: UpdatePhase;
  /** The running version. */
  readonly version: string;
  /** What is being downloaded, or staged. */
  readonly next: OfferedUpdate | null;
  /** Downloaded part, 0 to 1. */
  readonly progress: number;
  /** End of the last check; null before the first. */
  readonly checkedAt: EpochMs | null;
  /** The servers that the last check used, in their order. */
  readonly feeds: readonly FeedVerdict[];
}
