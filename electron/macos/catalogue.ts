/**
 * The closed list of commands that Gopherbar runs on macOS: absolute paths, fixed arguments, validated parameters. None goes
 * through a shell but the one privileged script, which is fixed as well.
 */
import { isIP } from 'node:net';
import { join } from 'node:path';

/** One command that may be run. */
export interface CatalogueEntry {
  readonly id: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Changes something on this Mac. */
  readonly changes: boolean;
}

const reading = (id: string, file: string, ...args: string[]): CatalogueEntry => ({ id, file, args, changes: false });

/** Reads that need no password. */
export const READS: readonly CatalogueEntry[] = [
  reading('sw_vers', '/usr/bin/sw_vers'),
  reading('scutil --dns', '/usr/sbin/scutil', '--dns'),
  reading('scutil --proxy', '/usr/sbin/scutil', '--proxy'),
  reading('scutil --nc list', '/usr/sbin/scutil', '--nc', 'list'),
  reading('networksetup -listallnetworkservices', '/usr/sbin/networksetup', '-listallnetworkservices'),
  reading('systemextensionsctl list', '/usr/bin/systemextensionsctl', 'list'),
  // One option a call: an unknown one prints usage in place of everything.
  ...['--getglobalstate', '--getblockall', '--getstealthmode', '--getallowsigned'].map((option) =>
    reading(`socketfilterfw ${option}`, '/usr/libexec/ApplicationFirewall/socketfilterfw', option),
  ),
];

/** The route to an address, or to `default`. Throws on anything else: a caller's mistake. */
export function routeTo(address: string): CatalogueEntry {
  if (address !== 'default' && isIP(address) === 0) throw new Error('a route is asked for by address');
  return reading(
    `route -n get ${address}`,
    '/sbin/route',
    '-n',
    'get',
    ...(isIP(address) === 6 ? ['-inet6'] : []),
    address,
  );
}

/** Longer than any name of a network service. */
const MAX_SERVICE_NAME = 200;

/** Resolvers that a person set for a network service, whose name is localised and may hold blanks; null for no such name. */
export function dnsServersOf(service: string): CatalogueEntry | null {
  const isName = service !== '' && service.length <= MAX_SERVICE_NAME && !service.startsWith('-');
  if (!isName || [...service].some((character) => character < ' ')) return null;
  return reading(`networksetup -getdnsservers ${service}`, '/usr/sbin/networksetup', '-getdnsservers', service);
}

/** A property list as JSON. Throws on a relative path: a caller's mistake. */
export function managedPreferences(path: string): CatalogueEntry {
  if (!path.startsWith('/')) throw new Error('a property list is named by its absolute path');
  return reading('plutil -convert json', '/usr/bin/plutil', '-convert', 'json', '-o', '-', '--', path);
}

/** Who signed a program. */
export function signatureOf(path: string): CatalogueEntry {
  if (!path.startsWith('/')) throw new Error('a program is named by its absolute path');
  return reading('codesign -dvv', '/usr/bin/codesign', '-dvv', path);
}

/** Bundle identifiers as Apple allows them (CFBundleIdentifier): letters, digits, hyphens and dots. */
const BUNDLE_ID = /^[A-Za-z0-9][A-Za-z0-9.-]{1,200}$/;

/** Services of tccutil(1), without the prefix. `All` is not among them: it would forget more than was asked for. */
const RESETTABLE: ReadonlySet<string> = new Set([
  'SystemPolicyAllFiles',
  'SystemPolicyDesktopFolder',
  'SystemPolicyDocumentsFolder',
  'SystemPolicyDownloadsFolder',
  'SystemPolicyNetworkVolumes',
  'SystemPolicyRemovableVolumes',
  'SystemPolicyAppData',
  'DeveloperTool',
  'AppleEvents',
  'Accessibility',
]);

/** Forgets one decision of one app, as the person; null for a service or an app that may not be named. */
export function resetDecision(service: string, bundleId: string): CatalogueEntry | null {
  if (!RESETTABLE.has(service) || !BUNDLE_ID.test(bundleId)) return null;
  return { id: 'tccutil reset', file: '/usr/bin/tccutil', args: ['reset', service, bundleId], changes: true };
}

/** Forgets looked-up names. */
export const FLUSH_DNS: CatalogueEntry = {
  id: 'dscacheutil -flushcache',
  file: '/usr/bin/dscacheutil',
  args: ['-flushcache'],
  changes: true,
};

/** Where an entry's program is: below the root of the real system, or of a test's. */
export function inRoot(root: string, file: string): string {
  return root === '/' ? file : join(root, file);
}
