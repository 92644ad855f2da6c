/**
 * The engine without any window: what main.ts, the command line and integration tests start. The map of the house:
 *
 *   system/     ports and real adapters: clock, processes, files, log, network, locks   ← sole user of timers and Date
 *   probe/      one measurement of one endpoint, through a ProbePool (worker thread or inline)
 *   verdict/    pure decisions over values: status, cadence, walk, verdict, incident, alert, remedy, overview
 *   monitor/    the loop: asks verdict/ when and what, runs probes, hands results on
 *   history/    SQLite: samples, incidents, events, rollups
 *   settings/   the settings file      toolchain/ the real go      profile/ switching and exact undo
 *   app/ cli/   two doors of the same engine
 *
 * One result travels one way: monitor → probe → result → verdict/ → history → Snapshot → whoever subscribed.
 * One command travels back: app or cli → Engine → effect → new Snapshot. Who may import whom is checked by
 * `npm run check` (build/check-layers.mjs).
 */

import type { Endpoint } from '../shared/domain/endpoint.ts';
import type { Incident } from '../shared/domain/incident.ts';
import { type KnownNetwork, type NetworkIdentity, type NetworkState, networkState } from '../shared/domain/network.ts';
import type { Profile } from '../shared/domain/profile.ts';
import { parseQuietHours } from '../shared/domain/quiet-hours.ts';
import { sampleOf } from '../shared/domain/result.ts';
import type { EndpointDetail, GoState, Preferences, Problem, Snapshot, UndoState } from '../shared/domain/snapshot.ts';
import type { Chart, Dashboard, DrillReport, HistoryEvent, Meter } from '../shared/domain/timeline.ts';
import type { EpochMs } from '../shared/domain/units.ts';
import { DAY_MS, HOUR_MS } from '../shared/domain/units.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import { Drill } from './drill/drill.ts';
import { startFailingServer } from './drill/failing-server.ts';
import { DAY_STRIP_MS, type HistoryOpening } from './history/history-store.ts';
import { readChart, readDrills, readUptime, withoutEvidence } from './monitor/archive.ts';
import { type Announcement, IncidentBook } from './monitor/incident-book.ts';
import { LagWatch } from './monitor/lag-watch.ts';
import { Monitor, type MonitorSettings, type Observation } from './monitor/monitor.ts';
import { Recorder } from './monitor/recorder.ts';
import { Usage } from './monitor/usage.ts';
import type { ProbePool } from './probe/probe-pool.ts';
import type { Clock, Stop } from './system/clock.ts';
import type { Log } from './system/log.ts';
import { baselineOf } from './verdict/latency-baseline.ts';
import { type Overview, overview } from './verdict/overview.ts';
import { restoredDown } from './verdict/status.ts';
import type { Listing } from './verdict/sync-lag.ts';
import { type Tier, tierOf } from './verdict/tier.ts';
import { NOTHING_SHOWN, reduceVisible, type Visible } from './verdict/visible.ts';

export type { Announcement };

/** The end of a command: done, or a trouble for a person to read. */
export type Done = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

const DONE: Done = { ok: true };

export interface Engine {
  snapshot(): Snapshot;
  /** Called after every change with the new snapshot. */
  subscribe(listener: (snapshot: Snapshot) => void): Stop;
  onAnnouncement(listener: (announcement: Announcement) => void): Stop;
  /** Probes one endpoint (or all) at full depth now; resolves when done. */
  probeNow(endpointId: string | null): Promise<Done>;
  /** Stops probing until an instant, or until resumed when null. */
  pause(until: EpochMs | null): Done;
  resume(): Done;
  /** Applies a profile to the real `go`. */
  useProfile(profileId: string): Promise<Done>;
  /** Takes the last switch back exactly. */
  undo(): Promise<Done>;
  detail(endpointId: string): Promise<EndpointDetail | null>;
  /** One endpoint over [from, to). Rejects with HistoryError. */
  chart(endpointId: string, from: EpochMs, to: EpochMs): Promise<Chart>;
  /** Everything else the dashboard shows. Rejects with HistoryError. */
  dashboard(): Promise<Dashboard>;
  /** Practises an outage of the proxy that `go` uses now. */
  /** What Gopherbar itself costs. */
  meter(): Meter;
  /** Names or marks the network the machine is in. */
  setNetwork(change: Omit<KnownNetwork, 'id' | 'name'> & { readonly name?: string | null | undefined }): Promise<Done>;
  setPower(power: Power): void;
  startDrill(): Done;
  cancelDrill(): Done;
  setPreferences(change: Partial<Preferences>): Promise<Done>;
  /** No notifications until an instant; null = send them again. */
  mute(until: EpochMs | null): Done;
  /** Takes the alert card away (the endpoint stays what it is). */
  dismissAlert(): Done;
  dismissNotices(): Done;
  /** A window shows: probe at the visible interval. */
  setVisible(visible: boolean): void;
  /** The machine falls asleep: running probes are cancelled, nothing is judged. */
  suspend(): void;
  /** The machine woke or the network changed: one quiet round, then judge. */
  wake(): void;
  /** Ends everything; afterwards nothing of the engine runs. */
  close(): Promise<void>;
}

