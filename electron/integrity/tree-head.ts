/** The head of a database's tree. Source: golang.org/x/mod/sumdb/tlog, ParseTree. */

export interface TreeHead {
  /** Number of records. */
  readonly size: number;
  /** Root hash of RFC 6962's Merkle tree over them, 32 bytes. */
  readonly rootHash: Buffer;
}

export type ParsedTreeHead = ({ readonly ok: true } & TreeHead) | { readonly ok: false; readonly reason: string };

const HEAD = /^go\.sum database tree\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/;

/** Reads the text of a note: three lines, more may follow. */
export function parseTreeHead(text: string): ParsedTreeHead {
  const parts = HEAD.exec(text);
  if (parts === null) return { ok: false, reason: 'malformed tree note' };
  const [, size = '', root = ''] = parts;
  return { ok: true, size: Number(size), rootHash: Buffer.from(root, 'base64') };
}
