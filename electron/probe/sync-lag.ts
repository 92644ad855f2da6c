/**
 * How far each proxy is behind the newest version that any of them shows. A proxy may serve a version that its list does
 * not have yet, so list and `@latest` are both asked; what it shows is the newer of the two.
 */
import semver from 'semver';
import type { Endpoint, Limits } from '../../shared/domain/endpoint.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { below, httpUrl, playHttp } from './http-steps.ts';
import { protocolPath } from './module-path.ts';
import type { ProbeNetwork } from './probe-pool.ts';
import type { ProbeContext } from './probes.ts';
import { MAX_BYTES } from './protocol.ts';

/** What one proxy shows of a module. */
export interface Listing {
  readonly endpointId: string;
  /** Valid versions, any order; null when it could not be asked. */
  readonly versions: readonly string[] | null;
  /** Of `@latest`, when it answered. */
  readonly latest: { readonly version: string; readonly at: EpochMs | null } | null;
}

export interface Lag {
  readonly endpointId: string;
  /** null = nothing shown, or not asked. */
  readonly newest: string | null;
  /** Versions that others show and that are newer than its newest. */
  readonly versionsBehind: number | null;
  /** How long ago the newest of all was published, h; 0 for a proxy that shows it; null when nobody says when. */
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

/** Pre-releases count only where the newest is one: nobody is behind for lacking them. */
function isComparable(version: string, newest: string | null): boolean {
  if (semver.valid(version) === null) return false;
  return semver.prerelease(version) === null || (newest !== null && semver.prerelease(newest) !== null);
}

/** Asks one proxy what it shows of a module. Never rejects. */
export async function listVersions(
  endpoint: Endpoint,
  modulePath: string,
  network: ProbeNetwork,
  limits: Limits,
  context: ProbeContext,
): Promise<Listing> {
  let versions: readonly string[] | null = null;
  let latest: Listing['latest'] = null;
  await playHttp({ endpoint, depth: 'full', limits, network }, context, async (play) => {
    const base = httpUrl(endpoint.url);
    const headers = { 'disable-module-fetch': 'true' };
    const judge = () => null;
    const list = await play.run({
      name: 'list',
      url: below(base, protocolPath(modulePath, 'list')),
      headers,
      maxBytes: MAX_BYTES.list,
      judge,
    });
    if (list.answer?.status === 200) versions = readList(list.answer.body);
    else if (list.answer?.status === 404 || list.answer?.status === 410) versions = [];
    const newest = await play.run({
      name: 'latest',
      url: below(base, protocolPath(modulePath, 'latest')),
      headers,
      maxBytes: MAX_BYTES.latest,
      judge,
    });
    if (newest.answer?.status === 200) latest = readLatest(newest.answer.body);
  });
  return { endpointId: endpoint.id, versions, latest };
}

/** Lines that are no versions are skipped, as `go` skips them. */
function readList(body: Buffer): readonly string[] {
  const lines = body.toString('utf8').split('\n');
  return lines.map((line) => line.split(/\s/, 1)[0] ?? '').filter((version) => semver.valid(version) !== null);
}

function readLatest(body: Buffer): Listing['latest'] {
  try {
    const { Version, Time } = JSON.parse(body.toString('utf8')) as { Version?: unknown; Time?: unknown };
    if (typeof Version !== 'string' || semver.valid(Version) === null) return null;
    const at = typeof Time === 'string' ? Date.parse(Time) : Number.NaN;
    return { version: Version, at: Number.isNaN(at) ? null : at };
  } catch {
    return null;
  }
}
