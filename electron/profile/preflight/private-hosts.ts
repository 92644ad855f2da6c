/** Which module hosts look private, by name or by address. */
import { isIP } from 'node:net';

/** Hosts of public modules, not resolved. */
const PUBLIC =
  /(?:^|\.)(?:github\.com|gitlab\.com|bitbucket\.org|gitee\.com|golang\.org|gopkg\.in|k8s\.io|uber\.org|google\.golang\.org|cloud\.google\.com|etcd\.io|opentelemetry\.io|go\.dev)$/;

/**
 * Never delegated in the public DNS (RFC 2606, 6762, 8375; ICANN's list of reserved names), or customarily internal.
 */
const INTERNAL = /\.(?:local|localdomain|internal|intranet|corp|home|lan|private|test|invalid|home\.arpa)$/;

/** Limit of names that are resolved. */
const MAX_LOOKUPS = 50;

/** The addresses of a name; [] when it has none; null when no server responded. */
export type LookUp = (host: string) => Promise<readonly string[] | null>;

/** The hosts among these that should not be revealed to a public proxy. */
export async function privateHosts(hosts: readonly string[], lookUp: LookUp): Promise<ReadonlySet<string>> {
  const unknown = [...new Set(hosts)].filter((host) => !PUBLIC.test(host));
  const byName = unknown.filter((host) => !host.includes('.') || INTERNAL.test(host));
  const asked = unknown.filter((host) => !byName.includes(host)).slice(0, MAX_LOOKUPS);
  const byAddress = await Promise.all(
    asked.map(async (host) => {
      const addresses = await lookUp(host);
      return addresses !== null && addresses.length > 0 && addresses.every(isPrivateAddress) ? [host] : [];
    }),
  );
  return new Set([...byName, ...byAddress.flat()]);
}

/** Addresses without a public route: RFC 1918, 4193, 6598, loopback and link-local. */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 6) return /^(?:::1$|f[cd]|fe[89ab])/i.test(address);
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 10 ||
    a === 127 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128)
  );
}
