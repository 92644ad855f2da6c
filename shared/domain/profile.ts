/** A named set of Go variables and git settings that one click applies and one click undoes. */
import { type GitSetting, isGitInForce } from './git-setting.ts';

/**
 * The variables a profile may set, with the Go 1.N that first knew them. A profile leaves the variables it does not
 * name
 * as they are. GODEBUG and HTTPS_PROXY are not among them: `go env -w` refuses both.
 */
const FIRST_KNOWN = {
  GOPROXY: 13,
  GOSUMDB: 13,
  GOPRIVATE: 13,
  GONOPROXY: 13,
  GONOSUMDB: 13,
  GOINSECURE: 14,
  GOVCS: 16,
  GOTOOLCHAIN: 21,
  GOAUTH: 24,
} as const;

export type ProfileVariable = keyof typeof FIRST_KNOWN;
export const PROFILE_VARIABLES = Object.keys(FIRST_KNOWN) as readonly ProfileVariable[] as readonly [
  ProfileVariable,
  ...ProfileVariable[],
];

/** '' = the variable is taken out of the env file, so that the default holds (`go env -u`). */
export type GoVariables = { readonly [V in ProfileVariable]?: string | undefined };

/** A text in both languages, or one that a person wrote. */
export type Bilingual = string | { readonly en: string; readonly 'zh-CN': string };

export interface Profile {
  /** Short, stable, typed by people on the command line: `[a-z0-9-]+`. */
  readonly id: string;
  readonly name: Bilingual;
  /** One line: when to use it and what it does. */
  readonly explanation: Bilingual;
  readonly builtIn: boolean;
  readonly variables: GoVariables;
  /** Keys that are not named are left as they are. */
  readonly git: readonly GitSetting[];
  /** Ids of known networks: in these it is applied by itself. */
  readonly networks: readonly string[];
}

/** What `go` and git really use. */
export interface InForce {
  readonly effective: GoVariables;
  /** Variables that the environment or the env file sets; the others have their default. */
  readonly set: readonly ProfileVariable[];
  /** Variables that this `go` does not know. */
  readonly unknown: readonly ProfileVariable[];
  /** Every managed setting in the order git reads them; null = there is no git. */
  readonly git: readonly GitSetting[] | null;
}

/**
 * The variables that a version of Go (as `go version` says it: `go1.26.10`) does not know; none for unreleased ones.
 */
export function unknownTo(version: string): readonly ProfileVariable[] {
  const minor = /\bgo1\.(\d+)/.exec(version)?.[1];
  if (minor === undefined) return [];
  return PROFILE_VARIABLES.filter((name) => FIRST_KNOWN[name] > Number(minor));
}

/** The variables that a profile names. */
export function namedVariables({ variables }: Pick<Profile, 'variables'>): readonly ProfileVariable[] {
  return PROFILE_VARIABLES.filter((name) => variables[name] !== undefined);
}

/**
 * The profile that matches the effective settings: every variable and git setting it names has exactly that value
 * (variables that this `go` does not know aside). Among several the one naming most wins, then the first.
 * null = none of them ("changed by hand").
 */
export function activeProfile(profiles: readonly Profile[], inForce: InForce): Profile | null {
  let best: Profile | null = null;
  let bestCount = 0;
  for (const profile of profiles) {
    const names = namedVariables(profile).filter((name) => !inForce.unknown.includes(name));
    const count = names.length + profile.git.length;
    if (count <= bestCount) continue;
    if (!names.every((name) => isInForce(name, profile.variables[name] ?? '', inForce))) continue;
    if (!isGitInForce(profile.git, inForce.git ?? [])) continue;
    best = profile;
    bestCount = count;
  }
  return best;
}

/** Whether `go` uses the wanted value; '' is in force when nothing sets the variable. */
export function isInForce(name: ProfileVariable, wanted: string, inForce: Pick<InForce, 'effective' | 'set'>): boolean {
  if (wanted === '') return !inForce.set.includes(name);
  return inForce.effective[name] === wanted;
}
