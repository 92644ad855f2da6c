/**
 * Reads a file that another program may have written. A FIFO would block indefinitely, a device would never end, and a
 * file
 * that grows while it is read has no fixed size: so only regular files are read, up to a limit.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Why a file was not read. `detail` is the system's error code, where there is one. */
export type UnreadFile =
  | { readonly ok: false; readonly why: 'missing' | 'not-a-file' | 'unreadable'; readonly detail: string }
  | { readonly ok: false; readonly why: 'too-large'; readonly detail: string; readonly maxBytes: number };

export type FileRead = { readonly ok: true; readonly bytes: Buffer } | UnreadFile;

const CHUNK_BYTES = 64 * 1024;

/**
 * The bytes of a regular file of at most `maxBytes`; links are followed. Never rejects, and never blocks: O_NONBLOCK
 * makes open(2) of a FIFO return at once.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<FileRead> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return unread(error);
  }
  try {
    const { size, isRegular } = await facts(file);
    if (!isRegular) return { ok: false, why: 'not-a-file', detail: '' };
    if (size > maxBytes) return tooLarge(maxBytes);
    return await readUpTo(file, maxBytes);
  } catch (error) {
    return unread(error);
  } finally {
    await file.close().catch(() => {});
  }
}

/** The same as text, with invalid UTF-8 replaced. null = there is no such file, or it was refused. */
export async function readTextIfRegular(path: string, maxBytes: number): Promise<string | null> {
  const read = await readRegularFile(path, maxBytes);
  return read.ok ? read.bytes.toString('utf8') : null;
}

async function facts(file: FileHandle): Promise<{ size: number; isRegular: boolean }> {
  const stats = await file.stat();
  return { size: stats.size, isRegular: stats.isFile() };
}

/** Reads to the end, whatever size was reported. */
async function readUpTo(file: FileHandle, maxBytes: number): Promise<FileRead> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return { ok: true, bytes: Buffer.concat(chunks) };
    total += bytesRead;
    if (total > maxBytes) return tooLarge(maxBytes);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function tooLarge(maxBytes: number): UnreadFile {
  return { ok: false, why: 'too-large', detail: '', maxBytes };
}

function unread(error: unknown): UnreadFile {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { ok: false, why: 'missing', detail: code };
  // EISDIR: some systems refuse to open a folder. ENXIO: a socket.
  if (code === 'EISDIR' || code === 'ENXIO') return { ok: false, why: 'not-a-file', detail: code };
  return { ok: false, why: 'unreadable', detail: code };
}
