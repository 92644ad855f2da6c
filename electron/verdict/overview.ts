/** Assembles the Snapshot from what the engine knows: pure, one pass, no effects. */

import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { parseGoproxyList, redactUrl } from '../../shared/domain/goproxy-list.ts';
import { activeProfile, type Profile } from '../../shared/domain/profile.ts';
import type { FailedResult, Note, OkResult, Sample } from '../../shared/domain/result.ts';
import type { EndpointState, GoState, ProfileState, StripCell } from '../../shared/domain/snapshot.ts';
import type { Breaker } from '../../shared/domain/status.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Verdict, Walk } from '../../shared/domain/verdict.ts';
import type { Witness } from './correlate.ts';
import type { PublishedStatus } from './endpoint-health.ts';
import { type Baseline, baselineAt, DAYS_NEEDED } from './latency-baseline.ts';
import { isConfirming } from './status.ts';
import { judge, reasonOf, type Staleness } from './verdict.ts';
import { type ViewOf, walkGoproxy } from './walk.ts';

/** One endpoint as the monitor and the history know it. */
export interface KnownEndpoint {
  readonly endpoint: Endpoint;
  readonly state: PublishedStatus;
  readonly last: OkResult | FailedResult | null;
  readonly probing: boolean;
  readonly breaker: Breaker;
  readonly forwardProxyOfGo: string | null;
  readonly lastSample: Sample | null;
  readonly strip: readonly StripCell[];
  readonly uptime24h: number | null;
  readonly baseline: Baseline | undefined;
  /** What its last full probe noticed. */
  readonly notes: readonly Note[];
}

export interface OverviewFacts {
  readonly now: EpochMs;
  readonly paused: boolean;
  readonly hasNetworkPath: boolean;
  readonly endpoints: readonly KnownEndpoint[];
  readonly profiles: readonly Profile[];
  readonly go: GoState;
  /** Proxies that are too far behind others. */
  readonly stale: readonly Staleness[];
}

export interface Overview {
  readonly verdict: Verdict;
  readonly endpoints: readonly EndpointState[];
  readonly profiles: readonly ProfileState[];
}

/** Judges everything at one instant. */
export function overview(facts: OverviewFacts, previous: Verdict | null): Overview {
  // What go's downloads go through; the other kinds are shown, and tell why rather than whether.
  const proxies = facts.endpoints.filter(({ endpoint }) => endpoint.kind === 'goproxy');
  const viewOf = viewer(proxies);
  const effective = facts.go.state === 'found' ? facts.go.effective : null;
  const walk = effective?.GOPROXY === undefined ? null : walkGoproxy(parseGoproxyList(effective.GOPROXY), viewOf);
  const judged = proxies.map(({ endpoint, state }) => ({ id: endpoint.id, state }));
  const { now, paused, hasNetworkPath } = facts;
  const witnesses = facts.endpoints.map(witnessOf);
  const end = walk?.endsAt === null ? undefined : walk?.steps[walk?.endsAt ?? 0]?.endpointId;
  const stale = facts.stale.find(({ endpointId }) => endpointId === end) ?? null;
  const sumdb = deadSumdb(facts, end ?? null, effective?.GOSUMDB);
  const deadProxy = deadForwardProxy(facts, end ?? null);
  const all = { now, paused, hasNetworkPath, endpoints: judged, walk, witnesses, stale, sumdb, deadProxy };
  const verdict = judge(all, previous);
  const active = facts.go.state === 'found' ? activeProfile(facts.profiles, facts.go) : null;
  return {
    verdict,
    endpoints: facts.endpoints.map((known) => endpointState(known, verdict, now)),
    profiles: facts.profiles.map((profile) => ({
      profile,
      active: profile.id === active?.id,
      walk: profileWalk(profile, walk, viewOf),
    })),
  };
}

