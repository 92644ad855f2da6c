/** What a build of a project would fetch, from where, and what would fail, before it is built. */
import type { Cause } from './cause.ts';
import type { ShellCommand } from './shell-command.ts';
import type { Walk } from './verdict.ts';

/** `zip` = sources; `mod` = only its go.mod, for the module graph. */
export type Part = 'zip' | 'mod';

export interface NeededModule {
  readonly path: string;
  readonly version: string;
  readonly part: Part;
}

/**
 * The expected result for a missing module: `fetched` in good order; `falls-back` after a failing entry; `fails`;
 * `hangs`
 * (go has no limit for a silent server); `unknown` (an entry without measurements).
 */
export const FETCH_OUTCOMES = ['fetched', 'falls-back', 'fails', 'hangs', 'unknown'] as const;
export type FetchOutcome = (typeof FETCH_OUTCOMES)[number];

export interface PlannedFetch extends NeededModule {
  readonly fate: FetchOutcome;
  /** The entry that decides: a URL without password, `direct` or `off`. */
  readonly from: string;
  readonly cause: Cause | null;
  /** A host that looks private, and where its paths would leak: a proxy, or the checksum database. */
  readonly leaksTo: 'proxy' | 'sumdb' | null;
}

/** What stands in the way as a whole. Keys under `preflight.problem-`. */
export interface PreflightProblem {
  readonly key:
    | 'no-go-sum'
    | 'not-in-go-sum'
    | 'replace-missing'
    | 'toolchain-fetched'
    | 'toolchain-refused'
    | 'toolchain-line-language'
    | 'go-line-language'
    | 'go-line-unreadable'
    | 'vendor'
    | 'leak'
    | 'fails'
    | 'hangs'
    | 'unknown';
  readonly severity: 'error' | 'warning' | 'hint';
  readonly params: { readonly [name: string]: string | number };
  /** A command that helps; null when there is none. */
  readonly command: ShellCommand | null;
}

export interface Preflight {
  /** The go.work or go.mod that was read. */
  readonly file: string;
  readonly modules: readonly string[];
  readonly cached: number;
  readonly missing: readonly PlannedFetch[];
  readonly problems: readonly PreflightProblem[];
  /** Seconds that requests alone will take, without the bytes of large modules; null when nothing would end well. */
  readonly seconds: { readonly from: number; readonly to: number } | null;
  /** One way of a public module under these settings. */
  readonly walk: Walk;
}
