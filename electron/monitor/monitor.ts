/**
 * The loop: asks verdict/cadence when, runs probes through the pool, hands results on. It decides nothing about
 * what results mean beyond each endpoint's own status; the engine joins them.
 */
import { type Endpoint, type Limits, limitsOf } from '../../shared/domain/endpoint.ts';
import {
  type Experiment,
  type FailedResult,
  type Note,
  type OkResult,
  type ProbeResult,
  sampleOf,
} from '../../shared/domain/result.ts';
import type { Breaker, Thresholds } from '../../shared/domain/status.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import { type Controls, runExperiments } from '../probe/experiments.ts';
import type { ProbeNetwork, ProbePool, ProbeRequest } from '../probe/probe-pool.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { parseUrl } from '../system/web.ts';
import {
  breakerOf,
  type Conditions,
  depthOf,
  hasSlept,
  type Intervals,
  intervalOf,
  MAX_CONCURRENT_PROBES,
  mayProbe,
  nextDelay,
  savingFactor,
  startDelay,
} from '../verdict/cadence.ts';
import { type BestConnection, bestOf, downgradeNotes } from '../verdict/downgrade.ts';
import {
  type EndpointHealth,
  healthFrom,
  type PublishedStatus,
  publishedStatus,
  reduceHealth,
  unknownHealth,
} from '../verdict/endpoint-health.ts';
import type { Baseline } from '../verdict/latency-baseline.ts';
import { couldBeLocal } from '../verdict/offline.ts';
import type { EndpointStatus } from '../verdict/status.ts';
import { commonShares, type Shares, SURVEY_MS, wantsSurvey } from '../verdict/success-rate.ts';

export interface MonitorSettings {
  readonly endpoints: readonly Endpoint[];
  readonly intervals: Intervals;
  readonly thresholds: Thresholds;
  readonly limits: Limits;
  readonly network: ProbeNetwork;
  /** What control experiments may use; each is an endpoint of the settings. */
  readonly controls: Controls;
}

export interface MonitorPorts {
  readonly clock: Clock;
  readonly pool: ProbePool;
  /** Uniform in [0, 1): spreads probes. */
  readonly random: () => number;
  /** What makes probes rarer now. */
  readonly conditions: () => Conditions;
}

/** One result and the endpoint's status after it. */
export interface Observation {
  readonly endpoint: Endpoint;
  readonly result: OkResult | FailedResult;
  readonly state: PublishedStatus;
  /** False for a failure of a quiet round: seen, but held against nobody. */
  readonly judged: boolean;
}

export interface MonitorListener {
  onObservation(observation: Observation): void;
  /** Something visible changed without a result: probing began, a pause, a new schedule. */
  onChange(): void;
  /** A timer fired far too late: the machine slept without telling. */
  onSlept(): void;
}

/** What is known of one endpoint now. */
export interface MonitoredEndpoint {
  readonly endpoint: Endpoint;
  readonly state: PublishedStatus;
  readonly last: OkResult | FailedResult | null;
  readonly probing: boolean;
  readonly dueAt: EpochMs | null;
  readonly breaker: Breaker;
  readonly baseline: Baseline | undefined;
  /** What its last full probe noticed. */
  readonly notes: readonly Note[];
}

interface Entry {
  endpoint: Endpoint;
  standing: EndpointHealth;
  last: OkResult | FailedResult | null;
  lastFullAt: EpochMs | null;
  notes: readonly Note[];
  dueAt: EpochMs | null;
  stopTimer: Stop;
  queued: boolean;
  running: AbortController | null;
  /** The next failure is not judged: the machine has just woken or changed networks. */
  quiet: boolean;
  fullWanted: boolean;
  /** The best connection so far. */
  best: BestConnection | null;
  /** Of this outage; the results after them carry them on. */
  experiments: readonly Experiment[];
  experimentedAt: EpochMs | null;
  experimenting: AbortController | null;
  waiters: (() => void)[];
}

const nothing: Stop = () => {};

/** Until it is asked again whether a kind may be probed. */
const LOOK_AGAIN_MS = 5 * MINUTE_MS;

