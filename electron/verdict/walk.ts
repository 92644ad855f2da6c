/**
 * What `go` would do with a GOPROXY list now: walked entry by entry over the latest statuses.
 * Rule (cmd/go/internal/modfetch/proxy.go, TryProxies): after a failed entry `,` goes on only for 404/410,
 * `|` goes on after any error; every other failure ends the walk.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import { type GoproxyEntry, redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { Status } from '../../shared/domain/status.ts';
import type { Walk, WalkStep } from '../../shared/domain/verdict.ts';

/** What is known about the endpoint behind an entry. */
export interface EntryView {
  readonly endpointId: string;
  readonly status: Status;
  readonly cause: Cause | null;
  readonly latencyMs: number | null;
}

type Fate =
  | { readonly end: 'answers'; readonly slow: boolean; readonly latencyMs: number | null }
  | { readonly end: 'unproven' }
  | { readonly end: 'fails'; readonly cause: Cause };

/** Walks a parsed list. `viewOf` tells what is known about a proxy's base URL; null = it is not probed. */
export function walkGoproxy(entries: readonly GoproxyEntry[], viewOf: (url: string) => EntryView | null): Walk {
  const steps: WalkStep[] = [];
  let ended: Pick<Walk, 'outcome' | 'endsAt' | 'latencyMs'> | null = null;
  for (const [index, entry] of entries.entries()) {
    const view = viewOf(entry.value);
    const fate: Fate | null = ended === null ? fateOf(entry, view) : null;
    steps.push({
      text: redactUrl(entry.text),
      separator: entry.separator,
      endpointId: view?.endpointId ?? null,
      does: fate === null ? 'not-reached' : whatItDoes(fate, entry),
      cause: fate?.end === 'fails' ? fate.cause : null,
    });
    if (fate === null || (fate.end === 'fails' && goesOn(entry, fate.cause))) continue;
    const fellBack = index > 0;
    if (fate.end === 'fails') ended = { outcome: 'stops', endsAt: index, latencyMs: null };
    else if (fate.end === 'unproven') ended = { outcome: 'unproven', endsAt: index, latencyMs: null };
    else
      ended = {
        outcome: fellBack ? 'fell-back' : fate.slow ? 'slow' : 'works',
        endsAt: index,
        latencyMs: fate.latencyMs,
      };
  }
  return { steps, ...(ended ?? { outcome: 'stops', endsAt: null, latencyMs: null }) };
}

function fateOf(entry: GoproxyEntry, view: EntryView | null): Fate {
  if (entry.problem !== null) return { end: 'fails', cause: 'goproxy-invalid' };
  if (entry.value === 'off') return { end: 'fails', cause: 'goproxy-off' };
  if (view === null || view.status === 'unknown') return { end: 'unproven' };
  if (view.status === 'down') return { end: 'fails', cause: view.cause ?? 'unknown' };
  return { end: 'answers', slow: view.status === 'degraded' || view.status === 'flapping', latencyMs: view.latencyMs };
}

function goesOn(entry: GoproxyEntry, cause: Cause): boolean {
  // A malformed entry or `off` is refused before any request: no separator helps.
  if (cause === 'goproxy-invalid' || cause === 'goproxy-off') return false;
  return entry.separator === '|' || (entry.separator === ',' && cause === 'module-not-found');
}

function whatItDoes(fate: Fate, entry: GoproxyEntry): WalkStep['does'] {
  if (fate.end !== 'fails') return 'answers';
  return goesOn(entry, fate.cause) ? 'fails-over' : 'stops';
}
