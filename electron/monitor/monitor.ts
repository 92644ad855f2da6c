/**
 * When to probe: plans every endpoint, runs the probes through the pool, and hands each result on. What results mean is
 * decided elsewhere (engine/endpoint-book.ts); the plan only reads the records.
 */

import { type Endpoint, type Limits, limitsOf } from '../../shared/domain/endpoint.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { originOf } from '../../shared/domain/host.ts';
import type { Experiment, FailedResult, OkResult, ProbeResult } from '../../shared/domain/result.ts';
import type { Thresholds } from '../../shared/domain/status.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import { type Controls, runExperiments } from '../probe/experiments.ts';
import type { ProbeNetwork, ProbePool, ProbeRequest } from '../probe/probe-pool.ts';
import type { Clock } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';
import type { SlotLimits } from '../system/measuring-slots.ts';
import { parseUrl } from '../system/web.ts';
import {
  type Conditions,
  depthOf,
  type Intervals,
  intervalOf,
  PROBE_SLOTS,
  savingFactor,
  startDelay,
} from '../verdict/cadence.ts';
import type { EndpointRecord } from '../verdict/endpoint-record.ts';
import { isConfirming } from '../verdict/status.ts';
import { chooseCrossChecks } from './cross-checks.ts';
import { ProbeQueue } from './probe-queue.ts';
import { delayFor, Timetable } from './schedule.ts';

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
  readonly settings: () => MonitorSettings;
  /** All endpoints in the order of the settings. */
  readonly records: () => readonly EndpointRecord[];
  readonly record: (endpointId: string) => EndpointRecord | undefined;
  /** The endpoint that `go` asks first; null = unknown. */
  readonly primary: () => string | null;
  readonly log: Pick<Log, 'warn'>;
}

export interface MonitorListener {
  /** A result; false = it was not judged, so another is wanted soon. */
  onResult(endpointId: string, result: OkResult | FailedResult): boolean;
  /** What changes the outcome of a failing endpoint. */
  onExperiments(endpointId: string, experiments: readonly Experiment[]): void;
  /** Something visible changed without a result: a probe began, a pause, a new plan. */
  onChange(): void;
  /** The machine slept and sent no notice of it. */
  onSlept(): void;
}

/** An endpoint that keeps failing and recovering is not experimented on each time. */
const EXPERIMENT_EVERY_MS = 10 * MINUTE_MS;

/** A canary runs `go` and downloads: it works until it ends, and must not keep probes from their places meanwhile. */
const CANARY_SLOTS: SlotLimits = { measuring: 2, measuresForMs: null, open: 2 };

/** Plans and runs the probes of all endpoints. */
export class Monitor {
  readonly #ports: MonitorPorts;
  readonly #listener: MonitorListener;
  readonly #probes: ProbeQueue;
  readonly #canaries: ProbeQueue;
  readonly #timetable: Timetable;
  #visible = false;
  /** Of a drill: where the probes of one endpoint lead. */
  #detour: { readonly endpointId: string; readonly port: number } | null = null;
  /** How sparing probes were when they were planned last. */
  #factor = 1;
  /** Endpoints whose next probe is to be at full depth. */
  readonly #fullWanted = new Set<string>();
  readonly #experimentedAt = new Map<string, EpochMs>();
  readonly #experiments = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  /** False before start, while paused, asleep and after close. */
  #active = false;

