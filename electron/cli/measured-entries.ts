/** Measures each entry of a GOPROXY list once, with the module of the settings where they name one. */
import { DEFAULT_PROBE_MODULE, type Endpoint, limitsOf } from '../../shared/domain/endpoint.ts';
import { displayName, isProxyEntry, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { EntryView, ViewOf } from '../verdict/walk.ts';
import type { CliIo } from './cli-io.ts';
import type { Stores } from './stores.ts';

/** One light probe of each proxy in the lists, a few at a time. */
export async function measureEntries(lists: readonly string[], { core, settings }: Stores, io: CliIo): Promise<ViewOf> {
  const urls = new Set(
    lists.flatMap((list) =>
      parseGoproxyList(list)
        .filter(isProxyEntry)
        .map(({ value }) => value),
    ),
  );
  const { endpoints, limits, network } = settings.monitor;
  const pool = await core.pool();
  const views = new Map<string, EntryView>();
  await Promise.all(
    [...urls].map(async (url) => {
      const known = endpoints.find((one) => one.kind === 'goproxy' && one.url === url);
      const endpoint = known ?? unlisted(url);
      const request = { endpoint, depth: 'light' as const, limits: limitsOf(endpoint, limits), network };
      const result = await pool.probe(request, io.signal);
      if (result.outcome === 'cancelled') return;
      const cause = result.outcome === 'ok' ? null : result.failure.cause;
      // A private proxy need not have the module we request: it responded.
      const answers = cause === null || (known === undefined && cause === 'module-not-found');
      views.set(url, {
        endpointId: known?.id ?? url,
        status: answers ? 'up' : 'down',
        cause: answers ? null : cause,
        latencyMs: cause === null ? result.totalMs : null,
      });
    }),
  );
  return (url) => views.get(url) ?? null;
}

/** An entry that is not in the settings. */
export function unlisted(url: string): Endpoint {
  return { id: 'entry', kind: 'goproxy', name: displayName(url), url, module: DEFAULT_PROBE_MODULE };
}
