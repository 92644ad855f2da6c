/** The Dockerfiles of a project. Bounded; links are not followed. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { readTextIfRegular } from '../system/read-file.ts';

const MAX_DEPTH = 4;
const MAX_FOLDERS = 2_000;
const MAX_DOCKERFILES = 100;
const MAX_DOCKERFILE_BYTES = 1024 * 1024;
const SKIPPED = new Set(['node_modules', 'vendor', 'testdata', 'dist', 'build', 'target']);
/** `Dockerfile`, `Containerfile`, `Dockerfile.dev`, `dev.Dockerfile`. */
const DOCKERFILE = /^(?:(?:dockerfile|containerfile)(?:[.-][\w.-]+)?|[\w.-]+\.(?:dockerfile|containerfile))$/i;

/** A Dockerfile below a folder. */
export interface Dockerfile {
  /** Relative to the folder, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** Dockerfiles up to so many folders down, sorted. */
export async function readDockerfiles(root: string, maxDepth = MAX_DEPTH): Promise<readonly Dockerfile[]> {
  const names: string[] = [];
  let folders = 0;
  const walk = async (folder: string, depth: number): Promise<void> => {
    folders += 1;
    if (folders > MAX_FOLDERS || names.length >= MAX_DOCKERFILES) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isFile() && DOCKERFILE.test(entry.name)) names.push(join(folder, entry.name));
      const isSkipped = entry.name.startsWith('.') || SKIPPED.has(entry.name);
      if (entry.isDirectory() && !isSkipped && depth < maxDepth) await walk(join(folder, entry.name), depth + 1);
    }
  };
  await walk(root, 0);
  const read = await Promise.all(
    names.slice(0, MAX_DOCKERFILES).map(async (name) => {
      const text = await readTextIfRegular(name, MAX_DOCKERFILE_BYTES);
      return text === null ? [] : [{ file: relative(root, name).split(sep).join('/'), text }];
    }),
  );
  return read.flat();
}
