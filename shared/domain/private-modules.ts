/**
 * Which servers may learn a module's path, by the patterns of `go`.
 * Source: cmd/go/internal/cfg (GONOPROXY and GONOSUMDB default to GOPRIVATE), `go help private`.
 */
import { matchesPatterns } from './module-patterns.ts';
import type { GoVariables } from './profile.ts';

type Patterns = Pick<GoVariables, 'GOPRIVATE' | 'GONOPROXY' | 'GONOSUMDB'>;

/** Whether `go` asks no proxy for the module: GONOPROXY matches it, or GOPRIVATE in its place. */
export function skipsProxies(path: string, { GOPRIVATE, GONOPROXY }: Patterns): boolean {
  return matchesPatterns(GONOPROXY || GOPRIVATE || '', path);
}

/**
 * Whether only the module's source and the servers that `go` itself uses may learn of it. With GOPRIVATE=x and
 * GONOPROXY=none `go` asks the proxies of GOPROXY (a private one, it is assumed), yet no other server may be asked.
 */
export function isPrivateModule(path: string, { GOPRIVATE = '', GONOPROXY = '' }: Patterns): boolean {
  return matchesPatterns(GONOPROXY, path) || matchesPatterns(GOPRIVATE, path);
}

/** Whether no checksum database may learn of the module. */
export function skipsChecksums(path: string, patterns: Patterns): boolean {
  return matchesPatterns(patterns.GONOSUMDB ?? '', path) || isPrivateModule(path, patterns);
}

/**
 * Whether a download under other variables would give a private module's path to servers that `go` would not ask now:
 * proxies, or a checksum database.
 */
export function tellsMore(path: string, now: GoVariables, then: GoVariables): boolean {
  const isNewToProxies = skipsProxies(path, now) || now.GOPROXY !== then.GOPROXY;
  const tellsProxies = isPrivateModule(path, now) && isNewToProxies && !skipsProxies(path, then);
  const asksChecksums = ({ GOSUMDB, GONOSUMDB, GOPRIVATE = '' }: GoVariables) =>
    GOSUMDB !== 'off' && !matchesPatterns(GONOSUMDB || GOPRIVATE, path);
  return tellsProxies || (skipsChecksums(path, now) && !asksChecksums(now) && asksChecksums(then));
}
