/** A diagnosis: checks from the bottom of the stack to the top, one finding, and the smallest safe fix. */
import type { Cause } from './cause.ts';
import type { LintFix } from './lint.ts';
import type { Experiment } from './result.ts';
import type { ShellCommand } from './shell-command.ts';
import type { Situation } from './situation.ts';
import type { DurationMs, EpochMs } from './units.ts';
import type { Verdict } from './verdict.ts';

/** In the order in which they are shown: each layer rests on those before it. */
export const CHECK_IDS = [
  'network',
  'dns',
  'connect',
  'tls',
  'http',
  'goproxy',
  'sumdb',
  'git',
  'forward-proxy',
  'go-environment',
  'policy',
  'download',
  'status',
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** `not-judged`: a lower layer failed, so this one cannot be judged; `not-needed`: it does not apply. */
export const CHECK_STATUSES = ['waiting', 'running', 'ok', 'warning', 'failed', 'not-judged', 'not-needed'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** What a check can say; texts under `doctor.note-`. */
export const NOTE_KEYS = [
  'network-none',
  'network-there',
  'dns-literal',
  'dns-system',
  'dns-reference',
  'dns-reference-fails',
  'dns-system-fails',
  'dns-lies',
  'dns-valid',
  'dns-differs',
  'connect-family',
  'connect-family-fails',
  'connect-through',
  'tls-facts',
  'tls-certificate',
  'tls-trusted-by',
  'tls-intercepted',
  'http-answer',
  'entry-works',
  'entry-fails',
  'entry-not-reached',
  'goproxy-step',
  'list-end',
  'sumdb-off',
  'sumdb-works',
  'sumdb-relayed',
  'git-works',
  'proxy-none',
  'proxy-works',
  'proxy-fails',
  'go-missing',
  'go-version',
  'go-value',
  'lint',
  'not-here',
  'policy-route',
  'policy-route-rejected',
  'policy-vpn',
  'policy-filter',
  'policy-pf-unread',
  'policy-pf-blocks',
  'policy-suspects',
  'download-works',
  'status-incident',
  'status-none',
  'status-unread',
  'status-not-allowed',
  'cause',
  'said',
] as const;
export type NoteKey = (typeof NOTE_KEYS)[number];

export interface CheckNote {
  readonly severity: 'info' | 'warning' | 'error';
  readonly key: NoteKey;
  /** A `cause` is a name of the taxonomy and a `rule` of lint: shown in words. */
  readonly params: { readonly [name: string]: string | number };
}

export interface Check {
  readonly id: CheckId;
  readonly status: CheckStatus;
  readonly notes: readonly CheckNote[];
  /** The same check with common tools, to copy. */
  readonly commands: readonly ShellCommand[];
  /** null while it has not ended. */
  readonly durationMs: DurationMs | null;
}

/** Texts under `doctor.fix-`. */
export const FIX_KEYS = [
  'use-profile',
  'pipe-list',
  'settings',
  'sumdb-mirror',
  'unset-proxy',
  'small-hello',
  'doh-profile',
  'through-proxy',
  'trust-authority',
  'sign-in',
  'prefer-ipv4',
  'go-online',
  'arbiter',
  'policy',
  'wait',
] as const;
export type FixKey = (typeof FIX_KEYS)[number];

/** A fix. Nothing is changed before the user has seen its commands. */
export interface Fix {
  readonly key: FixKey;
  readonly params: { readonly [name: string]: string | number };
  /** Exactly what would be run, or what to type; [] for advice. */
  readonly commands: readonly ShellCommand[];
  /** A switch to this profile. */
  readonly profileId?: string | undefined;
  /** Values that a switch sets. */
  readonly settings?: LintFix | undefined;
}

/** The finding of a diagnosis. */
export interface Finding {
  readonly name: Verdict['name'];
  readonly severity: Verdict['severity'];
  readonly cause: Cause | null;
  /** The host to blame; null when there is none. */
  readonly host: string | null;
  /** The rule that fits and how sure it is, 0…1; null when only the failing entry speaks. */
  readonly rule: string | null;
  readonly score: number | null;
  readonly detail: string | null;
}

export interface Consultation {
  /** The target as given: a host, a module, or '' for what `go` uses. */
  readonly target: string;
  readonly startedAt: EpochMs;
  /** null while it runs. */
  readonly endedAt: EpochMs | null;
  readonly cancelled: boolean;
  readonly checks: readonly Check[];
  /** null until all checks and comparisons have ended. */
  readonly finding: Finding | null;
  readonly experiments: readonly Experiment[];
  /** The smallest first; more may follow while `trying`. */
  readonly fixes: readonly Fix[];
  /** How many of the proxies that a fix could use have been measured; null before and after. */
  readonly trying: { readonly done: number; readonly of: number } | null;
}

/** Summary of an archived diagnosis; its start time identifies it. */
export interface ArchivedConsultation {
  readonly startedAt: EpochMs;
  readonly target: string;
  /** The outage that it examined; null for others. */
  readonly incidentId: string | null;
  readonly finding: Finding | null;
}

/** One problem found in a pasted text. */
export interface ExplainedLine {
  readonly cause: Cause;
  /** What lies under a wrapper; null when the cause is not one. */
  readonly underlying: Cause | null;
  readonly host: string | null;
  readonly module: string | null;
  /** Confidence, 0…1. */
  readonly confidence: number;
  readonly retryable: boolean;
  /** What the remedy depends on besides the cause. */
  readonly situation: Situation;
  /** As it stands in the text, without passwords. */
  readonly line: string;
}
