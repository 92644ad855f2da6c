/** Names to addresses, through the resolver of the settings. */

import type { Clock } from '../system/clock.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import { resolveHost } from './resolver.ts';

const LIMIT_MS = 3_000;

/** [] for a name that has no address, null when nobody answered. */
export function lookUpWith(
  network: ProbeNetwork,
  clock: Clock,
  signal: AbortSignal = new AbortController().signal,
): (host: string) => Promise<readonly string[] | null> {
  return async (host) => {
    try {
      const found = await resolveHost(host, network, { clock, signal, endsAt: clock.monotonic() + LIMIT_MS }, LIMIT_MS);
      return found.map(({ address }) => address);
    } catch (error) {
      return (error as { cause?: unknown }).cause === 'dns-no-such-host' ? [] : null;
    }
  };
}
