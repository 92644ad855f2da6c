/** The machine's own network interfaces. */
import { networkInterfaces } from 'node:os';

/** Identity of the current network paths: changes when Wi-Fi, VPN or addresses change. Empty = no path at all. */
export function networkFingerprint(): string {
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? [])
      .filter((one) => !one.internal && !one.address.startsWith('fe80:'))
      .map((one) => `${name}=${one.address}`),
  );
  return addresses.sort().join(' ');
}
