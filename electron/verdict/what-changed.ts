/** What changed between the last good result and an outage, and whether it can explain the cause. Pure. */
import { CAUSES, type Cause, type Layer } from '../../shared/domain/cause.ts';
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';

/** `likely`: it acts where the cause lies; `possible`: it may; `unlikely`: it acts elsewhere. */
const WEIGHTS = ['likely', 'possible', 'unlikely'] as const;
type Weight = (typeof WEIGHTS)[number];

/** Events that change something on this machine; the others are gaps, symptoms and drills. */
const CHANGE_KINDS = [
  'network-changed',
  'settings-changed',
  'switched',
  'undone',
  'failed-over',
  'failed-back',
  'reverted',
  'woke',
] as const satisfies readonly HistoryEvent['kind'][];
type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change extends HistoryEvent {
  readonly kind: ChangeKind;
  readonly weight: Weight;
}

/** The beginning of an outage, and what was measured before it. */
export interface Outage {
  readonly kind: EndpointKind;
  readonly cause: Cause | null;
  readonly startedAt: EpochMs;
  /** The last result that was not a failure; null when none is stored. */
  readonly lastGoodAt: EpochMs | null;
}

export interface WhatChanged {
  /** The most likely explanation first; of equal weight the one nearest to the outage. */
  readonly changes: readonly Change[];
  /** Whether all changes of the kinds that are recorded would be known: nothing slept, was paused or did not run. */
  readonly isComplete: boolean;
}

/** A change of the network is noticed up to so long after the first probe that it broke. */
const NOTICED_WITHIN: DurationMs = MINUTE_MS;

const GAPS = new Set<HistoryEvent['kind']>(['started', 'stopped', 'paused', 'resumed', 'slept', 'woke']);
/** Where another network shows; what a server or a setting says is the same in every network. */
const OF_THE_PATH = new Set<Layer>(['dns', 'connect', 'tls', 'request']);
/** Responses that boxes on the path give, or that depend on where the client is. */
const PATH_RESPONSES = new Set<Cause>([
  'captive-portal',
  'forward-proxy-auth',
  'forward-proxy-misconfigured',
  'http-malformed',
  'http2-connection-lost',
  'http2-goaway',
  'not-a-goproxy',
  'read-timeout',
  'redirect-insecure',
  'redirect-private',
  'region-blocked',
  'response-timeout',
  'sumdb-unreachable',
  'vcs-network',
]);

/** Ranks the events in the window that belongs to an outage; those outside it are passed over. */
export function whatChanged(outage: Outage, events: readonly HistoryEvent[]): WhatChanged {
  const { startedAt, lastGoodAt } = outage;
  const within = events.filter(({ at }) => lastGoodAt !== null && at >= lastGoodAt && at <= startedAt + NOTICED_WITHIN);
  const changes = within
    .flatMap(({ at, kind: name, detail }) => {
      const kind = CHANGE_KINDS.find((one) => one === name);
      return kind === undefined ? [] : [{ at, kind, detail, weight: weigh(kind, outage) }];
    })
    .sort(
      (a, b) =>
        WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight) ||
        Math.abs(a.at - startedAt) - Math.abs(b.at - startedAt),
    );
  return { changes, isComplete: lastGoodAt !== null && !within.some(({ kind }) => GAPS.has(kind)) };
}

function weigh(kind: ChangeKind, { cause, kind: endpoint }: Outage): Weight {
  const isOfThePath = cause !== null && (OF_THE_PATH.has(CAUSES[cause].layer) || PATH_RESPONSES.has(cause));
  if (kind === 'network-changed') return isOfThePath ? 'likely' : 'unlikely';
  if (kind === 'settings-changed') return 'possible';
  // After sleep a VPN, a local proxy or a lease may be gone.
  if (kind === 'woke') return isOfThePath ? 'possible' : 'unlikely';
  // A switch: probes do not read the variables of `go`; a real download does.
  return endpoint === 'module' ? 'likely' : 'unlikely';
}
