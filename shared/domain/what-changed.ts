/** What changed on this machine between the last good result and an outage. */
import type { Cause } from './cause.ts';
import type { HistoryEvent } from './timeline.ts';
import type { EpochMs } from './units.ts';

/** Whether a change can explain an outage. `likely`: it acts where the cause lies; `possible`: it may; `unlikely`: it acts elsewhere. */
export const WEIGHTS = ['likely', 'possible', 'unlikely'] as const;
export type Weight = (typeof WEIGHTS)[number];

/** Events that change something on this machine; the others are gaps, symptoms and drills. */
export const CHANGE_KINDS = [
  'network-changed',
  'settings-changed',
  'switched',
  'undone',
  'failed-over',
  'failed-back',
  'reverted',
  'woke',
  'go-changed',
  'go-settings-changed',
  'addresses-changed',
  'issuer-changed',
  'mirror-stale',
  'resolvers-changed',
  'system-proxy-changed',
  'local-proxy-changed',
  'tunnels-changed',
  'policies-changed',
] as const satisfies readonly HistoryEvent['kind'][];
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One difference, and whether it can explain the outage. */
export interface Change extends HistoryEvent {
  readonly kind: ChangeKind;
  readonly weight: Weight;
}

/** The differences of one outage. */
export interface WhatChanged {
  /** The most likely explanation first; of equal weight the one nearest to the outage. */
  readonly changes: readonly Change[];
  /** Whether all changes of the kinds that are recorded would be known: nothing slept, was paused or did not run. */
  readonly isComplete: boolean;
}

/** An open outage, and what changed before it: what the window and the command line show. */
export interface OutageChanges extends WhatChanged {
  readonly endpointId: string;
  readonly cause: Cause | null;
  readonly startedAt: EpochMs;
  /** The last result that was not a failure; null when none is stored from the seven days before. */
  readonly lastGoodAt: EpochMs | null;
}
