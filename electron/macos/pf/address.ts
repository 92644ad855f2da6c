/** Whether an address is meant by a rule's address. Three answers, since much is not known from a listing alone. */
import { BlockList, isIP } from 'node:net';

/** Whether a rule's condition holds; `maybe` = not known. */
export type Match = 'yes' | 'no' | 'maybe';

/** What is known beside the rules. */
export interface Known {
  /** Entries of tables by name; absent = not read. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** Addresses of this Mac's interfaces; absent = not known. */
  readonly interfaces?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The opposite; what is not known stays so. */
export function not(match: Match): Match {
  return match === 'maybe' ? 'maybe' : match === 'yes' ? 'no' : 'yes';
}

/** `spec` as a rule prints it; `address` null = one of this Mac's own, not known which. */
export function matchesAddress(spec: string, address: string | null, known: Known): Match {
  if (spec.startsWith('! ')) return not(matchesAddress(spec.slice(2), address, known));
  if (spec === 'any') return 'yes';
  if (spec === 'no-route' || spec === 'urpf-failed') return 'no';
  const table = /^<([^>]+)>$/.exec(spec)?.[1];
  if (table !== undefined) return inTable(known.tables[table], address);
  const own = /^\(([\w.]+)(?::(network|broadcast|peer|0))?\)(?:\/\d+)?$/.exec(spec);
  if (own !== null) return ofInterface(own[1] ?? '', own[2], address, known);
  const range = /^(\S+) - (\S+)$/.exec(spec);
  if (range !== null) return inRange(range[1] ?? '', range[2] ?? '', address);
  return inNetwork(spec, address);
}

/** The most exact entry decides; `!` takes out (pf.conf(5), TABLES). */
function inTable(entries: readonly string[] | undefined, address: string | null): Match {
  if (entries === undefined || address === null) return 'maybe';
  let best = -1;
  let inside = false;
  for (const entry of entries) {
    const isException = entry.startsWith('!');
    const network = entry.replace(/^!\s*/, '');
    if (inNetwork(network, address) !== 'yes') continue;
    const bits = Number(/\/(\d+)$/.exec(network)?.[1] ?? 128);
    if (bits >= best) {
      best = bits;
      inside = !isException;
    }
  }
  return inside ? 'yes' : 'no';
}

function ofInterface(name: string, what: string | undefined, address: string | null, { interfaces }: Known): Match {
  if (address === null || interfaces === undefined || what !== undefined) return 'maybe';
  return (interfaces[name] ?? []).includes(address) ? 'yes' : 'no';
}

function inRange(from: string, to: string, address: string | null): Match {
  if (address === null) return ownAddressIn(from);
  if (isIP(from) === 0 || isIP(from) !== isIP(to)) return 'maybe';
  if (isIP(address) !== isIP(from)) return 'no';
  const list = new BlockList();
  try {
    list.addRange(from, to, isIP(from) === 6 ? 'ipv6' : 'ipv4');
  } catch {
    return 'maybe';
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') ? 'yes' : 'no';
}

function inNetwork(network: string, address: string | null): Match {
  const [base = '', bits] = network.split('/');
  const bare = base.replace(/%.*$/, '');
  const version = isIP(completed(bare));
  // A name that was not resolved, or something this reader does not know.
  if (version === 0) return 'maybe';
  if (address === null) return ownAddressIn(bare);
  if (isIP(address) !== version) return 'no';
  const type = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  try {
    list.addSubnet(completed(bare), bits === undefined ? (version === 6 ? 128 : 32) : Number(bits), type);
  } catch {
    return 'maybe';
  }
  return list.check(address, type) ? 'yes' : 'no';
}

/** `10/8` is short for `10.0.0.0/8`. */
function completed(base: string): string {
  if (!/^\d{1,3}(?:\.\d{1,3}){0,2}$/.test(base)) return base;
  return [...base.split('.'), '0', '0', '0'].slice(0, 4).join('.');
}

/** Our own address is unicast and not loopback's; more is not known of it. */
function ownAddressIn(base: string): Match {
  const isNever = /^(?:22[4-9]|23\d|24\d|25[0-5])\.|^127\.|^0\.|^ff|^::1$/i.test(base);
  return isNever ? 'no' : 'maybe';
}
