/** Where the app keeps its files, and how it writes them atomically. */
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Environment variables as a plain record. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * The one folder for settings, history and backups: `~/Library/Application Support/Gopherbar` on macOS,
 * `$XDG_DATA_HOME/gopherbar` (default `~/.local/share/gopherbar`) elsewhere. Errors when HOME is not set.
 */
export function dataFolder(platform: NodeJS.Platform, env: Env): string {
  const home = env.HOME;
  if (platform === 'darwin') return join(required(home), 'Library', 'Application Support', 'Gopherbar');
  const xdg = env.XDG_DATA_HOME;
  // The XDG base directory specification: relative paths are invalid and must be ignored.
  if (xdg?.startsWith('/')) return join(xdg, 'gopherbar');
  return join(required(home), '.local', 'share', 'gopherbar');
}

function required(home: string | undefined): string {
  if (home === undefined || home === '') throw new Error('HOME is not set: cannot tell where to keep settings');
  return home;
}

/**
 * Replaces a file atomically: a temporary file beside it is written, flushed and renamed over it, so that readers and
 * crashes see the old or the new content, never a part. Creates missing folders. Rejects with the system's error
 * (ENOSPC, EACCES, …) and then leaves the old file as it was. Without `flush` that holds for a killed process, not for
 * a
 * machine that loses power: the caller flushes (flushFile) later.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
  flush = true,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Unlike any other, not secret: `wx` refuses a file that is there. Loading node:crypto for it would delay short commands.
  const temporary = `${path}.${Math.random().toString(36).slice(2)}.tmp`;
  const file = await open(temporary, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(content);
    if (flush) await file.sync();
  } catch (error) {
    await file.close();
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await file.close();
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** Makes sure that a written file is on the disk. */
export async function flushFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
