/** What the gateway reports: one JSON object a line with `gateway --json`, the same objects in the app. */

/** An upstream served wrong content; it is never passed on. */
export interface IncidentEvent {
  readonly event: 'incident';
  /**
   * `mismatch`: bytes that are not those of the checksum database. `signature`: a record or tree head that the database
   * did not sign. `fork`: a signed tree that does not continue the one seen before. `wrong-module`: the signed record of
   * another module.
   */
  readonly kind: 'mismatch' | 'signature' | 'fork' | 'wrong-module';
  /** Who served it, without credentials. */
  readonly upstream: string;
  /** `path@version`; a database's name where no module is involved. */
  readonly module: string;
  readonly got: string;
  readonly want: string;
}

/** One answered request. */
export interface RequestEvent {
  readonly event: 'request';
  /** Path below the gateway. */
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly ms: number;
  /** Who delivered it; null from the cache, or when no upstream did. */
  readonly upstream: string | null;
  readonly cached: boolean;
  /** Whether the bytes are those of the checksum database; false also for lists, which are not signed. */
  readonly verified: boolean;
  /** Failures of upstreams that `go` did not notice. */
  readonly survived: readonly { readonly upstream: string; readonly reason: string }[];
}

/** A download on its way, at most four times a second. */
export interface ProgressEvent {
  readonly event: 'progress';
  /** `path@version`. */
  readonly module: string;
  readonly upstream: string;
  readonly received: number;
  /** Null when the upstream does not say. */
  readonly total: number | null;
  readonly bytesPerSecond: number;
  readonly stalled: boolean;
}

/** The cache cannot be used as it should; `go` is served nevertheless. */
export interface CacheEvent {
  readonly event: 'cache';
  readonly problem: string;
}

/** What the cooldown decided about a version; reported once for each while the gateway runs. */
export interface CooldownEvent {
  readonly event: 'cooldown';
  /**
   * `held`: not served yet. `undated`: served, its age cannot be known. `fix`: served although it is young, because it
   * fixes a known vulnerability.
   */
  readonly decision: 'fix' | 'held' | 'undated';
  /** `path@version`. */
  readonly module: string;
  /** The rule. */
  readonly days: number;
  /** The text of the refusal, why the age is unknown, or the id of the vulnerability. */
  readonly detail: string;
}

export type GatewayEvent = IncidentEvent | RequestEvent | ProgressEvent | CacheEvent | CooldownEvent;