/** What the machine runs on. */
export interface Power {
  readonly onBattery: boolean;
  /** The system saves energy. */
  readonly lowPower: boolean;
}

/** What the engine needs of the settings, whoever keeps them. */
export interface EngineSettings {
  readonly monitor: MonitorSettings;
  readonly profiles: readonly Profile[];
  readonly preferences: Preferences;
  /** Modules whose newest versions the mirrors are compared by. */
  readonly watchedModules: readonly string[];
  readonly networks: readonly KnownNetwork[];
  /** Bytes that probes may use a day, elsewhere and in metered networks; null = no limit. */
  readonly bytesPerDay: { readonly usual: number | null; readonly metered: number | null };
  readonly demo: boolean;
  /** What is wrong with the settings file; null when nothing is. */
  readonly problem: Problem | null;
  /** The forward proxy that `go` uses for a URL in this environment, redacted; null = none. */
  readonly goGoesThrough: (url: string) => string | null;
}

export interface SettingsPort {
  current(): EngineSettings;
  setPreferences(change: Partial<Preferences>): Promise<Done>;
  /** Keeps what the person says of a network. */
  setNetwork(network: KnownNetwork): Promise<Done>;
  /** Called when the file was changed by hand (or by another process). */
  watch(listener: (settings: EngineSettings) => void): Stop;
}

/** The real `go`: reading what is in force, switching, undoing. */
export interface GoPort {
  /** Finishes or takes back a switch that a crash interrupted; a problem when it could not. */
  recover(): Promise<Problem | null>;
  read(): Promise<GoState>;
  apply(profile: Profile, from: string | null): Promise<Done>;
  /** `undone: 'by-key'`: the env file had changed since, so only the former values were put back. */
  undo(): Promise<Done & { readonly undone?: 'exactly' | 'by-key' }>;
  /** The switch that undo would take back. */
  undoable(): Promise<UndoState | null>;
}

export interface EnginePorts {
  readonly clock: Clock;
  readonly pool: ProbePool;
  readonly history: HistoryOpening;
  readonly settings: SettingsPort;
  readonly go: GoPort;
  /** Whether the machine has any network path but loopback. */
  readonly hasNetworkPath: () => boolean;
  /** Which network this is, and when that changes. */
  readonly network: {
    readonly read: () => Promise<NetworkIdentity | null>;
    readonly watch: (onChange: (addressesDiffer: boolean) => void) => Stop;
  };
  /** What this process has used since its start. */
  readonly costs: () => { readonly cpuMs: number; readonly residentBytes: number; readonly wakeups: number };
  readonly random: () => number;
  /** What one mirror shows of a module. Never rejects. */
  readonly listVersions: (endpoint: Endpoint, module: string, signal: AbortSignal) => Promise<Listing>;
  /** Tries a switch to a profile and its undo on copies of the person's files. */
  readonly selfTest: (profile: Profile | null) => Promise<DrillReport['selfTest']>;
  readonly log: Log;
}

/** From the first failure until it is clear that the machine is cut off. */
const OFFLINE_NOTICED_MS = 90_000;

/** Habits are those of the last four weeks. */
const LEARN_FROM_MS = 28 * DAY_MS;

/** Changes within this time share one snapshot. */
const PUBLISH_WITHIN_MS = 20;

/** Starts the engine: restores what an earlier run stored, then probes. Resolves with a first snapshot at hand. */
export async function startEngine(ports: EnginePorts): Promise<Engine> {
  const engine = new RunningEngine(ports);
  await engine.restore();
  engine.run();
  return engine;
}

