/**
 * What `go` would do with a GOPROXY list now: walked entry by entry over the latest statuses.
 * Rules (cmd/go/internal/modfetch/proxy.go, proxyList and TryProxies): one malformed entry before `direct` or `off` and
 * nothing is asked at all; after a failed entry `,` goes on only for 404/410, `|` goes on after any error; every other
 * failure ends the walk. Held against the real go by `npm run long -- walker`.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import { type GoproxyEntry, parseGoproxyList, redactUrl } from '../../shared/domain/goproxy-list.ts';
import { matchesPatterns } from '../../shared/domain/module-patterns.ts';
import type { Status } from '../../shared/domain/status.ts';
import type { ModuleKind, Walk, WalkStep } from '../../shared/domain/verdict.ts';

/** What is known about the endpoint behind an entry. */
export interface EntryView {
  readonly endpointId: string;
  readonly status: Status;
  readonly cause: Cause | null;
  readonly latencyMs: number | null;
  /** Measured with the very module that the walk is about; otherwise with the endpoint's own. */
  readonly ofThisModule?: boolean;
  /** Whether it relays the checksum database; absent or null = not known. */
  readonly relaysSumdb?: boolean | null;
}

/** What is known about a proxy's base URL, or `direct`; null = nothing. */
export type ViewOf = (url: string) => EntryView | null;

type EntryOutcome =
  | { readonly end: 'answers'; readonly slow: boolean; readonly latencyMs: number | null }
  | { readonly end: 'unproven' }
  | { readonly end: 'fails'; readonly cause: Cause };

/** Walks a parsed list for a module of a kind; a public one that every proxy has, by default. */
export function walkGoproxy(entries: readonly GoproxyEntry[], viewOf: ViewOf, kind: ModuleKind = 'public'): Walk {
  const broken = entries.findIndex(({ problem, ignored }) => problem !== null && !ignored);
  if (broken >= 0) return refusedList(entries, broken, viewOf);
  const steps: WalkStep[] = [];
  let ended: Pick<Walk, 'outcome' | 'endsAt' | 'latencyMs'> | null = null;
  for (const [index, entry] of entries.entries()) {
    const view = viewOf(entry.value);
    const isLast = index === entries.length - 1;
    const fate: EntryOutcome | null = ended === null ? fateOf(entry, view, kind) : null;
    steps.push({
      text: redactUrl(entry.text),
      separator: entry.separator,
      endpointId: view?.endpointId ?? null,
      action: fate === null ? 'not-reached' : actionOf(fate, entry, isLast),
      cause: fate?.end === 'fails' ? fate.cause : null,
    });
    if (fate === null || (fate.end === 'fails' && !isLast && continuesAfter(entry, fate.cause))) continue;
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

/** What of `go`'s settings decides the way of one module. */
export interface ModuleRoute {
  readonly goproxy: string;
  /** As `go env` shows it: GOPRIVATE's value unless it has one of its own. */
  readonly gonoproxy: string;
}

/** Walks the way of one module: past every proxy, even `off`, when GONOPROXY matches it (proxy.go, "noproxy"). */
export function walkModule(
  { goproxy, gonoproxy }: ModuleRoute,
  modulePath: string,
  viewOf: ViewOf,
  kind: ModuleKind = 'public',
): Walk {
  const entries = parseGoproxyList(goproxy);
  const isPrivate = matchesPatterns(gonoproxy, modulePath);
  const isBroken = entries.some(({ problem, ignored }) => problem !== null && !ignored);
  return walkGoproxy(isPrivate && !isBroken ? parseGoproxyList('direct') : entries, viewOf, kind);
}

/**
 * The step whose error `go` prints when all fail: that of `direct` before one other than 404 or 410, before those; within
 * a rank the later one (TryProxies). null when the walk does not stop.
 */
export function reportedStep({ steps, outcome }: Walk): number | null {
  if (outcome !== 'stops') return null;
  let best: { readonly at: number; readonly rank: number } | null = null;
  for (const [at, { cause, text }] of steps.entries()) {
    if (cause === null) continue;
    // `off` counts as "not found" (errProxyOff).
    const rank = text === 'direct' ? 2 : cause === 'module-not-found' || cause === 'goproxy-off' ? 0 : 1;
    if (best === null || rank >= best.rank) best = { at, rank };
  }
  return best?.at ?? null;
}

function refusedList(entries: readonly GoproxyEntry[], broken: number, viewOf: ViewOf): Walk {
  const steps = entries.map(
    (entry, i): WalkStep => ({
      text: redactUrl(entry.text),
      separator: entry.separator,
      endpointId: viewOf(entry.value)?.endpointId ?? null,
      action: i === broken ? 'stops' : 'not-reached',
      cause: i === broken ? 'goproxy-invalid' : null,
    }),
  );
  return { steps, outcome: 'stops', endsAt: broken, latencyMs: null };
}

function fateOf(entry: GoproxyEntry, view: EntryView | null, kind: ModuleKind): EntryOutcome {
  if (entry.value === 'off') return { end: 'fails', cause: 'goproxy-off' };
  // A source that does not have it answers 404 to every client.
  if (entry.value === 'direct' && kind === 'missing') return { end: 'fails', cause: 'module-not-found' };
  if (view === null || view.status === 'unknown') return { end: 'unproven' };
  // One module that is blocked there says nothing about the others, and is not to be walked around.
  if (view.status === 'down' && (view.cause !== 'module-blocked' || view.ofThisModule === true))
    return { end: 'fails', cause: view.cause ?? 'unknown' };
  if (entry.value !== 'direct' && kind !== 'public') return { end: 'fails', cause: 'module-not-found' };
  return { end: 'answers', slow: view.status === 'degraded' || view.status === 'flapping', latencyMs: view.latencyMs };
}

/**
 * A server that answers 200 to everything: its `.info` is refused and passed over, but what it gives for a `.zip` counts
 * as downloaded and found to be invalid too late to ask the next entry (seen with go 1.19 and 1.24: `not a valid zip
 * file`).
 */
const ACCEPTED_AS_SUCCESS: ReadonlySet<Cause> = new Set(['not-a-goproxy', 'captive-portal', 'zip-corrupt']);

function continuesAfter(entry: GoproxyEntry, cause: Cause): boolean {
  // `off` is refused before any request, and ends the list.
  if (cause === 'goproxy-off' || entry.value === 'direct' || ACCEPTED_AS_SUCCESS.has(cause)) return false;
  return entry.separator === '|' || (entry.separator === ',' && cause === 'module-not-found');
}

function actionOf(fate: EntryOutcome, entry: GoproxyEntry, isLast: boolean): WalkStep['action'] {
  if (fate.end !== 'fails') return 'answers';
  return !isLast && continuesAfter(entry, fate.cause) ? 'fails-over' : 'stops';
}
