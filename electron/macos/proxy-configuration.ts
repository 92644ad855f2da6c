/**
 * `scutil --proxy` (configd, SCD.c): nested dictionaries and arrays. Go, git and curl do not read any of it; browsers do,
 * which is why a browser works where `go` does not.
 */
import { type Line, linesOf, type Read, unreadLine } from './lines.ts';
import { itemsOf, readTree, type Tree } from './scutil-tree.ts';

/** The system's proxies. */
export interface ProxyConfiguration {
  /** `host:port`; null = off, whatever is filled in. */
  readonly http: string | null;
  readonly https: string | null;
  readonly socks: string | null;
  /** URL of the script, or `(script)` for one that is kept inline. */
  readonly pac: string | null;
  readonly autoDiscovery: boolean;
  readonly exceptions: readonly string[];
  readonly excludeSimple: boolean;
  /** By interface. */
  readonly scoped: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Proxies for some domains only, as VPNs set them. */
  readonly supplemental: readonly SupplementalProxy[];
}

/** Proxies for the names of some domains; those that are off are left out. */
export interface SupplementalProxy {
  /** The first of `domains`; null = every name. */
  readonly domain: string | null;
  readonly domains: readonly string[];
  readonly iface?: string;
  readonly http?: string;
  readonly https?: string;
  readonly socks?: string;
  readonly pac?: string;
}

/** Keys of this output: one pasted line of it is read without the brace that comes before. */
const KEYS =
  /^(?:(?:HTTP|HTTPS|SOCKS|FTP|RTSP|Gopher)(?:Enable|Proxy|Port|User)|FTPPassive|ProxyAuto\w+|ExceptionsList|ExcludeSimpleHostnames|Supplemental\w+|__\w+__)$/;

/** Reads `scutil --proxy`; total. */
export function parseProxyConfiguration(text: string): Read<ProxyConfiguration> {
  const { lines, unread } = linesOf(text);
  const strange: Line[] = [];
  const root = readTree(lines, strange, KEYS, /^No proxy configuration available/);
  const scoped = root.__SCOPED__;
  const value: ProxyConfiguration = {
    ...proxiesOf(root, !lines.some(({ text: line }) => line.includes('<dictionary> {'))),
    autoDiscovery: root.ProxyAutoDiscoveryEnable === '1',
    exceptions: itemsOf(root.ExceptionsList),
    excludeSimple: root.ExcludeSimpleHostnames === '1',
    scoped:
      typeof scoped === 'object'
        ? Object.fromEntries(
            Object.entries(scoped).map(([iface, node]) => [
              iface,
              set(proxiesOf(typeof node === 'object' ? node : {})),
            ]),
          )
        : {},
    supplemental: supplementsOf(root.__SUPPLEMENTAL__),
  };
  return { value, unread: [...unread, ...strange.map(unreadLine)] };
}

type Proxies = Pick<ProxyConfiguration, 'http' | 'https' | 'socks' | 'pac'>;

/** Of a part that was cut out, the switch may be missing; in a whole output, missing means off. */
function proxiesOf(node: Tree, isPart = false): Proxies {
  const one = (name: string) => {
    const [enabled, host, port] = [node[`${name}Enable`], node[`${name}Proxy`], node[`${name}Port`]];
    const isOn = enabled === '1' || (isPart && enabled === undefined);
    if (!isOn || typeof host !== 'string') return null;
    const shown = host.includes(':') ? `[${host}]` : host;
    return typeof port === 'string' ? `${shown}:${port}` : shown;
  };
  const url = node.ProxyAutoConfigURLString;
  const script = node.ProxyAutoConfigJavaScript === undefined ? null : '(script)';
  return {
    http: one('HTTP'),
    https: one('HTTPS'),
    socks: one('SOCKS'),
    pac:
      node.ProxyAutoConfigEnable === '1' || (isPart && node.ProxyAutoConfigEnable === undefined)
        ? typeof url === 'string'
          ? url
          : script
        : null,
  };
}

function supplementsOf(node: Tree | string | undefined): readonly SupplementalProxy[] {
  if (typeof node !== 'object') return [];
  return Object.values(node).flatMap((one) => {
    if (typeof one !== 'object') return [];
    const domains = itemsOf(one.SupplementalMatchDomains).map((name) => name.replace(/\.$/, ''));
    const iface = one.__INTERFACE__ ?? one.InterfaceName;
    return [
      {
        domain: domains.find((name) => name !== '') ?? null,
        domains: domains.filter((name) => name !== ''),
        ...(typeof iface === 'string' ? { iface } : {}),
        ...set(proxiesOf(one)),
      },
    ];
  });
}

function set(proxies: Proxies): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(proxies).filter((entry): entry is [string, string] => entry[1] !== null));
}
