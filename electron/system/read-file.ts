/**
 * Reads a file that another program may have written. A FIFO would block indefinitely, a device would never end, and a
 * file that grows while it is read has no fixed size: so only regular files are read, up to a limit.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Why a file was not read. `detail` is the system's error code, where there is one. */
export type UnreadFile =
  | { readonly ok: false; readonly why: 'missing' | 'not-a-file' | 'unreadable'; readonly detail: string }
  | {
      readonly ok: false;
      readonly why: 'too-large';
      readonly detail: string;
      readonly maxBytes: number;
      readonly size: number;
    };

export type FileRead = { readonly ok: true; readonly bytes: Buffer } | UnreadFile;

const CHUNK_BYTES = 64 * 1024;
/** Large enough to keep the disk busy, small enough that cancelling is felt at once. */
const STREAM_BYTES = 256 * 1024;

/**
 * The bytes of a regular file of at most `maxBytes`; links are followed. Never rejects, and never blocks: O_NONBLOCK
 * makes open(2) of a FIFO return at once.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<FileRead> {
  const opened = await openRegular(path);
  if ('ok' in opened) return opened;
  const { file, size } = opened;
  try {
    if (size > maxBytes) return tooLarge(maxBytes, size);
    return await readUpTo(file, maxBytes);
  } catch (error) {
    return unread(error);
  } finally {
    await file.close().catch(() => {});
  }
}

/** How `readChunks` reads. */
export interface ChunkOptions {
  /** Ends it early; what was read has been handed over. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each chunk with the share that was read, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * Hands over a regular file of any size piece by piece, without ever holding more than one piece; `onChunk` says whether
 * to go on. Returns why it was not read, or null. Never rejects but for what `onChunk` throws.
 */
export async function readChunks(
  path: string,
  onChunk: (chunk: Buffer) => boolean,
  { signal, onProgress }: ChunkOptions = {},
): Promise<UnreadFile | null> {
  const opened = await openRegular(path);
  if ('ok' in opened) return opened;
  const { file, size } = opened;
  try {
    for (let done = 0; signal?.aborted !== true; ) {
      const read = await file.read(Buffer.allocUnsafe(STREAM_BYTES), 0, STREAM_BYTES, null).catch(unread);
      if ('ok' in read) return read;
      if (read.bytesRead === 0) return null;
      if (!onChunk(read.buffer.subarray(0, read.bytesRead))) return null;
      done += read.bytesRead;
      // A file that is still being written has a share beyond its former size.
      onProgress?.(Math.min(1, done / Math.max(1, size)));
    }
    return null;
  } finally {
    await file.close().catch(() => {});
  }
}

/** As `readRegularFile`, for what must be known at once. */
export function readRegularFileSync(path: string, maxBytes: number): FileRead {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    if (!stats.isFile()) return { ok: false, why: 'not-a-file', detail: '' };
    if (stats.size > maxBytes) return tooLarge(maxBytes, stats.size);
    const bytes = Buffer.alloc(maxBytes + 1);
    let total = 0;
    for (let read = -1; read !== 0 && total <= maxBytes; total += read) {
      read = readSync(file, bytes, total, bytes.length - total, null);
    }
    return total > maxBytes ? tooLarge(maxBytes, total) : { ok: true, bytes: bytes.subarray(0, total) };
  } catch (error) {
    return unread(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Why a file was not read, for the place of a system's code: `EACCES`, `not-a-file`, `too-large`. */
export function unreadDetail({ why, detail }: UnreadFile): string {
  return detail === '' ? why : detail;
}

/** The same as text, with invalid UTF-8 replaced. null = there is no such file, or it is not to be read. */
export async function readTextIfRegular(path: string, maxBytes: number): Promise<string | null> {
  const read = await readRegularFile(path, maxBytes);
  return read.ok ? read.bytes.toString('utf8') : null;
}

async function openRegular(path: string): Promise<{ readonly file: FileHandle; readonly size: number } | UnreadFile> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (stats.isFile()) return { file, size: stats.size };
    await file.close();
    return { ok: false, why: 'not-a-file', detail: '' };
  } catch (error) {
    await file?.close().catch(() => {});
    return unread(error);
  }
}

/** Reads to the end, whatever size was reported. */
async function readUpTo(file: FileHandle, maxBytes: number): Promise<FileRead> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return { ok: true, bytes: Buffer.concat(chunks) };
    total += bytesRead;
    if (total > maxBytes) return tooLarge(maxBytes, total);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

/** `size` is what was reported, or what was read so far. */
function tooLarge(maxBytes: number, size: number): UnreadFile {
  return { ok: false, why: 'too-large', detail: '', maxBytes, size };
}

function unread(error: unknown): UnreadFile {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { ok: false, why: 'missing', detail: code };
  // EISDIR: some systems refuse to open a folder. ENXIO: a socket.
  if (code === 'EISDIR' || code === 'ENXIO') return { ok: false, why: 'not-a-file', detail: code };
  return { ok: false, why: 'unreadable', detail: code };
}
