/** Everything that a project needs, fetched through the gateway into its cache, so that a build works offline. */
import type { PrefetchProgress } from '../../shared/domain/gateway.ts';
import type { NeededModule } from '../../shared/domain/preflight.ts';
import { limiter } from '../system/limiter.ts';
import type { ZipRoute, ZipSize } from './gateway.ts';
import type { ModuleRoute } from './route.ts';

/** What there is to fetch, before anything is. */
export interface PrefetchPlan {
  /** Modules that are needed, the toolchain included. */
  readonly modules: number;
  /** Modules whose zip is in the cache already. */
  readonly here: number;
  /** Of the zips to fetch, as far as upstreams say. */
  readonly bytes: number;
  /** Zips to fetch whose size no upstream says. */
  readonly unsized: number;
}

/** How it stands with what a project needs. */
export interface PrefetchReport extends PrefetchPlan {
  /** Files that are in the cache now, fetched or found there. */
  readonly present: number;
  /** Of these, those that were fetched by this run. */
  readonly fetched: number;
  /** Bytes that were fetched by this run. */
  readonly fetchedBytes: number;
  /** Modules of which something is missing, with the gateway's words. */
  readonly missing: readonly { readonly module: string; readonly reason: string }[];
}

/** How one file came. */
export type Fetched =
  | { readonly ok: true; readonly bytes: number; readonly cached: boolean }
  | { readonly ok: false; readonly reason: string };

interface PrefetchOptions {
  /** How large a zip is, without fetching it. Never rejects. */
  readonly size: (route: ZipRoute) => Promise<ZipSize>;
  /** Fetches one file. Never rejects. */
  readonly fetch: (route: ModuleRoute) => Promise<Fetched>;
  /** Downloads on their way, `path@version`; others than ours are ignored. */
  readonly transfers: () => readonly { readonly module: string; readonly received: number }[];
  readonly signal: AbortSignal;
  /** Called once all sizes were asked. */
  readonly onPlan: (plan: PrefetchPlan) => void;
  /** Called after each file. */
  readonly onFile: () => void;
}

/** As many downloads as `go` has in flight at once (cmd/go, par.Work with 10). */
const AT_ONCE = 10;

/** One run; one that is cancelled or repeated goes on where the last one was. */
export class Prefetch {
  readonly #needed: readonly NeededModule[];
  readonly #options: PrefetchOptions;
  readonly #routes: readonly ModuleRoute[];
  /** Of zips that were not in the cache: bytes as announced, corrected when they have come. */
  readonly #sizes = new Map<string, number>();
  readonly #here = new Set<string>();
  readonly #fetching = new Set<string>();
  readonly #missing = new Map<string, string>();
  #plan: PrefetchPlan;
  #done = 0;
  #present = 0;
  #fetched = 0;
  #fetchedBytes = 0;
  #zipBytes = 0;

  constructor(needed: readonly NeededModule[], options: PrefetchOptions) {
    this.#needed = needed;
    this.#options = options;
    this.#routes = needed.flatMap(routesOf);
    this.#plan = { modules: needed.length, here: 0, bytes: 0, unsized: 0 };
  }

  progress(): PrefetchProgress {
    const coming = this.#options
      .transfers()
      .filter(({ module }) => this.#fetching.has(module))
      .reduce((sum, { module, received }) => sum + Math.min(received, this.#sizes.get(module) ?? 0), 0);
    const total = [...this.#sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    const { modules, here } = this.#plan;
    const received = Math.min(total, this.#zipBytes + coming);
    return { modules, here, done: this.#done, of: this.#routes.length, received, total };
  }

  /** Asks all sizes, then fetches what is missing. Never rejects. */
  async run(): Promise<PrefetchReport> {
    await this.#measure();
    if (!this.#options.signal.aborted) {
      this.#options.onPlan(this.#plan);
      await this.#each(this.#routes, (route) => this.#take(route));
    }
    const missing = [...this.#missing].map(([module, reason]) => ({ module, reason }));
    return {
      ...this.#plan,
      present: this.#present,
      fetched: this.#fetched,
      fetchedBytes: this.#fetchedBytes,
      missing,
    };
  }

  async #measure(): Promise<void> {
    let unsized = 0;
    const zips = this.#routes.filter((route): route is ZipRoute => route.kind === 'zip');
    await this.#each(zips, async (route) => {
      const { bytes, cached } = await this.#options.size(route);
      if (cached) this.#here.add(moduleOf(route));
      else if (bytes === null) unsized += 1;
      else this.#sizes.set(moduleOf(route), bytes);
    });
    const bytes = [...this.#sizes.values()].reduce((sum, one) => sum + one, 0);
    this.#plan = { modules: this.#needed.length, here: this.#here.size, bytes, unsized };
  }

  async #take(route: ModuleRoute): Promise<void> {
    const module = moduleOf(route);
    const isZip = route.kind === 'zip';
    if (isZip) this.#fetching.add(module);
    const file = await this.#options.fetch(route);
    if (isZip) this.#fetching.delete(module);
    if (file.ok) {
      this.#present += 1;
      if (!file.cached) {
        this.#fetched += 1;
        this.#fetchedBytes += file.bytes;
        if (isZip && !this.#here.has(module)) {
          this.#sizes.set(module, file.bytes);
          this.#zipBytes += file.bytes;
        }
      }
    } else if (!this.#options.signal.aborted) {
      this.#missing.set(module, file.reason);
      // What will not come is not waited for.
      if (isZip) this.#sizes.delete(module);
    }
    this.#done += 1;
    this.#options.onFile();
  }

  async #each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    const limit = limiter(AT_ONCE);
    await Promise.all(all.map((one) => limit(() => (this.#options.signal.aborted ? Promise.resolve() : work(one)))));
  }
}

/** The files of a module: one that only takes part in the graph is needed by its go.mod alone. */
export function routesOf({ path, version, part }: NeededModule): readonly ModuleRoute[] {
  const kinds = part === 'zip' ? (['info', 'mod', 'zip'] as const) : (['mod'] as const);
  return kinds.map((kind) => ({ kind, path, version }));
}

function moduleOf(route: ModuleRoute): string {
  return `${route.path}@${'version' in route ? route.version : ''}`;
}
