/** Which known vulnerabilities affect the versions that a project selects. */
import { type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { Vulnerability } from '../../shared/domain/vulnerability.ts';
import { limiter } from '../system/limiter.ts';
import { affects, isFixed, type OsvEntry } from './osv.ts';
import { scoreOf } from './severity.ts';
import type { VulnerabilityDatabase } from './vulnerability-database.ts';

/** A module version of the project, or Go's own as `stdlib` and `toolchain`. */
export interface SelectedModule {
  readonly path: string;
  readonly version: string;
}

/** Entries asked for at once. */
const PARALLEL = 8;

/** All of them, the gravest first. A database that cannot be read, even in part, is a problem: silence would pass it. */
export async function findVulnerabilities(
  modules: readonly SelectedModule[],
  database: VulnerabilityDatabase,
): Promise<Outcome<readonly Vulnerability[]>> {
  const index = await database.index();
  if (!index.ok) return index;
  const known = new Map(index.value.map(({ path, vulns }) => [path, vulns]));
  // An entry whose last fix is older than the version needs no look.
  const idsOf = ({ path, version }: SelectedModule) =>
    (known.get(path) ?? []).flatMap(({ id, fixed }) => (isFixed(path, version, fixed) ? [] : [id]));
  const ids = [...new Set(modules.flatMap(idsOf))];
  const slots = limiter(PARALLEL);
  const read = await Promise.all(ids.map((id) => slots(() => database.entry(id))));
  const entries = new Map<string, OsvEntry>();
  for (const [i, one] of read.entries()) {
    if (!one.ok) return one;
    entries.set(ids[i] ?? '', one.value);
  }
  const found = modules.flatMap(({ path, version }) =>
    idsOf({ path, version }).flatMap((id): Vulnerability[] => {
      const entry = entries.get(id);
      const hit = entry === undefined ? null : affects(entry, path, version);
      if (entry === undefined || hit === null) return [];
      return [
        {
          id: entry.id,
          aliases: entry.aliases.slice(0, 10),
          summary: firstLine(entry.summary === '' ? entry.details : entry.summary),
          module: path,
          version,
          fixed: hit.fixed,
          score: scoreOf(entry, path),
          url: database.pageOf(entry.id) ?? entry.database_specific?.url ?? `https://pkg.go.dev/vuln/${entry.id}`,
        },
      ];
    }),
  );
  const rank = ({ score }: Vulnerability) => score ?? -1;
  return succeeded(found.toSorted((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1)));
}

function firstLine(text: string): string {
  return (text.trim().split(/\r?\n/)[0] ?? '').slice(0, 300);
}
