/** What a proxy shows of a module: it may serve a version that its list does not have yet, so `@latest` is asked, too. */
import semver from 'semver';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { protocolPath } from '../../shared/domain/module-path.ts';
import type { HttpClient } from '../system/http-client.ts';
import type { Listing } from '../verdict/sync-lag.ts';
import { MAX_BYTES } from './goproxy-responses.ts';

/** Asks one proxy what it shows of a module. Never rejects. */
export async function listVersions(
  endpoint: Endpoint,
  modulePath: string,
  client: HttpClient,
  signal: AbortSignal,
): Promise<Listing> {
  const ask = (file: 'list' | 'latest') =>
    client.fetch({
      url: `${endpoint.url.replace(/(?<!\/)\/+$/, '')}/${protocolPath(modulePath, file)}`,
      headers: { 'disable-module-fetch': 'true' },
      maxBytes: MAX_BYTES[file],
      signal,
    });
  const list = await ask('list');
  const newest = await ask('latest');
  const latest = newest.outcome === 'ok' && newest.answer.status === 200 ? readLatest(newest.answer.body) : null;
  if (list.outcome !== 'ok') return { endpointId: endpoint.id, versions: null, latest };
  const { status, body } = list.answer;
  const versions = status === 200 ? readList(body) : status === 404 || status === 410 ? [] : null;
  const refused = status === 403 || status === 451;
  return { endpointId: endpoint.id, versions, latest, ...(refused ? { refused: true as const } : {}) };
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