/** An endpoint as a witness of whose fault a trouble is. */
export function witnessOf({ endpoint, state, last }: KnownEndpoint): Witness {
  const host = /^[a-z0-9+.-]+:\/\/(?:[^@/]*@)?([^/?#]+)/i.exec(endpoint.url)?.[1] ?? endpoint.url;
  return { id: endpoint.id, kind: endpoint.kind, host, state, last };
}

/** The forward proxy of the settings that `go` uses for the proxy that answers us, when it is down. */
function deadForwardProxy({ endpoints }: OverviewFacts, answering: string | null) {
  const through = endpoints.find(({ endpoint }) => endpoint.id === answering)?.forwardProxyOfGo ?? null;
  if (through === null) return null;
  const dead = endpoints.find(
    ({ endpoint, state }) =>
      endpoint.kind === 'forward-proxy' &&
      state.status === 'down' &&
      comparable(redactUrl(endpoint.url)) === comparable(through),
  );
  return dead === undefined ? null : { endpointId: dead.endpoint.id, cause: dead.state.cause };
}

/** The checksum database of the settings, when it is down, `go` asks one, and the proxy that answers does not relay it. */
function deadSumdb({ endpoints }: OverviewFacts, answering: string | null, gosumdb: string | undefined) {
  if (gosumdb === 'off') return null;
  const databases = endpoints.filter(({ endpoint }) => endpoint.kind === 'sumdb');
  const dead = databases.find(({ state }) => state.status === 'down');
  // With a URL of its own, or by its alias, `go` passes every relay by (cmd/go/internal/modfetch/sumdb.go, dbDial).
  const isDirect = gosumdb === 'sum.golang.google.cn' || /\S\s+\S/.test(gosumdb ?? '');
  const answers = endpoints.find(({ endpoint }) => endpoint.id === answering);
  const relays = !isDirect && answers?.notes.includes('sumdb-relayed') === true;
  if (dead === undefined || relays || databases.some(({ state }) => state.status === 'up')) return null;
  return { endpointId: dead.endpoint.id, cause: dead.state.cause };
}

function endpointState(known: KnownEndpoint, verdict: Verdict, now: EpochMs): EndpointState {
  const { endpoint, state, last, probing, breaker, forwardProxyOfGo, lastSample, strip, uptime24h } = known;
  return {
    endpoint,
    status: state.status,
    reason: reasonOf(verdict),
    since: state.since,
    cause: state.cause,
    degradation: state.degradation,
    baseline: baselineState(known.baseline, now),
    learning: { daysKnown: known.baseline?.daysKnown ?? 0, daysNeeded: known.baseline?.daysNeeded ?? DAYS_NEEDED },
    probing,
    breaker,
    forwardProxyOfGo,
    confirming: state.status !== 'down' && isConfirming(state) ? state.failures : 0,
    last,
    lastSample,
    strip,
    uptime24h,
  };
}

function baselineState(baseline: Baseline | undefined, now: EpochMs): EndpointState['baseline'] {
  const hour = baselineAt(baseline, now);
  return hour === null ? null : { medianMs: hour.medianMs, limitMs: hour.limitMs };
}

/** A profile that leaves GOPROXY alone walks the list that is in force. */
function profileWalk(profile: Profile, current: Walk | null, viewOf: ViewOf): Walk {
  const list = profile.variables.GOPROXY;
  if (list === undefined && current !== null) return current;
  return walkGoproxy(parseGoproxyList(list ?? ''), viewOf);
}

/** What is known about each proxy, by its base URL. */
export function viewer(endpoints: readonly KnownEndpoint[]): ViewOf {
  const proxies = endpoints.filter(({ endpoint }) => endpoint.kind === 'goproxy');
  const byUrl = new Map(proxies.map((known) => [comparable(known.endpoint.url), known]));
  return (url) => {
    const known = byUrl.get(comparable(url));
    if (known === undefined) return null;
    const { endpoint, state, lastSample } = known;
    const latencyMs = lastSample !== null && lastSample.outcome !== 'failed' ? lastSample.totalMs : null;
    return { endpointId: endpoint.id, status: state.status, cause: state.cause, latencyMs };
  };
}

/** Host names are case-insensitive and a trailing slash means nothing: both spell the same proxy. */
function comparable(url: string): string {
  const match = /^([a-z]+:\/\/[^/]*)(.*)$/i.exec(url.replace(/\/+$/, ''));
  return match === null ? url : `${(match[1] ?? '').toLowerCase()}${match[2] ?? ''}`;
}
