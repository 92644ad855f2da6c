/** Where a name leads. */
import { isIP } from 'node:net';
import type { ProbeNetwork } from './probe-pool.ts';

/** One address of a host. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
  /** Another port than the one asked for. */
  readonly port?: number | undefined;
}

/**
 * Looks a name up by DNS over HTTPS at a resolver's URL. Rejects with a PhaseError of phase `dns`. Handed down to whatever
 * resolves names, because it needs the HTTP client, which itself resolves names.
 */
export type HttpsLookUp = (
  host: string,
  server: string,
  network: ProbeNetwork,
  signal: AbortSignal,
) => Promise<readonly ResolvedAddress[]>;

/** An address with its family. */
export function withFamily(address: string): ResolvedAddress {
  return { address, family: isIP(address) === 6 ? 6 : 4 };
}
