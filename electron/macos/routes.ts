/** Which way packets leave: `route -n get` (network_cmds, route.c) and `netstat -rn`. */
import { linesOf, type Read, unreadLine } from './lines.ts';

const TUNNEL = /^(?:utun|ipsec|ppp|tun|tap)\d+$/;

/** The route to one destination. */
export interface Route {
  /** null = directly attached. */
  readonly gateway: string | null;
  readonly interface: string | null;
  readonly mtu: number | null;
  readonly viaTunnel: boolean;
  /** The route itself refuses. */
  readonly reject: boolean;
  /** Directly attached and no tunnel: what Local Network privacy asks about. */
  readonly isLocal: boolean;
  readonly flags: readonly string[];
  /** There is no route at all. */
  readonly missing: boolean;
  /** null = the answer does not say: it is about a narrower route. */
  readonly hasDefaultRoute: boolean | null;
}

/** The columns below the fields, if their heading is not there. */
const METRICS = ['recvpipe', 'sendpipe', 'ssthresh', 'rtt,msec', 'rttvar', 'hopcount', 'mtu', 'expire'];

function isDefault(fields: ReadonlyMap<string, string>): boolean {
  const destination = fields.get('destination') ?? '';
  const isZero = /^(?:0\.0\.0\.0|::)$/.test(destination) && !/[1-9a-f]/.test(fields.get('mask') ?? '');
  return destination === 'default' || isZero;
}

/** `route -n get HOST`. */
export function parseRoute(text: string): Read<Route> {
  const { lines, unread } = linesOf(text);
  const fields = new Map<string, string>();
  const strange = [...unread];
  let heads: readonly string[] = [];
  let mtu: number | null = null;
  let missing = false;
  let hasDefaultRoute: boolean | null = null;
  for (const line of lines) {
    const said = line.text.trim();
    const [, key, value = ''] = /^([a-z][a-z ]*):(?: (.*))?$/.exec(said) ?? [];
    if (/not in table|network is unreachable|bad address|host .* not found/i.test(said)) {
      missing = true;
      // Every address is met by a default route: one that is met by none says that there is none.
      if (/not in table|network is unreachable/i.test(said)) hasDefaultRoute = false;
    } else if (key !== undefined) fields.set(key, value.trim());
    else if (/^recvpipe\s/.test(said)) heads = said.split(/\s+/);
    else if (/^(?:-?\d+\s+){7}-?\d+$/.test(said)) {
      const at = said.split(/\s+/)[(heads.length > 0 ? heads : METRICS).indexOf('mtu')];
      mtu = at !== undefined && /^\d+$/.test(at) ? Number(at) : null;
    } else strange.push(unreadLine(line));
  }
  const gateway = fields.get('gateway');
  const iface = fields.get('interface') ?? null;
  const flags = (fields.get('flags') ?? '')
    .replace(/[<>]/g, '')
    .split(',')
    .filter((flag) => flag !== '');
  const viaTunnel = iface !== null && TUNNEL.test(iface);
  const value: Route = {
    gateway: gateway === undefined || /^link#/.test(gateway) ? null : gateway,
    interface: iface,
    mtu,
    viaTunnel,
    reject: flags.includes('REJECT') || flags.includes('BLACKHOLE'),
    isLocal: iface !== null && !flags.includes('GATEWAY') && !viaTunnel && iface !== 'lo0',
    flags,
    missing,
    hasDefaultRoute: hasDefaultRoute ?? (isDefault(fields) ? true : null),
  };
  return { value, unread: strange };
}

/** One line of the routing table. */
export interface RouteRow {
  /** Abbreviated as netstat does it: `10.20/16`, `127`. */
  readonly destination: string;
  readonly gateway: string;
  readonly flags: string;
  readonly iface: string;
  readonly expire: string | null;
}

/** `netstat -rn -f inet`; a route with the flag I is bound to its interface and no default for ordinary sockets. */
export function parseRouteTable(
  text: string,
): Read<{ readonly routes: readonly RouteRow[]; readonly defaultIface: string | null; readonly viaTunnel: boolean }> {
  const { lines, unread } = linesOf(text);
  const routes: RouteRow[] = [];
  const strange = [...unread];
  for (const line of lines) {
    const said = line.text.trim();
    if (/^(?:Routing tables|Internet6?:|Destination\s+Gateway)/.test(said)) continue;
    // Older systems have two more columns (Refs, Use).
    const row = /^(\S+)\s+(\S+)\s+([A-Za-z0-9]+)\s+(?:\d+\s+\d+\s+)?([a-z]+\d+[\w.]*)(?:\s+(\S+))?$/.exec(said);
    if (row === null) strange.push(unreadLine(line));
    else {
      const [, destination = '', gateway = '', flags = '', iface = '', expire] = row;
      routes.push({ destination, gateway, flags, iface, expire: expire ?? null });
    }
  }
  const isGeneral = ({ flags }: RouteRow) => !flags.includes('I');
  // Full tunnels often add two halves and leave the default as it was.
  const half = routes.find((one) => /^(?:0\/1|0\.0\.0\.0\/1)$/.test(one.destination) && isGeneral(one));
  const main = half ?? routes.find((one) => one.destination === 'default' && isGeneral(one));
  const defaultIface = main?.iface ?? null;
  return {
    value: { routes, defaultIface, viaTunnel: defaultIface !== null && TUNNEL.test(defaultIface) },
    unread: strange,
  };
}
