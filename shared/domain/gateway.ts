/** The local GOPROXY as the app shows it. */
import type { Problem } from './snapshot.ts';
import type { DurationMs, EpochMs } from './units.ts';

/** `port-taken` and `failed` are tried again every few seconds while the gateway is on. */
export const GATEWAY_PHASES = ['off', 'starting', 'running', 'port-taken', 'failed'] as const;
export type GatewayPhase = (typeof GATEWAY_PHASES)[number];

/** Why an upstream's answer was refused: see `IncidentEvent` of the gateway. */
export const GATEWAY_INCIDENTS = ['mismatch', 'signature', 'fork', 'wrong-module'] as const;

/** The longest cooldown. */
export const MAX_COOLDOWN_DAYS = 90;

/** A download on its way. */
export interface GatewayTransfer {
  /** `path@version`. */
  readonly module: string;
  readonly upstream: string;
  readonly received: number;
  /** null when the upstream does not say. */
  readonly total: number | null;
  readonly bytesPerSecond: number;
  readonly stalled: boolean;
}

/** A failure of an upstream that `go` did not notice. */
export interface SurvivedFailure {
  readonly upstream: string;
  readonly reason: string;
}

/** An answered request. */
export interface GatewayRequest {
  readonly at: EpochMs;
  /** Path below the gateway. */
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly ms: DurationMs;
  /** null = from the cache, or no upstream had it. */
  readonly upstream: string | null;
  readonly cached: boolean;
  readonly verified: boolean;
  readonly survived: readonly SurvivedFailure[];
}

/** An answer that was refused: another upstream served `go`, or none did. */
export interface GatewayIncident {
  readonly at: EpochMs;
  readonly kind: (typeof GATEWAY_INCIDENTS)[number];
  readonly upstream: string;
  /** `path@version`, or the name of a checksum database. */
  readonly module: string;
  readonly got: string;
  readonly want: string;
}

/** What was seen of one upstream since the gateway started. */
export interface GatewayUpstream {
  /** Redacted. */
  readonly url: string;
  /** Its last answers were all failures: others are asked first. */
  readonly isOpen: boolean;
  /** 0…1, of late. */
  readonly failureRate: number;
  /** Of the first byte; null before anything was measured. */
  readonly medianMs: DurationMs | null;
}

/** Counters since the cache was last cleared. */
export interface GatewayFigures {
  readonly requests: number;
  /** Requests that succeeded although an upstream failed. */
  readonly saved: number;
  /** The same, of the last seven days. */
  readonly savedThisWeek: number;
  /** Second requests that answered first. */
  readonly hedges: number;
  readonly cacheHits: number;
  readonly cacheBytes: number;
  readonly upstreamBytes: number;
  readonly incidents: number;
  /** What the cache holds. */
  readonly files: number;
  readonly bytes: number;
}

/** Whether a project would build without a network. */
export interface OfflineReadiness {
  /** Modules that it needs, its toolchain included. */
  readonly needed: number;
  /** Those that the cache does not hold, `path@version`. */
  readonly missing: readonly string[];
}

/** How far fetching a project ahead has come. */
export interface PrefetchProgress {
  /** Modules that the project needs, its toolchain included; how many of them are in the cache already. */
  readonly modules: number;
  readonly here: number;
  /** Files that were looked at, of all. */
  readonly done: number;
  readonly of: number;
  /** Bytes of zips that came, those on their way included, of those that are known of. 0 of 0 while sizes are asked. */
  readonly received: number;
  readonly total: number;
}

/** Everything about the gateway of the app. */
export interface GatewayState {
  readonly phase: GatewayPhase;
  /** Where `go` reaches it; null before it has had a port. */
  readonly address: string | null;
  /** What is wrong: with its start, or with its cache. */
  readonly problem: Problem | null;
  /** A port to use instead of a taken one; null when it is not taken. */
  readonly otherPort: number | null;
  /** Times that its process ended without being asked to. */
  readonly restarts: number;
  /** Where the modules are kept, and how much of them. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly figures: GatewayFigures;
  readonly upstreams: readonly GatewayUpstream[];
  readonly transfers: readonly GatewayTransfer[];
  /** Files of a project that are being fetched ahead; null = none are. */
  readonly prefetch: PrefetchProgress | null;
  /** Newest first. */
  readonly requests: readonly GatewayRequest[];
  /** Newest first. */
  readonly incidents: readonly GatewayIncident[];
}

/** Of a gateway that has not run. */
export const NO_FIGURES: GatewayFigures = {
  requests: 0,
  saved: 0,
  savedThisWeek: 0,
  hedges: 0,
  cacheHits: 0,
  cacheBytes: 0,
  upstreamBytes: 0,
  incidents: 0,
  files: 0,
  bytes: 0,
};