/** How many others are asked whether they can be reached, and how old an answer of theirs still counts. */
const WITNESSES = 3;
const STALE_WITNESS_MS = 5_000;
/** Failures in a row up to which others are called. */
const MAX_CALLS = 6;

/** An endpoint that goes up and down must not be experimented on each time. */
const EXPERIMENT_EVERY_MS = 10 * MINUTE_MS;

/** Schedules and runs the probes of all endpoints; stopped by `close`. */
export class Monitor {
  readonly #ports: MonitorPorts;
  readonly #listener: MonitorListener;
  #settings: MonitorSettings;
  readonly #entries = new Map<string, Entry>();
  readonly #queue: Entry[] = [];
  #runningCount = 0;
  #visible = false;
  /** Of a drill: where the probes of one endpoint lead. */
  #detour: { readonly endpointId: string; readonly port: number } | null = null;
  /** The endpoint that `go` asks first. */
  #first: string | null = null;
  /** How sparing probes were when they were planned last. */
  #factor = 1;
  #baselines: ReadonlyMap<string, Baseline> = new Map();
  /** False before start, while paused, asleep and after close. */
  #active = false;

  constructor(settings: MonitorSettings, ports: MonitorPorts, listener: MonitorListener) {
    this.#settings = settings;
    this.#ports = ports;
    this.#listener = listener;
    for (const endpoint of settings.endpoints) this.#add(endpoint);
  }

