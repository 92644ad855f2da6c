/**
 * How far each proxy is behind the newest version that any of them shows; what it shows is the newer of its list and its
 * `@latest`. Pure.
 */
import semver from 'semver';
import type { EpochMs } from '../../shared/domain/units.ts';

/** What one proxy shows of a module. */
export interface Listing {
  readonly endpointId: string;
  /** Valid versions, any order; null when it could not be asked. */
  readonly versions: readonly string[] | null;
  /** Of `@latest`, when it answered. */
  readonly latest: { readonly version: string; readonly at: EpochMs | null } | null;
  /** It answered 403 or 451 for this module. */
  readonly refused?: true;
}

export interface Lag {
  readonly endpointId: string;
  /** null = nothing shown, or not asked. */
  readonly newest: string | null;
  /** Versions that others show and that are newer than its newest. */
  readonly versionsBehind: number | null;
  /** How long ago the newest of all was published, h; 0 for a proxy that shows it; null when no proxy says when. */
  readonly hoursBehind: number | null;
}

/** Newest first, as `go` chooses: a release before any pre-release (cmd/go: `@latest`). */
export function newestOf(versions: readonly string[]): string | null {
  const valid = versions.filter((version) => semver.valid(version) !== null);
  const releases = valid.filter((version) => semver.prerelease(version) === null);
  return [...(releases.length > 0 ? releases : valid)].sort(semver.rcompare)[0] ?? null;
}

/** Compares what proxies show. Pure; `now` is UTC. */
export function syncLag(listings: readonly Listing[], now: EpochMs): readonly Lag[] {
  const shownBy = (one: Listing) => [...(one.versions ?? []), ...(one.latest === null ? [] : [one.latest.version])];
  const newest = newestOf(listings.flatMap(shownBy));
  const all = new Set(listings.flatMap(shownBy).filter((version) => isComparable(version, newest)));
  const publishedAt =
    listings.find(({ latest }) => latest?.version === newest && latest.at !== null)?.latest?.at ?? null;
  return listings.map((listing) => {
    const own = newestOf(shownBy(listing));
    const { endpointId } = listing;
    if (own === null || newest === null) return { endpointId, newest: own, versionsBehind: null, hoursBehind: null };
    const versionsBehind = [...all].filter((version) => semver.gt(version, own)).length;
    const hoursBehind = versionsBehind === 0 ? 0 : publishedAt === null ? null : (now - publishedAt) / 3_600_000;
    return { endpointId, newest: own, versionsBehind, hoursBehind };
  });
}

/** Pre-releases count only where the newest is one: a proxy is not behind for lacking them. */
function isComparable(version: string, newest: string | null): boolean {
  if (semver.valid(version) === null) return false;
  return semver.prerelease(version) === null || (newest !== null && semver.prerelease(newest) !== null);
}