class RunningEngine implements Engine {
  readonly #ports: EnginePorts;
  readonly #monitor: Monitor;
  readonly #recorder: Recorder;
  readonly #incidents = new IncidentBook();
  readonly #lag: LagWatch;
  readonly #usage = new Usage();
  readonly #startedAt: EpochMs;
  #network: NetworkIdentity | null = null;
  #power: Power = { onBattery: false, lowPower: false };
  #stopWatchingNetwork: Stop = () => {};
  #drill: Drill | null = null;
  #settings: EngineSettings;
  #go: GoState = { state: 'looking' };
  #undo: UndoState | null = null;
  #switching = false;
  #paused: { readonly until: EpochMs | null } | null = null;
  #notices: readonly Problem[] = [];
  #snapshot: Snapshot | null = null;
  /** The last judgement, shown or not yet. */
  #judged: Verdict | null = null;
  #visible: Visible = NOTHING_SHOWN;
  #stopLooking: Stop = () => {};
  #stopLearning: Stop = () => {};
  #mutedUntil: EpochMs | null = null;
  /** Since when the machine is cut off; null while it is not. */
  #offlineSince: EpochMs | null = null;
  #closed = false;
  #stopPauseTimer: Stop = () => {};
  #stopPublishing: Stop | null = null;
  #stopWatching: Stop = () => {};
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #announcementListeners = new Set<(announcement: Announcement) => void>();

