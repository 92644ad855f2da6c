/** The history as shown: columns of charts, and events. */
import type { Incident } from './incident.ts';
import type { PhaseTimings } from './result.ts';
import { DAY_MS, type DurationMs, type EpochMs, HOUR_MS } from './units.ts';

/** Everything measured in one column of a chart. */
export interface SeriesColumn {
  /** Start, UTC. */
  readonly at: EpochMs;
  readonly n: number;
  readonly slow: number;
  readonly failed: number;
  /**
   * Of the successes; null when there were none. Within 1 % in columns below two hours or of whole days; between, of
   * what
   * each hour's own percentiles say.
   */
  readonly p50: DurationMs | null;
  readonly p95: DurationMs | null;
  readonly p99: DurationMs | null;
  /** Means of the successes' phases; empty where single samples are not kept or not read. */
  readonly phases: PhaseTimings;
}

/** What the machine sends packets through, read as texts; each has an event of its own. */
export const MACHINE_FACTS = ['resolvers', 'system-proxy', 'local-proxy', 'tunnels', 'policies'] as const;
type MachineFact = (typeof MACHINE_FACTS)[number];

/** One text for each fact, without passwords; '' = there is none, absent = it cannot be read. */
export type MachineFacts = Readonly<Partial<Record<MachineFact, string>>>;

export const EVENT_KINDS = [
  'started',
  'stopped',
  'paused',
  'resumed',
  'slept',
  'woke',
  'network-changed',
  'went-offline',
  'back-online',
  'switched',
  'undone',
  'failed-over',
  'failed-back',
  'reverted',
  'drilled',
  'settings-changed',
  'go-changed',
  'go-settings-changed',
  'addresses-changed',
  'issuer-changed',
  'mirror-stale',
  'resolvers-changed',
  'system-proxy-changed',
  'local-proxy-changed',
  'tunnels-changed',
  'policies-changed',
] as const;

/** Between the two values in the detail of a fact that changed. */
export const FACT_ARROW = ' → ';
/** In place of the name of a publicly trusted authority, in the detail of `issuer-changed`. */
export const PUBLIC_ISSUER = 'public';

/** An event of the user or the machine, for the timeline. */
export interface HistoryEvent {
  readonly at: EpochMs;
  readonly kind: (typeof EVENT_KINDS)[number];
  /** Free text for a person, redacted. */
  readonly detail: string;
  /** Set when it concerns one endpoint alone. */
  readonly endpointId?: string | undefined;
}

/** Those that concern an endpoint: its own, and those of the machine, the network and `go`. */
export function eventsAbout(endpointId: string, events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  return events.filter((one) => one.endpointId === undefined || one.endpointId === endpointId);
}

/** Spans a chart may show. */
export const RANGES = {
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '1y': 365 * DAY_MS,
} as const;
export type Range = keyof typeof RANGES;

/** Why nothing was measured; `unknown` = nothing in the history says why. */
export const GAP_REASONS = ['not-running', 'asleep', 'paused', 'offline', 'unknown'] as const;

/** A span in which nothing was measured. */
export interface ChartGap {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: (typeof GAP_REASONS)[number];
}

/** One endpoint over a span. */
export interface Chart {
  readonly endpointId: string;
  /** Not before the first measurement, except that a chart covers five minutes at least. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly columns: readonly SeriesColumn[];
  /** The first measurement of the endpoint that is still known; null = never measured. */
  readonly since: EpochMs | null;
  /** Oldest first; they do not overlap. */
  readonly gaps: readonly ChartGap[];
  /** Of this endpoint, oldest first. */
  readonly incidents: readonly Incident[];
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
  /** Where the latency changed its level, oldest first. */
  readonly changePoints: readonly ChangePoint[];
}

/** A lasting change of the median latency. */
export interface ChangePoint {
  readonly at: EpochMs;
  readonly beforeMs: DurationMs;
  readonly afterMs: DurationMs;
}

/** Shares of successes, 0…1; null where nothing was measured. */
export interface UptimeRow {
  readonly endpointId: string;
  /** The first measurement that is still known; null = never measured. */
  readonly since: EpochMs | null;
  readonly day: number | null;
  readonly week: number | null;
  readonly month: number | null;
  readonly year: number | null;
  /** Of the last 30 days; null when there were no successes. */
  readonly p50: DurationMs | null;
  readonly p95: DurationMs | null;
  readonly p99: DurationMs | null;
  /** Of the last 30 days, drills left out. */
  readonly outages: number;
  readonly downtimeMs: DurationMs;
}

/** Lag of one mirror for one module. */
export interface LagCell {
  readonly endpointId: string;
  /** null = no version listed, or not reached. */
  readonly newest: string | null;
  readonly versionsBehind: number | null;
  readonly hoursBehind: number | null;
}

export interface LagRow {
  readonly module: string;
  readonly at: EpochMs;
  readonly cells: readonly LagCell[];
}

/** What the last full probe of a mirror found out beside its versions; null = not known yet. */
export interface MirrorAbilities {
  readonly endpointId: string;
  /** Whether a broken zip download can go on where it stopped. */
  readonly resumable: boolean | null;
  /** Whether twenty requests at once over one HTTP/2 connection are all answered; null over HTTP/1.1, too. */
  readonly http2Holds: boolean | null;
}

/** What the dashboard shows beside the chart. */
export interface Dashboard {
  readonly at: EpochMs;
  readonly uptime: readonly UptimeRow[];
  /** Newest first, at most 100. */
  readonly incidents: readonly Incident[];
  /** Newest first, at most 50. */
  readonly events: readonly HistoryEvent[];
  readonly lag: readonly LagRow[];
  readonly mirrors: readonly MirrorAbilities[];
  /** Newest first, at most 10. */
  readonly drills: readonly DrillReport[];
}

/** The measurements of a drill; null = not reached. */
export interface DrillReport {
  readonly at: EpochMs;
  readonly endpointId: string;
  readonly outcome: 'done' | 'cancelled' | 'failed';
  /** Whether a switch and its undo on copies of settings and Go environment restored every byte. */
  readonly selfTest: 'ok' | 'failed' | 'not-run';
  readonly detectMs: DurationMs | null;
  readonly notifyMs: DurationMs | null;
  readonly switchMs: DurationMs | null;
  readonly recoverMs: DurationMs | null;
}

/** What Gopherbar itself costs, of the process that probes. */
export interface Meter {
  /** Its start. */
  readonly since: EpochMs;
  /** User and system time with all its threads, ms. */
  readonly cpuMs: DurationMs;
  /** Timers that have fired. */
  readonly wakeups: number;
  readonly residentBytes: number;
  readonly probesToday: number;
  /** Read and written by today's probes. */
  readonly bytesToday: number;
  /** null = no limit. */
  readonly bytesPerDay: number | null;
}
