/** The way of one module under each profile: what would `go` do now? Pure. */
import { skipsProxies } from '../../shared/domain/private-modules.ts';
import type { GoVariables, Profile } from '../../shared/domain/profile.ts';
import type { ModuleKind, ProfileRoute, Walk } from '../../shared/domain/verdict.ts';
import { type ViewOf, walkModule } from './walk.ts';

/** What stands in $GOROOT/go.env of a stock Go, and was built in before 1.21. */
const DEFAULT_GOPROXY = 'https://proxy.golang.org,direct';

export interface ModuleQuestion {
  readonly modulePath: string;
  readonly kind: ModuleKind;
}

/** Variables as they would be in force after a switch to the profile. */
export function variablesUnder({ variables }: Pick<Profile, 'variables'>, effective: GoVariables): GoVariables {
  const { GOPRIVATE = '', GONOPROXY = GOPRIVATE, GONOSUMDB = GOPRIVATE } = effective;
  const goprivate = variables.GOPRIVATE ?? GOPRIVATE;
  /** Without a value of its own it has GOPRIVATE's (`go help private`). */
  const follows = (wanted: string | undefined, now: string) => {
    if (wanted !== undefined) return wanted === '' ? goprivate : wanted;
    return now === GOPRIVATE ? goprivate : now;
  };
  return {
    ...effective,
    ...variables,
    GOPROXY: (variables.GOPROXY ?? effective.GOPROXY) || DEFAULT_GOPROXY,
    GOPRIVATE: goprivate,
    GONOPROXY: follows(variables.GONOPROXY, GONOPROXY),
    GONOSUMDB: follows(variables.GONOSUMDB, GONOSUMDB),
  };
}

/** Walks the module's way under a set of variables. */
export function routeOf(variables: GoVariables, question: ModuleQuestion, viewOf: ViewOf) {
  const { GOPROXY = '', GONOPROXY = '' } = variables;
  const walk = walkModule({ goproxy: GOPROXY, gonoproxy: GONOPROXY }, question.modulePath, viewOf, question.kind);
  return { walk, isPrivate: skipsProxies(question.modulePath, variables) };
}

/** Every profile's way, those that work now first; within a rank in the person's order. */
export function profileRoutes(
  profiles: readonly Profile[],
  effective: GoVariables,
  question: ModuleQuestion,
  viewOf: ViewOf,
): readonly ProfileRoute[] {
  return profiles
    .map((profile) => ({
      profileId: profile.id,
      ...routeOf(variablesUnder(profile, effective), question, viewOf),
    }))
    .toSorted((a, b) => RANK[a.walk.outcome] - RANK[b.walk.outcome]);
}

const RANK: Readonly<Record<Walk['outcome'], number>> = { works: 0, slow: 1, 'fell-back': 2, unproven: 3, stops: 4 };
