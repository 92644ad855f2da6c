/** Reading numbers out of bytes that may be missing, and keeping what is left of a stream between two chunks. */

/** Big-endian, 0 beyond the end: for fields whose presence was checked by length before. */
export function u8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

/** Two bytes, big-endian. */
export function u16(bytes: Uint8Array, at: number): number {
  return (u8(bytes, at) << 8) | u8(bytes, at + 1);
}

/** Three bytes, big-endian. */
export function u24(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) << 8) | u8(bytes, at + 2);
}

/** Four bytes, big-endian, unsigned. */
export function u32(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) * 0x1_00_00 + u16(bytes, at + 2)) >>> 0;
}

/** Byte order that a capture file was written in. */
export type Endian = 'big' | 'little';

/** As `u16` and `u32`, in the byte order a file was written in. */
export function u16of(bytes: Uint8Array, at: number, endian: Endian): number {
  return endian === 'big' ? u16(bytes, at) : u8(bytes, at) | (u8(bytes, at + 1) << 8);
}

/** Four bytes in the byte order of a file, unsigned. */
export function u32of(bytes: Uint8Array, at: number, endian: Endian): number {
  return endian === 'big'
    ? u32(bytes, at)
    : (u16of(bytes, at + 2, endian) * 0x1_00_00 + u16of(bytes, at, endian)) >>> 0;
}

/** Latin-1 text of a part: every byte stays one character. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** A stranger's text made fit for a terminal: whatever is no printable ASCII becomes a question mark. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

/** Bytes as lower-case hex digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** The unread part of a stream. The caller bounds its size by reading. */
export class ByteQueue {
  #bytes: Uint8Array = new Uint8Array(0);
  /** Bytes taken or skipped since the beginning of the stream. */
  #offset = 0;
  /** Bytes to skip that have not arrived yet. */
  #unwanted = 0;

  get offset(): number {
    return this.#offset;
  }

  get length(): number {
    return this.#bytes.length;
  }

  push(chunk: Uint8Array): void {
    let fresh = chunk;
    if (this.#unwanted > 0) {
      const dropped = Math.min(this.#unwanted, fresh.length);
      this.#unwanted -= dropped;
      this.#offset += dropped;
      fresh = fresh.subarray(dropped);
    }
    this.#bytes = this.#bytes.length === 0 ? fresh : Buffer.concat([this.#bytes, fresh]);
  }

  /** The next bytes without taking them; undefined when they have not all arrived. */
  peek(count: number): Uint8Array | undefined {
    return this.#bytes.length < count ? undefined : this.#bytes.subarray(0, count);
  }

  /** Takes bytes that `peek` has shown. */
  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    this.#offset += taken.length;
    return taken;
  }

  /** Passes over bytes, also such as have not arrived yet. */
  skip(count: number): void {
    const here = this.take(Math.min(count, this.#bytes.length));
    this.#unwanted += count - here.length;
  }

  /** Whether bytes are missing that were passed over in advance. */
  get owes(): boolean {
    return this.#unwanted > 0;
  }
}
