/**
 * The data folder is its owner's alone: it holds passwords of proxies, and hosts that a person contacts. A folder or
 * file that was there before with wider permissions is narrowed; one of another user is refused.
 */
import { closeSync, constants, fchmodSync, fstatSync, openSync } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../shared/domain/snapshot.ts';

/** Permissions of group and others. */
const OTHERS = 0o077;

/** The data folder belongs to another user, who could exchange its files: nothing may be read from it. */
export class ForeignFolderError extends Error {
  readonly problem: Problem;

  constructor(folder: string, owner: number) {
    super(`${folder} belongs to another user (uid ${owner})`);
    this.problem = { key: 'folder-foreign', params: { folder, owner: String(owner) } };
  }
}

/**
 * Makes the folder with mode 0700, or narrows what is there: the folder (through a link, too), and the files directly in
 * it. Returns what stayed open to others: a file system without permissions refuses. Rejects with ForeignFolderError; with the system's error when there is no such folder and none can be made.
 */
export async function privateFolder(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await stat(folder);
  const own = process.geteuid?.();
  if (own !== undefined && found.uid !== own) throw new ForeignFolderError(folder, found.uid);
  const open: string[] = [];
  const narrow = async (path: string, mode: number) => {
    if ((mode & OTHERS) === 0) return;
    await chmod(path, mode & 0o7777 & ~OTHERS).catch(() => open.push(path));
  };
  await narrow(folder, found.mode);
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const entry = await lstat(file).catch(() => null);
    if (entry?.isFile() === true && entry.uid === own) await narrow(file, entry.mode);
  }
  return open;
}

/**
 * Makes an empty file with mode 0600, or narrows the one that is there: SQLite would make it readable for everyone.
 * Throws for a FIFO, device or folder instead of waiting for it.
 */
export function privateFile(path: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK, 0o600);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw Object.assign(new Error(`${path} is not a regular file`), { path });
    if ((found.mode & OTHERS) !== 0 && found.uid === process.geteuid?.()) fchmodSync(file, found.mode & 0o7700);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a file that a person chose and that holds what only they may see: packets, requests. A regular file that was
 * there with wider permissions is narrowed before anything is written.
 */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    const found = await file.stat();
    if (found.isFile() && (found.mode & OTHERS) !== 0) await file.chmod(0o600);
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}
