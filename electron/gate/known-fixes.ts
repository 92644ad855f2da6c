/** Whether a version is the fix of a known vulnerability, by the database of GOVULNDB: for one version at a time. */
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { HOUR_MS } from '../../shared/domain/units.ts';
import { PUBLIC_DATABASE } from '../../shared/domain/vulnerability.ts';
import type { Clock } from '../system/clock.ts';
import type { HttpClient } from '../system/http-client.ts';
import { isFixOf } from './osv.ts';
import { openDatabase, type VulnerabilityDatabase, type VulnerabilityIndex } from './vulnerability-database.ts';

/** How long the index is kept, and for how long a database that failed is left alone. */
const KEPT_MS = HOUR_MS;
const FAILED_MS = 60_000;

/** What was found; `unknown` when the database is switched off or cannot be read. */
export type Fix =
  | { readonly kind: 'fix'; readonly id: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

export class KnownFixes {
  readonly #database: Outcome<VulnerabilityDatabase> | null;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #index: { readonly read: Promise<Outcome<VulnerabilityIndex>>; until: number } | null = null;

  /** `address` as in GOVULNDB: '' is the public database, `off` none. Nothing is asked before the first `find`. */
  constructor(address: string, http: HttpClient, clock: Clock) {
    this.#clock = clock;
    const url = address.trim() === '' ? PUBLIC_DATABASE : address.trim();
    this.#database = url === 'off' ? null : openDatabase(url, http, this.#closing.signal);
  }

  /** Never rejects. */
  find(path: string, version: string): Promise<Fix> {
    const finding = this.#find(path, version);
    this.#running.add(finding);
    void finding.finally(() => this.#running.delete(finding));
    return finding;
  }

  /** Cancels requests; resolves when none runs any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#running]);
  }

  async #find(path: string, version: string): Promise<Fix> {
    if (this.#database === null) return { kind: 'unknown', reason: 'GOVULNDB is off' };
    if (!this.#database.ok) return unknown(this.#database.problem);
    const database = this.#database.value;
    const index = await this.#readIndex(database);
    if (!index.ok) return unknown(index.problem);
    for (const [module, own] of namesOf(path, version)) {
      const entries = index.value.filter((one) => one.path === module).flatMap(({ vulns }) => vulns);
      for (const { id } of entries) {
        const entry = await database.entry(id);
        if (!entry.ok) return unknown(entry.problem);
        if (isFixOf(entry.value, module, own)) return { kind: 'fix', id };
      }
    }
    return { kind: 'none' };
  }

  #readIndex(database: VulnerabilityDatabase): Promise<Outcome<VulnerabilityIndex>> {
    const now = this.#clock.monotonic();
    if (this.#index !== null && this.#index.until > now) return this.#index.read;
    const index = { read: database.index(), until: now + KEPT_MS };
    this.#index = index;
    void index.read.then(({ ok }) => {
      if (!ok) index.until = this.#clock.monotonic() + FAILED_MS;
    });
    return index.read;
  }
}

/** A toolchain holds the standard library and cmd/go, which the database lists by Go's own version. */
function namesOf(path: string, version: string): readonly (readonly [module: string, version: string])[] {
  if (path !== 'golang.org/toolchain') return [[path, version]];
  const go = /^v0\.0\.1-go([^-]+?)\.[a-z0-9]+-[a-z0-9]+$/.exec(version)?.[1] ?? '';
  return ['stdlib', 'toolchain'].map((module) => [module, go] as const);
}

function unknown({ params }: Problem): Fix {
  return { kind: 'unknown', reason: `the vulnerability database cannot be read: ${Object.values(params).join(': ')}` };
}
