/** What the results mean together for the user's `go` now. */
import type { Cause } from './cause.ts';
import type { DegradationKind } from './status.ts';
import type { EpochMs } from './units.ts';

/** The verdicts that rules exist for. */
export const VERDICTS = [
  'healthy',
  'go-missing',
  'local-offline',
  'captive-portal',
  'local-proxy-in-path',
  'dns-tampered',
  'tls-intercepted',
  'sni-blocked',
  'ipv6-broken',
  'large-hello-dropped',
  'blocked-by-policy',
  'forward-proxy-down',
  'upstream-outage',
  'sumdb-unreachable',
  'mirror-stale',
  'misconfigured',
  'cannot-tell',
] as const;
export type VerdictName = (typeof VERDICTS)[number];

/** What an entry of a GOPROXY list would do for `go` now. */
export interface WalkStep {
  /** The entry as written. */
  readonly text: string;
  readonly separator: ',' | '|' | null;
  readonly endpointId: string | null;
  /** `answers` ends the walk well; `fails-over` goes on; `stops` ends it badly; `not-reached` was not asked. */
  readonly action: 'answers' | 'fails-over' | 'stops' | 'not-reached';
  readonly cause: Cause | null;
}

/** A GOPROXY list walked entry by entry over the latest results. */
export interface Walk {
  readonly steps: readonly WalkStep[];
  /**
   * `works`: the first entry asked answers in good time; `slow`: it answers late; `fell-back`: a later entry answers;
   * `stops`: no entry answers; `unproven`: ends at an entry that is not probed (direct) or not yet known.
   */
  readonly outcome: 'works' | 'slow' | 'fell-back' | 'stops' | 'unproven';
  /** Index of the step where it ended; null for an empty list. */
  readonly endsAt: number | null;
  /** Latency of the entry that answers, ms. */
  readonly latencyMs: number | null;
}

/** Whether every proxy has a module, only its source, or none. */
export const MODULE_KINDS = ['public', 'private', 'missing'] as const;
export type ModuleKind = (typeof MODULE_KINDS)[number];

/** How a module would resolve under a profile. */
export interface ProfileRoute {
  readonly profileId: string;
  readonly walk: Walk;
  /** GONOPROXY matches: no proxy is asked. */
  readonly isPrivate: boolean;
}

/** The evidence for the blame in a verdict. */
export interface Blame {
  /** The rule that fits, such as `sni-blocked/experiment`. */
  readonly rule: string;
  /** Confidence of the rule, 0…1; 0.5 = undecided. */
  readonly score: number;
  /** The exact subject: an issuer, a resolver, a host. */
  readonly detail: string | null;
  /** Endpoints whose results it rests on. */
  readonly endpointIds: readonly string[];
}

/** How bad it is. */
export const VERDICT_SEVERITIES = ['healthy', 'degraded', 'down', 'unknown', 'offline', 'paused'] as const;

export interface Verdict {
  readonly name: VerdictName;
  /** How the menu bar shows it. */
  readonly severity: (typeof VERDICT_SEVERITIES)[number];
  readonly since: EpochMs;
  /** The endpoint to blame; null when there is none. */
  readonly endpointId: string | null;
  readonly cause: Cause | null;
  /** The walk of what `go` uses now; null when that is not known. */
  readonly walk: Walk | null;
  /** How the blamed endpoint is degraded, or that it flaps; null when neither. */
  readonly degradation: DegradationKind | 'flapping' | null;
  /** What several results together say beyond the failing entry; null when they say no more. */
  readonly blame?: Blame | null | undefined;
}
