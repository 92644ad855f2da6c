/**
 * Reading .pcapng, chunk by chunk. Source: draft-ietf-opsawg-pcapng. Sections of either byte order, several interfaces, if_tsresol
 * and if_tsoffset; enhanced, simple and the obsolete packet blocks. All other blocks are passed over. Nothing throws.
 */
import { ByteQueue, type Endian, latin1, u8, u16of, u32of } from './bytes.ts';
import { type FormatReader, MAX_PACKET_BYTES, type RawPacket } from './pcap-format.ts';
import type { CaptureProblem } from './problem.ts';

const BLOCK = {
  section: 0x0a_0d_0d_0a,
  interface: 1,
  oldPacket: 2,
  simplePacket: 3,
  enhancedPacket: 6,
  secrets: 10,
} as const;
/** A block of secrets that holds a TLS key log (draft-ietf-opsawg-pcapng §4.7). */
const TLS_KEY_LOG = 0x54_4c_53_4b;
const OPTION = { end: 0, timeResolution: 9, timeOffset: 14 } as const;

/** Type, length, and the length again at the end. */
const SMALLEST_BLOCK = 12;
/** A packet block holds a packet and its options; an interface block holds names and filters. */
const LARGEST_READ_BLOCK = MAX_PACKET_BYTES + 64 * 1024;
/** More interfaces than a computer has: their descriptions must not fill the memory. */
const MAX_INTERFACES = 4_096;

interface Interface {
  readonly linkType: number;
  /** Bytes kept of a packet; 0: all. */
  readonly snapLength: number;
  /** Milliseconds of one tick. */
  readonly tickMs: number;
  readonly offsetMs: number;
}

/** Whether these are the first bytes of a .pcapng file. */
export function isPcapng(first: Uint8Array): boolean {
  return u32of(first, 0, 'big') === BLOCK.section;
}

/** Reads a .pcapng file chunk by chunk. */
export class PcapngReader implements FormatReader {
  readonly #onSecrets: (keyLog: string) => void;
  readonly #queue = new ByteQueue();
  #endian: Endian = 'little';
  #interfaces: Interface[] = [];
  /** From here on nothing can be read. */
  #corruptAt: number | null = null;
  /** The first block whose contents contradict themselves; the next one can still be found. */
  #damagedAt: number | null = null;
  #lastMs = 0;

  /** DecryptedEvent of each TLS key log that the file carries. */
  constructor(onSecrets: (keyLog: string) => void = () => {}) {
    this.#onSecrets = onSecrets;
  }

  push(chunk: Uint8Array): readonly RawPacket[] {
    this.#queue.push(chunk);
    const packets: RawPacket[] = [];
    while (this.#corruptAt === null) {
      const block = this.#nextBlock();
      if (block === null) break;
      const packet = this.#read(block);
      if (packet !== null) packets.push(packet);
    }
    return packets;
  }

