/**
 * `scutil --proxy` (configd, SCD.c): nested dictionaries and arrays. Go, git and curl do not read any of it; browsers do,
 * which is why a browser works where `go` does not.
 */
import { type Line, linesOf, type Read, unreadLine } from './lines.ts';

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
}

interface Dictionary {
  readonly [key: string]: Node;
}
type Node = string | Dictionary;

/** Reads `scutil --proxy`; total. */
export function parseProxyConfiguration(text: string): Read<ProxyConfiguration> {
  const { lines, unread } = linesOf(text);
  const strange: Line[] = [];
  const root = readTree(lines, strange);
  const exceptions = root.ExceptionsList;
  const scoped = root.__SCOPED__;
  const value: ProxyConfiguration = {
    ...proxiesOf(root),
    autoDiscovery: root.ProxyAutoDiscoveryEnable === '1',
    exceptions:
      typeof exceptions === 'object' ? Object.values(exceptions).filter((one) => typeof one === 'string') : [],
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
  };
  return { value, unread: [...unread, ...strange.map(unreadLine)] };
}

type Proxies = Pick<ProxyConfiguration, 'http' | 'https' | 'socks' | 'pac'>;

function proxiesOf(node: Dictionary): Proxies {
  const one = (name: string) => {
    const [enabled, host, port] = [node[`${name}Enable`], node[`${name}Proxy`], node[`${name}Port`]];
    if (enabled !== '1' || typeof host !== 'string') return null;
    const shown = host.includes(':') ? `[${host}]` : host;
    return typeof port === 'string' ? `${shown}:${port}` : shown;
  };
  const url = node.ProxyAutoConfigURLString;
  const script = node.ProxyAutoConfigJavaScript === undefined ? null : '(script)';
  return {
    http: one('HTTP'),
    https: one('HTTPS'),
    socks: one('SOCKS'),
    pac: node.ProxyAutoConfigEnable === '1' ? (typeof url === 'string' ? url : script) : null,
  };
}

function set(proxies: Proxies): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(proxies).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Braces nest; how far lines are indented differs. Null prototypes, since keys are whatever stands there. */
function readTree(lines: readonly Line[], strange: Line[]): Dictionary {
  const root = dictionary();
  const open: Record<string, Node>[] = [root];
  let begun = false;
  for (const line of lines) {
    const said = line.text.trim();
    const inner = /^(\S.*?) : <(?:dictionary|array)> \{$/.exec(said)?.[1];
    const pair = /^(\S.*?) : (.*)$/.exec(said);
    const current = open.at(-1) ?? root;
    if (/^<(?:dictionary|array)> \{$/.test(said)) begun = true;
    else if (inner !== undefined) {
      const node = dictionary();
      current[inner] = node;
      open.push(node);
    } else if (said === '}') {
      if (open.length > 1) open.pop();
    } else if (pair !== null && begun) current[pair[1] ?? ''] = pair[2] ?? '';
    else if (!/^No proxy configuration available/.test(said)) strange.push(line);
  }
  return root;
}

function dictionary(): Record<string, Node> {
  return Object.create(null) as Record<string, Node>;
}
