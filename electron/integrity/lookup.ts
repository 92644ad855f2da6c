/** The answer to a look-up in a checksum database. Source: golang.org/x/mod/sumdb/tlog, ParseRecord. */

export type Lookup =
  | {
      readonly ok: true;
      /** Number of the record in the tree. */
      readonly id: number;
      /** The record's bytes: what its leaf hashes. */
      readonly record: Buffer;
      /** `path version` and `path version/go.mod` → `h1:…`. */
      readonly hashes: ReadonlyMap<string, string>;
      /** The signed tree head that follows. */
      readonly note: Buffer;
    }
  | { readonly ok: false; readonly reason: string };

/** Reads `id\n` + record + `\n` + signed note. The record is lines as in go.sum. */
export function parseLookup(bytes: Uint8Array): Lookup {
  const answer = Buffer.from(bytes);
  const first = answer.indexOf('\n');
  const id = first < 0 ? '' : answer.toString('latin1', 0, first);
  if (!/^(?:0|[1-9]\d{0,15})$/.test(id)) return { ok: false, reason: 'malformed record data' };
  const end = answer.indexOf('\n\n', first + 1);
  if (end <= first) return { ok: false, reason: 'malformed record data' };
  const record = answer.subarray(first + 1, end + 1);
  const hashes = new Map<string, string>();
  for (const line of record.toString('utf8').split('\n')) {
    const [path, version, hash, ...more] = line.split(' ');
    if (path === undefined || version === undefined || hash === undefined || more.length > 0) continue;
    hashes.set(`${path} ${version}`, hash);
  }
  return { ok: true, id: Number(id), record, hashes, note: answer.subarray(end + 2) };
}
