/**
 * All samples of a day in one blob: for each endpoint its 24 packed hours. SQLite keeps large blobs in full pages, so
 * hardly a byte is wasted (rows of one endpoint and day would waste 13 %); an hour is decoded alone.
 */
import { HOURS_A_DAY } from './rollup.ts';

/** Packed hours of a day; null = no samples. */
export type HourSlices = readonly (Uint8Array | null)[];

/** Endpoint → its hours. */
export type DayPack = ReadonlyMap<number, HourSlices>;

/** Bits of a number in one byte; the highest says that more follow (LEB128). */
const GROUP_BITS = 7;

/** How many endpoints; for each its number and 24 lengths; then the hours that have any, in the same order. */
export function encodePack(pack: DayPack): Uint8Array {
  const head = leb128(pack.size);
  const slices: Uint8Array[] = [];
  for (const [endpoint, hours] of pack) {
    head.push(...leb128(endpoint));
    for (const hour of hours) {
      head.push(...leb128(hour?.length ?? 0));
      if (hour !== null) slices.push(hour);
    }
  }
  const bytes = new Uint8Array(slices.reduce((sum, slice) => sum + slice.length, head.length));
  bytes.set(head);
  let at = head.length;
  for (const slice of slices) {
    bytes.set(slice, at);
    at += slice.length;
  }
  return bytes;
}

/** Throws RangeError on damaged bytes. */
export function decodePack(bytes: Uint8Array): DayPack {
  const head = new Leb128Reader(bytes);
  const lengths = new Map<number, number[]>();
  for (let left = head.next(); left > 0; left--) {
    const endpoint = head.next();
    lengths.set(
      endpoint,
      Array.from({ length: HOURS_A_DAY }, () => head.next()),
    );
  }
  let at = head.position;
  const pack = new Map<number, HourSlices>();
  for (const [endpoint, hours] of lengths) {
    const slices = hours.map((length) => {
      at += length;
      return length === 0 ? null : bytes.subarray(at - length, at);
    });
    pack.set(endpoint, slices);
  }
  if (at !== bytes.length) throw new RangeError('packed day has another length');
  return pack;
}

function leb128(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= GROUP_BITS;
  }
  return [...bytes, rest];
}

class Leb128Reader {
  readonly #bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): number {
    let value = 0;
    for (let shift = 0; shift <= 3 * GROUP_BITS; shift += GROUP_BITS) {
      const byte = this.#bytes[this.position++];
      if (byte === undefined) throw new RangeError('packed day ends early');
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('packed day has an impossible length');
  }
}