  /** In the order of the settings. */
  endpoints(): readonly MonitoredEndpoint[] {
    return [...this.#entries.values()].map(({ endpoint, standing, last, running, dueAt, notes }) => ({
      endpoint,
      state: publishedStatus(standing),
      last,
      probing: running !== null,
      dueAt,
      breaker: breakerOf(standing.reachability),
      baseline: this.#baselines.get(endpoint.id),
      notes,
    }));
  }

  get intervalMs(): DurationMs {
    return intervalOf(this.#settings.intervals, this.#visible, 'goproxy', this.#ports.conditions());
  }

  /** Sets an endpoint's status as an earlier run left it. */
  restore(endpointId: string, state: EndpointStatus): void {
    const entry = this.#entries.get(endpointId);
    if (entry !== undefined) entry.standing = healthFrom(state);
  }

  /** What each endpoint's past makes of its present; by id. */
  setBaselines(baselines: ReadonlyMap<string, Baseline>): void {
    this.#baselines = baselines;
  }

  /** What `go` asks first is asked twice as often: nothing else that fails is felt as soon. */
  favour(endpointId: string | null): void {
    this.#first = endpointId;
  }

  /** Conditions may be others: what is planned later than they ask for is planned anew. */
  followConditions(): void {
    const factor = savingFactor(this.#ports.conditions(), this.#visible);
    const isBetter = factor < this.#factor;
    this.#factor = factor;
    if (this.#active && isBetter) this.#reschedule(false);
  }

  /** Leads the probes of one endpoint to a port of this machine (null = where they belong), and probes it soon. */
  divert(detour: { readonly endpointId: string; readonly port: number } | null): void {
    const changed = this.#entries.get((detour ?? this.#detour)?.endpointId ?? '');
    this.#detour = detour;
    if (changed !== undefined && detour === null && this.#active) this.#scheduleIn(changed, 0);
  }

  /** What is known of an endpoint counts no more; it is asked again soon. */
  forget(endpointId: string): void {
    const entry = this.#entries.get(endpointId);
    if (entry === undefined) return;
    entry.standing = unknownHealth(this.#ports.clock.now());
    if (this.#active) this.#scheduleIn(entry, 0);
  }

  /** Begins (or resumes) probing; `quietly` = failures of the first round are not judged. */
  start(quietly: boolean): void {
    if (this.#active) return;
    this.#active = true;
    const entries = [...this.#entries.values()];
    for (const [index, entry] of entries.entries()) {
      entry.quiet = quietly;
      this.#scheduleIn(entry, startDelay(index, entries.length, this.intervalMs));
    }
    this.#listener.onChange();
  }

  /** Stops probing and cancels what runs; what is known stays. */
  stop(): void {
    if (!this.#active) return;
    this.#active = false;
    for (const entry of this.#entries.values()) this.#retire(entry);
    this.#queue.length = 0;
    this.#listener.onChange();
  }

  /** One quiet round now: after waking or a change of network. */
  wake(): void {
    if (!this.#active) return;
    this.stop();
    this.start(true);
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (!this.#active) return;
    this.#reschedule(!visible);
    this.#listener.onChange();
  }

  /** After a change of pace: by it, counted from the last probe; later than planned only if `alsoLater`. */
  #reschedule(alsoLater: boolean): void {
    const now = this.#ports.clock.now();
    for (const entry of this.#entries.values()) {
      if (entry.dueAt === null) continue;
      const sinceLast = now - (entry.last?.startedAt ?? 0);
      const delay = Math.max(0, this.#delayOf(entry, false) - sinceLast);
      if (now + delay < entry.dueAt || alsoLater) this.#scheduleIn(entry, delay);
    }
  }

  /** New settings: endpoints come, go and change; what is known of unchanged ones stays. */
  configure(settings: MonitorSettings): void {
    this.#settings = settings;
    const known = new Map(this.#entries);
    this.#entries.clear();
    for (const endpoint of settings.endpoints) {
      const entry = known.get(endpoint.id);
      if (entry === undefined || entry.endpoint.url !== endpoint.url) {
        const added = this.#add(endpoint);
        if (this.#active) this.#scheduleIn(added, 0);
        continue;
      }
      known.delete(endpoint.id);
      entry.endpoint = endpoint;
      this.#entries.set(endpoint.id, entry);
    }
    for (const gone of known.values()) this.#retire(gone);
    this.#listener.onChange();
  }

  /** Probes one endpoint (or all) at full depth; resolves when their results are in. Works while paused, too. */
  async probeNow(endpointId: string | null): Promise<void> {
    const wanted = [...this.#entries.values()].filter(
      (entry) => endpointId === null || entry.endpoint.id === endpointId,
    );
    await Promise.all(
      wanted.map(
        (entry) =>
          new Promise<void>((resolve) => {
            entry.fullWanted = true;
            entry.waiters.push(resolve);
            this.#enqueue(entry);
          }),
      ),
    );
  }

  /** Ends everything; afterwards no timer and no probe is left. */
  close(): void {
    this.stop();
    for (const entry of this.#entries.values()) this.#retire(entry);
  }

  #add(endpoint: Endpoint): Entry {
    const entry: Entry = {
      endpoint,
      standing: unknownHealth(this.#ports.clock.now()),
      last: null,
      lastFullAt: null,
      notes: [],
      dueAt: null,
      stopTimer: nothing,
      queued: false,
      running: null,
      quiet: false,
      fullWanted: false,
      best: null,
      experiments: [],
      experimentedAt: null,
      experimenting: null,
      waiters: [],
    };
    this.#entries.set(endpoint.id, entry);
    return entry;
  }

  #retire(entry: Entry): void {
    entry.stopTimer();
    entry.stopTimer = nothing;
    entry.dueAt = null;
    entry.queued = false;
    entry.running?.abort();
    entry.experimenting?.abort();
    release(entry);
  }

  #scheduleIn(entry: Entry, delayMs: DurationMs): void {
    entry.stopTimer();
    const dueAt = this.#ports.clock.now() + delayMs;
    entry.dueAt = dueAt;
    entry.stopTimer = this.#ports.clock.after(delayMs, () => {
      if (hasSlept(dueAt, this.#ports.clock.now())) this.#listener.onSlept();
      else if (mayProbe(entry.endpoint.kind, this.#ports.conditions())) this.#enqueue(entry);
      else this.#scheduleIn(entry, LOOK_AGAIN_MS);
    });
  }

  #enqueue(entry: Entry): void {
    if (entry.queued || entry.running !== null) return;
    entry.queued = true;
    this.#queue.push(entry);
    this.#pump();
  }

  #pump(): void {
    while (this.#runningCount < MAX_CONCURRENT_PROBES) {
      const entry = this.#queue.shift();
      if (entry === undefined) return;
      if (entry.queued) void this.#run(entry);
    }
  }

  async #run(entry: Entry): Promise<void> {
    const { clock, pool } = this.#ports;
    const running = new AbortController();
    const { endpoint } = entry;
    const depth = entry.fullWanted ? 'full' : depthOf(entry.standing.reachability, entry.lastFullAt, clock.now());
    entry.queued = false;
    entry.fullWanted = false;
    entry.running = running;
    this.#runningCount += 1;
    // Only somebody who looks sees that it is being asked.
    if (this.#visible) this.#listener.onChange();
    const limits = limitsOf(endpoint, this.#settings.limits);
    const request = { endpoint, depth, limits, network: this.#networkOf(endpoint) };
    const result = await pool.probe(request, running.signal);
    this.#runningCount -= 1;
    entry.running = null;
    const isCurrent = this.#entries.get(endpoint.id) === entry;
    let inDoubt = false;
    if (result.outcome !== 'cancelled' && isCurrent) {
      const wasDown = isDown(entry);
      inDoubt = !this.#take(entry, result);
      if (this.#active && result.outcome === 'failed') this.#callWitnesses(entry);
      if (!wasDown && isDown(entry) && result.outcome === 'failed') void this.#experiment(entry, request, result);
    }
    release(entry);
    if (this.#active && isCurrent) this.#scheduleIn(entry, this.#delayAfter(entry, result, inDoubt));
    this.#listener.onChange();
    this.#pump();
  }

  #networkOf(endpoint: Endpoint): ProbeNetwork {
    const { network } = this.#settings;
    if (this.#detour?.endpointId !== endpoint.id) return network;
    const url = parseUrl(endpoint.url);
    if (url === null) return network;
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const host = url.hostname.replace(/^\[|\]$/g, '');
    return { ...network, pinned: [{ host, port, address: '127.0.0.1', toPort: this.#detour.port }] };
  }

  /** A cancelled probe keeps its entry's next date: whoever cancelled it has set one. */
  #delayAfter(entry: Entry, result: ProbeResult, inDoubt: boolean): DurationMs {
    if (result.outcome === 'cancelled') return Math.max(0, (entry.dueAt ?? 0) - this.#ports.clock.now());
    return this.#delayOf(entry, inDoubt);
  }

  #delayOf({ endpoint, standing, last }: Entry, inDoubt: boolean): DurationMs {
    const conditions = this.#ports.conditions();
    const regularMs = intervalOf(this.#settings.intervals, this.#visible, endpoint.kind, conditions);
    const isSparing = savingFactor(conditions, false) > 1;
    const isFirst = endpoint.id === this.#first && endpoint.kind === 'goproxy' && !isSparing;
    const surveys = endpoint.kind !== 'module' && !isSparing && wantsSurvey(standing.rate);
    const paceMs = isFirst ? regularMs / 2 : regularMs;
    const intervalMs = surveys ? Math.min(paceMs, SURVEY_MS) : paceMs;
    const retryAfterMs = last?.outcome === 'failed' ? last.evidence.retryAfterMs : undefined;
    return nextDelay(standing.reachability, intervalMs, this.#ports.random(), inDoubt, retryAfterMs);
  }

  /** Looks for what the outage depends on, once it is confirmed; at most once in a while for an endpoint. */
  async #experiment(entry: Entry, request: ProbeRequest, result: FailedResult): Promise<void> {
    const now = this.#ports.clock.now();
    if (entry.experimentedAt !== null && now - entry.experimentedAt < EXPERIMENT_EVERY_MS) return;
    entry.experimentedAt = now;
    const running = new AbortController();
    entry.experimenting = running;
    const { pool } = this.#ports;
    const experiments = await runExperiments(pool, request, result, this.#settings.controls, running.signal);
    entry.experimenting = null;
    if (!isDown(entry) || experiments.length === 0) return;
    entry.experiments = experiments;
    if (entry.last?.outcome === 'failed') entry.last = withExperiments(entry.last, experiments);
    this.#listener.onChange();
  }

  /** Takes a result into account; false when it was not judged. */
  #take(entry: Entry, result: OkResult | FailedResult): boolean {
    const judged = !(entry.quiet && result.outcome === 'failed');
    entry.quiet = false;
    if (result.outcome === 'ok') entry.experiments = [];
    const noted = withNotes(result, downgradeNotes(entry.best, result));
    entry.best = bestOf(entry.best, result);
    entry.last = entry.experiments.length === 0 ? noted : withExperiments(noted, entry.experiments);
    if (result.depth === 'full' && result.outcome === 'ok') {
      entry.lastFullAt = result.startedAt;
      entry.notes = noted.evidence.notes ?? [];
    }
    if (judged) entry.standing = this.#standingAfter(entry, result);
    this.#listener.onObservation({ endpoint: entry.endpoint, result, state: publishedStatus(entry.standing), judged });
    return judged;
  }

  #standingAfter(entry: Entry, result: OkResult | FailedResult): EndpointHealth {
    // Trouble of our own worker says nothing about the endpoint: unknown, never an old green.
    if (result.outcome === 'failed' && result.failure.cause === 'probe-worker-lost') {
      return unknownHealth(this.#ports.clock.now());
    }
    const sample = sampleOf(entry.endpoint.id, result);
    if (sample === null) return entry.standing;
    const circumstances = {
      others: this.#othersShares(entry, sample.at),
      baseline: this.#baselines.get(entry.endpoint.id),
    };
    return reduceHealth(entry.standing, sample, this.#settings.thresholds, circumstances);
  }

  /** What other hosts fail now: those that are in no trouble of their own. */
  #othersShares(entry: Entry, now: EpochMs): Shares | null {
    const calm = this.#others(entry).filter((one) => !isDown(one) && one.standing.rate.intermittentSince === null);
    return commonShares(
      calm.map(({ standing }) => standing.recent),
      now,
    );
  }

  #others({ endpoint }: Entry): readonly Entry[] {
    const host = hostOf(endpoint);
    return [...this.#entries.values()].filter((one) => hostOf(one.endpoint) !== host);
  }

  /** A failure that may be our own: asks some other hosts at once whether they can be reached. */
  #callWitnesses(entry: Entry): void {
    const { reachability } = entry.standing;
    if (reachability.failures > MAX_CALLS || !couldBeLocal(reachability.cause)) return;
    const now = this.#ports.clock.now();
    const free = this.#others(entry).filter(
      (one) => one.endpoint.kind !== 'module' && (one.last === null || now - one.last.startedAt > STALE_WITNESS_MS),
    );
    for (const one of free.slice(0, WITNESSES)) this.#enqueue(one);
  }

  /**
   * The machine was offline: whoever began to fail since is not judged by it. Asks them again soon.
   */
  excuse(since: EpochMs): void {
    for (const entry of this.#entries.values()) {
      const { reachability } = entry.standing;
      const beganAt = reachability.status === 'down' ? reachability.since : reachability.streakSince;
      const isTroubled = reachability.status === 'down' || reachability.failures > 0;
      if (!isTroubled || !couldBeLocal(reachability.cause) || (beganAt ?? 0) < since) continue;
      entry.standing = unknownHealth(this.#ports.clock.now());
      if (this.#active) this.#scheduleIn(entry, 0);
    }
  }
}

function isDown({ standing }: Entry): boolean {
  return standing.reachability.status === 'down';
}

function hostOf({ url }: Endpoint): string {
  return /^[a-z0-9+.-]+:\/\/(?:[^@/]*@)?([^/:?#]+)/i.exec(url)?.[1] ?? url;
}

function withNotes<T extends OkResult | FailedResult>(result: T, notes: readonly Note[]): T {
  if (notes.length === 0) return result;
  return { ...result, evidence: { ...result.evidence, notes: [...(result.evidence.notes ?? []), ...notes] } };
}

function withExperiments<T extends OkResult | FailedResult>(result: T, experiments: readonly Experiment[]): T {
  return { ...result, evidence: { ...result.evidence, experiments } };
}

/** Whoever waited for a probe of this endpoint goes on, however it ended. */
function release(entry: Entry): void {
  for (const waiter of entry.waiters.splice(0)) waiter();
}
