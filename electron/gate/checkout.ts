/** Where a project is checked out. */
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The nearest folder upwards that is the root of a git checkout; the folder itself without one. */
export async function checkoutOf(folder: string): Promise<string> {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    if (
      await access(join(at, '.git')).then(
        () => true,
        () => false,
      )
    )
      return at;
  }
  return folder;
}
