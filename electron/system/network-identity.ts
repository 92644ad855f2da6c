/**
 * Which network this is, from its default gateway's hardware address, its subnet and its search domain. Commands:
 * `route`,
 * `arp` and `scutil --dns` on macOS (no privilege needed), iproute2 on Linux. No packet is sent.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { NetworkIdentity } from '../../shared/domain/network.ts';
import type { Env } from './files.ts';
import type { ProcessRunner } from './process-runner.ts';

const TIMEOUT_MS = 3_000;

/** The gateway of the default route; null = there is none. */
export interface Gateway {
  readonly address: string;
  readonly device: string;
}

/** The network of the default route; null when there is none or the tools are missing. Never rejects. */
export async function readNetworkIdentity(
  runner: ProcessRunner,
  env: Env,
  platform: NodeJS.Platform = process.platform,
): Promise<NetworkIdentity | null> {
  const run = async (file: string, args: readonly string[]) => {
    const outcome = await runner.run({ file, args, env: { PATH: env.PATH, LC_ALL: 'C' }, timeoutMs: TIMEOUT_MS });
    return outcome.ended === 'exited' ? outcome.stdout : '';
  };
  if (platform === 'darwin') {
    const gateway = gatewayFromRoute(await run('/sbin/route', ['-n', 'get', 'default']));
    if (gateway === null) return null;
    const [arp, dns] = await Promise.all([
      run('/usr/sbin/arp', ['-n', gateway.address]),
      run('/usr/sbin/scutil', ['--dns']),
    ]);
    return identityOf(
      gateway,
      macFromArp(arp),
      subnetOf(gateway.device),
      /search domain\[0\] : (\S+)/.exec(dns)?.[1] ?? '',
    );
  }
  const gateway = gatewayFromIp(await run('ip', ['-json', 'route', 'show', 'default']));
  if (gateway === null) return null;
  const neighbours = await run('ip', ['-json', 'neigh', 'show', gateway.address]);
  const resolv = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  const domain = /^search\s+(\S+)/m.exec(resolv)?.[1] ?? '';
  return identityOf(gateway, macFromNeighbours(neighbours), subnetOf(gateway.device), domain);
}

/** Of `route -n get default`. */
export function gatewayFromRoute(text: string): Gateway | null {
  const device = /^[ \t]*interface: (\S+)$/m.exec(text)?.[1];
  if (device === undefined) return null;
  return { address: /^[ \t]*gateway: (\S+)$/m.exec(text)?.[1] ?? '', device };
}

/** Of `ip -json route show default`. */
export function gatewayFromIp(text: string): Gateway | null {
  const [first] = listOf(text);
  if (first === undefined || typeof first.dev !== 'string') return null;
  return { address: typeof first.gateway === 'string' ? first.gateway : '', device: first.dev };
}

/** Of `ip -json neigh show ADDRESS`; empty when unknown. */
export function macFromNeighbours(text: string): string {
  const known = listOf(text).find(({ lladdr }) => typeof lladdr === 'string');
  return typeof known?.lladdr === 'string' ? known.lladdr : '';
}

/** Of `arp -n ADDRESS`; octets without leading zeros are filled up. */
export function macFromArp(text: string): string {
  const found = / at ([0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}) /i.exec(text)?.[1] ?? '';
  return found === ''
    ? ''
    : found
        .split(':')
        .map((octet) => octet.padStart(2, '0'))
        .join(':');
}

/** The identity derived from these facts. */
export function identityOf(gateway: Gateway, mac: string, subnet: string, domain: string): NetworkIdentity {
  const facts = [mac || gateway.address, subnet, domain].join('|');
  const id = createHash('sha256').update(facts).digest('hex').slice(0, 12);
  const description = [gateway.device, subnet, domain].filter((one) => one !== '').join(' · ');
  return { id, description, isHotspot: isHotspotSubnet(subnet) };
}

/** iPhones hand out 172.20.10.0/28, Android 192.168.43.0/24 (49 by Wi-Fi Direct), Windows 192.168.137.0/24. */
function isHotspotSubnet(subnet: string): boolean {
  return /^(?:172\.20\.10\.|192\.168\.(?:43|49|137)\.)/.test(subnet);
}

function subnetOf(device: string): string {
  const cidr = networkInterfaces()[device]?.find(({ family }) => family === 'IPv4')?.cidr ?? null;
  return cidr === null ? '' : networkPart(cidr);
}

/** `192.0.2.7/24` → `192.0.2.0/24`; other texts stay. */
export function networkPart(cidr: string): string {
  const [, address = '', length = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  if (address === '') return cidr;
  const bits = Number(length);
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const network = bits === 0 ? 0 : Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256);
  return `${octets.join('.')}/${bits}`;
}

function listOf(json: string): readonly Record<string, unknown>[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.filter((one) => typeof one === 'object' && one !== null) : [];
  } catch {
    return [];
  }
}
