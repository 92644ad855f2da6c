/** Reading a project: what its files say it needs. Never rejects; a broken file is a problem with its line. */

import { access } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { failed } from '../../../shared/domain/outcome.ts';
import type { NeededModule, PreflightProblem } from '../../../shared/domain/preflight.ts';
import { shellCommand } from '../../../shared/domain/shell-command.ts';
import type { Problem } from '../../../shared/domain/snapshot.ts';
import { readRegularFile } from '../../system/read-file.ts';
import {
  MAX_MOD_FILE_BYTES,
  type ModFile,
  type ModuleRef,
  parseGoSum,
  parseModFile,
  type Replacement,
} from './go-mod.ts';

/** The largest go.sum of public projects is a few MB; a larger file is not one. */
const MAX_SUM_BYTES = 32 * 1024 * 1024;

export interface Project {
  readonly file: string;
  readonly folder: string;
  /** Module paths; more than one only for a workspace. */
  readonly modules: readonly string[];
  readonly go: string | null;
  readonly toolchain: string | null;
  readonly needed: readonly NeededModule[];
  /** A vendor folder is used: nothing is fetched. */
  readonly vendored: boolean;
  readonly problems: readonly PreflightProblem[];
  /** The go.work or go.mod itself. */
  readonly top: ModFile;
  /** Its modules as they were read; the one of the folder, or those of a workspace. */
  readonly read: readonly ReadModule[];
}

export type ProjectOutcome =
  | { readonly ok: true; readonly project: Project }
  | { readonly ok: false; readonly problem: Problem };

/** A module's files. */
export interface ReadModule {
  readonly folder: string;
  readonly mod: ModFile;
  /** null = there is no go.sum. */
  readonly sum: readonly NeededModule[] | null;
}

/** The project that a folder belongs to: the nearest go.work upwards, else the nearest go.mod. */
export async function readProject(folder: string): Promise<ProjectOutcome> {
  const file = (await nearest(folder, 'go.work')) ?? (await nearest(folder, 'go.mod'));
  if (file === null) return failed('no-project', { folder });
  try {
    const top = await readModFile(file);
    const root = dirname(file);
    const folders = file.endsWith('go.work') ? top.uses.map((use) => resolve(root, use)) : [root];
    const modules = await Promise.all(
      folders.map(async (one): Promise<ReadModule> => {
        const mod = await readModFile(join(one, 'go.mod'));
        return { folder: one, mod, sum: await readSum(join(one, 'go.sum')) };
      }),
    );
    const workSum = file.endsWith('go.work') ? ((await readSum(join(root, 'go.work.sum'))) ?? []) : [];
    const vendored = await exists(join(root, 'vendor', 'modules.txt'));
    return { ok: true, project: await assemble(file, top, modules, workSum, vendored) };
  } catch (error) {
    if (error instanceof ProjectError) return { ok: false, problem: error.problem };
    throw error;
  }
}

class ProjectError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.key);
    this.problem = problem;
  }
}

async function assemble(
  file: string,
  top: ModFile,
  modules: readonly ReadModule[],
  workSum: readonly NeededModule[],
  vendored: boolean,
): Promise<Project> {
  const problems: PreflightProblem[] = [];
  const local = new Set(modules.flatMap(({ mod }) => (mod.module === null ? [] : [mod.module])));
  const needed = new Map<string, NeededModule>();
  for (const { folder, mod, sum } of modules) {
    const replaces = [...mod.replaces, ...top.replaces];
    const [inWork, inModule] = [replacementOf(top.replaces), replacementOf(mod.replaces)];
    const isOutside = (one: ModuleRef): ModuleRef | null => {
      const replaced = inWork(one) ?? inModule(one);
      if (local.has(one.path) || (replaced !== undefined && isFolder(replaced.to.path))) return null;
      return replaced?.to ?? one;
    };
    const targets = replaces.filter(({ to }) => isFolder(to.path)).map(({ to }) => resolve(folder, to.path));
    for (const target of new Set(targets)) {
      if (await exists(join(target, 'go.mod'))) continue;
      const params = { folder: target, file: join(folder, 'go.mod') };
      problems.push({ key: 'replace-missing', severity: 'error', params, command: null });
    }
    if (sum === null && mod.requires.length > 0) {
      const params = { file: join(folder, 'go.sum') };
      problems.push({ key: 'no-go-sum', severity: 'warning', params, command: shellCommand('go', ['mod', 'tidy']) });
    }
    const unsummed = sum === null || vendored ? [] : missingFromSum(mod, [...sum, ...workSum], isOutside);
    if (unsummed.length > 0) {
      const params = {
        count: unsummed.length,
        modules: shortList(unsummed.map(({ path, version }) => `${path}@${version}`)),
        file: join(folder, 'go.sum'),
      };
      problems.push({ key: 'not-in-go-sum', severity: 'error', params, command: shellCommand('go', ['mod', 'tidy']) });
    }
    const wanted = sum ?? mod.requires.map((one): NeededModule => ({ ...one, part: 'zip' }));
    for (const one of [...wanted, ...workSum]) {
      const replaced = inWork(one) ?? inModule(one);
      if (local.has(one.path) || (replaced !== undefined && isFolder(replaced.to.path))) continue;
      keep(needed, sum === null && replaced !== undefined ? { ...replaced.to, part: one.part } : one);
    }
  }
  return {
    file,
    folder: dirname(file),
    modules: [...local],
    go: highest([top.go, ...modules.map(({ mod }) => mod.go)]),
    toolchain: top.toolchain ?? modules[0]?.mod.toolchain ?? null,
    needed: [...needed.values()],
    vendored,
    problems,
    top,
    read: modules,
  };
}

