/** Whether a project builds without a network: what it needs, and what of it the gateway's cache holds. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OfflineReadiness } from '../../shared/domain/gateway.ts';
import type { NeededModule } from '../../shared/domain/preflight.ts';
import { treePath } from '../gateway/ask-upstream.ts';
import { CacheIndex } from '../gateway/cache-index.ts';
import { routesOf } from '../gateway/prefetch.ts';
import { isPrivate, type PrivatePatterns, TOOLCHAIN } from '../gateway/private-modules.ts';
import { compareGo, type Project } from '../profile/preflight/project.ts';

/** Everything that `go` would fetch for a project, its toolchain included; `own` is the version of the go in use. */
export function neededOffline(project: Project, own: string | null): readonly NeededModule[] {
  return [...project.needed, ...toolchainOf(project, own)];
}

/** The toolchain that `go` would fetch for these lines of a go.mod (go.dev/doc/toolchain); none for one that is new enough. */
export function toolchainOf(
  { go, toolchain }: Pick<Project, 'go' | 'toolchain'>,
  own: string | null,
): readonly NeededModule[] {
  const wanted = toolchain?.replace(/^go/, '') ?? go ?? '';
  const isRelease = /^1\.\d+(?:\.\d+|rc\d+)$/.test(wanted);
  if (own === null || !isRelease || compareGo(wanted, own.replace(/^go/, '')) <= 0) return [];
  const system = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  return [{ path: TOOLCHAIN, version: `v0.0.1-go${wanted}.${system}`, part: 'zip' }];
}

/** What of these the cache in a folder holds. Private modules are never there: go fetches them itself. */
export function readinessOf(
  needed: readonly NeededModule[],
  cacheFolder: string,
  patterns: PrivatePatterns,
): OfflineReadiness {
  const file = join(cacheFolder, '.gopherbar', 'index.sqlite');
  const index = existsSync(file) ? CacheIndex.open(file) : null;
  try {
    const isHere = (one: NeededModule) => routesOf(one).every((route) => index?.get(treePath(route)) != null);
    const missing = needed.filter((one) => isPrivate(one.path, patterns) || !isHere(one));
    return { needed: needed.length, missing: missing.map(({ path, version }) => `${path}@${version}`) };
  } finally {
    index?.close();
  }
}
