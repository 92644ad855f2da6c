/** The snapshot: assembled from the parts (pure), and published to subscribers. Publishing does nothing else. */
import type { Announcement } from '../../shared/domain/announcement.ts';
import { redactDeep } from '../../shared/domain/secrets.ts';
import type { EndpointState, Snapshot } from '../../shared/domain/snapshot.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Day } from '../history/day-strip.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { Log } from '../system/log.ts';
import { breakerOf } from '../verdict/cadence.ts';
import type { EndpointRecord } from '../verdict/endpoint-record.ts';
import { baselineAt, DAYS_NEEDED } from '../verdict/latency-baseline.ts';
import { isConfirming } from '../verdict/status.ts';
import { reasonOf } from '../verdict/verdict.ts';
import type { JudgementStep } from './judgement.ts';

/** Everything of a snapshot that is not derived from the records. */
export type SnapshotRest = Omit<Snapshot, 'at' | 'verdict' | 'endpoints' | 'profiles'>;

export interface EndpointExtras {
  readonly probing: boolean;
  readonly day: Day;
}

/** The snapshot of one judgement, without the passwords of endpoints, profiles and `go`. */
export function assembleSnapshot(
  step: JudgementStep,
  records: readonly EndpointRecord[],
  extrasOf: (endpointId: string) => EndpointExtras,
  rest: SnapshotRest,
): Snapshot {
  const { now: at, verdict, judged, profiles } = step;
  const reason = reasonOf(judged);
  const endpoints = records.map((record) => endpointState(record, extrasOf(record.endpoint.id), reason, at));
  const shown = profiles.map((one) => ({ ...one, profile: withoutSecrets(one.profile) }));
  return {
    at,
    verdict,
    endpoints,
    profiles: shown,
    ...rest,
    go: withoutSecrets(rest.go),
    drift: withoutSecrets(rest.drift),
  };
}

/** Settings and readings are values that stay the same for many snapshots. */
const clean = new WeakMap<object, unknown>();

function withoutSecrets<T extends object | null>(value: T): T {
  if (value === null) return value;
  if (!clean.has(value)) clean.set(value, redactDeep(value));
  return clean.get(value) as T;
}

function endpointState(
  record: EndpointRecord,
  { probing, day }: EndpointExtras,
  reason: EndpointState['reason'],
  now: EpochMs,
): EndpointState {
  const { endpoint, state, health, last, lastSample, baseline, forwardProxyOfGo } = record;
  const usual = baselineAt(baseline, now);
  return {
    endpoint: withoutSecrets(endpoint),
    status: state.status,
    reason,
    since: state.since,
    cause: state.cause,
    degradation: state.degradation,
    baseline: usual === null ? null : { medianMs: usual.medianMs, limitMs: usual.limitMs },
    learning: { daysKnown: baseline?.daysKnown ?? 0, daysNeeded: baseline?.daysNeeded ?? DAYS_NEEDED },
    probing,
    breaker: breakerOf(health.reachability),
    forwardProxyOfGo,
    confirming: state.status !== 'down' && isConfirming(state) ? state.failures : 0,
    last,
    lastSample,
    strip: day.cells,
    uptime24h: day.uptime,
  };
}

/** Changes within this time share one snapshot. */
const PUBLISH_WITHIN_MS: DurationMs = 20;

/** With many endpoints a snapshot takes longer to build and to hand on: it is left to at most a tenth of the time. */
const REST_TIMES = 9;

/** Hands snapshots and notifications on; many changes close together become one snapshot. */
export class Publisher {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #build: () => void;
  readonly #subscribers = new Set<(snapshot: Snapshot) => void>();
  readonly #announcementListeners = new Set<(announcement: Announcement) => void>();
  #stopTimer: Stop | null = null;
  #restMs: DurationMs = 0;
  #closed = false;

  /** `build` makes a new snapshot and calls `publish` with it. */
  constructor(clock: Clock, log: Log, build: () => void) {
    this.#clock = clock;
    this.#log = log;
    this.#build = build;
  }

  /** A change is waiting to be published. */
  get isDue(): boolean {
    return this.#stopTimer !== null;
  }

  /** Something has changed: a new snapshot within 20 ms, or as soon as the last one allows. */
  publishSoon(): void {
    if (this.#closed) return;
    this.#stopTimer ??= this.#clock.after(Math.max(PUBLISH_WITHIN_MS, this.#restMs), () => {
      const began = this.#clock.monotonic();
      this.#build();
      this.#restMs = (this.#clock.monotonic() - began) * REST_TIMES;
    });
  }

  /** Hands a snapshot to every subscriber, then its notifications to theirs. */
  publish(snapshot: Snapshot, announcements: readonly Announcement[]): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    for (const subscriber of [...this.#subscribers]) this.#call(() => subscriber(snapshot));
    for (const announcement of announcements) this.announce(announcement);
  }

  announce(announcement: Announcement): void {
    for (const listener of [...this.#announcementListeners]) this.#call(() => listener(announcement));
  }

  subscribe(subscriber: (snapshot: Snapshot) => void): Stop {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  onAnnouncement(listener: (announcement: Announcement) => void): Stop {
    this.#announcementListeners.add(listener);
    return () => this.#announcementListeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#subscribers.clear();
    this.#announcementListeners.clear();
  }

  /** A window that fails to draw must not stop the engine or the other windows. */
  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#log.error('subscriber-failed', { detail: String(error) });
    }
  }
}
