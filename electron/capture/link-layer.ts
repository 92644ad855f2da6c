/** From a captured frame to the IP packet in it, for the link types a laptop's captures have. Source: tcpdump.org/linktypes. */
import { latin1, u8, u16, u32of } from './bytes.ts';

/** The IP packet; 'other' for frames of other protocols (ARP, LLDP …); 'unknown' for a link type that is not decoded. */
export type FrameContent = Uint8Array | 'other' | 'unknown';

const ETHERTYPE = { ipv4: 0x08_00, ipv6: 0x86_dd, pppoe: 0x88_64 } as const;
/** 802.1Q, 802.1ad and the value in use before it. */
const VLAN_TAGS: readonly number[] = [0x81_00, 0x88_a8, 0x91_00];
const MAX_VLAN_TAGS = 4;
/** Address families of IP on BSD, macOS and Linux: AF_INET, and AF_INET6 of each. */
const FAMILIES: readonly number[] = [2, 10, 24, 28, 30];
const PPP: readonly number[] = [0x00_21, 0x00_57];
const LOOPBACK_HARDWARE = 772;
const OUTGOING = 4;
const PKTAP_NUMBERS: readonly number[] = [149, 258];
/** bsd/net/pktap.h, first version: later ones are longer. */
const PKTAP_HEADER_BYTES = 108;

/** Cuts the link layer off. A frame that is too short holds nothing. */
export function ipPacketOf(linkType: number, frame: Uint8Array): FrameContent {
  switch (linkType) {
    case 0: // LINKTYPE_NULL: the address family in the byte order of the machine that captured
      return loopback(frame, [u32of(frame, 0, 'little'), u32of(frame, 0, 'big')]);
    case 108: // LINKTYPE_LOOP (OpenBSD): always big-endian
      return loopback(frame, [u32of(frame, 0, 'big')]);
    case 1:
      return ethernet(frame);
    case 12: // LINKTYPE_RAW as some systems number it
    case 14:
    case 101:
    case 228: // LINKTYPE_IPV4
    case 229: // LINKTYPE_IPV6
      return frame;
    case 113:
      return cooked(frame, { type: 0, hardware: 2, protocol: 14, length: 16, typeBytes: 2 });
    case 276:
      return cooked(frame, { type: 10, hardware: 8, protocol: 0, length: 20, typeBytes: 1 });
    case 149:
    case 258:
      return pktap(frame);
    default:
      return 'unknown';
  }
}

/** Who sent or received a packet on the Mac that captured it. */
export interface Program {
  /** At most 16 characters, as the kernel keeps it (MAXCOMLEN). */
  readonly name: string;
  /** null = not known. */
  readonly pid: number | null;
}

/** Offsets in Apple's header (bsd/net/pktap.h, struct pktap_header): the socket's process, and on whose behalf. */
const PKTAP_PROCESSES = [
  { pid: 52, name: 56 },
  { pid: 84, name: 88 },
] as const;
const NAME_BYTES = 17;

/** The program that Apple's header names; null for other captures, and for packets of no program (ICMP, forwarded). */
export function programOf(linkType: number, frame: Uint8Array): Program | null {
  const length = u32of(frame, 0, 'little');
  if (!PKTAP_NUMBERS.includes(linkType) || length < PKTAP_HEADER_BYTES || length > frame.length) return null;
  for (const at of PKTAP_PROCESSES) {
    const [text = ''] = latin1(frame.subarray(at.name, at.name + NAME_BYTES)).split('\0', 1);
    const pid = u32of(frame, at.pid, 'little') | 0;
    // Captured bytes are anybody's: only what a file name of a program holds is taken.
    if (/^[\x20-\x7e]+$/.test(text)) return { name: text, pid: pid > 0 ? pid : null };
  }
  return null;
}

function loopback(frame: Uint8Array, families: readonly number[]): FrameContent {
  return frame.length >= 4 && families.some((family) => FAMILIES.includes(family)) ? frame.subarray(4) : 'other';
}

function ethernet(frame: Uint8Array): FrameContent {
  let at = 12;
  for (let tags = 0; tags < MAX_VLAN_TAGS && VLAN_TAGS.includes(u16(frame, at)); tags++) at += 4;
  return payload(u16(frame, at), frame.subarray(at + 2));
}

function payload(etherType: number, rest: Uint8Array): FrameContent {
  if (etherType === ETHERTYPE.ipv4 || etherType === ETHERTYPE.ipv6) return rest;
  // A home line's PPPoE session: 6 bytes of its own, then PPP's protocol.
  if (etherType === ETHERTYPE.pppoe && PPP.includes(u16(rest, 6))) return rest.subarray(8);
  return 'other';
}

/** Linux "cooked" captures (`tcpdump -i any`), version 1 and 2. */
function cooked(
  frame: Uint8Array,
  at: { readonly [field in 'type' | 'hardware' | 'protocol' | 'length' | 'typeBytes']: number },
): FrameContent {
  if (frame.length < at.length) return 'other';
  const type = at.typeBytes === 1 ? u8(frame, at.type) : u16(frame, at.type);
  // Every packet on the loopback interface is seen twice, leaving and arriving: once is the truth.
  if (type === OUTGOING && u16(frame, at.hardware) === LOOPBACK_HARDWARE) return 'other';
  const rest = frame.subarray(at.length);
  const etherType = u16(frame, at.protocol);
  if (!VLAN_TAGS.includes(etherType)) return payload(etherType, rest);
  return payload(u16(rest, 2), rest.subarray(4));
}

/**
 * macOS's `tcpdump -i pktap`: Apple's header (its length, the next type, the inner link type), then the inner frame. Its own
 * libpcap has long written it under a number that is anybody's (LINKTYPE_USER2).
 */
function pktap(frame: Uint8Array): FrameContent {
  const length = u32of(frame, 0, 'little');
  const inner = u32of(frame, 8, 'little');
  if (length < PKTAP_HEADER_BYTES || length > frame.length || PKTAP_NUMBERS.includes(inner)) return 'unknown';
  return ipPacketOf(inner, frame.subarray(length));
}
