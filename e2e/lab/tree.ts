/** The fixture tree as a GOPROXY serves it: `%21` decoded, no folders listed, nothing outside the tree. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'goproxy', 'tree');

/** GOSUMDB value of the tree's checksum database (a throw-away key made for it). */
export const FIXTURE_SUMDB = 'sum.example.test+95760066+ATu9YoZ/PqjoIsFwz5rWVbgz1pAcnAe56b9cEdvXGcZK';

/** The module every lab server has. */
export const FIXTURE_MODULE = { path: 'example.test/hello', version: 'v1.1.0' } as const;

/** The file behind a request path; null when there is none. */
export async function readTree(requestPath: string): Promise<{ body: Buffer; contentType: string } | null> {
  const path = normalize(decodeURIComponent(new URL(requestPath, 'http://lab').pathname));
  if (path.includes('..')) return null;
  const file = join(ROOT, path);
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) return null;
  return { body: await readFile(file), contentType: contentType(file) };
}

function contentType(file: string): string {
  if (file.endsWith('.info') || file.endsWith('@latest')) return 'application/json';
  return file.endsWith('.zip') ? 'application/zip' : 'text/plain; charset=utf-8';
}
