/**
 * The file behind `go env -w`, as bytes: saved before a switch and restored exactly. Reading `KEY=VALUE` lines follows
 * cmd/go/internal/cfg (go env file: no quoting, the last of a doubled key wins, other lines are ignored).
 */
import { createHash } from 'node:crypto';
import { chown, type FileHandle, open, readlink, stat, unlink } from 'node:fs/promises';
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

/** Whose file it is: each is written as its own tool writes it. */
export type FileRole = 'go' | 'git';

/**
 * Restores a saved file: same bytes, same mode, through a symbolic link to its target; removes it if there was none.
 * Nothing is written when it is as it was. The file of `go` is written over, as `go env -w` does, and so keeps its extended
 * attributes and access list; that of git is replaced, as `git config` does, so that no git ever reads a half of it.
 */
export async function restoreFile(path: string, saved: SavedFile, role: FileRole): Promise<void> {
  const found = await saveFile(path);
  const target = await linkTarget(path);
  if (saved === null) {
    if (found !== null) await unlink(target);
    return;
  }
  if (sameBytes(found, saved) && found?.mode === saved.mode) return;
  const isOver = found !== null && (role === 'go' || (await mustStayTheSameFile(target)));
  const [first, second] = isOver ? [writeInPlace, writeFileAtomic] : [writeFileAtomic, writeInPlace];
  try {
    await first(target, saved.bytes, saved.mode);
  } catch (error) {
    // A file that is mounted by itself or read-only, or whose folder is not ours to write.
    if (found === null || !WAY_REFUSED.has(errorCode(error) ?? '')) throw error;
    await second(target, saved.bytes, saved.mode);
  }
}

const WAY_REFUSED: ReadonlySet<string> = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS']);

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

/** Writes over what is there. What needs new space comes first, so that a full disk changes nothing. */
async function writeInPlace(path: string, bytes: Buffer, mode: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size, mode: former } = await file.stat();
    if (bytes.length > size) await grow(file, bytes.subarray(size), size);
    await writeAll(file, bytes.subarray(0, size), 0);
    await file.truncate(bytes.length);
    if ((former & 0o777) !== mode) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function grow(file: FileHandle, bytes: Buffer, size: number): Promise<void> {
  try {
    await writeAll(file, bytes, size);
  } catch (error) {
    await file.truncate(size);
    throw error;
  }
}

/** All of it: a disk that is almost full takes a part and says so. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** The user and group of a file, for `keepOwner`; null = there is no file, or it is not ours to give away. */
export type Owner = { readonly uid: number; readonly gid: number } | null;

/** Who owns the file that a path leads to. */
export async function ownerOf(path: string): Promise<Owner> {
  const found = await stat(path).catch(() => null);
  return found === null ? null : { uid: found.uid, gid: found.gid };
}

/** Gives a file back to its owner: git replaces it by one of the user who runs git, with sudo by one of root. */
export async function keepOwner(path: string, owner: Owner): Promise<void> {
  const now = await ownerOf(path);
  if (owner === null || now === null || (now.uid === owner.uid && now.gid === owner.gid)) return;
  await chown(path, owner.uid, owner.gid);
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
