/** Whether the machine itself is cut off, so that no endpoint can be judged. Pure. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { EndpointStatus } from './status.ts';

/** What is known of reaching one host. */
export interface Reach {
  readonly host: string;
  readonly state: Pick<EndpointStatus, 'failures' | 'cause' | 'streakSince' | 'since'>;
  /** When the last probe that succeeded began; null when the last one failed. */
  readonly lastOkAt: EpochMs | null;
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
export function mayBeOurs(cause: Cause | null): boolean {
  return cause !== null && (UNREACHABLE.has(cause) || SILENT.has(cause));
}

/** Whether nothing can be reached: several hosts fail so, and nobody has answered since they began to. */
export function isOffline(hasNetworkPath: boolean, reaches: readonly Reach[]): boolean {
  const failing = reaches.filter(({ state }) => state.failures > 0);
  const ours = failing.filter(({ state }) => mayBeOurs(state.cause));
  const isCommon = (causes: ReadonlySet<Cause>, least: number) =>
    hostsOf(ours.filter(({ state }) => state.cause !== null && causes.has(state.cause))) >= least;
  const isEnough = hasNetworkPath
    ? isCommon(UNREACHABLE, UNREACHABLE_HOSTS) || hostsOf(ours) >= SILENT_HOSTS
    : ours.length > 0;
  if (!isEnough) return false;
  const began = Math.min(...ours.map(({ state }) => state.streakSince ?? state.since));
  // Whoever answers, if only with an error, was reached.
  return reaches.every((one) =>
    one.state.failures > 0 ? mayBeOurs(one.state.cause) : one.lastOkAt === null || one.lastOkAt < began,
  );
}

function hostsOf(reaches: readonly Reach[]): number {
  return new Set(reaches.map(({ host }) => host)).size;
}
