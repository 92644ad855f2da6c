/** The verdict over everything that is record at one instant, and what each profile would do now. Pure. */

import { type GoproxyEntry, parseGoproxyList, redactUrl } from '../../shared/domain/goproxy-list.ts';
import { activeProfile, type Profile } from '../../shared/domain/profile.ts';
import type { GoState, ProfileState } from '../../shared/domain/snapshot.ts';
import type { Status } from '../../shared/domain/status.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Verdict, Walk } from '../../shared/domain/verdict.ts';
import type { JudgedRecord } from './endpoint-record.ts';
import { walkSumdb } from './sumdb-walk.ts';
import { judge, type Staleness } from './verdict.ts';
import { type EntryView, type ViewOf, walkGoproxy } from './walk.ts';

/** A gateway that `go` may be pointed at: it answers while one of its upstreams does. */
export interface GatewayRoute {
  /** Its address, as in GOPROXY; null while it does not run. */
  readonly address: string | null;
  /** Base URLs of the proxies that it asks. */
  readonly upstreams: readonly string[];
}

export interface OverviewFacts {
  readonly now: EpochMs;
  readonly paused: boolean;
  readonly hasNetworkPath: boolean;
  readonly records: readonly JudgedRecord[];
  readonly gateway: GatewayRoute;
  readonly profiles: readonly Profile[];
  readonly go: GoState;
  /** Proxies that are too far behind others. */
  readonly stale: readonly Staleness[];
}

export interface Overview {
  readonly verdict: Verdict;
  readonly profiles: readonly ProfileState[];
}

/** Judges everything at one instant; `previous` is the verdict before, for its start. */
export function overview(facts: OverviewFacts, previous: Verdict | null): Overview {
  const { now, paused, hasNetworkPath, records } = facts;
  const viewOf = viewer(records, facts.gateway);
  const effective = facts.go.state === 'found' ? facts.go.effective : null;
  const walk = effective?.GOPROXY === undefined ? null : walkGoproxy(parseGoproxyList(effective.GOPROXY), viewOf);
  const end = (walk === null || walk.endsAt === null ? null : walk.steps[walk.endsAt]?.endpointId) ?? null;
  const stale = facts.stale.find(({ endpointId }) => endpointId === end) ?? null;
  const sumdb = deadSumdb(records, parseGoproxyList(effective?.GOPROXY ?? ''), viewOf, effective?.GOSUMDB ?? '');
  const deadProxy = deadForwardProxy(records, end);
  const goMissing = facts.go.state === 'missing' || facts.go.state === 'broken';
  const verdict = judge({ now, paused, hasNetworkPath, goMissing, records, walk, stale, sumdb, deadProxy }, previous);
  const active = facts.go.state === 'found' ? activeProfile(facts.profiles, facts.go) : null;
  return {
    verdict,
    profiles: facts.profiles.map((profile) => ({
      profile,
      active: profile.id === active?.id,
      walk: profileWalk(profile, walk, viewOf),
    })),
  };
}

/** The forward proxy of the settings that `go` uses for the proxy that answers, when it is down. */
function deadForwardProxy(records: readonly JudgedRecord[], answering: string | null) {
  const through = records.find(({ endpoint }) => endpoint.id === answering)?.forwardProxyOfGo ?? null;
  if (through === null) return null;
  const dead = records.find(
    ({ endpoint, state }) =>
      endpoint.kind === 'forward-proxy' &&
      state.status === 'down' &&
      comparable(redactUrl(endpoint.url)) === comparable(through),
  );
  return dead === undefined ? null : { endpointId: dead.endpoint.id, cause: dead.state.cause };
}

/** The checksum database of the settings when it is down, `go` uses one, and the answering proxy does not relay it. */
function deadSumdb(
  records: readonly JudgedRecord[],
  entries: readonly GoproxyEntry[],
  viewOf: ViewOf,
  gosumdb: string,
) {
  if (gosumdb === 'off') return null;
  const way = walkSumdb(entries, viewOf, gosumdb);
  if (way.by === 'relay') return null;
  // The database may be well: go ends with the error of an entry before it asks it.
  if (way.by === 'nothing') {
    return { endpointId: viewOf(entries[way.at]?.value ?? '')?.endpointId ?? null, cause: way.cause, cutOff: true };
  }
  const databases = records.filter(({ endpoint }) => endpoint.kind === 'sumdb');
  const dead = databases.find(({ state }) => state.status === 'down');
  if (dead === undefined || databases.some(({ state }) => state.status === 'up')) return null;
  return { endpointId: dead.endpoint.id, cause: dead.state.cause };
}

/** A profile that leaves GOPROXY alone walks the list that is in force. */
function profileWalk(profile: Profile, current: Walk | null, viewOf: ViewOf): Walk {
  const list = profile.variables.GOPROXY;
  if (list === undefined && current !== null) return current;
  return walkGoproxy(parseGoproxyList(list ?? ''), viewOf);
}

/** What is known about each proxy, by its base URL. */
export function viewer(records: readonly JudgedRecord[], gateway: GatewayRoute): ViewOf {
  const direct = proxyViewer(records);
  const { address } = gateway;
  if (address === null) return direct;
  return (url) => (comparable(url) === comparable(address) ? gatewayView(gateway, direct) : direct(url));
}

/** The best of its upstreams; null while nothing is known of any. It relays the checksum database itself. */
function gatewayView({ upstreams }: GatewayRoute, viewOf: ViewOf): EntryView | null {
  const views = upstreams.map(viewOf).filter((view) => view !== null);
  const best = views.find(({ status }) => isServing(status)) ?? views.find(({ status }) => status === 'unknown');
  const view = best ?? views[0];
  return view === undefined ? null : { ...view, relaysSumdb: true };
}

function isServing(status: Status): boolean {
  return status !== 'down' && status !== 'unknown';
}

function proxyViewer(records: readonly JudgedRecord[]): ViewOf {
  const proxies = records.filter(({ endpoint }) => endpoint.kind === 'goproxy');
  const byUrl = new Map(proxies.map((record) => [comparable(record.endpoint.url), record]));
  return (url) => {
    const record = byUrl.get(comparable(url));
    if (record === undefined) return null;
    const { endpoint, state, lastSample } = record;
    const latencyMs = lastSample !== null && lastSample.outcome !== 'failed' ? lastSample.totalMs : null;
    const relaysSumdb =
      record.notes.includes('sumdb-relayed') || (record.notes.includes('sumdb-not-relayed') ? false : null);
    return { endpointId: endpoint.id, status: state.status, cause: state.cause, latencyMs, relaysSumdb };
  };
}

/** Host names are case-insensitive and a trailing slash means nothing: both spell the same proxy. */
function comparable(url: string): string {
  const match = /^([a-z]+:\/\/[^/]*)(.*)$/i.exec(url.replace(/(?<!\/)\/+$/, ''));
  return match === null ? url : `${(match[1] ?? '').toLowerCase()}${match[2] ?? ''}`;
}
