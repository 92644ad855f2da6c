/**
 * The `h1:` hash of a module zip on disk. Source: golang.org/x/mod/sumdb/dirhash, HashZip and Hash1; the rules for
 * names
 * are those of golang.org/x/mod/zip. Entries are read one after the other, so memory use is independent of its size.
 */
import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { errorMessage } from '../system/error-facts.ts';
import { contentOf, entriesOf, openZip } from './zip-entries.ts';

/** The hash of a zip, or why it is not the zip of a module. */
export type ZipHash = { readonly ok: true; readonly hash: string } | { readonly ok: false; readonly reason: string };

/** golang.org/x/mod/zip, MaxZipFile: of all files unpacked. */
const MAX_UNPACKED_BYTES = 500 * 1024 * 1024;
/** More files than any module has; each adds a line to the summary. */
const MAX_FILES = 500_000;

/** Hashes the zip behind a file descriptor, which stays open. `prefix` is `module@version/`. Never rejects. */
export async function zipHash(fd: number, prefix: string, signal?: AbortSignal): Promise<ZipHash> {
  try {
    const zip = await openZip(fd);
    const lines: (readonly [name: Buffer, line: string])[] = [];
    let unpacked = 0;
    for await (const entry of entriesOf(zip)) {
      if (signal?.aborted === true) return { ok: false, reason: 'cancelled' };
      const name = entry.fileNameRaw;
      if (!name.toString('utf8').startsWith(prefix)) return { ok: false, reason: `a file outside of ${prefix}` };
      // A folder has no content; dirhash lists files only, and x/mod/zip writes none.
      if (name[name.length - 1] === 0x2f) continue;
      unpacked += entry.uncompressedSize;
      if (unpacked > MAX_UNPACKED_BYTES || lines.length >= MAX_FILES) return { ok: false, reason: 'too large' };
      lines.push([name, `${await entryHash(zip, entry)}  ${name.toString('utf8')}\n`]);
    }
    lines.sort(([a], [b]) => Buffer.compare(a, b));
    const summary = createHash('sha256');
    for (const [, line] of lines) summary.update(line);
    return { ok: true, hash: `h1:${summary.digest('base64')}` };
  } catch (error) {
    return { ok: false, reason: errorMessage(error) };
  }
}

async function entryHash(zip: ZipFile, entry: Entry): Promise<string> {
  const stream = await contentOf(zip, entry);
  const hash = createHash('sha256');
  stream.on('data', (bytes: Buffer) => hash.update(bytes));
  await finished(stream);
  return hash.digest('hex');
}
