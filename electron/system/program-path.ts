/** Finds a program given without a folder: in absolute folders of PATH only, never in the current folder. */
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * The absolute path of a program; null when no absolute folder of `path` (a value of PATH) holds it. execvp(3) would
 * also look into relative entries and, without any PATH, into the current folder, which may be an untrusted project.
 */
export function programPath(file: string, path: string | undefined): string | null {
  if (isAbsolute(file)) return file;
  if (file.includes('/')) return null;
  const folders = (path ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, file)).find(isRunnable) ?? null;
}

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