  end(): CaptureProblem | null {
    if (this.#corruptAt !== null) return { key: 'corrupt', offset: this.#corruptAt };
    const { offset, length, owes } = this.#queue;
    if (length > 0 || owes) return { key: 'truncated', offset: offset + length };
    return this.#damagedAt === null ? null : { key: 'corrupt', offset: this.#damagedAt };
  }

  /** The next block that matters, as its type and its body; null when it has not arrived, or none can follow. */
  #nextBlock(): { readonly type: number; readonly body: Uint8Array } | null {
    for (;;) {
      const head = this.#queue.peek(SMALLEST_BLOCK);
      if (head === undefined) return null;
      const type = u32of(head, 0, this.#endian);
      if (u32of(head, 0, 'big') === BLOCK.section && !this.#beginSection(head)) return this.#corrupt();
      const length = u32of(head, 4, this.#endian);
      if (length < SMALLEST_BLOCK || length % 4 !== 0) return this.#corrupt();
      if (!isRead(type) || (type === BLOCK.secrets && length > LARGEST_READ_BLOCK)) {
        this.#queue.skip(length);
        continue;
      }
      if (length > LARGEST_READ_BLOCK) return this.#corrupt();
      const block = this.#queue.peek(length);
      if (block === undefined) return null;
      if (u32of(block, length - 4, this.#endian) !== length) return this.#corrupt();
      this.#queue.take(length);
      return { type, body: block.subarray(8, length - 4) };
    }
  }

  #corrupt(): null {
    this.#corruptAt = this.#queue.offset;
    return null;
  }

  #damaged(body: Uint8Array): null {
    this.#damagedAt ??= this.#queue.offset - body.length - SMALLEST_BLOCK;
    return null;
  }

  /** A section says its byte order and forgets all interfaces. Its type reads the same in both orders. */
  #beginSection(head: Uint8Array): boolean {
    const endian = (['little', 'big'] as const).find((one) => u32of(head, 8, one) === 0x1a_2b_3c_4d);
    if (endian === undefined) return false;
    this.#endian = endian;
    this.#interfaces = [];
    return true;
  }

  #read({ type, body }: { readonly type: number; readonly body: Uint8Array }): RawPacket | null {
    const endian = this.#endian;
    switch (type) {
      case BLOCK.interface:
        if (body.length >= 8 && this.#interfaces.length < MAX_INTERFACES) this.#interfaces.push(describe(body, endian));
        return null;
      case BLOCK.enhancedPacket:
        return this.#timed(body, u32of(body, 0, endian));
      case BLOCK.oldPacket:
        return this.#timed(body, u16of(body, 0, endian));
      case BLOCK.simplePacket:
        return this.#untimed(body);
      case BLOCK.secrets:
        if (u32of(body, 0, endian) === TLS_KEY_LOG)
          this.#onSecrets(latin1(body.subarray(8, 8 + u32of(body, 4, endian))));
        return null;
      default:
        return null;
    }
  }

  #timed(body: Uint8Array, interfaceId: number): RawPacket | null {
    const from = this.#interfaces[interfaceId];
    const captured = u32of(body, 12, this.#endian);
    if (from === undefined || body.length < 20 || captured > body.length - 20) return this.#damaged(body);
    const ticks = u32of(body, 4, this.#endian) * 0x1_00_00_00_00 + u32of(body, 8, this.#endian);
    this.#lastMs = ticks * from.tickMs + from.offsetMs;
    return { atMs: this.#lastMs, linkType: from.linkType, bytes: body.subarray(20, 20 + captured), timed: true };
  }

  /** A simple block always belongs to the first interface and says neither time nor captured length. */
  #untimed(body: Uint8Array): RawPacket | null {
    const from = this.#interfaces[0];
    if (from === undefined || body.length < 4) return this.#damaged(body);
    const room = from.snapLength === 0 ? body.length - 4 : Math.min(from.snapLength, body.length - 4);
    const captured = Math.min(u32of(body, 0, this.#endian), room);
    return { atMs: this.#lastMs, linkType: from.linkType, bytes: body.subarray(4, 4 + captured), timed: false };
  }
}

function isRead(type: number): boolean {
  return (Object.values(BLOCK) as number[]).includes(type) && type !== BLOCK.section;
}

function describe(body: Uint8Array, endian: Endian): Interface {
  const options = timeOptions(body.subarray(8), endian);
  return { linkType: u16of(body, 0, endian), snapLength: u32of(body, 4, endian), ...options };
}

/** if_tsresol: the exponent of a negative power of ten, or of two when its highest bit is set. Default: microseconds. */
function timeOptions(options: Uint8Array, endian: Endian): { readonly tickMs: number; readonly offsetMs: number } {
  let tickMs = 1e-3;
  let offsetMs = 0;
  for (let at = 0; at + 4 <= options.length; ) {
    const code = u16of(options, at, endian);
    const length = u16of(options, at + 2, endian);
    if (code === OPTION.end || at + 4 + length > options.length) break;
    if (code === OPTION.timeResolution && length === 1) {
      const value = u8(options, at + 4);
      tickMs = 1_000 * (value & 0x80 ? 2 ** -(value & 0x7f) : 10 ** -value);
    }
    if (code === OPTION.timeOffset && length === 8) {
      const [first, second] = [u32of(options, at + 4, endian), u32of(options, at + 8, endian)];
      const [high, low] = endian === 'big' ? [first, second] : [second, first];
      offsetMs = ((high | 0) * 0x1_00_00_00_00 + low) * 1_000;
    }
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { tickMs, offsetMs };
}
