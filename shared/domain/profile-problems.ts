/** Problems of a profile while it is typed: found at every keystroke, before anything is saved. Pure. */

import { gitKey, gitSettingProblem, isRepeatable } from './git-setting.ts';
import { goauthProgram, isGoauthData } from './goauth.ts';
import { parseGoproxyList } from './goproxy-list.ts';
import { isGlob } from './module-patterns.ts';
import type { Profile, ProfileVariable } from './profile.ts';

/** Where a fault is: a field, or a row of the git settings. */
export interface ProfileProblem {
  readonly field: 'name' | ProfileVariable | `git-${number}` | 'whole';
  /** A key under `profiles.problem-`. */
  readonly key:
    | 'name-missing'
    | 'nothing-set'
    | 'goproxy-empty'
    | 'goproxy-entry'
    | 'sumdb'
    | 'glob'
    | 'vcs'
    | 'toolchain'
    | 'goauth'
    | 'goauth-program'
    | 'line'
    | 'git-key'
    | 'git-value'
    | 'git-twice';
  readonly params: { readonly [name: string]: string };
}

const GLOBS: readonly ProfileVariable[] = ['GOPRIVATE', 'GONOPROXY', 'GONOSUMDB', 'GOINSECURE'];

/** Everything that keeps a profile from being saved; [] = nothing does. */
export function profileProblems(profile: Profile): readonly ProfileProblem[] {
  const found: ProfileProblem[] = [];
  const name = typeof profile.name === 'string' ? profile.name : profile.name.en;
  if (name.trim() === '') found.push({ field: 'name', key: 'name-missing', params: {} });
  for (const [variable, value] of Object.entries(profile.variables) as [ProfileVariable, string | undefined][]) {
    if (value !== undefined && value !== '') found.push(...variableProblems(variable, value));
  }
  found.push(...profile.git.flatMap((setting, i) => gitProblems(profile, setting, i)));
  const isEmpty = Object.values(profile.variables).every((value) => value === undefined) && profile.git.length === 0;
  if (isEmpty) found.push({ field: 'whole', key: 'nothing-set', params: {} });
  return found;
}

function variableProblems(variable: ProfileVariable, value: string): readonly ProfileProblem[] {
  const fault = (key: ProfileProblem['key'], text: string): ProfileProblem[] => [
    { field: variable, key, params: { text } },
  ];
  if (/[\r\n\0]/.test(value) || value.length > 4_000) return fault('line', '');
  if (variable === 'GOPROXY') {
    const entries = parseGoproxyList(value);
    if (entries.length === 0) return fault('goproxy-empty', '');
    const bad = entries.find(({ problem, text }) => problem !== null || /[，；;“”]/.test(text));
    return bad === undefined ? [] : fault('goproxy-entry', bad.text);
  }
  if (GLOBS.includes(variable)) {
    const bad = value.split(',').find((glob) => glob !== glob.trim() || glob.includes('://') || !isGlob(glob));
    return bad === undefined ? [] : fault('glob', bad);
  }
  if (variable === 'GOSUMDB') return isSumdb(value) ? [] : fault('sumdb', value);
  if (variable === 'GOVCS')
    return value.split(',').every((rule) => VCS_RULE.test(rule.trim())) ? [] : fault('vcs', value);
  if (variable === 'GOTOOLCHAIN') return TOOLCHAIN.test(value) ? [] : fault('toolchain', value);
  if (variable === 'GOAUTH') {
    const program = goauthProgram(value);
    if (program !== null) return fault('goauth-program', program);
    return isGoauthData(value) ? [] : fault('goauth', value);
  }
  return [];
}

/** `pattern:vcs|vcs` (go help vcs). */
const VCS_RULE = /^[^:\s]+:(?:all|off|(?:git|hg|svn|bzr|fossil)(?:\|(?:git|hg|svn|bzr|fossil))*)$/;

/** `go help toolchain` (https://go.dev/doc/toolchain#select). */
const TOOLCHAIN =
  /^(?:local|auto|path|(?:go1(?:\.\d+){1,2}(?:(?:rc|beta)\d+)?(?:-[\w.]+)?|local)(?:\+(?:auto|path))?)$/;

/** A name `go` knows, a verifier key, or either with a URL; `off` (cmd/go/internal/modfetch/sumdb.go). */
function isSumdb(value: string): boolean {
  const [name = '', url, more] = value.split(/\s+/);
  const isKnown =
    /^(?:off|sum\.golang\.org|sum\.golang\.google\.cn)$/.test(name) || /^[^+\s]+\+[0-9a-f]{8}\+\S+$/.test(name);
  return isKnown && more === undefined && (url === undefined || /^https?:\/\/\S+$/.test(url));
}

function gitProblems(profile: Profile, setting: Profile['git'][number], i: number): readonly ProfileProblem[] {
  const problem = gitSettingProblem(setting);
  const field = `git-${i}` as const;
  if (problem !== null) return [{ field, key: `git-${problem}`, params: { text: setting.key } }];
  const key = gitKey(setting.key);
  const isTwice = !isRepeatable(setting.key) && profile.git.slice(0, i).some((other) => gitKey(other.key) === key);
  return isTwice ? [{ field, key: 'git-twice', params: { text: setting.key } }] : [];
}
