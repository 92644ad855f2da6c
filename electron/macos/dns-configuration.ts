/** `scutil --dns` (configd, dnsinfo_logging.h): the resolvers that programs really use; /etc/resolv.conf is not. */
import { linesOf, type Read, unreadLine } from './lines.ts';

/** One resolver as scutil lists it. */
export interface Resolver {
  readonly domain: string | null;
  readonly nameservers: readonly string[];
  readonly port: number | null;
  readonly iface: string | null;
  readonly searchDomains: readonly string[];
  readonly flags: readonly string[];
  readonly isMdns: boolean;
  readonly part: 'default' | 'scoped' | 'service-specific';
}

/** Which resolvers are asked for what. */
export interface DnsConfiguration {
  /** How many resolvers of the general part. */
  readonly resolvers: number;
  readonly scoped: number;
  readonly serviceSpecific: number;
  readonly available: boolean;
  readonly defaultNameservers: readonly string[];
  readonly defaultIface: string | null;
  readonly searchDomains: readonly string[];
  /** For one domain each, or a further default (domain null). */
  readonly supplemental: readonly {
    readonly domain: string | null;
    readonly nameservers: readonly string[];
    readonly iface: string | null;
    readonly port?: number;
  }[];
  readonly mdnsDomains: readonly string[];
  /** Some names are asked of a tunnel's resolver. */
  readonly vpnSplitDns: boolean;
  /** Names are asked of this Mac itself: a blocker, or a local proxy. */
  readonly localResolver: boolean;
}

type Draft = { -readonly [K in keyof Resolver]: Resolver[K] };

/** Reads `scutil --dns`; total. */
export function parseDnsConfiguration(text: string): Read<DnsConfiguration> {
  const { lines, unread } = linesOf(text);
  const strange = [...unread];
  const all: Draft[] = [];
  let part: Resolver['part'] = 'default';
  let available = true;
  for (const line of lines) {
    const said = line.text.trim();
    if (/^No DNS configuration available/.test(said)) available = false;
    else if (/^DNS configuration/.test(said)) {
      part = /scoped queries/.test(said) ? 'scoped' : /service-specific/.test(said) ? 'service-specific' : 'default';
    } else if (/^resolver #\d+$/.test(said)) all.push(emptyResolver(part));
    // A line pasted without its heading: the resolver that it belongs to.
    else if (all.length === 0 && addField(emptyResolver(part), said)) {
      const only = emptyResolver(part);
      addField(only, said);
      all.push(only);
    } else if (!addField(all.at(-1), said)) strange.push(unreadLine(line));
  }
  return { value: report(all, available), unread: strange };
}

function emptyResolver(part: Resolver['part']): Draft {
  return {
    domain: null,
    nameservers: [],
    port: null,
    iface: null,
    searchDomains: [],
    flags: [],
    isMdns: false,
    part,
  };
}

/** Fields that change nothing here. */
const IGNORED = /^(?:sortaddr\[\d+\]|timeout|service_identifier|reach|order|config id)$/;

function addField(resolver: Draft | undefined, line: string): boolean {
  const [, key = '', value = ''] = /^([a-z_ ]+(?:\[\d+\])?)\s*: (.*)$/.exec(line) ?? [];
  const name = key.trim();
  if (resolver === undefined || name === '') return false;
  if (name === 'domain') resolver.domain = value.replace(/\.$/, '');
  else if (/^search domain\[\d+\]$/.test(name))
    resolver.searchDomains = [...resolver.searchDomains, value.replace(/\.$/, '')];
  else if (/^nameserver\[\d+\]$/.test(name)) resolver.nameservers = [...resolver.nameservers, value];
  else if (name === 'port') resolver.port = Number(value);
  else if (name === 'if_index') resolver.iface = /\((\S+)\)/.exec(value)?.[1] ?? null;
  else if (name === 'flags') resolver.flags = value.split(', ');
  else if (name === 'options') resolver.isMdns = /\bmdns\b/.test(value);
  else return IGNORED.test(name);
  return true;
}

const TUNNEL = /^(?:utun|ipsec|ppp|tun|tap)\d+$/;

function report(all: readonly Resolver[], available: boolean): DnsConfiguration {
  const general = all.filter(({ part }) => part === 'default');
  const isSupplemental = ({ flags }: Resolver) => flags.includes('Supplemental');
  const usable = general.filter(({ isMdns }) => !isMdns);
  // The first without a domain that is no supplement is the default (scutil(8)).
  const first = usable.find((one) => one.domain === null && !isSupplemental(one)) ?? null;
  const supplements = usable.filter((one) => one !== first && (one.domain !== null || isSupplemental(one)));
  return {
    resolvers: general.length,
    scoped: all.filter(({ part }) => part === 'scoped').length,
    serviceSpecific: all.filter(({ part }) => part === 'service-specific').length,
    available: available && all.length > 0,
    defaultNameservers: first?.nameservers ?? [],
    defaultIface: first?.iface ?? null,
    searchDomains: first?.searchDomains ?? [],
    supplemental: supplements.map(({ domain, nameservers, iface, port }) => ({
      domain,
      nameservers,
      iface,
      ...(port === null ? {} : { port }),
    })),
    mdnsDomains: general.flatMap(({ isMdns, domain }) => (isMdns && domain !== null ? [domain] : [])),
    vpnSplitDns: supplements.some(({ iface }) => iface !== null && TUNNEL.test(iface) && iface !== first?.iface),
    localResolver: (first?.nameservers ?? []).some((address) => /^127\.|^::1$/.test(address)),
  };
}
