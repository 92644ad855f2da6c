/**
 * Failover: whether to move `go` to another profile now, and back. Pure; time only by the instants it is given.
 * It never overrides a change made outside of Gopherbar, never weakens checksum verification, and never lets a private path
 * reach a proxy that it does not reach now.
 */
import { type GoVariables, PROFILE_VARIABLES } from '../../shared/domain/profile.ts';
import type { ProfileState } from '../../shared/domain/snapshot.ts';
import { type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import type { Walk } from '../../shared/domain/verdict.ts';
import { isRefused } from './refusal.ts';

/** How long the preferred profile must have been well before `go` moves back. */
export const BACK_AFTER_MS = 10 * MINUTE_MS;

/** A path that is only slow is left when another has been much faster for so long. */
export const SLOW_FOR_MS = 5 * MINUTE_MS;

/** No two moves within this time, so that it does not alternate between two half-broken paths. */
export const DWELL_MS = 5 * MINUTE_MS;

/** Another path must be faster by both: half the time, and half a second. */
const FASTER_BY = { share: 0.5, ms: 500 } as const;

/** What is remembered from one step to the next. */
export interface FailoverState {
  /** The profile that the person chose and failover left; null = it did not move. */
  readonly preferred: string | null;
  readonly movedAt: EpochMs | null;
  /** Since when the preferred profile works while another is active. */
  readonly wellSince: EpochMs | null;
  /** Since when a much faster one is known while the active is slow. */
  readonly slowSince: EpochMs | null;
}

export const INITIAL_FAILOVER: FailoverState = { preferred: null, movedAt: null, wellSince: null, slowSince: null };

export interface FailoverFacts {
  readonly now: EpochMs;
  readonly enabled: boolean;
  /** Ids that the person allowed. */
  readonly allowed: readonly string[];
  /** A confirmed outage of the active path, the machine itself being online. */
  readonly confirmedOutage: boolean;
  /** Something was changed outside of Gopherbar and not yet accepted or reverted. */
  readonly drifted: boolean;
  readonly profiles: readonly Pick<ProfileState, 'profile' | 'active' | 'walk'>[];
  /** What go uses now. */
  readonly effective: GoVariables;
}

export interface Move {
  readonly to: string;
  readonly why: 'outage' | 'slow' | 'recovered';
}

/** The next state, and a move when it is time for one; the caller reports the move by `moved`. */
export function reduceFailover(
  state: FailoverState,
  facts: FailoverFacts,
): { readonly state: FailoverState; readonly move: Move | null } {
  const active = facts.profiles.find((one) => one.active);
  // What was set outside of Gopherbar is not changed.
  if (!facts.enabled || facts.drifted || active === undefined) return { state: INITIAL_FAILOVER, move: null };
  const preferred = facts.profiles.find(({ profile }) => profile.id === state.preferred);
  const isBack = preferred === undefined || preferred === active;
  const next: FailoverState = {
    ...(isBack ? { ...INITIAL_FAILOVER, movedAt: state.movedAt } : state),
    wellSince: !isBack && works(preferred.walk) ? (state.wellSince ?? facts.now) : null,
    slowSince: fasterOnes(facts, active).length > 0 ? (state.slowSince ?? facts.now) : null,
  };
  return { state: next, move: moveNow(next, facts, active) };
}

function moveNow(state: FailoverState, facts: FailoverFacts, active: FailoverFacts['profiles'][number]): Move | null {
  const { now } = facts;
  // A refusal is a decision of the proxy's operator: it is shown, and not worked around.
  if (isRefused(active.walk)) return null;
  if (facts.confirmedOutage && active.walk.outcome === 'stops') {
    // A dead path is left whenever a live one is known; only moving back and forth is limited.
    const held = state.movedAt !== null && now - state.movedAt < DWELL_MS && state.preferred === null;
    const [best] = held ? [] : candidates(facts);
    return best === undefined ? null : { to: best.profile.id, why: 'outage' };
  }
  if (state.movedAt !== null && now - state.movedAt < DWELL_MS) return null;
  if (state.preferred !== null && state.wellSince !== null && now - state.wellSince >= BACK_AFTER_MS) {
    return { to: state.preferred, why: 'recovered' };
  }
  const [faster] = fasterOnes(facts, active);
  const isTime = state.slowSince !== null && now - state.slowSince >= SLOW_FOR_MS;
  return faster !== undefined && isTime ? { to: faster.profile.id, why: 'slow' } : null;
}

/** The state after a move was carried out from a profile. */
export function moved(state: FailoverState, move: Move, from: string, now: EpochMs): FailoverState {
  if (move.why === 'recovered') return { ...INITIAL_FAILOVER, movedAt: now };
  return { ...INITIAL_FAILOVER, preferred: state.preferred ?? from, movedAt: now };
}

/** Allowed profiles that work now, the best first: by the walk, then by latency, then in the person's order. */
function candidates(facts: FailoverFacts): FailoverFacts['profiles'] {
  return facts.profiles
    .filter(({ profile, active, walk }) => {
      if (active || !works(walk) || !facts.allowed.includes(profile.id)) return false;
      return weakens(profile.variables, facts.effective) === null;
    })
    .toSorted((a, b) => RANK[a.walk.outcome] - RANK[b.walk.outcome] || latency(a.walk) - latency(b.walk));
}

function fasterOnes(facts: FailoverFacts, active: FailoverFacts['profiles'][number]): FailoverFacts['profiles'] {
  if (active.walk.outcome !== 'slow' || active.walk.latencyMs === null) return [];
  const now = active.walk.latencyMs;
  return candidates(facts).filter(({ walk }) => {
    const other = latency(walk);
    return walk.outcome === 'works' && other <= now * FASTER_BY.share && other <= now - FASTER_BY.ms;
  });
}

const RANK: Readonly<Record<Walk['outcome'], number>> = { works: 0, slow: 1, 'fell-back': 2, stops: 9, unproven: 9 };

function works({ outcome }: Walk): boolean {
  return RANK[outcome] < 9;
}

function latency({ latencyMs }: Walk): number {
  return latencyMs ?? Number.MAX_VALUE;
}

/**
 * The variable by which a profile would check less, or let more be seen, than what is in force; null when by none. A
 * variable that it does not name stays as it is.
 */
export function weakens(variables: GoVariables, effective: GoVariables): (typeof PROFILE_VARIABLES)[number] | null {
  const weaker = PROFILE_VARIABLES.find((name) => {
    const value = variables[name];
    if (value === undefined) return false;
    const now = effective[name] ?? '';
    switch (name) {
      case 'GOSUMDB':
        return value === 'off' && now !== 'off';
      case 'GONOSUMDB':
      case 'GOINSECURE':
        return !isSubset(value, now);
      case 'GOPRIVATE':
        // More privacy means fewer checks, less means more to see: only the same will do.
        return value !== now && !(isSubset(value, now) && isSubset(now, value));
      case 'GONOPROXY':
        return !isSubset(now, value === '' ? (variables.GOPRIVATE ?? effective.GOPRIVATE ?? '') : value);
      default:
        return false;
    }
  });
  return weaker ?? null;
}

function isSubset(globs: string, of: string): boolean {
  const all = of.split(',');
  return globs.split(',').every((glob) => glob === '' || all.includes(glob));
}
