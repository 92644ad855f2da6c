/** TCP segments and UDP datagrams: what one packet says. Sources: RFC 9293 §3.1, RFC 768. */
import { u8, u16, u32 } from './bytes.ts';
import { type IpPacket, PROTOCOL } from './ip-packet.ts';

interface OnTheWire {
  readonly atMs: number;
  /** `192.0.2.1:443` or `[2001:db8::1]:443`. */
  readonly source: string;
  readonly target: string;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly ttl: number;
  readonly id: number | null;
  readonly dontFragment: boolean | null;
  readonly payload: Uint8Array;
}

/** One TCP segment; `sequence` and `acknowledged` are the raw 32-bit numbers. */
export interface TcpSegment extends OnTheWire {
  readonly protocol: 'tcp';
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: TcpFlags;
  readonly window: number;
  /** Bytes of payload on the wire; more than `payload.length` when the capture cut the packet. */
  readonly wireLength: number;
}

/** The TCP flags that are read. */
export interface TcpFlags {
  readonly syn: boolean;
  readonly ack: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
}

/** One UDP datagram. */
export interface UdpDatagram extends OnTheWire {
  readonly protocol: 'udp';
}

/** Null for other protocols, 'damaged' when the headers are not whole. */
export function parseTransport(ip: IpPacket, atMs: number): TcpSegment | UdpDatagram | null | 'damaged' {
  if (ip.protocol === PROTOCOL.tcp) return parseTcp(ip, atMs);
  return ip.protocol === PROTOCOL.udp ? parseUdp(ip, atMs) : null;
}

function parseTcp(ip: IpPacket, atMs: number): TcpSegment | 'damaged' {
  const { payload: bytes, wireLength } = ip;
  const headerLength = (u8(bytes, 12) >> 4) * 4;
  if (bytes.length < 20 || headerLength < 20 || headerLength > wireLength) return 'damaged';
  return {
    protocol: 'tcp',
    ...common(ip, atMs, bytes.subarray(headerLength)),
    sequence: u32(bytes, 4),
    acknowledged: u32(bytes, 8),
    flags: tcpFlags(u8(bytes, 13)),
    window: u16(bytes, 14),
    wireLength: wireLength - headerLength,
  };
}

/** The flags this analysis reads, from their byte in the header. */
export function tcpFlags(bits: number): TcpFlags {
  return { fin: (bits & 1) !== 0, syn: (bits & 2) !== 0, rst: (bits & 4) !== 0, ack: (bits & 16) !== 0 };
}

function parseUdp(ip: IpPacket, atMs: number): UdpDatagram | 'damaged' {
  const { payload: bytes } = ip;
  if (bytes.length < 8) return 'damaged';
  return { protocol: 'udp', ...common(ip, atMs, bytes.subarray(8, Math.max(8, u16(bytes, 4)))) };
}

function common(
  { source, target, ttl, id, dontFragment, payload: bytes }: IpPacket,
  atMs: number,
  payload: Uint8Array,
) {
  const [sourcePort, targetPort] = [u16(bytes, 0), u16(bytes, 2)];
  return {
    atMs,
    source: withPort(source, sourcePort),
    target: withPort(target, targetPort),
    sourcePort,
    targetPort,
    ttl,
    id,
    dontFragment,
    payload,
  };
}

/** An address and a port as one text. */
export function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
