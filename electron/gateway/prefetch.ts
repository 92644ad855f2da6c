/** Everything that a project needs, fetched through the gateway into its cache, so that a build works offline. */
import type { NeededModule } from '../../shared/domain/preflight.ts';
import type { ModuleRoute } from './route.ts';

/** How it stands with what a project needs. */
export interface PrefetchReport {
  /** Files that are in the cache now, fetched or found there. */
  readonly present: number;
  /** Of these, those that were fetched by this run. */
  readonly fetched: number;
  readonly bytes: number;
  /** Modules of which something is missing, with the gateway's words. */
  readonly missing: readonly { readonly module: string; readonly reason: string }[];
}

/** How one file came. */
export type Fetched =
  | { readonly ok: true; readonly bytes: number; readonly cached: boolean }
  | { readonly ok: false; readonly reason: string };

interface PrefetchOptions {
  /** Fetches one file. Never rejects. */
  readonly fetch: (route: ModuleRoute) => Promise<Fetched>;
  readonly signal: AbortSignal;
  /** Called after each file. */
  readonly onProgress: (done: number, of: number) => void;
}

/** As many downloads as `go` has in flight at once (cmd/go, par.Work with 10). */
const AT_ONCE = 10;

/** Fetches what is missing; a run that is cancelled or repeated goes on where the last one was. Never rejects. */
export async function prefetch(needed: readonly NeededModule[], options: PrefetchOptions): Promise<PrefetchReport> {
  const routes = needed.flatMap(routesOf);
  const missing = new Map<string, string>();
  let [next, done, present, fetched, bytes] = [0, 0, 0, 0, 0];
  const work = async () => {
    while (next < routes.length && !options.signal.aborted) {
      const route = routes[next];
      next += 1;
      if (route === undefined) return;
      const file = await options.fetch(route);
      if (file.ok) {
        present += 1;
        bytes += file.bytes;
        if (!file.cached) fetched += 1;
      } else {
        missing.set(`${route.path}@${'version' in route ? route.version : ''}`, file.reason);
      }
      done += 1;
      options.onProgress(done, routes.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { present, fetched, bytes, missing: [...missing].map(([module, reason]) => ({ module, reason })) };
}

/** The files of a module: one that only takes part in the graph is needed by its go.mod alone. */
export function routesOf({ path, version, part }: NeededModule): readonly ModuleRoute[] {
  const kinds = part === 'zip' ? (['info', 'mod', 'zip'] as const) : (['mod'] as const);
  return kinds.map((kind) => ({ kind, path, version }));
}
