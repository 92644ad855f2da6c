/**
 * The file behind `go env -w`, as bytes: saved before a switch and restored exactly. Reading `KEY=VALUE` lines follows
 * cmd/go/internal/cfg (go env file: no quoting, the last of a doubled key wins, other lines are ignored).
 */
import { createHash } from 'node:crypto';
import { open, readlink, stat, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorCode } from '../system/error-facts.ts';
import { writeFileAtomic } from '../system/files.ts';
import { readRegularFile, unreadDetail } from '../system/read-file.ts';
import { envFileValue } from '../toolchain/env-file-lines.ts';

/** A file's content and permissions; null = there was no file. */
export type SavedFile = { readonly bytes: Buffer; readonly mode: number } | null;

/** People write these files by hand: far above anything that `go` or git reads in a reasonable time. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Reads the file. Rejects when it exists and cannot be read, is larger than 8 MB or no regular file: a device
 * (GOENV=/dev/null) must never be replaced by a file, and a FIFO never answers.
 */
export async function saveFile(path: string): Promise<SavedFile> {
  const read = await readRegularFile(path, MAX_BYTES);
  if (!read.ok) {
    if (read.why === 'missing') return null;
    const message = read.why === 'not-a-file' ? 'not a regular file' : unreadDetail(read);
    throw Object.assign(new Error(message), { code: unreadDetail(read), path });
  }
  return { bytes: read.bytes, mode: (await stat(path)).mode & 0o777 };
}

/**
 * Restores a saved file: same bytes, same mode, through a symbolic link to its target; removes it if there was none.
 * Nothing is written when it is as it was.
 */
export async function restoreFile(path: string, saved: SavedFile): Promise<void> {
  const found = await saveFile(path);
  const target = await linkTarget(path);
  if (saved === null) {
    if (found !== null) await unlink(target);
    return;
  }
  if (sameBytes(found, saved) && found?.mode === saved.mode) return;
  if (await mustStayTheSameFile(target)) return writeInPlace(target, saved.bytes, saved.mode);
  try {
    await writeFileAtomic(target, saved.bytes, saved.mode);
  } catch (error) {
    // A file that is mounted by itself, or whose folder is not ours to write.
    if (!RENAME_REFUSED.has(errorCode(error) ?? '')) throw error;
    await writeInPlace(target, saved.bytes, saved.mode);
  }
}

const RENAME_REFUSED: ReadonlySet<string> = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS']);

/** The file that a path leads to, whether it exists or not: `go` and git create the target of a link that dangles. */
async function linkTarget(path: string): Promise<string> {
  let target = path;
  // As many links as Linux follows (path_resolution(7)).
  for (let links = 0; links < 40; links += 1) {
    const next = await readlink(target).catch(() => null);
    if (next === null) return target;
    target = resolve(dirname(target), next);
  }
  return target;
}

/** Another file in its place would lose its other names (hard links), or its owner and group. */
async function mustStayTheSameFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found === null) return false;
  const { geteuid, getegid } = process;
  return found.nlink > 1 || found.uid !== geteuid?.() || found.gid !== getegid?.();
}

/** Writes over what is there, as `go env -w` itself does; cut to its length last, so that a full disk cuts nothing off. */
async function writeInPlace(path: string, bytes: Buffer, mode: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(bytes, 0, bytes.length, 0);
    await file.truncate(bytes.length);
    if (((await file.stat()).mode & 0o777) !== mode) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
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
