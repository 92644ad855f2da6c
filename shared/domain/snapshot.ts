/** The immutable state that every window, the tray, `watch` and `status` show. */
import type { Cause } from './cause.ts';
import type { Endpoint } from './endpoint.ts';
import type { Incident, IncidentSeverity } from './incident.ts';
import type { NetworkState } from './network.ts';
import type { InForce, Profile, ProfileVariable } from './profile.ts';
import type { FailedResult, OkResult, Sample } from './result.ts';
import type { Breaker, DegradationKind, Status, StatusReason } from './status.ts';
import type { SwitchPlan } from './switch-plan.ts';
import type { DurationMs, EpochMs } from './units.ts';
import type { Verdict, Walk } from './verdict.ts';

/** One column of a strip: what an interval looked like. `gap` = nothing measured (asleep, paused, not running). */
export interface StripCell {
  readonly outcome: 'up' | 'slow' | 'failed' | 'gap';
  /** Median latency of the successes in it, ms; null when there were none. */
  readonly latencyMs: DurationMs | null;
}

/** From this share of failures on a column is `failed`: one lost packet in half an hour is not an outage. */
const FAILED_SHARE = 0.1;

/** From this share of slow or failed measurements on a column is `slow`: a few percent of errors must be visible. */
const SLOW_SHARE = 0.05;

/** The display state of a column with these counts. */
export function stripOutcome(counts: {
  readonly n: number;
  readonly slow: number;
  readonly failed: number;
}): StripCell['outcome'] {
  const { n, slow, failed } = counts;
  if (n === 0) return 'gap';
  if (failed / n >= FAILED_SHARE) return 'failed';
  return (slow + failed) / n >= SLOW_SHARE ? 'slow' : 'up';
}

/** Cells in a 24-hour strip: half an hour each. */
export const STRIP_CELLS = 48;

export interface EndpointState {
  readonly endpoint: Endpoint;
  readonly status: Status;
  readonly reason: StatusReason | null;
  readonly since: EpochMs;
  readonly cause: Cause | null;
  /** How it is degraded; null when it is not. */
  readonly degradation: DegradationKind | null;
  /** Its usual latency at this hour of the day; null while that is being learned. */
  readonly baseline: { readonly medianMs: DurationMs; readonly limitMs: DurationMs } | null;
  /** Days of history there are, of those needed for a baseline. */
  readonly learning: { readonly daysKnown: number; readonly daysNeeded: number };
  /** A probe of it is running. */
  readonly probing: boolean;
  /** `open`: down for long, so probes back off. */
  readonly breaker: Breaker;
  /** The forward proxy that `go` uses for it in this environment, redacted; probes go straight. */
  readonly forwardProxyOfGo: string | null;
  /** Consecutive failures being confirmed; 0 when there are none. */
  readonly confirming: number;
  /** The newest measurement of this run of the app; null before the first. */
  readonly last: OkResult | FailedResult | null;
  /** The newest stored or measured sample; gives a first paint before the first probe. */
  readonly lastSample: Sample | null;
  /** Oldest first, STRIP_CELLS long. */
  readonly strip: readonly StripCell[];
  /** Share of successes over 24 h, 0…1; null when nothing was measured. */
  readonly uptime24h: number | null;
}

export interface ProfileState {
  readonly profile: Profile;
  readonly active: boolean;
  /** What its GOPROXY list would do now. */
  readonly walk: Walk;
}

/** A value set by something that a profile cannot override. */
export interface Override {
  readonly variable: ProfileVariable;
  readonly value: string;
}

/** The `go` that profiles act on. */
export type GoState =
  | { readonly state: 'detecting' }
  | ({
      readonly state: 'found';
      readonly path: string;
      readonly version: string;
      /** The file `go env -w` writes. */
      readonly envFile: string;
      /** Variables that the process environment sets, overriding `go env -w`. */
      readonly overrides: readonly Override[];
      readonly checkedAt: EpochMs;
    } & InForce)
  | { readonly state: 'missing' | 'broken'; readonly problem: Problem };

/** A problem for the user to read: a key under `problem.` in shared/messages and its parameters. */
export interface Problem {
  readonly key: string;
  readonly params: { readonly [name: string]: string | number };
}

/** A finished switch that undo can take back. */
export interface UndoState {
  readonly switchId: string;
  readonly from: string | null;
  readonly to: string;
  readonly at: EpochMs;
}

/** Changes made outside since Gopherbar's last switch; '' and [] = not set. */
export type Drift = Pick<SwitchPlan, 'variables' | 'git'>;

/** The current alert card; at most one. */
export interface Alert {
  readonly id: string;
  readonly endpointId: string;
  readonly severity: IncidentSeverity;
  readonly cause: Cause | null;
  readonly startedAt: EpochMs;
  /** The profile that would work now, offered as the remedy; null when none does. */
  readonly remedyProfileId: string | null;
  /** A drill, not real. */
  readonly drill: boolean;
}

