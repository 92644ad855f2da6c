/** What changed between the last good result and an outage, and whether it can explain the cause. Pure. */
import { CAUSES, type Cause, type Layer } from '../../shared/domain/cause.ts';
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import {
  CHANGE_KINDS,
  type ChangeKind,
  WEIGHTS,
  type Weight,
  type WhatChanged,
} from '../../shared/domain/what-changed.ts';

/** The beginning of an outage, and what was measured before it. */
export interface Outage {
  readonly endpointId: string;
  readonly kind: EndpointKind;
  readonly cause: Cause | null;
  readonly startedAt: EpochMs;
  /** The last result that was not a failure; null when none is stored. */
  readonly lastGoodAt: EpochMs | null;
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

/** What a proxy says of a version that it does not show yet. */
const NOT_SHOWN = new Set<Cause>(['module-not-found', 'not-yet-visible', 'unknown-revision']);
/** What another version of `go` may ask for, and where downloads of toolchains fail. */
const OF_THE_TOOLCHAIN = new Set<Cause>(['toolchain-download-failed', 'toolchain-not-available']);

/** Ranks the events in the window that belongs to an outage; those outside it are passed over. */
export function whatChanged(outage: Outage, events: readonly HistoryEvent[]): WhatChanged {
  const { startedAt, lastGoodAt } = outage;
  const within = events.filter(({ at }) => lastGoodAt !== null && at >= lastGoodAt && at <= startedAt + NOTICED_WITHIN);
  const changes = within
    .flatMap((event) => {
      const kind = CHANGE_KINDS.find((one) => one === event.kind);
      return kind === undefined ? [] : [{ ...event, kind, weight: weigh(kind, event.endpointId, outage) }];
    })
    .sort(
      (a, b) =>
        WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight) ||
        Math.abs(a.at - startedAt) - Math.abs(b.at - startedAt),
    );
  return { changes, isComplete: lastGoodAt !== null && !within.some(({ kind }) => GAPS.has(kind)) };
}

function weigh(kind: ChangeKind, of: string | undefined, { cause, kind: endpoint, endpointId }: Outage): Weight {
  const isOfThePath = cause !== null && (OF_THE_PATH.has(CAUSES[cause].layer) || PATH_RESPONSES.has(cause));
  const isOfGo = endpoint === 'module';
  switch (kind) {
    case 'network-changed':
    case 'tunnels-changed':
    case 'local-proxy-changed':
      return isOfThePath ? 'likely' : 'unlikely';
    case 'settings-changed':
      return 'possible';
    case 'resolvers-changed':
      // Another resolver may lead to another host, whose refusal or certificate is the symptom.
      if (cause !== null && CAUSES[cause].layer === 'dns') return 'likely';
      return isOfThePath ? 'possible' : 'unlikely';
    // A rule may be for another host.
    case 'policies-changed':
    // Neither go nor git reads it, but the program behind it often changes routes and names, too.
    case 'system-proxy-changed':
    // After sleep a VPN, a local proxy or a lease may be gone.
    case 'woke':
      return isOfThePath ? 'possible' : 'unlikely';
    case 'addresses-changed':
    case 'issuer-changed':
      // Of another host: a local proxy or an inspecting box began to take part there, and may do so here.
      if (of !== undefined && of !== endpointId) return isOfThePath ? 'possible' : 'unlikely';
      return isOfThePath ? 'likely' : 'possible';
    case 'mirror-stale':
      if (cause === null || !NOT_SHOWN.has(cause)) return 'unlikely';
      return of === endpointId || isOfGo ? 'likely' : 'unlikely';
    // Probes do not run `go`; a real download does.
    case 'go-changed':
      if (!isOfGo || cause === null) return 'unlikely';
      return CAUSES[cause].layer === 'config' || OF_THE_TOOLCHAIN.has(cause) ? 'likely' : 'possible';
    default:
      // A switch, or settings of `go` and git that another program wrote.
      return isOfGo ? 'likely' : 'unlikely';
  }
}
