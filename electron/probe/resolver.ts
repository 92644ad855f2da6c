/** Names to addresses: pinned answers, a chosen DNS server, or the system's resolver as `go` on macOS uses it. */
import * as dns from 'node:dns';
import { isIP } from 'node:net';
import { classifyDns, factsOf, phaseError } from './classify.ts';
import { type Bounds, PhaseError, within } from './phase-error.ts';
import type { ProbeNetwork } from './probe-pool.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves a host within the dial limit. Rejects with a PhaseError of phase `dns`. */
export function resolveHost(
  host: string,
  port: number,
  network: ProbeNetwork,
  bounds: Bounds,
  limitMs: number,
): Promise<readonly ResolvedAddress[]> {
  const pinned =
    network.pinned?.filter((one) => one.host.toLowerCase() === host.toLowerCase() && one.port === port) ?? [];
  const literal = pinned.length > 0 ? pinned.map((one) => one.address) : isIP(host) === 0 ? [] : [host];
  if (literal.length > 0) return Promise.resolve(literal.map(withFamily));
  const late = () => new PhaseError('dns', 'dns-timeout', `no answer for ${host} within ${Math.round(limitMs)} ms`);
  const { resolver } = network;
  return within(bounds, limitMs, late, (resolve, reject) => {
    const refuse = (error: unknown) => reject(phaseError('dns', classifyDns(factsOf(error)), factsOf(error)));
    return resolver === undefined ? askSystem(host, resolve, refuse) : askServer(host, resolver, resolve, refuse);
  });
}

type Resolve = (addresses: readonly ResolvedAddress[]) => void;
type Refuse = (error: unknown) => void;

function askSystem(host: string, resolve: Resolve, refuse: Refuse): () => void {
  dns.lookup(host, { all: true, order: 'verbatim' }, (error, addresses) => {
    if (error !== null) refuse(error);
    else resolve(addresses.map(({ address }) => withFamily(address)));
  });
  // getaddrinfo cannot be called back; its answer is dropped.
  return () => {};
}

function askServer(host: string, server: string, resolve: Resolve, refuse: Refuse): () => void {
  const resolver = new dns.promises.Resolver({ timeout: 60_000, tries: 1 });
  resolver.setServers([server]);
  void Promise.allSettled([resolver.resolve6(host), resolver.resolve4(host)]).then((answers) => {
    const addresses = answers.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (addresses.length > 0) return resolve(addresses.map(withFamily));
    const errors = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    // "No such record" of one family says less than the trouble of the other.
    refuse(errors.find((error) => error.code !== 'ENODATA') ?? errors[0]);
  });
  return () => resolver.cancel();
}

function withFamily(address: string): ResolvedAddress {
  return { address, family: isIP(address) === 6 ? 6 : 4 };
}
