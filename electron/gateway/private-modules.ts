/** Which modules are private, and whose checksums are looked up nowhere. Pure. Patterns as in GOPRIVATE. */
import { matchesPatterns } from '../../shared/domain/module-patterns.ts';

/** The two lists that the gateway keeps to. */
export interface PrivatePatterns {
  /** Globs of modules that no upstream may learn of (GOPRIVATE, GONOPROXY). */
  readonly private: readonly string[];
  /** Globs of modules that are fetched, but looked up in no checksum database (GONOSUMDB alone). */
  readonly nosumdb: readonly string[];
}

/** The module whose checksum is always checked, as cmd/go does it (modfetch/sumdb.go, useSumDB). */
export const TOOLCHAIN = 'golang.org/toolchain';

/** Comma lists and repeated options as one list without blanks and repetitions, in their order. */
export function patternList(values: readonly string[]): readonly string[] {
  const globs = values.flatMap((value) => value.split(',')).map((glob) => glob.trim());
  return [...new Set(globs.filter((glob) => glob !== '' && glob !== 'none'))];
}

/**
 * Whether a path must reach no upstream: it matches a private pattern, or it is a proper prefix of the literal part of
 * one. `go` asks for every prefix of an import path at once, so `git.corp.test/team` would give away
 * `git.corp.test/team/secret`.
 */
export function isPrivate(path: string, { private: globs }: PrivatePatterns): boolean {
  return matchesPatterns(globs.join(','), path) || globs.some((glob) => literalPart(glob).startsWith(`${path}/`));
}

/** Whether a module's checksum may be asked of a database. */
export function isLookedUp(path: string, patterns: PrivatePatterns): boolean {
  if (path === TOOLCHAIN) return true;
  return !isPrivate(path, patterns) && !matchesPatterns(patterns.nosumdb.join(','), path);
}

/** What a glob says before its first metacharacter. */
function literalPart(glob: string): string {
  return /^[^*?[\\]*/.exec(glob)?.[0] ?? '';
}

/** What `go` must have in its environment beside GOPROXY: an explicit GONOPROXY switches GOPRIVATE off as its default. */
export function patternEnvironment(patterns: PrivatePatterns): { GONOPROXY: string; GONOSUMDB: string } {
  const all = patternList([...patterns.private, ...patterns.nosumdb]);
  return { GONOPROXY: patterns.private.join(','), GONOSUMDB: all.join(',') };
}
