/** One direction of a TCP connection: its bytes put in order as far as a handshake needs them. Source: RFC 9293 §3.4. */
import type { TcpSegment } from './transport.ts';

/** Bytes kept of a direction: the largest handshakes seen (chains of RSA certificates) are below 16 KiB. */
const MAX_STREAM_BYTES = 64 * 1024;
/** Of a direction that is decrypted: nothing of it is kept, so the bound is on work. */
const MAX_FOLLOWED_BYTES = 256 * 1024 * 1024;
/** A window's worth of bytes that wait for an earlier segment, when all of a stream is wanted. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Segments that wait for an earlier one. */
const MAX_WAITING = 64;
const MAX_WAITING_FOLLOWED = 4_096;
/** Ranges that were not seen. More are forgotten: each segment is compared with all of them. */
const MAX_HOLES = 64;

/** Bytes that all connections together may keep for decoding. */
export class ByteBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}

type Hole = readonly [from: number, to: number];

/** What a segment brought. */
export interface Arrival {
  /** Offset of the segment's first byte in its direction's stream; 0 is the first byte after the SYN. */
  readonly offset: number;
  /** Its bytes on the wire. */
  readonly length: number;
  /** Bytes that continue the stream now, in order; empty when something is missing before them. */
  readonly ordered: readonly Uint8Array[];
  /** All of it had been sent before. */
  readonly repeated: boolean;
}

/** Puts the segments of one direction in order and counts. */
export class TcpDirection {
  /** Of its first packet: what later ones of the same machine should have, too. */
  readonly firstTtl: number;
  readonly #base: number;
  readonly #followed: boolean;
  readonly #budget: ByteBudget;
  #charged = 0;
  /** Highest offset + 1 seen. */
  #end = 0;
  /** Up to here all bytes were handed out. */
  #ordered = 0;
  #waiting: { readonly offset: number; readonly bytes: Uint8Array; readonly whole: boolean }[] = [];
  /** No more bytes can be put in order: too many, or the capture cut a packet. */
  #closed = false;
  /** What lies below the end and was not seen. */
  #holes: Hole[] = [];
  /** Highest offset the other side has acknowledged. */
  #acknowledged = 0;
  repetitions = 0;
  packets = 0;

  /** `followed`: all of the stream is wanted, not only a handshake. */
  constructor(first: TcpSegment, budget: ByteBudget, { followed = false } = {}) {
    this.#followed = followed;
    this.#budget = budget;
    this.firstTtl = first.ttl;
    this.#base = first.flags.syn ? first.sequence + 1 : first.sequence;
  }

  /** Bytes sent so far, on the wire. */
  get end(): number {
    return this.#end;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Where a sequence number lies in the stream; signed, because a keep-alive or a forged packet may lie before it. */
  offsetOf(sequence: number): number {
    // Relative to the end seen so far, so that streams of more than 4 GiB go on.
    return this.#end + ((sequence - this.#base - this.#end) | 0);
  }

  accept(segment: TcpSegment): Arrival {
    this.packets++;
    const offset = this.offsetOf(segment.sequence + (segment.flags.syn ? 1 : 0));
    const length = segment.wireLength;
    const fills = this.#fillHoles(offset, offset + length);
    const repeated = length > 0 && offset + length <= this.#end && !fills;
    // One byte before the end is a keep-alive probe, not something lost.
    const isKeepAlive = length <= 1 && offset === this.#end - 1;
    if (repeated && !isKeepAlive) this.repetitions++;
    if (length > 0 && offset > this.#end && this.#holes.length < MAX_HOLES) this.#holes.push([this.#end, offset]);
    if (length > 0) this.#end = Math.max(this.#end, offset + length);
    return { offset, length, repeated, ordered: length === 0 || isKeepAlive ? [] : this.#order(offset, segment) };
  }

  /** The other side says that it has everything before `sequence`. */
  acknowledge(sequence: number): void {
    const offset = this.offsetOf(sequence);
    // Beyond the end (a FIN counts one) nothing was sent: a forged number must not hide a loss.
    if (offset <= this.#end + 1) this.#acknowledged = Math.max(this.#acknowledged, Math.min(offset, this.#end));
  }

  /** No more bytes come out of it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Nobody needs the bytes any more. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#repay();
  }

  #repay(): void {
    this.#budget.give(this.#charged);
    this.#charged = 0;
  }

  /** A copy, so that a few bytes do not keep the whole chunk of the file in memory; null when there is no room for it. */
  #keep(bytes: Uint8Array): Uint8Array | null {
    if (!this.#budget.take(bytes.length)) return null;
    this.#charged += bytes.length;
    return bytes.slice();
  }

  /** Whether bytes that were missing have come: late, but not for the second time. */
  #fillHoles(begin: number, end: number): boolean {
    const holes = this.#holes.filter(([from, to]) => begin < to && end > from);
    if (holes.length === 0) return false;
    const left = holes.flatMap(([from, to]): Hole[] => [
      [from, Math.min(to, begin)],
      [Math.max(from, end), to],
    ]);
    const untouched = this.#holes.filter(([from, to]) => begin >= to || end <= from);
    // A segment in the middle of a hole makes two of it.
    this.#holes = [...untouched, ...left.filter(([from, to]) => from < to)].slice(-MAX_HOLES);
    return true;
  }

  #order(offset: number, { payload, wireLength }: TcpSegment): readonly Uint8Array[] {
    if (this.#closed) return [];
    const whole = payload.length === wireLength;
    if (offset > this.#ordered) {
      if (this.#mayWait(offset)) this.#waiting.push({ offset, bytes: payload, whole });
      return [];
    }
    const out: Uint8Array[] = [];
    this.#append(offset, payload, whole, out);
    let next = this.#takeWaiting();
    while (next !== undefined && !this.#closed) {
      this.#append(next.offset, next.bytes, next.whole, out);
      next = this.#takeWaiting();
    }
    return out;
  }

  #mayWait(offset: number): boolean {
    if (!this.#followed) return this.#waiting.length < MAX_WAITING && offset < MAX_STREAM_BYTES;
    return this.#waiting.length < MAX_WAITING_FOLLOWED && offset - this.#ordered < MAX_WAITING_BYTES;
  }

  #append(offset: number, bytes: Uint8Array, whole: boolean, out: Uint8Array[]): void {
    const fresh = this.#keep(bytes.subarray(Math.max(0, this.#ordered - offset)));
    if (fresh !== null && fresh.length > 0) out.push(fresh);
    this.#ordered += fresh?.length ?? 0;
    // What is followed is read at once, and not kept.
    if (this.#followed) this.#repay();
    const limit = this.#followed ? MAX_FOLLOWED_BYTES : MAX_STREAM_BYTES;
    if (fresh === null || !whole || this.#ordered >= limit) this.close();
  }

  #takeWaiting() {
    const index = this.#waiting.findIndex(({ offset }) => offset <= this.#ordered);
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0];
  }
}
