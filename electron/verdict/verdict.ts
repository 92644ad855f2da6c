/**
 * One verdict from many results: what `go` would meet now, and what is to blame. Pure.
 * Rules in order, the first that fits wins; lower layers (paused, offline) come before upper ones.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import type { StatusReason } from '../../shared/domain/status.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Verdict, Walk } from '../../shared/domain/verdict.ts';
import { correlate } from './correlate.ts';
import type { PublishedStatus } from './endpoint-health.ts';
import type { JudgedRecord } from './endpoint-record.ts';
import { isOffline } from './offline.ts';

export interface VerdictFacts {
  readonly now: EpochMs;
  readonly paused: boolean;
  /** Whether the machine has any network path but loopback. */
  readonly hasNetworkPath: boolean;
  /** `go` was looked for, and none works: nothing can be downloaded, however well the proxies answer. */
  readonly goMissing: boolean;
  /** Every endpoint, of any kind: proxies decide whether `go` works, the others help to say why not. */
  readonly records: readonly JudgedRecord[];
  /** The walk of the GOPROXY that `go` uses; null when no `go` was found. */
  readonly walk: Walk | null;
  /** What keeps `go` from the checksum database that it uses: the database itself, or an entry of the list before it. */
  readonly sumdb?:
    | {
        readonly endpointId: string | null;
        readonly cause: Cause | null;
        /** The list ends with an entry's error before the database is asked: whatever answers for modules. */
        readonly cutOff?: boolean;
      }
    | null
    | undefined;
  /** The forward proxy that `go` uses, when it is down; probes connect directly and do not notice. */
  readonly deadProxy?: { readonly endpointId: string; readonly cause: Cause | null } | null | undefined;
  /** How far the proxy that answers is behind others, when that is too far. */
  readonly stale?: Staleness | null | undefined;
}

/** A proxy that does not show what others show. */
export interface Staleness {
  readonly endpointId: string;
  /** The module it was seen by. */
  readonly module: string;
  readonly hoursBehind: number;
}

type BareVerdict = Omit<Verdict, 'since' | 'walk' | 'degradation'>;

/** The verdict; `since` is kept from the previous one while it says the same. */
export function judge(facts: VerdictFacts, previous: Verdict | null): Verdict {
  const bare = blamed(beyondTheWalk(decide(facts), facts), facts.records);
  const same =
    previous !== null &&
    previous.name === bare.name &&
    previous.severity === bare.severity &&
    previous.endpointId === bare.endpointId;
  const since = same ? previous.since : startOf(bare, facts);
  return { ...bare, since, walk: facts.walk, degradation: degradationOf(bare, facts) };
}

/** How the blamed endpoint is degraded. */
function degradationOf({ severity, endpointId }: BareVerdict, facts: VerdictFacts): Verdict['degradation'] {
  if (severity !== 'degraded') return null;
  const state = stateOf(endpointId, facts);
  return state?.status === 'flapping' ? 'flapping' : (state?.degradation ?? null);
}

/** `go` needs more than a list that answers: its forward proxy, the checksum database, and up-to-date versions. */
function beyondTheWalk(bare: BareVerdict, { sumdb, stale, deadProxy }: VerdictFacts): BareVerdict {
  if (sumdb?.cutOff === true && bare.severity === 'degraded' && bare.name === 'upstream-outage') {
    return { name: 'sumdb-unreachable', severity: 'degraded', endpointId: sumdb.endpointId, cause: sumdb.cause };
  }
  if (bare.severity !== 'healthy') return bare;
  if (deadProxy !== null && deadProxy !== undefined) {
    return { name: 'forward-proxy-down', severity: 'down', ...deadProxy };
  }
  if (sumdb !== null && sumdb !== undefined) {
    return { name: 'sumdb-unreachable', severity: 'degraded', endpointId: sumdb.endpointId, cause: sumdb.cause };
  }
  if (stale === null || stale === undefined || stale.endpointId !== bare.endpointId) return bare;
  const blame = {
    rule: 'mirror-stale/others-show-newer',
    score: 0.9,
    detail: stale.module,
    endpointIds: [stale.endpointId],
  };
  return { name: 'mirror-stale', severity: 'degraded', endpointId: stale.endpointId, cause: null, blame };
}

/** Attributes an outage to what all results together show; its severity and endpoint stay. */
function blamed(bare: BareVerdict, records: readonly JudgedRecord[]): BareVerdict {
  if (bare.name !== 'upstream-outage' || bare.cause === null) return bare;
  const found = correlate(records);
  if (found === null) return bare;
  const { name, ...blame } = found;
  return { ...bare, name, blame };
}

/** Why an endpoint is not being judged; null when it is. */
export function reasonOf(verdict: Verdict): StatusReason | null {
  if (verdict.severity === 'paused') return 'paused';
  return verdict.severity === 'offline' ? 'offline' : null;
}