  constructor(ports: EnginePorts) {
    this.#ports = ports;
    this.#settings = ports.settings.current();
    this.#recorder = new Recorder(ports.history.store, ports.clock, {
      onRefused: (what, error) => this.#historyRefused(what, error),
    });
    this.#startedAt = ports.clock.now();
    this.#lag = new LagWatch({ ...ports, onChange: () => this.#publishSoon() });
    this.#monitor = new Monitor(this.#settings.monitor, ports, {
      onObservation: (observation) => this.#observe(observation),
      onChange: () => this.#publishSoon(),
      onSlept: () => this.wake(),
    });
  }

  /** Reads what earlier runs stored, so that the first paint shows it. */
  async restore(): Promise<void> {
    const { store } = this.#ports.history;
    const { endpoints, thresholds } = this.#settings.monitor;
    await this.#recorder.restore(endpoints.map(({ id }) => id));
    for (const stored of await store.openIncidents()) {
      const incident = this.#afterGap(stored);
      if (!endpoints.some(({ id }) => id === incident.endpointId)) {
        this.#recorder.saveIncident({ ...incident, endedAt: this.#ports.clock.now() });
        continue;
      }
      this.#incidents.restore(incident);
      this.#recorder.saveIncident(incident);
      if (incident.severity !== 'down') continue;
      this.#monitor.restore(incident.endpointId, restoredDown(incident.startedAt, incident.cause, thresholds));
    }
    this.#notices = [this.#settings.problem, historyNotice(this.#ports.history)].filter((one) => one !== null);
    this.#publish();
  }

  /** Nobody looked between the last sample of the earlier run and now. */
  #afterGap(incident: Incident): Incident {
    const lastAt = Math.max(this.#recorder.latest(incident.endpointId)?.at ?? 0, incident.startedAt);
    const gapMs = Math.max(0, this.#ports.clock.now() - lastAt);
    return { ...incident, unobservedMs: incident.unobservedMs + gapMs };
  }

  /** Begins to probe, to watch the settings and to look at `go`. */
  run(): void {
    this.#stopWatching = this.#ports.settings.watch((settings) => this.#configure(settings));
    this.#stopWatchingNetwork = this.#ports.network.watch((differ) => void this.#lookAtNetwork(differ));
    this.#recorder.event('started', '');
    this.#monitor.start(false);
    void this.#lookAtNetwork(null);
    this.#lag.start(() => ({ mirrors: this.#mirrors(), modules: this.#settings.watchedModules }));
    void this.#learn();
    void this.#lookAtGo(true);
  }

  snapshot(): Snapshot {
    return this.#snapshot ?? this.#publish();
  }

  subscribe(listener: (snapshot: Snapshot) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onAnnouncement(listener: (announcement: Announcement) => void): Stop {
    this.#announcementListeners.add(listener);
    return () => this.#announcementListeners.delete(listener);
  }

  async probeNow(endpointId: string | null): Promise<Done> {
    const known = endpointId === null || this.#monitor.endpoints().some((one) => one.endpoint.id === endpointId);
    if (!known) return failed('no-such-endpoint', { endpoint: endpointId ?? '' });
    await this.#monitor.probeNow(endpointId);
    await this.#recorder.flush();
    this.#publish();
    return DONE;
  }

  pause(until: EpochMs | null): Done {
    this.#stopPauseTimer();
    this.#paused = { until };
    if (until !== null) {
      this.#stopPauseTimer = this.#ports.clock.after(until - this.#ports.clock.now(), () => this.resume());
    }
    this.#incidents.beginGap(this.#ports.clock.now());
    this.#monitor.stop();
    this.#recorder.event('paused', '');
    this.#publish();
    return DONE;
  }

  resume(): Done {
    if (this.#paused === null) return DONE;
    this.#stopPauseTimer();
    this.#paused = null;
    this.#recorder.event('resumed', '');
    this.#endGap();
    this.#monitor.start(true);
    this.#publish();
    return DONE;
  }

  async useProfile(profileId: string): Promise<Done> {
    const profile = this.#settings.profiles.find((one) => one.id === profileId);
    if (profile === undefined) return failed('no-such-profile', { profile: profileId });
    const from = this.snapshot().profiles.find((one) => one.active)?.profile.id ?? null;
    return this.#switch(() => this.#ports.go.apply(profile, from), 'switched', profileId);
  }

  async undo(): Promise<Done> {
    return this.#switch(
      async () => {
        const done = await this.#ports.go.undo();
        if (done.ok && done.undone === 'by-key') this.#addNotice({ key: 'undone-by-key', params: {} });
        return done;
      },
      'undone',
      this.#undo?.to ?? '',
    );
  }

  async detail(endpointId: string): Promise<EndpointDetail | null> {
    const state = this.snapshot().endpoints.find((one) => one.endpoint.id === endpointId);
    if (state === undefined) return null;
    await this.#recorder.flush();
    const { store } = this.#ports.history;
    const now = this.#ports.clock.now();
    const [samples, incidents] = await Promise.all([
      store.samples(endpointId, now - DAY_STRIP_MS, now + 1, 30),
      store.incidents(endpointId, 20),
    ]);
    return { state, samples, incidents };
  }

  async chart(endpointId: string, from: EpochMs, to: EpochMs): Promise<Chart> {
    await this.#recorder.flush();
    return readChart(this.#ports.history.store, endpointId, from, to);
  }

  async dashboard(): Promise<Dashboard> {
    await this.#recorder.flush();
    const { store } = this.#ports.history;
    const at = this.#ports.clock.now();
    const [uptime, incidents, events, drills] = await Promise.all([
      Promise.all(this.#settings.monitor.endpoints.map(({ id }) => readUptime(store, id, at))),
      store.incidents(null, 100),
      store.events(0, at + 1, 50),
      readDrills(store, at, 10),
    ]);
    return { at, uptime, incidents: incidents.map(withoutEvidence), events, drills, lag: this.#lag.rows };
  }

  meter(): Meter {
    const now = this.#ports.clock.now();
    return {
      since: this.#startedAt,
      ...this.#ports.costs(),
      probesToday: this.#usage.probesToday(now),
      bytesToday: this.#usage.bytesToday(now),
      bytesPerDay: this.#bytesPerDay(),
    };
  }

  async setNetwork(change: { name?: string | null | undefined; metered?: boolean | undefined }): Promise<Done> {
    if (this.#network === null) return failed('no-network', {});
    const { id } = this.#network;
    const known = this.#settings.networks.find((one) => one.id === id);
    const name = change.name === undefined ? known?.name : change.name?.trim() || undefined;
    const metered = change.metered ?? known?.metered;
    const done = await this.#ports.settings.setNetwork({ id, name, metered });
    this.#configure(this.#ports.settings.current());
    return done;
  }

  setPower(power: Power): void {
    this.#power = power;
    this.#applyConditions();
  }

  #bytesPerDay(): number | null {
    const { usual, metered } = this.#settings.bytesPerDay;
    return this.#networkState()?.metered === true ? metered : usual;
  }

  #networkState(): NetworkState | null {
    return this.#network === null ? null : networkState(this.#network, this.#settings.networks);
  }

  #applyConditions(): void {
    const limit = this.#bytesPerDay();
    const spent = limit === null ? 0 : this.#usage.bytesToday(this.#ports.clock.now()) / limit;
    this.#monitor.setConditions({ ...this.#power, metered: this.#networkState()?.metered === true, spent });
    if (spent >= 1) this.#addNotice({ key: 'bytes-spent', params: { megabytes: Math.round((limit ?? 0) / 1e6) } });
    else this.#notices = this.#notices.filter(({ key }) => key !== 'bytes-spent');
  }

  /** Which network this is; another one, or other addresses, are a reason for a quiet round. null = a first look. */
  async #lookAtNetwork(addressesDiffer: boolean | null): Promise<void> {
    const before = this.#network?.id ?? null;
    const network = await this.#ports.network.read();
    if (this.#closed) return;
    this.#network = network;
    this.#applyConditions();
    this.#publishSoon();
    const isOther = before !== (network?.id ?? null);
    if (addressesDiffer === null || (!addressesDiffer && !isOther)) return;
    const state = this.#networkState();
    if (isOther) this.#recorder.event('network-changed', state?.name ?? state?.description ?? '');
    this.#startQuietly();
  }

  startDrill(): Done {
    const { verdict } = this.snapshot();
    const endpoint = this.#monitor.endpoints().find((one) => one.endpoint.id === verdict.endpointId);
    if (this.#drill !== null) return failed('drill-running', {});
    if (verdict.severity !== 'healthy' || endpoint?.endpoint.kind !== 'goproxy') return failed('drill-not-now', {});
    const profile = this.#settings.profiles[0] ?? null;
    this.#drill = new Drill(endpoint.endpoint.id, {
      clock: this.#ports.clock,
      startServer: startFailingServer,
      selfTest: () => this.#ports.selfTest(profile),
      divert: (detour) => this.#monitor.divert(detour),
      onChange: () => this.#publishSoon(),
      onEnd: (report) => this.#endDrill(report),
    });
    void this.#drill.start();
    this.#publish();
    return DONE;
  }

  cancelDrill(): Done {
    this.#drill?.cancel();
    return DONE;
  }

  #endDrill(report: DrillReport): void {
    this.#drill = null;
    this.#recorder.event('drilled', JSON.stringify(report));
    // What the failing server made of it must not be held against the real one.
    if (report.outcome !== 'done') this.#monitor.forget(report.endpointId);
    if (!this.#closed) this.#publish();
  }

  #mirrors(): readonly Endpoint[] {
    return this.#settings.monitor.endpoints.filter(({ kind }) => kind === 'goproxy');
  }

  async setPreferences(change: Partial<Preferences>): Promise<Done> {
    const done = await this.#ports.settings.setPreferences(change);
    this.#configure(this.#ports.settings.current());
    return done;
  }

  mute(until: EpochMs | null): Done {
    this.#mutedUntil = until;
    this.#publish();
    return DONE;
  }

  dismissAlert(): Done {
    this.#incidents.dismissAlert();
    this.#publish();
    return DONE;
  }

  dismissNotices(): Done {
    this.#notices = [];
    this.#incidents.dismissRecovery();
    this.#publish();
    return DONE;
  }

  setVisible(visible: boolean): void {
    this.#monitor.setVisible(visible);
    if (visible) void this.#lookAtGo(false);
  }

  suspend(): void {
    if (this.#paused !== null || this.#closed) return;
    this.#recorder.event('slept', '');
    this.#incidents.beginGap(this.#ports.clock.now());
    this.#monitor.stop();
  }

  wake(): void {
    if (this.#paused !== null || this.#closed) return;
    this.#recorder.event('woke', '');
    this.#endGap();
    this.#startQuietly();
  }

  /** One round whose failures are held against nobody. */
  #startQuietly(): void {
    if (this.#paused !== null || this.#closed) return;
    this.#monitor.stop();
    this.#monitor.start(true);
    void this.#lookAtGo(false);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.#stopPauseTimer();
    this.#stopPublishing?.();
    this.#stopLooking();
    this.#stopLearning();
    this.#stopWatchingNetwork();
    this.#drill?.cancel();
    this.#lag.stop();
    this.#monitor.close();
    this.#recorder.event('stopped', '');
    await this.#recorder.flush();
    await this.#ports.pool.close();
    await this.#ports.history.store.close();
    this.#listeners.clear();
    this.#announcementListeners.clear();
  }

  #configure(settings: EngineSettings): void {
    const now = this.#ports.clock.now();
    for (const { id } of this.#settings.monitor.endpoints) {
      if (settings.monitor.endpoints.some((one) => one.id === id)) continue;
      for (const incident of this.#incidents.forget(id, now)) this.#recorder.saveIncident(incident);
    }
    this.#settings = settings;
    this.#monitor.configure(settings.monitor);
    this.#applyConditions();
    if (settings.problem !== null) this.#notices = [settings.problem];
    this.#publish();
  }

  /** Reads what `go` really uses; the first time after finishing what a crash left behind. */
  async #lookAtGo(first: boolean): Promise<void> {
    if (first) {
      const problem = await this.#ports.go.recover();
      if (problem !== null) this.#addNotice(problem);
    }
    const go = await this.#ports.go.read();
    this.#undo = await this.#ports.go.undoable();
    this.#go = go;
    if (!this.#closed) this.#publish();
  }

  async #switch(act: () => Promise<Done>, kind: HistoryEvent['kind'], detail: string): Promise<Done> {
    if (this.#switching) return failed('switch-busy', {});
    this.#switching = true;
    this.#publish();
    const done = await act();
    this.#switching = false;
    if (done.ok) this.#recorder.event(kind, detail);
    await this.#lookAtGo(false);
    return done;
  }

  #observe({ endpoint, result, state, judged }: Observation): void {
    this.#usage.add(result.bytes ?? 0, result.startedAt);
    this.#applyConditions();
    this.#publishSoon();
    if (this.#offlineSince !== null && result.outcome === 'failed') return;
    const sample = sampleOf(endpoint.id, result);
    // Trouble of our own worker and failures nobody is blamed for are gaps, not downtime.
    const isDrilled = this.#drill?.endpointId === endpoint.id;
    if (sample !== null && judged && !isDrilled && sample.cause !== 'probe-worker-lost') this.#recorder.add(sample);
    for (const incident of this.#incidents.observe(endpoint.id, state, result, isDrilled)) {
      this.#recorder.saveIncident(incident);
    }
    if (isDrilled && (state.status === 'down' || state.status === 'up')) this.#drill?.see(state.status);
  }

  #historyRefused(what: string, error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.#ports.log.error('history-write-failed', { what, detail });
    this.#addNotice({ key: 'history-write-failed', params: { detail } });
    this.#publishSoon();
  }

  /** One notice of a kind: the newest says it best. */
  #addNotice(notice: Problem): void {
    this.#notices = [...this.#notices.filter(({ key }) => key !== notice.key), notice];
  }

  #publishSoon(): void {
    if (this.#closed) return;
    this.#stopPublishing ??= this.#ports.clock.after(PUBLISH_WITHIN_MS, () => this.#publish());
  }

  #publish(): Snapshot {
    this.#stopPublishing?.();
    this.#stopPublishing = null;
    const seen = this.#see();
    for (const incident of this.#incidents.annotate(seen.verdict, seen.profiles)) this.#recorder.saveIncident(incident);
    const announcements = this.#incidents.announce({
      now: this.#ports.clock.now(),
      verdict: seen.verdict,
      profiles: seen.profiles,
      goIsKnown: this.#go.state !== 'looking',
      tier: this.#tierOf(seen.verdict),
      remindEveryMs: this.#settings.preferences.reminderHours * HOUR_MS || null,
    });
    const snapshot = this.#assemble(seen);
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener(snapshot);
    if (announcements.some((one) => one.kind === 'outage' && one.alert.drill)) this.#drill?.see('told');
    for (const announcement of announcements) {
      for (const listener of [...this.#announcementListeners]) listener(announcement);
    }
    return snapshot;
  }

  /** The judgement, with the verdict that may be shown already. */
  #see(): Overview {
    const seen = this.#judge();
    this.#judged = seen.verdict;
    const now = this.#ports.clock.now();
    this.#followOffline(seen.verdict.severity === 'offline', now);
    this.#visible = reduceVisible(this.#visible, seen.verdict, now, this.#monitor.intervalMs);
    this.#stopLooking();
    const { shown, lookAt } = this.#visible;
    this.#stopLooking = lookAt === null ? () => {} : this.#ports.clock.after(lookAt - now, () => this.#publish());
    return { ...seen, verdict: shown ?? seen.verdict };
  }

  /** While the machine is cut off nobody is judged, and what it began with is taken back. */
  #followOffline(isOffline: boolean, now: EpochMs): void {
    if (isOffline === (this.#offlineSince !== null)) return;
    if (isOffline) {
      this.#offlineSince = now - OFFLINE_NOTICED_MS;
      for (const one of this.#incidents.excuse(this.#offlineSince, now)) this.#recorder.saveIncident(one);
      this.#incidents.beginGap(now);
      this.#recorder.event('went-offline', '');
      return;
    }
    this.#endGap();
    this.#recorder.event('back-online', '');
    this.#monitor.excuse(this.#offlineSince ?? now);
    this.#offlineSince = null;
  }

  #tierOf(verdict: Verdict): Tier {
    const now = this.#ports.clock.now();
    const endpoint = this.#settings.monitor.endpoints.find(({ id }) => id === verdict.endpointId);
    const local = new Date(now);
    return tierOf({
      verdict,
      now,
      criticality: endpoint?.criticality ?? 'normal',
      quietHours: parseQuietHours(endpoint?.quietHours ?? this.#settings.preferences.quietHours ?? ''),
      minuteOfDay: local.getHours() * 60 + local.getMinutes(),
      mutedUntil: this.#mutedUntil,
      switching: this.#switching,
    });
  }

  /** Reads the habits of every endpoint from the history, and again each hour. */
  async #learn(): Promise<void> {
    const now = this.#ports.clock.now();
    this.#stopLearning = this.#ports.clock.after(HOUR_MS, () => void this.#learn());
    try {
      const learned = await Promise.all(
        this.#settings.monitor.endpoints.map(async ({ id }) => {
          const hours = await this.#ports.history.store.hours(id, now - LEARN_FROM_MS, now);
          return [id, baselineOf(hours)] as const;
        }),
      );
      if (!this.#closed) this.#monitor.setBaselines(new Map(learned));
    } catch (error) {
      if (!this.#closed) this.#ports.log.warn('habits-not-read', { detail: String(error) });
    }
  }

  #endGap(): void {
    for (const incident of this.#incidents.endGap(this.#ports.clock.now())) this.#recorder.saveIncident(incident);
  }

  #judge(): Overview {
    const endpoints = this.#monitor.endpoints().map((monitored) => {
      const { endpoint } = monitored;
      const day = this.#recorder.day(endpoint.id);
      const lastSample = this.#recorder.latest(endpoint.id);
      const goThrough = this.#settings.goGoesThrough(endpoint.url);
      const measured = { lastSample, strip: day.cells, uptime24h: day.uptime };
      return { ...monitored, goThrough, ...measured };
    });
    const facts = {
      now: this.#ports.clock.now(),
      paused: this.#paused !== null,
      hasNetworkPath: this.#ports.hasNetworkPath(),
      endpoints,
      profiles: this.#settings.profiles,
      go: this.#go,
      stale: this.#lag.stale,
    };
    return overview(facts, this.#judged);
  }

  #assemble({ verdict, endpoints, profiles }: Overview): Snapshot {
    const due = this.#monitor.endpoints().flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt]));
    return {
      at: this.#ports.clock.now(),
      verdict,
      endpoints,
      profiles,
      go: this.#go,
      undo: this.#undo,
      switching: this.#switching,
      alert: this.#incidents.alert,
      recovery: this.#incidents.recovery,
      mutedUntil: this.#mutedUntil !== null && this.#mutedUntil > this.#ports.clock.now() ? this.#mutedUntil : null,
      network: this.#networkState(),
      drill: this.#drill?.state ?? null,
      schedule: {
        intervalMs: this.#monitor.intervalMs,
        nextAt: due.length === 0 ? null : Math.min(...due),
        paused: this.#paused,
      },
      preferences: this.#settings.preferences,
      notices: this.#notices,
      demo: this.#settings.demo,
    };
  }
}

function failed(key: string, params: Problem['params']): Done {
  return { ok: false, problem: { key, params } };
}

function historyNotice(opening: HistoryOpening): Problem | null {
  if (opening.setAsidePath === null) return null;
  const key = opening.state === 'newer' ? 'history-newer' : 'history-set-aside';
  return { key, params: { file: opening.setAsidePath } };
}
