/**
 * The endpoint book: all that is known of every endpoint. `observe` is the only way in for a result; everything else
 * (schedule, judgement, snapshot, queries) reads the records.
 */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { Experiment, FailedResult, Note, OkResult, Sample } from '../../shared/domain/result.ts';
import { sampleOf } from '../../shared/domain/result.ts';
import type { Thresholds } from '../../shared/domain/status.ts';
import type { SeriesColumn } from '../../shared/domain/timeline.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { type Day, DayStrip } from '../history/day-strip.ts';
import { bestOf, downgradeNotes } from '../verdict/downgrade.ts';
import {
  type EndpointHealth,
  healthFrom,
  publishedStatus,
  reduceHealth,
  unknownHealth,
} from '../verdict/endpoint-health.ts';
import { type EndpointRecord, hostOf } from '../verdict/endpoint-record.ts';
import type { Baseline } from '../verdict/latency-baseline.ts';
import { couldBeLocal } from '../verdict/local-causes.ts';
import type { EndpointStatus } from '../verdict/status.ts';
import { commonShares } from '../verdict/success-rate.ts';

export interface EndpointBookPorts {
  readonly now: () => EpochMs;
  readonly thresholds: () => Thresholds;
  /** The forward proxy that `go` uses for a URL, redacted; null = none. */
  readonly forwardProxyOfGo: (url: string) => string | null;
}

/** What a result is taken under. */
export interface ObservationContext {
  /** The machine is offline: failures say nothing about endpoints. */
  readonly isOffline: boolean;
  /** The endpoint practises an outage: its results do not count. */
  readonly isDrilled: boolean;
}

/** One result and what it made of the endpoint. */
export interface Observation {
  readonly record: EndpointRecord;
  readonly result: OkResult | FailedResult;
  /** False for a failure right after waking or a change of network: seen, but not counted. */
  readonly judged: boolean;
  /** What the history is to store; null for results that do not count. */
  readonly sample: Sample | null;
  readonly context: ObservationContext;
}

/** Failures in a row that are no chance: at a loss of 10 % they befall one host in a hundred. */
const SUSPECTED_FROM = 2;

export class EndpointBook {
  readonly #ports: EndpointBookPorts;
  /** In the order of the settings. */
  #records: ReadonlyMap<string, EndpointRecord> = new Map();
  readonly #days = new Map<string, DayStrip>();
  #baselines: ReadonlyMap<string, Baseline> = new Map();

  constructor(endpoints: readonly Endpoint[], ports: EndpointBookPorts) {
    this.#ports = ports;
    this.configure(endpoints);
  }

