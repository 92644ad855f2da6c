/**
 * `h1:` hashes as in go.sum. Source: golang.org/x/mod/sumdb/dirhash, Hash1: SHA-256 over the lines
 * `hex(sha256(file))␠␠name\n`, sorted by name, then base64.
 */
import { createHash } from 'node:crypto';

/** The hash of a set of files; names as they stand in the module zip (`module@version/file`). */
export function hash1(files: ReadonlyMap<string, Uint8Array>): string {
  const names = [...files.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const summary = createHash('sha256');
  for (const name of names) {
    const file = createHash('sha256')
      .update(files.get(name) ?? new Uint8Array())
      .digest('hex');
    summary.update(`${file}  ${name}\n`);
  }
  return `h1:${summary.digest('base64')}`;
}

/** The hash of a go.mod: one file of that name (go.sum lines that end in `/go.mod`). */
export function goModHash(content: Uint8Array): string {
  return hash1(new Map([['go.mod', content]]));
}
