/**
 * The file behind `go env -w`, as bytes: saved before a switch and restored exactly. Reading `KEY=VALUE` lines follows
 * cmd/go/internal/cfg (go env file: no quoting, the last of a doubled key wins, other lines are ignored).
 */
import { createHash } from 'node:crypto';
import { readFile, realpath, stat, unlink } from 'node:fs/promises';
import { errorCode } from '../system/error-facts.ts';
import { writeFileAtomic } from '../system/files.ts';
import { envFileValue } from '../toolchain/env-file-lines.ts';

/** A file's content and permissions; null = there was no file. */
export type SavedFile = { readonly bytes: Buffer; readonly mode: number } | null;

/** Reads the file. Rejects with the system's error when it exists and cannot be read. */
export async function saveFile(path: string): Promise<SavedFile> {
  try {
    const [bytes, { mode }] = await Promise.all([readFile(path), stat(path)]);
    return { bytes, mode: mode & 0o777 };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Restores a saved file: same bytes, same mode, through a symbolic link to its target; removes it if there was none.
 */
export async function restoreFile(path: string, saved: SavedFile): Promise<void> {
  if (saved === null) {
    await unlink(path).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    return;
  }
  const target = await realpath(path).catch(() => path);
  await writeFileAtomic(target, saved.bytes, saved.mode);
}

/** SHA-256 of what a file holds, hex; `absent` when there is none. */
export function fingerprint(saved: SavedFile): string {
  return saved === null ? 'absent' : createHash('sha256').update(saved.bytes).digest('hex');
}

/** Whether two saved files are the same to the byte. */
export function sameBytes(a: SavedFile, b: SavedFile): boolean {
  return a === null || b === null ? a === b : a.bytes.equals(b.bytes);
}

/** The value a variable has in the file; undefined when no line sets it. */
export function valueIn(saved: SavedFile, variable: string): string | undefined {
  return saved === null ? undefined : envFileValue(saved.bytes.toString('utf8'), variable);
}
