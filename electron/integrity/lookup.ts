/** The response to a lookup in a checksum database. Source: golang.org/x/mod/sumdb/tlog, ParseRecord. */
import { decodePlainText } from './plain-text.ts';

export type Lookup =
  | {
      readonly ok: true;
      /** Number of the record in the tree, a safe integer from 0. */
      readonly id: number;
      /** The record's bytes: what its leaf hashes. */
      readonly record: Buffer;
      /** `path version` and `path version/go.mod` → `h1:…`. */
      readonly hashes: ReadonlyMap<string, string>;
      /** The signed tree head that follows. Not verified here. */
      readonly note: Buffer;
    }
  | { readonly ok: false; readonly reason: string };

const MALFORMED: Lookup = { ok: false, reason: 'malformed record data' };

/**
 * Reads `id\n` + record + `\n` + signed note. The record is lines as in go.sum; nothing in it is trusted before
 * note and tree prove it. Never throws.
 */
export function parseLookup(bytes: Uint8Array): Lookup {
  const answer = Buffer.from(bytes);
  const first = answer.indexOf('\n');
  const id = first < 0 ? '' : answer.toString('latin1', 0, first);
  if (!/^(?:0|[1-9]\d{0,15})$/.test(id) || !Number.isSafeInteger(Number(id))) return MALFORMED;
  const end = answer.indexOf('\n\n', first + 1);
  if (end < 0) return MALFORMED;
  const record = answer.subarray(first + 1, end + 1);
  const text = decodePlainText(record);
  if (text === null) return MALFORMED;
  return { ok: true, id: Number(id), record, hashes: hashesOf(text), note: answer.subarray(end + 2) };
}

/** Of several `h1:` lines for the same thing, `go` compares with the first (cmd/go/internal/modfetch, checkSumDB). */
function hashesOf(record: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const line of record.split('\n')) {
    const [, key, hash] = /^(\S+ \S+) (h1:\S+)$/.exec(line) ?? [];
    if (key !== undefined && hash !== undefined && !hashes.has(key)) hashes.set(key, hash);
  }
  return hashes;
}