/** Requirements without any line in go.sum: `go build` ends with `missing go.sum entry` before it asks a proxy. */
function missingFromSum(
  mod: ModFile,
  sum: readonly NeededModule[],
  outside: (one: ModuleRef) => ModuleRef | null,
): readonly ModuleRef[] {
  const known = new Set(sum.map(({ path, version }) => `${path}@${version}`));
  return mod.requires.flatMap((one) => {
    const fetched = outside(one);
    return fetched === null || known.has(`${fetched.path}@${fetched.version}`) ? [] : [fetched];
  });
}

/** More names than anyone reads. */
const MAX_NAMED = 5;

function shortList(names: readonly string[]): string {
  return names.length <= MAX_NAMED ? names.join(', ') : `${names.slice(0, MAX_NAMED).join(', ')}, …`;
}

/** A zip comes with its go.mod: of a module wanted twice the larger part is kept. */
function keep(needed: Map<string, NeededModule>, one: NeededModule): void {
  const key = `${one.path}@${one.version}`;
  if (needed.get(key)?.part !== 'zip') needed.set(key, one);
}

/**
 * Looks a replacement up: one for the exact version wins over one for every version. A go.work's apply before those
 * of its modules (cmd/go/internal/modload, Replacement).
 */
export function replacementOf(replaces: readonly Replacement[]): (one: ModuleRef) => Replacement | undefined {
  const known = new Map(replaces.map((one) => [`${one.from.path}@${one.from.version}`, one]));
  return ({ path, version }) => known.get(`${path}@${version}`) ?? known.get(`${path}@`);
}

/** Whether a replacement's target is a folder instead of a module path. */
export function isFolder(path: string): boolean {
  return path.startsWith('./') || path.startsWith('../') || path === '.' || path === '..' || isAbsolute(path);
}

function highest(versions: readonly (string | null)[]): string | null {
  const known = versions.filter((one) => one !== null);
  return known.toSorted(compareGo).at(-1) ?? null;
}

/** Compares `1.21`, `1.21.3`, `1.22rc1` by their numbers. */
export function compareGo(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function readModFile(file: string): Promise<ModFile> {
  const read = parseModFile((await readText(file, MAX_MOD_FILE_BYTES)) ?? fail('project-file-missing', { file }));
  return read.ok ? read.file : fail('project-file-broken', { file, line: read.error.line, text: read.error.text });
}

async function readSum(file: string): Promise<readonly NeededModule[] | null> {
  const text = await readText(file, MAX_SUM_BYTES);
  return text === null ? null : parseGoSum(text);
}

async function readText(file: string, maxBytes: number): Promise<string | null> {
  const read = await readRegularFile(file, maxBytes);
  if (read.ok) return read.bytes.toString('utf8');
  switch (read.why) {
    case 'missing':
      return null;
    case 'too-large':
      return fail('project-file-large', { file, megabytes: Math.round(maxBytes / 1e6) });
    case 'not-a-file':
      return fail('project-file-special', { file });
    case 'unreadable':
      return fail('project-file-unreadable', { file, detail: read.detail });
  }
}

function fail(key: string, params: Problem['params']): never {
  throw new ProjectError({ key, params });
}

async function nearest(folder: string, name: string): Promise<string | null> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (await exists(join(at, name))) return join(at, name);
    if (dirname(at) === at) return null;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
