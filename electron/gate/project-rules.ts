/** The rules over a project's files: what breaks elsewhere, in CI or in an image. Pure. */
import { relative, resolve, sep } from 'node:path';
import type { ProjectFinding } from '../../shared/domain/project-finding.ts';
import { shellCommand } from '../../shared/domain/shell-command.ts';
import { goStages } from '../profile/dockerfile.ts';
import type { ModuleRef, Replacement } from '../profile/preflight/go-mod.ts';
import { isFolder, type Project, replacementOf } from '../profile/preflight/project.ts';
import type { Dockerfile } from '../profile/read-dockerfiles.ts';
import type { SelectedModule } from './find-vulnerabilities.ts';

/** A selected version and the place of its requirement. */
export type SelectedPlace = SelectedModule & Pick<ProjectFinding, 'file' | 'line'>;

/** Everything the rules look at. */
export interface ProjectFacts {
  readonly project: Project;
  /** What is checked out as a whole: the repository's folder, else the project's. */
  readonly checkout: string;
  readonly dockerfiles: readonly Dockerfile[];
  /** Whether GOPROXY is set here to something else than Go's default: then images need it, too. */
  readonly hasOwnProxy: boolean;
}

/** Findings, in the order of the files. */
export function projectFindings({
  project,
  checkout,
  dockerfiles,
  hasOwnProxy,
}: ProjectFacts): readonly ProjectFinding[] {
  const mods = [
    ...(project.file.endsWith('go.work') ? [{ folder: project.folder, name: 'go.work', mod: project.top }] : []),
    ...project.read.map(({ folder, mod }) => ({ folder, name: 'go.mod', mod })),
  ];
  return [
    ...mods.flatMap(({ folder, name, mod }) => {
      const file = shown(project.folder, resolve(folder, name));
      return mod.replaces.flatMap((one) => replaceFinding(one, file, isInside(checkout, resolve(folder, one.to.path))));
    }),
    ...project.problems.flatMap((one) => fileFinding(project, one)),
    ...(project.vendored ? [] : dockerfiles.flatMap((one) => dockerFindings(one, hasOwnProxy))),
  ];
}

function replaceFinding({ line, from, to }: Replacement, file: string, inside: boolean): readonly ProjectFinding[] {
  if (!isFolder(to.path)) return [];
  const place = { file, line, params: { module: from.path, folder: to.path } };
  if (inside) return [{ rule: 'replace-inside', severity: 'hint', ...place, command: null }];
  return [{ rule: 'replace-outside', severity: 'warning', ...place, command: dropReplace(from, file) }];
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(way) !== way;
}

function dropReplace({ path, version }: ModuleRef, file: string) {
  const tool = file.endsWith('go.work') ? 'work' : 'mod';
  return shellCommand('go', [tool, 'edit', `-dropreplace=${path}${version === '' ? '' : `@${version}`}`]);
}

const OF_PROBLEM = {
  'replace-missing': 'replace-missing',
  'no-go-sum': 'go-sum-missing',
  'not-in-go-sum': 'go-sum-lines',
} as const;

function fileFinding({ folder }: Project, problem: Project['problems'][number]): readonly ProjectFinding[] {
  const rule = Object.hasOwn(OF_PROBLEM, problem.key) ? OF_PROBLEM[problem.key as keyof typeof OF_PROBLEM] : null;
  if (rule === null) return [];
  const params = Object.fromEntries(Object.entries(problem.params).map(([name, value]) => [name, String(value)]));
  const file = shown(folder, params.file ?? folder);
  const severity = problem.severity === 'error' ? 'error' : 'warning';
  return [{ rule, severity, file, line: null, params: { ...params, file }, command: problem.command }];
}

function dockerFindings({ file, text }: Dockerfile, hasOwnProxy: boolean): readonly ProjectFinding[] {
  return goStages(text)
    .filter(({ variables }) => !variables.has('GOPROXY'))
    .map(({ name, line, command }) => ({
      rule: 'dockerfile-goproxy',
      severity: hasOwnProxy ? 'warning' : 'hint',
      file,
      line,
      params: { stage: name, command },
      command: null,
    }));
}

/** The module versions that a build selects, each with its requirement's place; folders and the project's own left out. */
export function selectedModules(project: Project): readonly SelectedPlace[] {
  const selected = new Map<string, SelectedPlace>();
  const inWork = replacementOf(project.top.replaces);
  for (const { folder, mod, sum } of project.read) {
    const inModule = replacementOf(mod.replaces);
    const file = shown(project.folder, resolve(folder, 'go.mod'));
    const required = new Set(mod.requires.map(({ path }) => path));
    // Before lazy loading (go 1.17) a go.mod left indirect requirements out; the zips of its go.sum are what was built.
    const indirect = (sum ?? []).flatMap(({ path, version, part }) =>
      part === 'zip' && !required.has(path) ? [{ path, version, line: null }] : [],
    );
    for (const one of [...mod.requires, ...indirect]) {
      const replaced = inWork(one) ?? inModule(one);
      if (project.modules.includes(one.path) || (replaced !== undefined && isFolder(replaced.to.path))) continue;
      const { path, version } = replaced?.to ?? one;
      const key = `${path}@${version}`;
      if (!selected.has(key)) selected.set(key, { path, version, file, line: one.line });
    }
  }
  return [...selected.values()];
}

function shown(root: string, file: string): string {
  return relative(root, file).split(sep).join('/') || '.';
}
