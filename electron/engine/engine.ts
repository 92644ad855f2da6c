/**
 * The engine without any window: what main.ts, the command line and integration tests start. The map of the house:
 *
 *   system/     ports and real adapters: clock, processes, files, log, network, locks   ← sole user of timers and Date
 *   probe/      one measurement of one endpoint, through a ProbePool (worker thread or inline)
 *   verdict/    pure decisions over values: status, cadence, walk, verdict, incident, alert, remedy, overview
 *   monitor/    the loop: asks verdict/ when and what, runs probes, hands results on
 *   history/    SQLite: samples, incidents, events, rollups
 *   settings/   the settings file      toolchain/ the real go      profile/ switching and exact undo
 *   drill/      practised outages
 *   app/ cli/   two doors of the same engine
 *
 * One result travels one way: monitor → probe → result → verdict/ → history → Snapshot → whoever subscribed.
 * One command travels back: app or cli → Engine → effect → new Snapshot. Who may import whom is checked by
 * `npm run check` (build/check-layers.mjs).
 */

import type { Contact } from '../../shared/domain/contact.ts';
import type { EffectiveTable } from '../../shared/domain/effective.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import type { LintFinding, LintFix } from '../../shared/domain/lint.ts';
import type { NetworkState } from '../../shared/domain/network.ts';
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import type { Preflight } from '../../shared/domain/preflight.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import { sampleOf } from '../../shared/domain/result.ts';
import type { EndpointDetail, Preferences, Problem, Snapshot } from '../../shared/domain/snapshot.ts';
import type { SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { Chart, Dashboard, DrillReport, Meter } from '../../shared/domain/timeline.ts';
import { DAY_MS, type EpochMs } from '../../shared/domain/units.ts';
import type { ModuleKind, ProfileRoute, Verdict } from '../../shared/domain/verdict.ts';
import { NetworkConditions } from '../conditions/network-conditions.ts';
import { Drill } from '../drill/drill.ts';
import { startFailingServer } from '../drill/failing-server.ts';
import type { HistoryOpening } from '../history/history-store.ts';
import { readChart, readDetail, readDrills, readTables } from '../monitor/archive.ts';
import { BaselineLearner } from '../monitor/baseline-learner.ts';
import { LagWatch } from '../monitor/lag-watch.ts';
import { Monitor, type Observation } from '../monitor/monitor.ts';
import { Recorder } from '../monitor/recorder.ts';
import { IncidentTracker } from '../notify/incident-tracker.ts';
import { NotificationPolicy } from '../notify/notification-policy.ts';
import { Switching } from '../profile/auto-switch.ts';
import { adoptedProfile } from '../profile/drift.ts';
import { lint } from '../profile/lint.ts';
import { contactsOf } from '../settings/contacts.ts';
import type { Stop } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import { type KnownEndpoint, type Overview, overview, viewer } from '../verdict/overview.ts';
import { profileRoutes } from '../verdict/routes.ts';
import { restoredDown } from '../verdict/status.ts';
import type { Announcement, Engine, EnginePorts, EngineSettings, NetworkChange, Power } from './engine-ports.ts';

/** From the first failure until it is clear that the machine is cut off. */
const OFFLINE_NOTICED_MS = 90_000;

/** Changes within this time share one snapshot. */
const PUBLISH_WITHIN_MS = 20;

/** Steps that a person can go back to at once. */
const SWITCHES_SHOWN = 10;

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
  readonly #incidents = new IncidentTracker();
  readonly #lag: LagWatch;
  readonly #habits: BaselineLearner;
  readonly #surroundings: NetworkConditions;
  readonly #teller: NotificationPolicy;
  readonly #switching: Switching;
  readonly #startedAt: EpochMs;
  #drill: Drill | null = null;
  #settings: EngineSettings;
  #paused: { readonly until: EpochMs | null } | null = null;
  #notices: readonly Problem[] = [];
  #snapshot: Snapshot | null = null;
  /** The last judgement, shown or not yet. */
  #judged: Verdict | null = null;
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
    this.#habits = new BaselineLearner({
      clock: ports.clock,
      store: ports.history.store,
      endpointIds: () => this.#settings.monitor.endpoints.map(({ id }) => id),
      onLearned: (baselines) => {
        this.#monitor.setBaselines(baselines);
        void this.#suggestDrill();
      },
      onUnread: (error) => ports.log.warn('habits-not-read', { detail: String(error) }),
    });
    this.#teller = new NotificationPolicy(ports.clock, this.#incidents, () => this.#publish());
    this.#surroundings = new NetworkConditions({
      clock: ports.clock,
      network: ports.network,
      settings: () => this.#settings,
      onKnown: () => this.#followConditions(),
      onMoved: (to) => this.#move(to),
    });
    this.#switching = new Switching({
      clock: ports.clock,
      go: ports.go,
      profiles: () => this.#settings.profiles,
      preferences: () => this.#settings.preferences,
      record: (kind, detail) => this.#recorder.event(kind, detail),
      notice: (problem) => this.#addNotice(problem),
      announce: (announcement) => this.#tell(announcement),
      onChange: () => this.#publish(),
    });
    this.#lag = new LagWatch({ ...ports, onChange: () => this.#publishSoon() });
    const conditions = () => this.#surroundings.conditions();
    this.#monitor = new Monitor(
      this.#settings.monitor,
      { ...ports, conditions },
      {
        onObservation: (observation) => this.#observe(observation),
        onChange: () => this.#publishSoon(),
        onSlept: () => this.wake(),
      },
    );
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
    this.#stopWatching = this.#ports.settings.watch((settings) => {
      this.#recorder.event('settings-changed', '');
      this.#configure(settings);
    });
    this.#recorder.event('started', '');
    this.#monitor.start(false);
    this.#surroundings.start();
    this.#lag.start(() => ({ mirrors: this.#mirrors(), modules: this.#settings.watchedModules }));
    this.#habits.start();
    void this.#switching.start();
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

  async probeNow(endpointId: string | null): Promise<Outcome> {
    const known = endpointId === null || this.#monitor.endpoints().some((one) => one.endpoint.id === endpointId);
    if (!known) return failed('no-such-endpoint', { endpoint: endpointId ?? '' });
    await this.#monitor.probeNow(endpointId);
    await this.#recorder.flush();
    this.#publish();
    return DONE;
  }

  pause(until: EpochMs | null): Outcome {
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

  resume(): Outcome {
    if (this.#paused === null) return DONE;
    this.#stopPauseTimer();
    this.#paused = null;
    this.#recorder.event('resumed', '');
    this.#endGap();
    this.#monitor.start(true);
    this.#publish();
    return DONE;
  }

  useProfile(profileId: string): Promise<Outcome> {
    return this.#switching.use(profileId);
  }

  planProfile(profileId: string): Promise<Outcome<SwitchPlan>> {
    return this.#switching.plan(profileId);
  }

  undo(until?: string): Promise<Outcome> {
    return this.#switching.undo(until);
  }

  async answerDrift(answer: 'revert' | 'accept' | 'adopt'): Promise<Outcome> {
    if (answer === 'revert') return this.#switching.revert();
    const { go } = this.#switching;
    if (answer === 'adopt' && go.state === 'found') {
      const done = await this.saveProfile(adoptedProfile(go, this.#settings.profiles), 0);
      if (!done.ok) return done;
    }
    return this.#switching.accept();
  }

  async lint(): Promise<readonly LintFinding[]> {
    const { go } = this.#switching;
    if (go.state !== 'found') return [];
    const known = this.#known();
    const urlOf = new Map(known.map(({ endpoint, uptime24h }) => [endpoint.url, uptime24h]));
    return lint({
      variables: go.effective,
      git: go.git ?? [],
      viewOf: viewer(known),
      uptimeOf: (url) => urlOf.get(url) ?? null,
      privateHosts: [],
      ...(await this.#ports.environment()),
    });
  }

  effective(): Promise<EffectiveTable> {
    return this.#ports.effective();
  }

  preflight(folder: string): Promise<Outcome<Preflight>> {
    return this.#ports.preflight(folder, this.#switching.go, viewer(this.#known()));
  }

  fix(fix: LintFix): Promise<Outcome> {
    return this.#switching.fix(fix);
  }

  saveProfile(profile: Profile, at?: number): Promise<Outcome> {
    return this.#changeSettings(() => this.#ports.settings.saveProfile(profile, at));
  }

  deleteProfile(profileId: string): Promise<Outcome> {
    return this.#changeSettings(() => this.#ports.settings.deleteProfile(profileId));
  }

  orderProfiles(ids: readonly string[]): Promise<Outcome> {
    return this.#changeSettings(() => this.#ports.settings.orderProfiles(ids));
  }

  routes(modulePath: string, kind: ModuleKind): readonly ProfileRoute[] {
    const { go } = this.#switching;
    const effective = go.state === 'found' ? go.effective : {};
    return profileRoutes(this.#settings.profiles, effective, { modulePath, kind }, viewer(this.#known()));
  }

  async detail(endpointId: string): Promise<EndpointDetail | null> {
    const state = this.snapshot().endpoints.find((one) => one.endpoint.id === endpointId);
    if (state === undefined) return null;
    await this.#recorder.flush();
    return { state, ...(await readDetail(this.#ports.history.store, endpointId, this.#ports.clock.now())) };
  }

  async chart(endpointId: string, from: EpochMs, to: EpochMs): Promise<Chart> {
    await this.#recorder.flush();
    return readChart(this.#ports.history.store, endpointId, from, to);
  }

  async dashboard(): Promise<Dashboard> {
    await this.#recorder.flush();
    const ids = this.#settings.monitor.endpoints.map(({ id }) => id);
    return { ...(await readTables(this.#ports.history.store, ids, this.#ports.clock.now())), lag: this.#lag.rows };
  }

  contacts(): readonly Contact[] {
    return contactsOf(this.#settings);
  }

  meter(): Meter {
    const { bytesPerDay } = this.#surroundings;
    return { since: this.#startedAt, ...this.#ports.costs(), ...this.#surroundings.today(), bytesPerDay };
  }

  async setNetwork(change: NetworkChange): Promise<Outcome> {
    const { network } = this.#surroundings;
    if (network === null) return failed('no-network', {});
    const known = this.#settings.networks.find((one) => one.id === network.id);
    const name = change.name === undefined ? known?.name : change.name?.trim() || undefined;
    const metered = change.metered ?? known?.metered;
    return this.#changeSettings(() => this.#ports.settings.setNetwork({ id: network.id, name, metered }));
  }

  async #changeSettings(change: () => Promise<Outcome>): Promise<Outcome> {
    const done = await change();
    this.#configure(this.#ports.settings.current());
    return done;
  }

  setPower(power: Power): void {
    this.#surroundings.power = power;
    this.#followConditions();
  }

  /** Probes are rarer, or as frequent as usual again. */
  #followConditions(): void {
    this.#monitor.followConditions();
    const { spent } = this.#surroundings.conditions();
    const megabytes = Math.round((this.#surroundings.bytesPerDay ?? 0) / 1e6);
    if (spent >= 1) this.#addNotice({ key: 'bytes-spent', params: { megabytes } });
    else this.#notices = this.#notices.filter(({ key }) => key !== 'bytes-spent');
    this.#publishSoon();
  }

  #move(to: NetworkState | null): void {
    if (to !== null) {
      this.#recorder.event('network-changed', to.name ?? to.description);
      void this.#switching.enter(to.id);
    }
    this.#startQuietly();
  }

  startDrill(): Outcome {
    const { verdict } = this.snapshot();
    const endpoint = this.#monitor.endpoints().find((one) => one.endpoint.id === verdict.endpointId);
    if (this.#drill !== null) return failed('drill-running', {});
    if (verdict.severity !== 'healthy' || endpoint?.endpoint.kind !== 'goproxy') return failed('drill-not-now', {});
    const profile = this.#settings.profiles[0] ?? null;
    this.#notices = this.#notices.filter(({ key }) => key !== 'drill-due');
    this.#drill = new Drill(endpoint.endpoint.id, {
      clock: this.#ports.clock,
      startServer: startFailingServer,
      selfTest: () => this.#ports.selfTest(profile),
      divert: (detour) => this.#monitor.divert(detour),
      onChange: () => this.#publishSoon(),
      waitsForSwitch: () => this.#settings.preferences.failover,
      onEnd: (report) => this.#endDrill(report),
    });
    void this.#drill.start();
    this.#publish();
    return DONE;
  }

  /** Once the last drill (or the beginning of the history) is as long ago as the person wants. */
  async #suggestDrill(): Promise<void> {
    const days = this.#settings.preferences.drillEveryDays;
    if (days === 0) return;
    const { store } = this.#ports.history;
    const now = this.#ports.clock.now();
    const [last] = await readDrills(store, now, 1).catch(() => []);
    if (now - (last?.at ?? this.#startedAt) < days * DAY_MS || this.#closed) return;
    this.#addNotice({ key: 'drill-due', params: {} });
    this.#publishSoon();
  }

  cancelDrill(): Outcome {
    this.#drill?.cancel();
    return DONE;
  }

  #endDrill(report: DrillReport): void {
    this.#drill = null;
    this.#recorder.event('drilled', JSON.stringify(report));
    // What the failing server made of it must not be held against the real one.
    if (report.outcome !== 'done') this.#monitor.forget(report.endpointId);
    if (report.switchMs !== null) void this.#switching.moveBack();
    if (!this.#closed) this.#publish();
  }

  #mirrors(): readonly Endpoint[] {
    return this.#settings.monitor.endpoints.filter(({ kind }) => kind === 'goproxy');
  }

  setPreferences(change: Partial<Preferences>): Promise<Outcome> {
    return this.#changeSettings(() => this.#ports.settings.setPreferences(change));
  }

  mute(until: EpochMs | null): Outcome {
    this.#teller.mute(until);
    this.#publish();
    return DONE;
  }

  dismissAlert(): Outcome {
    this.#incidents.dismissAlert();
    this.#publish();
    return DONE;
  }

  dismissNotices(): Outcome {
    this.#notices = [];
    this.#incidents.dismissRecovery();
    this.#publish();
    return DONE;
  }

  setVisible(visible: boolean): void {
    this.#monitor.setVisible(visible);
    if (visible) void this.#switching.look();
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
    void this.#switching.look();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.#stopPauseTimer();
    this.#stopPublishing?.();
    this.#habits.stop();
    this.#teller.close();
    this.#switching.close();
    this.#surroundings.stop();
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
    this.#followConditions();
    if (settings.problem !== null) this.#notices = [settings.problem];
    this.#publish();
  }

  #observe({ endpoint, result, state, judged }: Observation): void {
    this.#surroundings.used(result.bytes ?? 0, result.startedAt);
    this.#followConditions();
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
    const detail = errorMessage(error);
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
    const announcements = this.#teller.announce(seen.verdict, {
      endpoints: this.#settings.monitor.endpoints,
      preferences: this.#settings.preferences,
      profiles: seen.profiles,
      goIsKnown: this.#switching.go.state !== 'looking',
      switching: this.#switching.busy,
    });
    const snapshot = this.#assemble(seen);
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener(snapshot);
    if (announcements.some((one) => one.kind === 'outage' && one.alert.drill)) this.#drill?.see('told');
    for (const announcement of announcements) this.#tell(announcement);
    this.#switching.follow(seen.profiles, seen.verdict.severity === 'down' && this.#paused === null);
    return snapshot;
  }

  #tell(announcement: Announcement): void {
    if (announcement.kind === 'moved' && announcement.why === 'outage') this.#drill?.see('switched');
    for (const listener of [...this.#announcementListeners]) listener(announcement);
  }

  /** The judgement, with the verdict that may be shown already. */
  #see(): Overview {
    const seen = this.#judge();
    this.#judged = seen.verdict;
    this.#followOffline(seen.verdict.severity === 'offline', this.#ports.clock.now());
    this.#monitor.favour(seen.verdict.walk?.steps[0]?.endpointId ?? null);
    return { ...seen, verdict: this.#teller.shown(seen.verdict, this.#monitor.intervalMs) };
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

  #endGap(): void {
    for (const incident of this.#incidents.endGap(this.#ports.clock.now())) this.#recorder.saveIncident(incident);
  }

  #known(): readonly KnownEndpoint[] {
    return this.#monitor.endpoints().map((monitored) => {
      const { endpoint } = monitored;
      const day = this.#recorder.day(endpoint.id);
      const lastSample = this.#recorder.latest(endpoint.id);
      const forwardProxyOfGo = this.#settings.forwardProxyOfGo(endpoint.url);
      const measured = { lastSample, strip: day.cells, uptime24h: day.uptime };
      return { ...monitored, forwardProxyOfGo, ...measured };
    });
  }

  #judge(): Overview {
    const facts = {
      now: this.#ports.clock.now(),
      paused: this.#paused !== null,
      hasNetworkPath: this.#ports.hasNetworkPath(),
      endpoints: this.#known(),
      profiles: this.#settings.profiles,
      go: this.#switching.go,
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
      go: this.#switching.go,
      undo: this.#switching.switches[0] ?? null,
      switches: this.#switching.switches.slice(0, SWITCHES_SHOWN),
      drift: this.#switching.drift,
      failedOverFrom: this.#switching.preferred,
      switching: this.#switching.busy,
      alert: this.#incidents.alert,
      recovery: this.#incidents.recovery,
      mutedUntil: this.#teller.mutedUntil,
      network: this.#surroundings.network,
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

function historyNotice(opening: HistoryOpening): Problem | null {
  if (opening.setAsidePath === null) return null;
  const key = opening.state === 'newer' ? 'history-newer' : 'history-set-aside';
  return { key, params: { file: opening.setAsidePath } };
}
