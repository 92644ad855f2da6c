/** Whether the machine itself is cut off, so that no endpoint can be judged. Pure. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { EndpointStatus } from './status.ts';

/** What is known of reaching one host. */
export interface Reach {
  readonly host: string;
  readonly state: Pick<EndpointStatus, 'failures' | 'cause'>;
  /** When the last probe began; null before the first. */
  readonly lastAt: EpochMs | null;
}

/** Causes that say "nothing out there can be reached at all". */
const UNREACHABLE: ReadonlySet<Cause> = new Set(['connect-unreachable', 'dns-resolver-unreachable']);
/** With no network path, or of every host there is, these say the same. */
const SILENT: ReadonlySet<Cause> = new Set([
  'dns-timeout',
  'dns-no-such-host',
  'dns-server-misbehaving',
  'connect-timeout',
]);

/** With a path, one unreachable host may be that host's fault; two are ours. Silence needs one more to say so. */
const UNREACHABLE_HOSTS = 2;
const SILENT_HOSTS = 3;

/** Whether a failure may be the machine's own. */
export function couldBeLocal(cause: Cause | null): boolean {
  return cause !== null && (UNREACHABLE.has(cause) || SILENT.has(cause));
}

/** Whether nothing can be reached: several hosts fail so, and nobody has answered since they did. */
export function isOffline(hasNetworkPath: boolean, reaches: readonly Reach[]): boolean {
  const ours = reaches.filter(isOurs);
  const unreachable = ours.filter(({ state }) => state.cause !== null && UNREACHABLE.has(state.cause));
  if (!hasNetworkPath) return nobodyAnswersSince(nthNewest(ours, 1), reaches);
  return (
    nobodyAnswersSince(nthNewest(unreachable, UNREACHABLE_HOSTS), reaches) ||
    nobodyAnswersSince(nthNewest(ours, SILENT_HOSTS), reaches)
  );
}

function isOurs({ state }: Reach): boolean {
  return state.failures > 0 && couldBeLocal(state.cause);
}

/** When the n-th host, newest first, was last in vain tried; null when there are not so many. */
function nthNewest(reaches: readonly Reach[], n: number): EpochMs | null {
  const newest = new Map<string, EpochMs>();
  for (const { host, lastAt } of reaches) newest.set(host, Math.max(newest.get(host) ?? 0, lastAt ?? 0));
  return [...newest.values()].sort((a, b) => b - a)[n - 1] ?? null;
}

/** Whoever answers, if only with an error, was reached. */
function nobodyAnswersSince(at: EpochMs | null, reaches: readonly Reach[]): boolean {
  return at !== null && reaches.every((one) => isOurs(one) || one.lastAt === null || one.lastAt < at);
}