function decide(facts: VerdictFacts): BareVerdict {
  if (facts.paused) return { name: 'cannot-tell', severity: 'paused', endpointId: null, cause: null };
  if (isOffline(facts.hasNetworkPath, onTheInternet(facts)))
    return { name: 'local-offline', severity: 'offline', endpointId: null, cause: null };
  if (facts.goMissing) return { name: 'go-missing', severity: 'down', endpointId: null, cause: 'go-tool-missing' };
  return facts.walk === null ? fromProxies(facts) : fromWalk(facts.walk, facts);
}

/** Hosts on the internet; a resolver or a forward proxy may be in the same building. */
function onTheInternet({ records }: VerdictFacts): readonly JudgedRecord[] {
  return records.filter(({ endpoint: { kind } }) => kind === 'goproxy' || kind === 'sumdb' || kind === 'vcs');
}

function fromWalk(walk: Walk, facts: VerdictFacts): BareVerdict {
  const end = walk.endsAt === null ? null : (walk.steps[walk.endsAt] ?? null);
  const failed = walk.steps.find((step) => step.action === 'fails-over') ?? null;
  switch (walk.outcome) {
    case 'works':
      return blockedModuleAt(end?.endpointId ?? null, facts);
    case 'slow':
      return slowAt(end?.endpointId ?? null, facts);
    case 'fell-back':
      return degradedBy(failed);
    case 'unproven':
      if (failed !== null) return degradedBy(failed);
      return undecided(end?.endpointId ?? null, facts);
    case 'stops':
      if (end === null || end.cause === 'goproxy-invalid' || end.cause === 'goproxy-off') {
        return { name: 'misconfigured', severity: 'down', endpointId: null, cause: end?.cause ?? 'goproxy-invalid' };
      }
      return { name: 'upstream-outage', severity: 'down', endpointId: end.endpointId, cause: end.cause };
  }
}

/** Well, but for a proxy that refuses the very module it is probed with: a warning, for go gets others from there. */
function blockedModuleAt(endpointId: string | null, facts: VerdictFacts): BareVerdict {
  const state = stateOf(endpointId, facts);
  return state?.status === 'down' && state.cause === 'module-blocked'
    ? { name: 'upstream-outage', severity: 'degraded', endpointId, cause: state.cause }
    : { name: 'healthy', severity: 'healthy', endpointId, cause: null };
}

/** It answers, but slowly, or not always. */
function slowAt(endpointId: string | null, facts: VerdictFacts): BareVerdict {
  const state = stateOf(endpointId, facts);
  const fails = state?.status === 'flapping' || state?.degradation === 'intermittent';
  return { name: 'upstream-outage', severity: 'degraded', endpointId, cause: fails ? (state?.cause ?? null) : null };
}

function degradedBy(step: Walk['steps'][number] | null): BareVerdict {
  return {
    name: 'upstream-outage',
    severity: 'degraded',
    endpointId: step?.endpointId ?? null,
    cause: step?.cause ?? null,
  };
}

function undecided(endpointId: string | null, facts: VerdictFacts): BareVerdict {
  // The entry `go` would ask is failing but not yet confirmed: say so without blame.
  const state = stateOf(endpointId, facts);
  return { name: 'cannot-tell', severity: 'unknown', endpointId, cause: state?.cause ?? null };
}

/** While `go` is looked for, any proxy that answers counts. */
function fromProxies(facts: VerdictFacts): BareVerdict {
  const proxies = facts.records.filter(({ endpoint }) => endpoint.kind === 'goproxy');
  const up = proxies.find(({ state }) => state.status === 'up') ?? null;
  if (up !== null) return { name: 'healthy', severity: 'healthy', endpointId: up.endpoint.id, cause: null };
  const slow = proxies.find(({ state }) => state.status === 'degraded' || state.status === 'flapping') ?? null;
  if (slow !== null) return slowAt(slow.endpoint.id, facts);
  const down = proxies.find(({ state }) => state.status === 'down') ?? null;
  if (down !== null && proxies.every(({ state }) => state.status === 'down')) {
    return { name: 'upstream-outage', severity: 'down', endpointId: down.endpoint.id, cause: down.state.cause };
  }
  return { name: 'cannot-tell', severity: 'unknown', endpointId: null, cause: null };
}

function stateOf(endpointId: string | null, { records }: VerdictFacts): PublishedStatus | undefined {
  return records.find(({ endpoint }) => endpoint.id === endpointId)?.state;
}

/** An outage began with its first failure, not with our verdict. */
function startOf(bare: BareVerdict, facts: VerdictFacts): EpochMs {
  const blamed = stateOf(bare.endpointId, facts);
  const explains = blamed !== undefined && (bare.severity === 'down' || bare.severity === 'degraded');
  return explains && blamed.status !== 'up' && blamed.status !== 'unknown' ? blamed.since : facts.now;
}
