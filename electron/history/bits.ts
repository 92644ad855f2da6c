/**
 * A stream of bits with the three codes the packed history is made of: fixed width, Elias gamma (small numbers are
 * short) and Rice (noise around a known size). Values are non-negative integers; `zigzag` folds signs in.
 * Elias 1975; Rice & Plaunt 1971.
 */

/** A unary part this long is no longer noise: the value follows in 32 plain bits. */
const RICE_ESCAPE = 24;

/** 0, −1, 1, −2 … → 0, 1, 2, 3 …; for |value| < 2³⁰, as gamma and Rice codes hold 0 … 2³¹−2. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** The inverse of `zigzag`. */
export function unzigzag(folded: number): number {
  return (folded >>> 1) ^ -(folded & 1);
}

/** Bits that `rice` would write. */
export function riceCost(value: number, k: number): number {
  const quotient = Math.floor(value / (1 << k));
  return quotient < RICE_ESCAPE ? quotient + 1 + k : RICE_ESCAPE + 32;
}

/** Writes numbers bit by bit, the highest bit first. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  /** Bits written so far. */
  #length = 0;

  /** The lowest `width` bits of a value, most significant first; width 0…32. */
  bits(value: number, width: number): void {
    if (this.#length + width > this.#bytes.length * 8) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    for (let bit = width - 1; bit >= 0; bit--) {
      const at = this.#length >>> 3;
      if ((value >>> bit) & 1) this.#bytes[at] = (this.#bytes[at] as number) | (0x80 >>> (this.#length & 7));
      this.#length++;
    }
  }

  gamma(value: number): void {
    const shifted = value + 1;
    const extra = 31 - Math.clz32(shifted);
    this.bits(0, extra);
    this.bits(shifted, extra + 1);
  }

  /** Up to 2⁵³: sums. */
  wide(value: number): void {
    this.gamma(Math.floor(value / 2 ** 24));
    this.bits(value % 2 ** 24, 24);
  }

  rice(value: number, k: number): void {
    const quotient = Math.floor(value / (1 << k));
    if (quotient < RICE_ESCAPE) {
      this.bits(1, quotient + 1);
      this.bits(value, k);
    } else {
      this.bits(0, RICE_ESCAPE);
      this.bits(value, 32);
    }
  }

  /** What was written, padded with zero bits to a whole byte. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, (this.#length + 7) >>> 3);
  }
}

/** Reads what BitWriter wrote. Throws RangeError when the stream ends early, as a damaged one may. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #position = 0;

  constructor(bytes: Uint8Array) {
    // Eight spare bytes: the window below may read past the end without a check.
    this.#bytes = new Uint8Array(bytes.length + 8);
    this.#bytes.set(bytes);
    this.#end = bytes.length * 8;
  }

  bits(width: number): number {
    if (width === 0) return 0;
    const value = this.#window() >>> (32 - width);
    this.#skip(width);
    return value;
  }

  gamma(): number {
    const extra = Math.clz32(this.#window());
    this.#skip(extra);
    return this.bits(extra + 1) - 1;
  }

  wide(): number {
    return this.gamma() * 2 ** 24 + this.bits(24);
  }

  rice(k: number): number {
    const window = this.#window();
    const quotient = Math.clz32(window);
    if (quotient >= RICE_ESCAPE) {
      this.#skip(RICE_ESCAPE);
      return this.bits(32);
    }
    const width = quotient + 1 + k;
    if (width > 32) {
      this.#skip(quotient + 1);
      return quotient * (1 << k) + this.bits(k);
    }
    this.#skip(width);
    // The terminating 1 bit stands just above the k low bits.
    return quotient * (1 << k) + ((window >>> (32 - width)) & ((1 << k) - 1));
  }

  /** The next 32 bits. */
  #window(): number {
    const bytes = this.#bytes;
    const at = this.#position >>> 3;
    const shift = this.#position & 7;
    const four =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
    if (shift === 0) return four >>> 0;
    return ((four << shift) | ((bytes[at + 4] as number) >>> (8 - shift))) >>> 0;
  }

  #skip(width: number): void {
    this.#position += width;
    if (this.#position > this.#end) throw new RangeError('packed history ends early');
  }
}
