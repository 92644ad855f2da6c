/** What a proxy shows of a module: it may serve a version that its list does not have yet, so `@latest` is asked, too. */
import semver from 'semver';
import type { Endpoint, Limits } from '../../shared/domain/endpoint.ts';
import { protocolPath } from '../../shared/domain/module-path.ts';
import type { Listing } from '../verdict/sync-lag.ts';
import { MAX_BYTES } from './goproxy-responses.ts';
import { below, httpUrl, runHttpProbe } from './http-steps.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeNetwork } from './probe-pool.ts';

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
  await runHttpProbe({ endpoint, depth: 'full', limits, network }, context, async (play) => {
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
