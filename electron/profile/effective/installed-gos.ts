/** Every `go` on the machine: in the PATHs of all contexts and where installers put them. */
import { readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { InstalledGo } from '../../../shared/domain/effective.ts';
import type { Env } from '../../system/files.ts';
import type { ProcessRunner } from '../../system/process-runner.ts';
import { isExecutable, tryGo } from '../../toolchain/find-go.ts';

const FIXED = [
  '/usr/local/go/bin',
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/opt/local/bin',
  '/usr/lib/go/bin',
  '/usr/bin',
];

/** Folders below the home folder with one folder per version. */
const VERSIONED = [
  ['sdk', 'bin'],
  ['.gvm/gos', 'bin'],
  ['.asdf/installs/golang', 'go/bin'],
  ['.local/share/mise/installs/go', 'bin'],
  ['.goenv/versions', 'bin'],
] as const;

const INSTALLERS: readonly (readonly [RegExp, InstalledGo['installer']])[] = [
  [/\/\.gvm\//, 'gvm'],
  [/\/\.?asdf\//, 'asdf'],
  [/\/mise\//, 'mise'],
  [/\/\.goenv\//, 'goenv'],
  [/\/homebrew\/|\/Cellar\/|\/linuxbrew\//, 'homebrew'],
  [/\/sdk\/go/, 'sdk'],
  [/^\/usr\/local\/go\//, 'go.dev'],
  [/^\/usr\/(?:lib|bin|share)/, 'system'],
];

/** More than any machine has; each costs a process. */
const MAX_GOS = 20;

/** Finds them, each real executable once, in the order of the PATHs given. */
export async function installedGos(
  runner: ProcessRunner,
  env: Env,
  paths: readonly (string | undefined)[],
): Promise<readonly InstalledGo[]> {
  const inPaths = paths.flatMap((path) => (path ?? '').split(delimiter));
  const folders = [...inPaths, ...FIXED, ...(await versionFolders(env.HOME))].filter((one) => isAbsolute(one));
  const found: InstalledGo[] = [];
  const seen = new Set<string>();
  for (const folder of new Set(folders)) {
    const go = await goIn(folder, runner, env, seen);
    if (go !== null) found.push(go);
    if (found.length >= MAX_GOS) break;
  }
  return found;
}

/** The first one on a PATH. */
export async function goInPath(path: string | undefined, gos: readonly InstalledGo[]): Promise<InstalledGo | null> {
  for (const folder of (path ?? '').split(delimiter)) {
    const file = join(folder, 'go');
    if (!isAbsolute(folder) || !(await isExecutable(file))) continue;
    const real = await realpath(file);
    for (const one of gos) if (one.path === file || (await realpath(one.path).catch(() => '')) === real) return one;
  }
  return null;
}

async function goIn(folder: string, runner: ProcessRunner, env: Env, seen: Set<string>): Promise<InstalledGo | null> {
  const path = join(folder, 'go');
  if (!(await isExecutable(path))) return null;
  const real = await realpath(path).catch(() => path);
  if (seen.has(real)) return null;
  seen.add(real);
  const tried = await tryGo(runner, env, path);
  if (!tried.ok) return null;
  const installer = INSTALLERS.find(([pattern]) => pattern.test(path) || pattern.test(dirname(real)))?.[1] ?? 'other';
  return { path, version: tried.go.version, installer };
}

async function versionFolders(home: string | undefined): Promise<readonly string[]> {
  if (home === undefined) return [];
  const lists = await Promise.all(
    VERSIONED.map(async ([folder, bin]) => {
      const names = await readdir(join(home, folder)).catch(() => []);
      return names.sort().map((name) => join(home, folder, name, bin));
    }),
  );
  return lists.flat();
}
