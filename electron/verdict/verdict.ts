/**
 * One verdict from many results: what the person's `go` would meet now, and whose fault it is.
 * Rules in order, the first that fits wins; the lower layer (paused, offline) before the upper one.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import type { StatusReason } from '../../shared/domain/status.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Verdict, Walk } from '../../shared/domain/verdict.ts';
import { correlate, type Witness } from './correlate.ts';
import type { PublishedStatus } from './endpoint-health.ts';
import { isOffline, type Reach } from './offline.ts';

export interface JudgedEndpoint {
  readonly id: string;
  readonly state: PublishedStatus;
}

export interface VerdictFacts {
  readonly now: EpochMs;
  readonly paused: boolean;
  /** Whether the machine has any network path but loopback. */
  readonly hasNetworkPath: boolean;
  readonly endpoints: readonly JudgedEndpoint[];
  /** The walk of the GOPROXY that `go` really uses; null when no `go` was found. */
  readonly walk: Walk | null;
  /** Every endpoint, of any kind, as a witness of whose fault a trouble is. */
  readonly witnesses?: readonly Witness[] | undefined;
  /** The checksum database that `go` uses, when it is down and no proxy of the list relays it. */
  readonly sumdb?: { readonly endpointId: string; readonly cause: Cause | null } | null | undefined;
  /** The forward proxy that `go` goes through, when it is down: our probes go straight. */
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

type Judgement = Omit<Verdict, 'since' | 'walk' | 'degradation'>;

/** The verdict; `since` is kept from the previous one while it says the same. */
export function judge(facts: VerdictFacts, previous: Verdict | null): Verdict {
  const judgement = blamed(beyondTheWalk(decide(facts), facts), facts.witnesses ?? []);
  const same =
    previous !== null &&
    previous.name === judgement.name &&
    previous.severity === judgement.severity &&
    previous.endpointId === judgement.endpointId;
  const since = same ? previous.since : startOf(judgement, facts);
  return { ...judgement, since, walk: facts.walk, degradation: degradationOf(judgement, facts) };
}

/** How the blamed endpoint is degraded. */
function degradationOf({ severity, endpointId }: Judgement, { endpoints }: VerdictFacts): Verdict['degradation'] {
  if (severity !== 'degraded') return null;
  const state = endpoints.find(({ id }) => id === endpointId)?.state;
  return state?.status === 'flapping' ? 'flapping' : (state?.degradation ?? null);
}

/** A list that answers us is not all that `go` needs: its own forward proxy, the checksum database, and versions that are there elsewhere. */
function beyondTheWalk(judgement: Judgement, { sumdb, stale, deadProxy }: VerdictFacts): Judgement {
  if (judgement.severity !== 'healthy') return judgement;
  if (deadProxy !== null && deadProxy !== undefined) {
    return { name: 'forward-proxy-down', severity: 'down', ...deadProxy };
  }
  if (sumdb !== null && sumdb !== undefined) return { name: 'sumdb-unreachable', severity: 'degraded', ...sumdb };
  if (stale === null || stale === undefined || stale.endpointId !== judgement.endpointId) return judgement;
  const blame = {
    rule: 'mirror-stale/others-show-newer',
    score: 0.9,
    detail: stale.module,
    endpointIds: [stale.endpointId],
  };
  return { name: 'mirror-stale', severity: 'degraded', endpointId: stale.endpointId, cause: null, blame };
}

/** A trouble of `go` is put down to what all results together say; its severity and endpoint stay. */
function blamed(judgement: Judgement, witnesses: readonly Witness[]): Judgement {
  if (judgement.name !== 'upstream-outage' || judgement.cause === null) return judgement;
  const found = correlate(witnesses);
  if (found === null) return judgement;
  const { name, ...blame } = found;
  return { ...judgement, name, blame };
}

