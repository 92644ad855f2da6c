/**
 * Host, port and origin of a URL, from its text: for places that have no URL class (this folder knows neither DOM nor
 * Node types), and for URLs of kinds that it does not take apart (`udp://`). For http and https the same as the WHATWG
 * URL Standard says, but for percent-encoding and international names, which stay as written.
 */

/** Where a URL is asked for. */
export interface Origin {
  /** https. */
  readonly secure: boolean;
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The properties of a URL object that say where it points; `hostname` has brackets around IPv6. */
export interface UrlParts {
  readonly protocol: string;
  readonly hostname: string;
  /** '' = the default of the protocol. */
  readonly port: string;
}

/** Ports that a URL without one means. SOCKS: as in net/http (golang.org/x/net/proxy has none). DoT: RFC 7858. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  socks4: 1080,
  socks5: 1080,
  socks5h: 1080,
  udp: 53,
  tcp: 53,
  tls: 853,
};

/** RFC 3986, 3.2: the user information ends at the last `@`, the authority at the first `/`, `\`, `?` or `#`. */
const PARTS = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/\\?#]*@)?(\[[^\]/\\?#]*\]|[^:/\\?#@]*)(?::(\d*))?(?=[/\\?#]|$)/i;

interface Authority {
  readonly scheme: string;
  readonly hostname: string;
  /** As written; '' = none. */
  readonly port: string;
}

function authorityOf(url: string): Authority | null {
  const [, scheme, hostname = '', port = ''] = PARTS.exec(url) ?? [];
  if (scheme === undefined || hostname === '') return null;
  return { scheme: scheme.toLowerCase(), hostname: hostname.toLowerCase(), port };
}

/** A host without the brackets that a URL has around an IPv6 address. */
export function bareHost(hostname: string): string {
  return hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
}

/** The host of a URL, in lower case, IPv6 without brackets; null for what is not a URL with a host. */
export function hostOf(url: string): string | null {
  const authority = authorityOf(url);
  return authority === null ? null : bareHost(authority.hostname);
}

/** `host` or, where the URL names a port, `host:port`; in lower case, IPv6 in brackets; null as hostOf. */
export function hostAndPortOf(url: string): string | null {
  const authority = authorityOf(url);
  if (authority === null) return null;
  return authority.port === '' ? authority.hostname : `${authority.hostname}:${authority.port}`;
}

/** Where an http or https URL is asked for; null for any other text. */
export function httpOriginOf(url: string): Origin | null {
  const authority = authorityOf(url);
  if (authority === null || !/^https?$/.test(authority.scheme)) return null;
  const { scheme: protocol, hostname, port } = authority;
  const origin = originOf({ protocol, hostname, port });
  return origin.port > 65_535 ? null : origin;
}

/** Where a URL object points; the default port of its protocol where it names none, of unknown ones `fallbackPort`. */
export function originOf({ protocol, hostname, port }: UrlParts, fallbackPort = 80): Origin {
  const scheme = protocol.replace(/:$/, '');
  return {
    secure: scheme === 'https',
    host: bareHost(hostname),
    port: port === '' ? (DEFAULT_PORTS[scheme] ?? fallbackPort) : Number(port),
  };
}