/** The last outage that ended: notified once, then kept without notification. */
export interface Recovery {
  readonly endpointId: string;
  readonly outageMs: DurationMs;
  readonly at: EpochMs;
  readonly drill: boolean;
}

/** The running drill. */
export interface DrillState {
  readonly endpointId: string;
  readonly startedAt: EpochMs;
  /**
   * `self-test` on copies, `waiting` for it to be seen, `detected` but not notified, `recovering` after notification.
   */
  readonly step: 'self-test' | 'waiting' | 'detected' | 'recovering';
}

export interface Schedule {
  /** Time between two probes of an endpoint as it is now (shorter while a window shows). */
  readonly intervalMs: DurationMs;
  /** When the next probe is due; null while paused. */
  readonly nextAt: EpochMs | null;
  /** null = not paused; `until` null = until resumed. */
  readonly paused: { readonly until: EpochMs | null } | null;
}

export interface Snapshot {
  readonly at: EpochMs;
  readonly verdict: Verdict;
  readonly endpoints: readonly EndpointState[];
  readonly profiles: readonly ProfileState[];
  readonly go: GoState;
  readonly undo: UndoState | null;
  /** The newest switches that can be undone, newest first, `undo` among them. */
  readonly switches: readonly UndoState[];
  readonly drift: Drift | null;
  /** The profile that failover left and will return to; null = no failover is active. */
  readonly failedOverFrom: string | null;
  /** A switch or undo is running. */
  readonly switching: boolean;
  readonly alert: Alert | null;
  readonly recovery: Recovery | null;
  /** No notifications until then; null = they are sent. */
  readonly mutedUntil: EpochMs | null;
  /** Where the machine is; null = no network, or not known. */
  readonly network: NetworkState | null;
  /** null = none runs. */
  readonly drill: DrillState | null;
  readonly schedule: Schedule;
  readonly preferences: Preferences;
  /** Dotted names of the settings that an organization manages: they cannot be changed here. */
  readonly managed: readonly string[];
  /** Problems of the app itself (settings file, history), shown until dismissed. */
  readonly notices: readonly Problem[];
  /** True in the demo: endpoints are the lab, switching acts on a scratch Go environment. */
  readonly demo: boolean;
}

/** Pages of the dashboard's window. */
export const DASHBOARD_PAGES = [
  'history',
  'doctor',
  'traffic',
  'gateway',
  'profiles',
  'effective',
  'project',
  'policy',
  'settings',
] as const;
export type DashboardPage = (typeof DASHBOARD_PAGES)[number];

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Interval of repeated outage notifications, hours; 0 = never. */
export const REMINDER_HOURS = [0, 1, 4, 24] as const;
export type ReminderHours = (typeof REMINDER_HOURS)[number];

/** How often a drill may be suggested, days; 0 = never. */
export const DRILL_DAYS = [0, 7, 30, 90] as const;
export type DrillDays = (typeof DRILL_DAYS)[number];

/** What stands beside the tray icon on macOS. */
export const TRAY_TEXTS = ['off', 'latency', 'status'] as const;
export type TrayText = (typeof TRAY_TEXTS)[number];

/** The user's preferences. */
export interface Preferences {
  readonly language: 'system' | Language;
  readonly theme: 'system' | 'light' | 'dark';
  readonly notifications: boolean;
  readonly launchAtLogin: boolean;
  /** Keys that open the popover from any program, as an accelerator (shortcut.ts); null = none. */
  readonly shortcut: string | null;
  /** `22:00-08:00`, local time: no notifications but of critical endpoints; null = never quiet. */
  readonly quietHours: string | null;
  /** Hours after which an outage is notified again; 0 = never. */
  readonly reminderHours: ReminderHours;
  /** Suggest a drill when the last one is so many days ago; 0 = never. */
  readonly drillEveryDays: DrillDays;
  /** What stands beside the tray icon; macOS only. */
  readonly trayText: TrayText;
  /** The welcome was finished or skipped. */
  readonly welcomed: boolean;
  /** Move to another profile after a confirmed outage, and back. */
  readonly failover: boolean;
  /** Ids of the profiles it may move to. */
  readonly failoverProfiles: readonly string[];
}

/** What holds where settings.json says nothing. */
export const DEFAULT_PREFERENCES: Preferences = {
  language: 'system',
  theme: 'system',
  notifications: true,
  launchAtLogin: false,
  shortcut: null,
  quietHours: null,
  reminderHours: 0,
  drillEveryDays: 0,
  trayText: 'off',
  welcomed: true,
  failover: false,
  failoverProfiles: [],
};

/** One endpoint in depth, asked for by query. */
export interface EndpointDetail {
  readonly state: EndpointState;
  /** Newest first, at most 30. */
  readonly samples: readonly Sample[];
  /** Newest first, at most 20. */
  readonly incidents: readonly Incident[];
}
