/**
 * What the machine sends packets through: resolvers, proxies, tunnels and policies, as texts that are compared over time.
 * No packet leaves the machine, and no administrator password is needed.
 */
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { PolicyReading } from '../../shared/domain/policy.ts';
import { redactUrls } from '../../shared/domain/secrets.ts';
import type { MachineFacts } from '../../shared/domain/timeline.ts';
import { inRoot } from '../macos/catalogue.ts';
import { parseDnsConfiguration } from '../macos/dns-configuration.ts';
import { isAvailable } from '../macos/gather.ts';
import { shownProxies } from '../macos/policy-reading.ts';
import { parseProxyConfiguration } from '../macos/proxy-configuration.ts';
import { isAlive, proxiesIn } from '../profile/read-lint-environment.ts';
import type { Core } from './core.ts';

const TIMEOUT_MS = 3_000;

type Interfaces = ReturnType<typeof networkInterfaces>;

/** Reads all facts. Never rejects. */
export async function readMachineFacts(
  core: Pick<Core, 'runner' | 'toolRoot' | 'env' | 'lastPolicy'>,
  resolvConf = '/etc/resolv.conf',
): Promise<MachineFacts> {
  const scutil = async (...args: string[]) => {
    const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };
    const file = inRoot(core.toolRoot, '/usr/sbin/scutil');
    const outcome = await core.runner.run({ file, args, env, timeoutMs: TIMEOUT_MS });
    // Without DNS it prints so, and exits with 1.
    return outcome.ended === 'exited' && outcome.stdout !== '' ? outcome.stdout : null;
  };
  const isMac = isAvailable(core.toolRoot);
  const [dns, proxy, resolv, policy] = await Promise.all([
    isMac ? scutil('--dns') : null,
    isMac ? scutil('--proxy') : null,
    isMac ? null : readFile(resolvConf, 'utf8').catch(() => null),
    core.lastPolicy().catch(() => null),
  ]);
  const inSystem = proxy === null ? [] : shownProxies(parseProxyConfiguration(proxy).value);
  const inEnvironment = proxiesIn(core.env).map(({ value }) => value);
  return {
    ...(dns === null ? {} : { resolvers: parseDnsConfiguration(dns).value.defaultNameservers.join(', ') }),
    ...(resolv === null ? {} : { resolvers: resolversIn(resolv).join(', ') }),
    ...(proxy === null ? {} : { 'system-proxy': redactUrls(inSystem.join(', ')) }),
    'local-proxy': await listening([...inEnvironment, ...inSystem]),
    tunnels: tunnelsIn(networkInterfaces()).join(', '),
    ...(policy === null || !policy.available ? {} : { policies: policiesText(policy) }),
  };
}

/** Of resolv.conf(5). */
export function resolversIn(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].map(([, address = '']) => address);
}

/** Interfaces of VPNs and local proxies by their usual names; macOS keeps idle ones with a link-local address alone. */
export function tunnelsIn(interfaces: Interfaces): readonly string[] {
  return Object.entries(interfaces)
    .filter(([name]) => /^(?:utun|tun|tap|wg|ppp|ipsec|tailscale)\d*/.test(name))
    .filter(([, list]) => list?.some(({ address }) => !address.startsWith('fe80:')) === true)
    .map(([name]) => name)
    .sort();
}

/** What programs and administrators set; single rules are in the readings themselves. */
export function policiesText({ pfEnabled, rules, extensions, vpns, firewall }: PolicyReading): string {
  const filter = pfEnabled === null ? [] : [`pf ${pfEnabled ? 'on' : 'off'} (${rules.length})`];
  return [...filter, ...(firewall === null ? [] : [firewall]), ...extensions, ...vpns].join(', ');
}

/** Those on this machine that accept connections. */
async function listening(proxies: readonly string[]): Promise<string> {
  const places = [
    ...new Set(
      proxies.map((one) =>
        one
          .replace(/^\w+:\/\//, '')
          .replace(/^.*@/, '')
          .replace(/\/$/, ''),
      ),
    ),
  ];
  const alive = await Promise.all(places.map(isAlive));
  return places.filter((_, i) => alive[i] === true).join(', ');
}
