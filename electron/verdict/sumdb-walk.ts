/**
 * Which way `go` reaches the checksum database: through the first proxy of GOPROXY that relays it, or by itself. It is
 * found once for a run, by asking each entry for `sumdb/NAME/supported` (cmd/go/internal/modfetch/sumdb.go, initBase, and
 * proxy.go, TryProxies). Compared with the real go by `npm run long -- walker`.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import type { GoproxyEntry } from '../../shared/domain/goproxy-list.ts';
import type { ViewOf } from './walk.ts';

/** How the database is reached; `at` is the position of an entry. */
export type SumdbWay =
  | { readonly by: 'relay'; readonly at: number }
  /** The database itself, or the URL that GOSUMDB names. */
  | { readonly by: 'itself' }
  /** Not at all: `go` ends with the error of this entry and never asks the database. */
  | { readonly by: 'nothing'; readonly at: number; readonly cause: Cause }
  /** An entry in between was not measured. */
  | { readonly by: 'unknown' };

/** With a URL of its own, or by its alias in China, the database is asked there and the list has no part in it (dbDial). */
export function hasOwnAddress(gosumdb: string): boolean {
  return gosumdb === 'sum.golang.google.cn' || /\S\s+\S/.test(gosumdb);
}

/** Finds the way. */
export function walkSumdb(entries: readonly GoproxyEntry[], viewOf: ViewOf, gosumdb: string): SumdbWay {
  if (hasOwnAddress(gosumdb)) return { by: 'itself' };
  let best: { readonly at: number; readonly cause: Cause } | null = null;
  for (const [at, entry] of entries.entries()) {
    // `direct` outranks every earlier error and leads to the database; `off` counts as "not found" and outranks none.
    if (entry.value === 'direct') return { by: 'itself' };
    if (entry.value === 'off' || entry.ignored) break;
    const answer = answerOf(entry, viewOf);
    if (answer === 'relays') return { by: 'relay', at };
    if (answer === 'unknown') return { by: 'unknown' };
    if (answer === 'not-found') continue;
    best = { at, cause: answer };
    if (entry.separator !== '|') break;
  }
  return best === null ? { by: 'itself' } : { by: 'nothing', ...best };
}

/** Servers that answer 200 to everything answer so to `supported` as well. */
const ANSWERS_ALL: ReadonlySet<Cause> = new Set(['not-a-goproxy', 'captive-portal']);

function answerOf(entry: GoproxyEntry, viewOf: ViewOf): 'relays' | 'not-found' | 'unknown' | Cause {
  const view = viewOf(entry.value);
  if (view === null || view.status === 'unknown') return 'unknown';
  if (view.status === 'down' && view.cause !== null) {
    if (ANSWERS_ALL.has(view.cause)) return 'relays';
    // Without the module, or with it blocked, it may relay the database all the same.
    if (view.cause !== 'module-not-found' && view.cause !== 'module-blocked') return view.cause;
  }
  if (view.relaysSumdb === undefined || view.relaysSumdb === null) {
    return view.cause === 'module-not-found' ? 'not-found' : 'unknown';
  }
  return view.relaysSumdb ? 'relays' : 'not-found';
}