  constructor(ports: MonitorPorts, listener: MonitorListener) {
    this.#ports = ports;
    this.#listener = listener;
    const run = (id: string, signal: AbortSignal) => this.#run(id, signal);
    this.#probes = new ProbeQueue(ports.clock, PROBE_SLOTS, run);
    this.#canaries = new ProbeQueue(ports.clock, CANARY_SLOTS, run);
    this.#timetable = new Timetable({
      ...ports,
      onDue: (id) => void this.#enqueue(id, this.#isUrgent(id)),
      onSlept: () => listener.onSlept(),
    });
  }

  get intervalMs(): DurationMs {
    return intervalOf(this.#ports.settings().intervals, this.#visible, 'goproxy', this.#ports.conditions());
  }

  isProbing(endpointId: string): boolean {
    return this.#probes.isRunning(endpointId) || this.#canaries.isRunning(endpointId);
  }

  /** When the next probe of any endpoint is due; null while stopped. */
  nextAt(): EpochMs | null {
    const due = this.#ports.records().flatMap(({ endpoint }) => this.#timetable.dueAt(endpoint.id) ?? []);
    return due.length === 0 ? null : Math.min(...due);
  }

  /** Begins (or resumes) probing: every endpoint once, spread over a few seconds. */
  start(): void {
    if (this.#active) return;
    this.#active = true;
    const records = this.#ports.records();
    for (const [index, { endpoint }] of records.entries()) {
      this.#timetable.set(endpoint.id, startDelay(index, records.length, this.intervalMs));
    }
    this.#listener.onChange();
  }

  /** Stops probing and cancels what runs. */
  stop(): void {
    if (!this.#active) return;
    this.#active = false;
    this.#timetable.clearAll();
    for (const { endpoint } of this.#ports.records()) this.#retire(endpoint.id);
    this.#listener.onChange();
  }

  /** Ends everything; afterwards no timer, probe or experiment is left. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all([this.#probes.close(), this.#canaries.close()]);
    for (const { controller } of this.#experiments.values()) controller.abort();
    await Promise.all([...this.#experiments.values()].map(({ ended }) => ended));
    this.#timetable.clearAll();
  }

  /** Endpoints were added (or changed their URL) and removed in the settings; the book knows them already. */
  follow(added: readonly string[], removed: readonly string[]): void {
    for (const id of removed) {
      this.#timetable.clear(id);
      this.#retire(id);
    }
    this.probeSoon(added);
    this.#listener.onChange();
  }

  /** Probes endpoints as soon as there is room. */
  probeSoon(endpointIds: readonly string[]): void {
    if (!this.#active) return;
    for (const id of endpointIds) this.#timetable.set(id, 0);
  }

  /** Probes endpoints at full depth; resolves when their probes have ended. Works while stopped, too. */
  async probeNow(endpointIds: readonly string[]): Promise<void> {
    for (const id of endpointIds) this.#fullWanted.add(id);
    await Promise.all(endpointIds.map((id) => this.#enqueue(id, true)));
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (!this.#active) return;
    this.#reschedule(!visible);
    this.#listener.onChange();
  }

  /** Conditions may have changed: what is planned later than they now allow is planned again. */
  followConditions(): void {
    const factor = savingFactor(this.#ports.conditions(), this.#visible);
    const isBetter = factor < this.#factor;
    this.#factor = factor;
    if (this.#active && isBetter) this.#reschedule(false);
  }

  /** Leads the probes of one endpoint to a port of this machine; null = to the endpoint itself, which is probed soon. */
  divert(detour: { readonly endpointId: string; readonly port: number } | null): void {
    const before = this.#detour;
    this.#detour = detour;
    if (detour === null && before !== null && this.#ports.record(before.endpointId) !== undefined) {
      this.probeSoon([before.endpointId]);
    }
  }

  /** After a change of pace: the delay counts from the last probe. Later than planned only if `alsoLater`. */
  #reschedule(alsoLater: boolean): void {
    const now = this.#ports.clock.now();
    for (const record of this.#ports.records()) {
      const { id } = record.endpoint;
      const dueAt = this.#timetable.dueAt(id);
      if (dueAt === null) continue;
      // A wall clock that was set back must not postpone anything.
      const sinceLast = Math.max(0, now - (record.last?.startedAt ?? 0));
      const delay = Math.max(0, this.#delayFor(record, false) - sinceLast);
      if (now + delay < dueAt || alsoLater) this.#timetable.set(id, delay);
    }
  }

  #retire(endpointId: string): void {
    this.#fullWanted.delete(endpointId);
    this.#probes.cancel(endpointId);
    this.#canaries.cancel(endpointId);
    this.#experiments.get(endpointId)?.controller.abort();
  }

  #enqueue(endpointId: string, isUrgent: boolean): Promise<void> {
    const isCanary = this.#ports.record(endpointId)?.endpoint.kind === 'module';
    return (isCanary ? this.#canaries : this.#probes).add(endpointId, isUrgent);
  }

  /** What `go` asks first, and results that confirm a change, go before routine probes. */
  #isUrgent(endpointId: string): boolean {
    const record = this.#ports.record(endpointId);
    return endpointId === this.#ports.primary() || (record !== undefined && isConfirming(record.health.reachability));
  }

  async #run(endpointId: string, signal: AbortSignal): Promise<void> {
    const record = this.#ports.record(endpointId);
    if (record === undefined) return;
    const request = this.#requestFor(record);
    // That a probe begins is only of interest to a visible window.
    if (this.#visible) this.#listener.onChange();
    const result = await this.#probe(request, signal);
    const isSame = this.#ports.record(endpointId)?.endpoint.url === request.endpoint.url;
    const outcome = isSame && result.outcome !== 'cancelled' ? this.#handOn(request, result) : 'cancelled';
    const after = this.#ports.record(endpointId);
    if (this.#active && after !== undefined) {
      // A cancelled probe keeps its date: whatever cancelled it has set one.
      const leftMs = (this.#timetable.dueAt(endpointId) ?? 0) - this.#ports.clock.now();
      const delay = outcome === 'cancelled' ? Math.max(0, leftMs) : this.#delayFor(after, outcome === 'unjudged');
      this.#timetable.set(endpointId, delay);
    }
    this.#listener.onChange();
  }

  #handOn(request: ProbeRequest, result: OkResult | FailedResult): 'judged' | 'unjudged' {
    const { id } = request.endpoint;
    const wasDown = this.#isDown(id);
    const judged = this.#listener.onResult(id, result);
    const after = this.#ports.record(id);
    if (this.#active && after !== undefined && result.outcome === 'failed') {
      const others = chooseCrossChecks(after, this.#ports.records(), this.#ports.clock.now());
      for (const one of others) void this.#enqueue(one, true);
      if (!wasDown && this.#isDown(id)) this.#experiment(request, result);
    }
    return judged ? 'judged' : 'unjudged';
  }

  #requestFor({ endpoint, health, lastFullAt }: EndpointRecord): ProbeRequest {
    const { limits, network } = this.#ports.settings();
    const isFull = this.#fullWanted.delete(endpoint.id);
    const depth = isFull ? 'full' : depthOf(health.reachability, lastFullAt, this.#ports.clock.now());
    return { endpoint, depth, limits: limitsOf(endpoint, limits), network: this.#diverted(endpoint, network) };
  }

  /** A pool that fails must not end the loop: the endpoint becomes unknown and is tried again. */
  async #probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    const { endpoint, depth } = request;
    const startedAt = this.#ports.clock.now();
    try {
      return await this.#ports.pool.probe(request, signal);
    } catch (error) {
      const url = redactUrl(endpoint.url);
      const message = errorMessage(error);
      const failure = { cause: 'probe-worker-lost', phase: 'request', message } as const;
      const base = { kind: endpoint.kind, url, depth, startedAt, phases: {}, totalMs: 0, steps: [] };
      return { ...base, outcome: 'failed', evidence: { url }, failure };
    }
  }

  #diverted(endpoint: Endpoint, network: ProbeNetwork): ProbeNetwork {
    const url = this.#detour?.endpointId === endpoint.id ? parseUrl(endpoint.url) : null;
    if (url === null || this.#detour === null) return network;
    const { host, port } = originOf(url);
    return { ...network, pinned: [{ host, port, address: '127.0.0.1', toPort: this.#detour.port }] };
  }

  #delayFor(record: EndpointRecord, isUnjudged: boolean): DurationMs {
    const { settings, conditions, primary, random } = this.#ports;
    const { intervals } = settings();
    const around = {
      intervals,
      visible: this.#visible,
      conditions: conditions(),
      primary: primary(),
      random: random(),
    };
    return delayFor(record, around, isUnjudged);
  }

  /** Looks for what a confirmed outage depends on; at most once in ten minutes for an endpoint. */
  #experiment(request: ProbeRequest, result: FailedResult): void {
    const { id } = request.endpoint;
    const { clock, pool, settings, log } = this.#ports;
    const before = this.#experimentedAt.get(id);
    if (this.#experiments.has(id) || (before !== undefined && clock.now() - before < EXPERIMENT_EVERY_MS)) return;
    this.#experimentedAt.set(id, clock.now());
    const controller = new AbortController();
    const ended = runExperiments(pool, request, result, settings().controls, controller.signal)
      .then((experiments) => {
        if (experiments.length > 0 && this.#isDown(id)) this.#listener.onExperiments(id, experiments);
      })
      // An experiment that breaks off proves nothing; the outage stands without it.
      .catch((error: unknown) => {
        if (!controller.signal.aborted) log.warn('experiments failed', { endpoint: id, detail: errorMessage(error) });
      })
      .finally(() => this.#experiments.delete(id));
    this.#experiments.set(id, { controller, ended });
  }

  #isDown(endpointId: string): boolean {
    return this.#ports.record(endpointId)?.health.reachability.status === 'down';
  }
}