  /** In the order of the settings. */
  records(): readonly EndpointRecord[] {
    return [...this.#records.values()];
  }

  record(endpointId: string): EndpointRecord | undefined {
    return this.#records.get(endpointId);
  }

  /** The last 24 hours of an endpoint. */
  day(endpointId: string): Day {
    return this.#stripOf(endpointId).at(this.#ports.now());
  }

  /** Takes over the endpoints of the settings; what is known of one stays while its URL stays. */
  configure(endpoints: readonly Endpoint[]): {
    readonly added: readonly string[];
    readonly removed: readonly string[];
  } {
    const before = this.#records;
    const added: string[] = [];
    const next = endpoints.map((endpoint): readonly [string, EndpointRecord] => {
      const known = before.get(endpoint.id);
      const forwardProxyOfGo = this.#ports.forwardProxyOfGo(endpoint.url);
      if (known?.endpoint.url === endpoint.url) return [endpoint.id, { ...known, endpoint, forwardProxyOfGo }];
      added.push(endpoint.id);
      const { lastSample = null } = known ?? {};
      return [endpoint.id, { ...this.#unknown(endpoint), forwardProxyOfGo, lastSample }];
    });
    this.#records = new Map(next);
    return { added, removed: [...before.keys()].filter((id) => !this.#records.has(id)) };
  }

  /** Takes over what an earlier run stored: the last sample, and the day in columns of STRIP_CELL_MS. */
  restore(endpointId: string, lastSample: Sample | null, day: readonly SeriesColumn[]): void {
    this.#days.set(endpointId, new DayStrip(day));
    this.#change(endpointId, () => ({ lastSample }));
  }

  /** Sets the status that an earlier run left. */
  restoreStatus(endpointId: string, status: EndpointStatus): void {
    this.#setHealth(endpointId, healthFrom(status));
  }

  /** Takes a result into account; null when the endpoint is not in the settings any more. */
  observe(endpointId: string, result: OkResult | FailedResult, context: ObservationContext): Observation | null {
    const before = this.#records.get(endpointId);
    if (before === undefined) return null;
    const judged = !(before.isNextUnjudged && result.outcome === 'failed');
    const experiments = result.outcome === 'ok' ? [] : before.experiments;
    const noted = withNotes(result, downgradeNotes(before.best, result));
    const isFull = result.depth === 'full' && result.outcome === 'ok';
    const health = judged ? this.#healthAfter(before, result) : before.health;
    const sample = judged ? this.#sampleToStore(endpointId, result, context) : null;
    if (sample !== null) this.#stripOf(endpointId).add(sample);
    const record: EndpointRecord = {
      ...before,
      health,
      state: publishedStatus(health),
      last: experiments.length === 0 ? noted : withExperiments(noted, experiments),
      lastSample: sample ?? before.lastSample,
      lastFullAt: isFull ? result.startedAt : before.lastFullAt,
      notes: isFull ? (noted.evidence.notes ?? []) : before.notes,
      best: bestOf(before.best, result),
      experiments,
      isNextUnjudged: false,
    };
    this.#set(record);
    return { record, result, judged, sample, context };
  }

  /** Attaches experiments to the outage they were made for. */
  attachExperiments(endpointId: string, experiments: readonly Experiment[]): void {
    this.#change(endpointId, ({ last }) => ({
      experiments,
      last: last?.outcome === 'failed' ? withExperiments(last, experiments) : last,
    }));
  }

  setBaselines(baselines: ReadonlyMap<string, Baseline>): void {
    this.#baselines = baselines;
    for (const id of this.#records.keys()) this.#change(id, () => ({ baseline: baselines.get(id) }));
  }

  /** The next failure of every endpoint is not judged: the machine has woken or changed networks. */
  startUnjudgedRound(): void {
    for (const id of this.#records.keys()) this.#change(id, () => ({ isNextUnjudged: true }));
  }

  /** Endpoints that began to fail since then in a way that the machine itself may cause become unknown; returns their ids. */
  discardFailuresSince(since: EpochMs): readonly string[] {
    const discarded = this.records().filter(({ health: { reachability } }) => {
      const beganAt = reachability.status === 'down' ? reachability.since : reachability.streakSince;
      const fails = reachability.status === 'down' || reachability.failures > 0;
      return fails && couldBeLocal(reachability.cause) && (beganAt ?? 0) >= since;
    });
    for (const { endpoint } of discarded) this.resetEndpoint(endpoint.id);
    return discarded.map(({ endpoint }) => endpoint.id);
  }

  /** What is known of the status counts no more. */
  resetEndpoint(endpointId: string): void {
    this.#setHealth(endpointId, unknownHealth(this.#ports.now()));
  }

  #healthAfter(before: EndpointRecord, result: OkResult | FailedResult): EndpointHealth {
    // A failure of our own worker says nothing about the endpoint: unknown, never an outdated "up".
    if (isOurOwnFailure(result)) return unknownHealth(this.#ports.now());
    const sample = sampleOf(before.endpoint.id, result);
    if (sample === null) return before.health;
    const circumstances = { others: this.#sharesOfOthers(before, sample.at), baseline: before.baseline };
    return reduceHealth(before.health, sample, this.#ports.thresholds(), circumstances);
  }

  /**
   * What other hosts fail now, those that have no outage of their own: neither a confirmed one nor one that is being
   * confirmed, or else many that go down together would raise each other's bar.
   */
  #sharesOfOthers({ endpoint }: EndpointRecord, now: EpochMs) {
    const host = hostOf(endpoint);
    const calm = this.records().filter(
      (one) =>
        hostOf(one.endpoint) !== host &&
        one.health.reachability.status !== 'down' &&
        one.health.reachability.failures < SUSPECTED_FROM &&
        one.health.rate.intermittentSince === null,
    );
    return commonShares(
      calm.map(({ health }) => health.recent),
      now,
    );
  }

  /** Failures of our own, practised ones and those of an offline machine are gaps in the history, not downtime. */
  #sampleToStore(id: string, result: OkResult | FailedResult, { isOffline, isDrilled }: ObservationContext) {
    const isLocal = isOffline && result.outcome === 'failed';
    return isLocal || isDrilled || isOurOwnFailure(result) ? null : sampleOf(id, result);
  }

  #unknown(endpoint: Endpoint): EndpointRecord {
    const health = unknownHealth(this.#ports.now());
    return {
      endpoint,
      health,
      state: publishedStatus(health),
      last: null,
      lastSample: null,
      lastFullAt: null,
      notes: [],
      best: null,
      experiments: [],
      baseline: this.#baselines.get(endpoint.id),
      forwardProxyOfGo: null,
      isNextUnjudged: false,
    };
  }

  #setHealth(endpointId: string, health: EndpointHealth): void {
    this.#change(endpointId, () => ({ health, state: publishedStatus(health) }));
  }

  #change(endpointId: string, change: (record: EndpointRecord) => Partial<EndpointRecord>): void {
    const record = this.#records.get(endpointId);
    if (record !== undefined) this.#set({ ...record, ...change(record) });
  }

  #set(record: EndpointRecord): void {
    this.#records = new Map(this.#records).set(record.endpoint.id, record);
  }

  #stripOf(endpointId: string): DayStrip {
    const known = this.#days.get(endpointId) ?? new DayStrip();
    this.#days.set(endpointId, known);
    return known;
  }
}

function isOurOwnFailure(result: OkResult | FailedResult): boolean {
  return result.outcome === 'failed' && result.failure.cause === 'probe-worker-lost';
}

function withNotes<T extends OkResult | FailedResult>(result: T, notes: readonly Note[]): T {
  if (notes.length === 0) return result;
  return { ...result, evidence: { ...result.evidence, notes: [...(result.evidence.notes ?? []), ...notes] } };
}

function withExperiments<T extends OkResult | FailedResult>(result: T, experiments: readonly Experiment[]): T {
  return { ...result, evidence: { ...result.evidence, experiments } };
}
