/** Names to addresses, through the resolver of the settings. */
import { isIP } from 'node:net';
import type { Clock } from '../system/clock.ts';
import { PhaseError } from './phase-error.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import type { HttpsLookUp } from './resolved-address.ts';
import { resolveHost } from './resolver.ts';

/** A person waits for it: a resolver that takes longer counts as one that does not answer. */
const LIMIT_MS = 3_000;

/**
 * Looks names up: [] for a name that does not exist or has no address, null when the resolver failed. An address is its
 * own answer. Never rejects.
 */
export function lookUpWith(
  network: ProbeNetwork,
  clock: Clock,
  overHttps: HttpsLookUp,
  signal: AbortSignal = new AbortController().signal,
): (host: string) => Promise<readonly string[] | null> {
  return async (host) => {
    if (isIP(host) !== 0) return [host];
    try {
      const deadline = { clock, signal, overHttps, endsAt: clock.monotonic() + LIMIT_MS };
      const found = await resolveHost(host, network, deadline, LIMIT_MS);
      return found.map(({ address }) => address);
    } catch (error) {
      return error instanceof PhaseError && error.why === 'dns-no-such-host' ? [] : null;
    }
  };
}
