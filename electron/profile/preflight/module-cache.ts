/**
 * What of a project is in the module cache: GOMODCACHE/cache/download/<path>/@v (https://go.dev/ref/mod#module-cache).
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeModule } from '../../../shared/domain/module-path.ts';
import type { NeededModule } from '../../../shared/domain/preflight.ts';

/** Files checked in parallel. */
const AT_ONCE = 32;

/** The modules with a missing file. */
export async function missingFrom(cache: string, needed: readonly NeededModule[]): Promise<readonly NeededModule[]> {
  const waiting = [...needed.entries()];
  const missing: [number, NeededModule][] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (!(await isCached(cache, next[1]))) missing.push(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return missing.sort(([a], [b]) => a - b).map(([, one]) => one);
}

async function isCached(cache: string, { path, version, part }: NeededModule): Promise<boolean> {
  const base = join(cache, 'cache', 'download', escapeModule(path), '@v', escapeModule(version));
  const ends = part === 'zip' ? ['zip', 'mod'] : ['mod'];
  const found = await Promise.all(
    ends.map((end) =>
      access(`${base}.${end}`).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every((one) => one);
}
