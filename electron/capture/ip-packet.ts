/** IPv4 and IPv6 headers, as far as TCP and UDP. Sources: RFC 791, RFC 8200, RFC 5952 (how IPv6 addresses are written). */
import { u8, u16 } from './bytes.ts';

/** An IPv4 or IPv6 packet without its header. */
export interface IpPacket {
  readonly source: string;
  readonly target: string;
  /** Time to live, or hop limit. */
  readonly ttl: number;
  /** IPv4 only; IPv6 has none. */
  readonly id: number | null;
  /** "Don't fragment"; null in IPv6. */
  readonly dontFragment: boolean | null;
  readonly protocol: number;
  /** What was captured of the payload. */
  readonly payload: Uint8Array;
  /** Bytes of the payload on the wire; more than `payload.length` when the capture cut it. */
  readonly wireLength: number;
}

/** IANA's numbers of the protocols that are read. */
export const PROTOCOL = { tcp: 6, udp: 17 } as const;

/** 'damaged' for bytes that are no IP packet, 'fragment' for all fragments but the first. */
export function parseIp(bytes: Uint8Array): IpPacket | 'damaged' | 'fragment' {
  const version = u8(bytes, 0) >> 4;
  if (version === 4) return parseIpv4(bytes);
  return version === 6 ? parseIpv6(bytes) : 'damaged';
}

function parseIpv4(bytes: Uint8Array): IpPacket | 'damaged' | 'fragment' {
  const headerLength = (u8(bytes, 0) & 0x0f) * 4;
  if (headerLength < 20 || bytes.length < headerLength) return 'damaged';
  const flags = u16(bytes, 6);
  if ((flags & 0x1f_ff) !== 0) return 'fragment';
  // 0 with segmentation offload: the card was to fill it in.
  const total = u16(bytes, 2) || bytes.length;
  if (total < headerLength) return 'damaged';
  return {
    source: ipv4Text(bytes, 12),
    target: ipv4Text(bytes, 16),
    ttl: u8(bytes, 8),
    id: u16(bytes, 4),
    dontFragment: (flags & 0x40_00) !== 0,
    protocol: u8(bytes, 9),
    payload: bytes.subarray(headerLength, total),
    wireLength: total - headerLength,
  };
}

const EXTENSION = {
  hopByHop: 0,
  routing: 43,
  fragment: 44,
  authentication: 51,
  destination: 60,
  mobility: 135,
} as const;
const WITH_LENGTH: readonly number[] = [
  EXTENSION.hopByHop,
  EXTENSION.routing,
  EXTENSION.destination,
  EXTENSION.mobility,
];
/** More are never seen together; a chain of thousands is an attack on the reader. */
const MAX_EXTENSIONS = 16;
const IPV6_HEADER = 40;

function parseIpv6(bytes: Uint8Array): IpPacket | 'damaged' | 'fragment' {
  if (bytes.length < IPV6_HEADER) return 'damaged';
  const end = IPV6_HEADER + (u16(bytes, 4) || bytes.length - IPV6_HEADER);
  let protocol = u8(bytes, 6);
  let at = IPV6_HEADER;
  for (let seen = 0; ; seen++) {
    const length = extensionLength(protocol, bytes, at);
    if (length === 0) break;
    if (seen === MAX_EXTENSIONS || at + length > Math.min(end, bytes.length)) return 'damaged';
    if (protocol === EXTENSION.fragment && (u16(bytes, at + 2) & 0xff_f8) !== 0) return 'fragment';
    protocol = u8(bytes, at);
    at += length;
  }
  return {
    source: ipv6Text(bytes, 8),
    target: ipv6Text(bytes, 24),
    ttl: u8(bytes, 7),
    id: null,
    dontFragment: null,
    protocol,
    payload: bytes.subarray(at, end),
    wireLength: end - at,
  };
}

/** Bytes of the extension header at a place; 0 when the protocol is not an extension header. */
function extensionLength(protocol: number, bytes: Uint8Array, at: number): number {
  if (WITH_LENGTH.includes(protocol)) return (u8(bytes, at + 1) + 1) * 8;
  if (protocol === EXTENSION.fragment) return 8;
  return protocol === EXTENSION.authentication ? (u8(bytes, at + 1) + 2) * 4 : 0;
}

/** `192.0.2.1`. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${u8(bytes, at)}.${u8(bytes, at + 1)}.${u8(bytes, at + 2)}.${u8(bytes, at + 3)}`;
}

/** `2001:db8::1`: the longest run of two or more zero groups is left out. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => u16(bytes, at + 2 * index).toString(16));
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce<RegExpMatchArray | null>(
    (best, run) => (best === null || run[0].length > best[0].length ? run : best),
    null,
  );
  const text = groups.join(':');
  if (longest === null) return text;
  const begin = longest.index ?? 0;
  const before = text.slice(0, begin).replace(/:$/, '');
  const after = text.slice(begin + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