/** Why an endpoint is not being judged; null when it is. */
export function reasonOf(verdict: Verdict): StatusReason | null {
  if (verdict.severity === 'paused') return 'paused';
  return verdict.severity === 'offline' ? 'offline' : null;
}

function decide(facts: VerdictFacts): Judgement {
  if (facts.paused) return { name: 'cannot-tell', severity: 'paused', endpointId: null, cause: null };
  if (isOffline(facts.hasNetworkPath, reachesOf(facts)))
    return { name: 'local-offline', severity: 'offline', endpointId: null, cause: null };
  return facts.walk === null ? fromEndpoints(facts) : fromWalk(facts.walk, facts);
}

/** Hosts of the internet; a resolver or a forward proxy may stand in the next room. */
function reachesOf({ witnesses, endpoints }: VerdictFacts): readonly Reach[] {
  if (witnesses === undefined) return endpoints.map(({ id, state }) => ({ host: id, state, lastAt: null }));
  return witnesses
    .filter(({ kind }) => kind === 'goproxy' || kind === 'sumdb' || kind === 'vcs')
    .map(({ host, state, last }) => ({ host, state, lastAt: last?.startedAt ?? null }));
}

function fromWalk(walk: Walk, facts: VerdictFacts): Judgement {
  const end = walk.endsAt === null ? null : (walk.steps[walk.endsAt] ?? null);
  const failed = walk.steps.find((step) => step.action === 'fails-over') ?? null;
  switch (walk.outcome) {
    case 'works':
      return { name: 'healthy', severity: 'healthy', endpointId: end?.endpointId ?? null, cause: null };
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

/** It answers, but slowly, or not always. */
function slowAt(endpointId: string | null, { endpoints }: VerdictFacts): Judgement {
  const state = endpoints.find(({ id }) => id === endpointId)?.state;
  const fails = state?.status === 'flapping' || state?.degradation === 'intermittent';
  return { name: 'upstream-outage', severity: 'degraded', endpointId, cause: fails ? (state?.cause ?? null) : null };
}

function degradedBy(step: Walk['steps'][number] | null): Judgement {
  return {
    name: 'upstream-outage',
    severity: 'degraded',
    endpointId: step?.endpointId ?? null,
    cause: step?.cause ?? null,
  };
}

function undecided(endpointId: string | null, facts: VerdictFacts): Judgement {
  // The entry `go` would ask is failing but not yet confirmed: say so without blame.
  const state = facts.endpoints.find((one) => one.id === endpointId)?.state;
  return { name: 'cannot-tell', severity: 'unknown', endpointId, cause: state?.cause ?? null };
}

/** Without a `go` to ask, any endpoint that answers is good news. */
function fromEndpoints(facts: VerdictFacts): Judgement {
  const { endpoints } = facts;
  const up = endpoints.find(({ state }) => state.status === 'up') ?? null;
  if (up !== null) return { name: 'healthy', severity: 'healthy', endpointId: up.id, cause: null };
  const slow = endpoints.find(({ state }) => state.status === 'degraded' || state.status === 'flapping') ?? null;
  if (slow !== null) return slowAt(slow.id, facts);
  const down = endpoints.find(({ state }) => state.status === 'down') ?? null;
  if (down !== null && endpoints.every(({ state }) => state.status === 'down')) {
    return { name: 'upstream-outage', severity: 'down', endpointId: down.id, cause: down.state.cause };
  }
  return { name: 'cannot-tell', severity: 'unknown', endpointId: null, cause: null };
}

/** An outage began with its first failure, not with our verdict. */
function startOf(judgement: Judgement, facts: VerdictFacts): EpochMs {
  const blamed = facts.endpoints.find((one) => one.id === judgement.endpointId)?.state;
  const explains = blamed !== undefined && (judgement.severity === 'down' || judgement.severity === 'degraded');
  return explains && blamed.status !== 'up' && blamed.status !== 'unknown' ? blamed.since : facts.now;
}
