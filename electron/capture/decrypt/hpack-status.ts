/** The `:status` that begins a response's header block, where no earlier block is needed to know it. Source: RFC 7541 §5, §6, §A, §B. */
import { latin1, u8 } from '../bytes.ts';

/** Indices 8 to 14 of the static table. */
const INDEXED = [200, 204, 206, 304, 400, 404, 500];
const FIRST_INDEX = 8;

/** Huffman codes of the digits: 0 to 2 have five bits, 3 to 9 six. */
const FIVE_BITS = ['0', '1', '2'];
const SIX_BITS_BEGIN = 0b011001;

/** null when it is a reference to a field of an earlier block, or is not the first field. */
export function statusOf(block: Uint8Array): number | null {
  let at = 0;
  // Changes of the table's size come first; longer integers of it end with a byte below 128.
  while ((u8(block, at) & 0xe0) === 0x20) {
    if ((u8(block, at) & 0x1f) === 0x1f) while (at + 1 < block.length && (u8(block, ++at) & 0x80) !== 0);
    at++;
  }
  const first = u8(block, at);
  if ((first & 0x80) !== 0) return INDEXED[(first & 0x7f) - FIRST_INDEX] ?? null;
  const isLiteral = (first & 0xc0) === 0x40 || (first & 0xf0) === 0 || (first & 0xf0) === 0x10;
  const name = (first & 0xc0) === 0x40 ? first & 0x3f : first & 0x0f;
  if (!isLiteral || name < FIRST_INDEX || name >= FIRST_INDEX + INDEXED.length) return null;
  const length = u8(block, at + 1) & 0x7f;
  const value = block.subarray(at + 2, at + 2 + length);
  const text = (u8(block, at + 1) & 0x80) === 0 ? latin1(value) : digits(value);
  return /^[1-9]\d\d$/.test(text) ? Number(text) : null;
}

/** Huffman-coded digits, up to the first code that is not a digit. */
function digits(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let text = '';
  for (let at = 0; at + 5 <= bits.length; ) {
    const five = FIVE_BITS[Number.parseInt(bits.slice(at, at + 5), 2)];
    const six = Number.parseInt(bits.slice(at, at + 6), 2) - SIX_BITS_BEGIN + 3;
    if (five !== undefined) {
      text += five;
      at += 5;
    } else if (at + 6 <= bits.length && six >= 3 && six <= 9) {
      text += String(six);
      at += 6;
    } else break;
  }
  return text;
}
