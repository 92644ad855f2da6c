/** Whether the machine itself is cut off, so that no endpoint can be judged. Pure. */
import type { EpochMs } from '../../shared/domain/units.ts';
import { hostAndPortOf, type Observation } from './endpoint-record.ts';
import { couldBeLocal, UNREACHABLE } from './local-causes.ts';

/** With a path, one unreachable host may be that host's fault, two are not. Silence needs one host more. */
const UNREACHABLE_HOSTS = 2;
const SILENT_HOSTS = 3;

/** Whether nothing can be reached: several hosts fail this way, and no other host has answered since. */
export function isOffline(hasNetworkPath: boolean, observations: readonly Observation[]): boolean {
  const local = observations.filter(failsLocally);
  const unreachable = local.filter(({ state }) => state.cause !== null && UNREACHABLE.has(state.cause));
  if (!hasNetworkPath) return noneAnsweredSince(nthNewest(local, 1), observations);
  return (
    noneAnsweredSince(nthNewest(unreachable, UNREACHABLE_HOSTS), observations) ||
    noneAnsweredSince(nthNewest(local, SILENT_HOSTS), observations)
  );
}

function failsLocally({ state }: Observation): boolean {
  return state.failures > 0 && couldBeLocal(state.cause);
}

/** When the n-th newest of the failing hosts was last tried; null when there are fewer. */
function nthNewest(observations: readonly Observation[], n: number): EpochMs | null {
  const newest = new Map<string, EpochMs>();
  for (const { endpoint, last } of observations) {
    const host = hostAndPortOf(endpoint);
    newest.set(host, Math.max(newest.get(host) ?? 0, last?.startedAt ?? 0));
  }
  return [...newest.values()].sort((a, b) => b - a)[n - 1] ?? null;
}

/** A host that answers was reached, even if it answers with an error. */
function noneAnsweredSince(at: EpochMs | null, observations: readonly Observation[]): boolean {
  return at !== null && observations.every((one) => failsLocally(one) || one.last === null || one.last.startedAt < at);
}
