/** The head of a database's tree. Source: golang.org/x/mod/sumdb/tlog, ParseTree. */

export interface TreeHead {
  /** Number of records, a safe integer. */
  readonly size: number;
  /** Root hash of RFC 6962's Merkle tree over them, 32 bytes. */
  readonly rootHash: Buffer;
}

export type ParsedTreeHead = ({ readonly ok: true } & TreeHead) | { readonly ok: false; readonly reason: string };

const HEAD = /^go\.sum database tree\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/;
/** In the form of ParseTree. */
const MAX_BYTES = 1_000_000;

/**
 * Reads the text of a note: three lines, more may follow. Trees of 2^53 records and more (Go: 2^63) are refused, their
 * numbers would lose digits. Never throws.
 */
export function parseTreeHead(text: string): ParsedTreeHead {
  const [, digits, root = ''] = HEAD.exec(text) ?? [];
  const size = Number(digits);
  if (!Number.isSafeInteger(size) || Buffer.byteLength(text) > MAX_BYTES) {
    return { ok: false, reason: 'malformed tree note' };
  }
  return { ok: true, size, rootHash: Buffer.from(root, 'base64') };
}
