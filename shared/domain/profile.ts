/** A named set of Go variables that one click applies and one click undoes. */

/** The variables a profile may set. A profile leaves the variables it does not name as they are. */
export const PROFILE_VARIABLES = ['GOPROXY', 'GOSUMDB', 'GOPRIVATE', 'GONOPROXY', 'GONOSUMDB'] as const;
export type ProfileVariable = (typeof PROFILE_VARIABLES)[number];

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
}

/**
 * The profile that what is really set amounts to: every variable it names has exactly that value.
 * Among several the one naming most variables wins, then the first. null = none of them ("changed by hand").
 */
export function activeProfile(profiles: readonly Profile[], effective: GoVariables): Profile | null {
  let best: Profile | null = null;
  let bestCount = 0;
  for (const profile of profiles) {
    const named = PROFILE_VARIABLES.filter((name) => profile.variables[name] !== undefined);
    const matches = named.every((name) => isInForce(name, profile.variables[name] ?? '', effective));
    if (matches && named.length > bestCount) {
      best = profile;
      bestCount = named.length;
    }
  }
  return best;
}

/**
 * Whether `go` uses the wanted value. Unset means the default: for GONOPROXY and GONOSUMDB that is GOPRIVATE's value
 * (`go help private`), for GOPROXY and GOSUMDB what `go` was built with, which cannot be told from a value set.
 */
export function isInForce(name: ProfileVariable, wanted: string, effective: GoVariables): boolean {
  const value = effective[name] ?? '';
  if (value === wanted) return true;
  const inherits = name === 'GONOPROXY' || name === 'GONOSUMDB';
  return wanted === '' && inherits && value === (effective.GOPRIVATE ?? '');
}
