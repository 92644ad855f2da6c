/**
 * Reading .pcap, chunk by chunk. Source: draft-ietf-opsawg-pcap. Both byte orders, µs and ns; nothing throws.
 */
import { ByteQueue, type Endian, u32of } from './bytes.ts';
import type { CaptureProblem } from './problem.ts';

/** A packet as it lies in the file. */
export interface RawPacket {
  /** Since 1970 in milliseconds with fractions; a double keeps about a quarter of a microsecond. */
  readonly atMs: number;
  /** tcpdump.org's number of the link type. */
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** False when the file holds no time for this packet: then `atMs` is that of the previous one. */
  readonly timed: boolean;
}

/** A reader of one format. Packets come out as soon as they are whole. */
export interface FormatReader {
  push(chunk: Uint8Array): readonly RawPacket[];
  /** After the last chunk: what was wrong, if anything. */
  end(): CaptureProblem | null;
}

/**
 * No packet is larger: tcpdump's own maximum is 256 KiB (MAXIMUM_SNAPLEN), and "big TCP" segments on a loopback interface may
 * be 512 KiB. A larger length is damage, and must not make us collect the rest of the file as one packet.
 */
export const MAX_PACKET_BYTES = 1024 * 1024;

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

const MAGICS: readonly { readonly magic: number; readonly perSecond: number }[] = [
  { magic: 0xa1_b2_c3_d4, perSecond: 1e6 },
  { magic: 0xa1_b2_3c_4d, perSecond: 1e9 },
];

/** Whether these are the first bytes of a .pcap file, and how it counts. */
export function pcapMagic(first: Uint8Array): { readonly endian: Endian; readonly perSecond: number } | null {
  for (const endian of ['little', 'big'] as const) {
    const found = MAGICS.find(({ magic }) => magic === u32of(first, 0, endian));
    if (found !== undefined) return { endian, perSecond: found.perSecond };
  }
  return null;
}

/** Reads a .pcap file chunk by chunk. */
export class PcapReader implements FormatReader {
  readonly #queue = new ByteQueue();
  #format: { endian: Endian; perSecond: number; linkType: number } | null = null;
  #corruptAt: number | null = null;

  push(chunk: Uint8Array): readonly RawPacket[] {
    if (this.#corruptAt !== null) return [];
    this.#queue.push(chunk);
    this.#format ??= this.#readHeader();
    const packets: RawPacket[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) packets.push(next);
    return packets;
  }

  end(): CaptureProblem | null {
    if (this.#corruptAt !== null) return { key: 'corrupt', offset: this.#corruptAt };
    const { offset, length } = this.#queue;
    return length > 0 || this.#format === null ? { key: 'truncated', offset: offset + length } : null;
  }

  #readHeader() {
    const header = this.#queue.peek(FILE_HEADER_BYTES);
    const magic = header === undefined ? null : pcapMagic(header);
    if (header === undefined || magic === null) return null;
    this.#queue.take(FILE_HEADER_BYTES);
    // The upper half of the field says whether frames end with a check sum, which does not matter here.
    return { ...magic, linkType: u32of(header, 20, magic.endian) & 0xff_ff };
  }

  #next(): RawPacket | null {
    const head = this.#format === null ? undefined : this.#queue.peek(RECORD_HEADER_BYTES);
    if (this.#format === null || head === undefined || this.#corruptAt !== null) return null;
    const { endian, perSecond, linkType } = this.#format;
    const captured = u32of(head, 8, endian);
    if (captured > MAX_PACKET_BYTES) {
      this.#corruptAt = this.#queue.offset;
      return null;
    }
    const atMs = u32of(head, 0, endian) * 1_000 + (u32of(head, 4, endian) / perSecond) * 1_000;
    if (this.#queue.peek(RECORD_HEADER_BYTES + captured) === undefined) return null;
    this.#queue.take(RECORD_HEADER_BYTES);
    return { atMs, linkType, bytes: this.#queue.take(captured), timed: true };
  }
}
