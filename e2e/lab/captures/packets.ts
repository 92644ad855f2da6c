/** Packets made byte by byte: IPv4, IPv6, TCP and UDP with right check sums, and the frames around them. */

/** One IP packet at one moment. */
export interface Packet {
  /** Since 1970, in milliseconds; microseconds as fractions. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

export interface IpOptions {
  readonly source: string;
  readonly target: string;
  readonly ttl: number;
  /** IPv4 only. */
  readonly id?: number;
  readonly dontFragment?: boolean;
  /** In units of 8 bytes. */
  readonly fragmentOffset?: number;
  /** IPv6 extension headers before the payload: their protocol numbers and whole bytes (first byte is filled in). */
  readonly extensions?: readonly { readonly protocol: number; readonly bytes: Uint8Array }[];
}

export interface TcpOptions {
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly sequence: number;
  readonly acknowledged?: number;
  /** Letters of S, A, F, R, P. */
  readonly flags: string;
  readonly window?: number;
  readonly payload?: Uint8Array;
}

const FLAG_BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

export function tcpPacket(ip: IpOptions, tcp: TcpOptions): Uint8Array {
  const payload = tcp.payload ?? new Uint8Array(0);
  const segment = Buffer.alloc(20 + payload.length);
  segment.writeUInt16BE(tcp.sourcePort, 0);
  segment.writeUInt16BE(tcp.targetPort, 2);
  segment.writeUInt32BE(tcp.sequence >>> 0, 4);
  segment.writeUInt32BE((tcp.acknowledged ?? 0) >>> 0, 8);
  segment[12] = 5 << 4;
  segment[13] = [...tcp.flags].reduce((bits, flag) => bits | (FLAG_BITS[flag] ?? 0), 0);
  segment.writeUInt16BE(tcp.window ?? 64_240, 14);
  segment.set(payload, 20);
  segment.writeUInt16BE(checksum([pseudoHeader(ip, 6, segment.length), segment]), 16);
  return ipPacket(ip, 6, segment);
}

export function udpPacket(ip: IpOptions, sourcePort: number, targetPort: number, payload: Uint8Array): Uint8Array {
  const datagram = Buffer.alloc(8 + payload.length);
  datagram.writeUInt16BE(sourcePort, 0);
  datagram.writeUInt16BE(targetPort, 2);
  datagram.writeUInt16BE(datagram.length, 4);
  datagram.set(payload, 8);
  datagram.writeUInt16BE(checksum([pseudoHeader(ip, 17, datagram.length), datagram]) || 0xff_ff, 6);
  return ipPacket(ip, 17, datagram);
}

function ipPacket(ip: IpOptions, protocol: number, payload: Uint8Array): Uint8Array {
  return ip.source.includes(':') ? ipv6(ip, protocol, payload) : ipv4(ip, protocol, payload);
}

function ipv4(ip: IpOptions, protocol: number, payload: Uint8Array): Uint8Array {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(ip.id ?? 0, 4);
  header.writeUInt16BE((ip.dontFragment === false ? 0 : 0x40_00) | (ip.fragmentOffset ?? 0), 6);
  header[8] = ip.ttl;
  header[9] = protocol;
  header.set(addressBytes(ip.source), 12);
  header.set(addressBytes(ip.target), 16);
  header.writeUInt16BE(checksum([header]), 10);
  return Buffer.concat([header, payload]);
}

function ipv6(ip: IpOptions, protocol: number, payload: Uint8Array): Uint8Array {
  const extensions = ip.extensions ?? [];
  const chain = extensions.map(({ bytes }, index) => {
    const copy = Buffer.from(bytes);
    copy[0] = extensions[index + 1]?.protocol ?? protocol;
    return copy;
  });
  const rest = Buffer.concat([...chain, payload]);
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(rest.length, 4);
  header[6] = extensions[0]?.protocol ?? protocol;
  header[7] = ip.ttl;
  header.set(addressBytes(ip.source), 8);
  header.set(addressBytes(ip.target), 24);
  return Buffer.concat([header, rest]);
}

function pseudoHeader(ip: IpOptions, protocol: number, length: number): Uint8Array {
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(length, 0);
  tail[7] = protocol;
  return Buffer.concat([addressBytes(ip.source), addressBytes(ip.target), tail]);
}

function checksum(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] ?? 0) << 8) | (part[at + 1] ?? 0);
  }
  while (sum > 0xff_ff) sum = (sum & 0xff_ff) + (sum >>> 16);
  return ~sum & 0xff_ff;
}

export function addressBytes(address: string): Uint8Array {
  if (!address.includes(':')) return Uint8Array.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return Uint8Array.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

/** tcpdump.org's numbers of the link types frames can be made for. */
export const LINK = { null: 0, ethernet: 1, raw: 101, loop: 108, sll: 113, pktap: 258, sll2: 276 } as const;
export type LinkName = keyof typeof LINK;

const isV6 = (packet: Uint8Array) => (packet[0] ?? 0) >> 4 === 6;
const etherType = (packet: Uint8Array) => (isV6(packet) ? 0x86_dd : 0x08_00);

/** Puts an IP packet into a frame; `vlans` only for Ethernet. */
export function frame(link: LinkName, packet: Uint8Array, vlans: readonly number[] = []): Uint8Array {
  switch (link) {
    case 'raw':
      return packet;
    case 'null': {
      const family = Buffer.alloc(4);
      family.writeUInt32LE(isV6(packet) ? 30 : 2, 0);
      return Buffer.concat([family, packet]);
    }
    case 'loop': {
      const family = Buffer.alloc(4);
      family.writeUInt32BE(isV6(packet) ? 24 : 2, 0);
      return Buffer.concat([family, packet]);
    }
    case 'ethernet': {
      const tags = vlans.map((id) => Buffer.from([0x81, 0x00, id >> 8, id & 0xff]));
      const head = Buffer.from([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
      return Buffer.concat([head, ...tags, twoBytes(etherType(packet)), packet]);
    }
    case 'sll': {
      const head = Buffer.from([0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]);
      return Buffer.concat([head, twoBytes(etherType(packet)), packet]);
    }
    case 'sll2': {
      const head = Buffer.from([0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]);
      return Buffer.concat([twoBytes(etherType(packet)), head, packet]);
    }
    case 'pktap': {
      const head = Buffer.alloc(108);
      head.writeUInt32LE(108, 0);
      head.writeUInt32LE(1, 4);
      head.writeUInt32LE(LINK.ethernet, 8);
      head.write('en0', 12);
      return Buffer.concat([head, frame('ethernet', packet)]);
    }
  }
}

function twoBytes(value: number): Uint8Array {
  return Buffer.from([value >> 8, value & 0xff]);
}
