/** Builds the parts of the engine and ties them together by callbacks; engine.ts starts and ends them. */
import type { NetworkState } from '../../shared/domain/network.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { NetworkConditions } from '../conditions/network-conditions.ts';
import { BaselineLearner } from '../history/baseline-learner.ts';
import { Recorder } from '../history/recorder.ts';
import { LagWatch } from '../monitor/lag-watch.ts';
import { Monitor } from '../monitor/monitor.ts';
import { IncidentTracker } from '../notify/incident-tracker.ts';
import { NotificationPolicy } from '../notify/notification-policy.ts';
import { AutoSwitch } from '../profile/auto-switch.ts';
import { errorMessage } from '../system/error-facts.ts';
import { PendingWork } from '../system/pending-work.ts';
import { Drills } from './drills.ts';
import { EndpointBook } from './endpoint-book.ts';
import type { EnginePorts, EngineSettings } from './engine-ports.ts';
import { FactLog } from './fact-log.ts';
import { type JudgementFacts, type JudgementStep, primaryEndpoint } from './judgement.ts';
import { MachineWatch } from './machine-watch.ts';
import { Notices } from './notices.ts';
import { ObservationGaps } from './observation-gaps.ts';
import { Pipeline } from './pipeline.ts';
import { Reactions } from './reactions.ts';
import { assembleSnapshot, Publisher } from './snapshot.ts';

/** Steps that a person can go back to at once. */
const SWITCHES_SHOWN = 10;
/** In which a change of go’s settings may have been recorded already. */
const EVENTS_LOOKED_AT = 500;

/** Callbacks run only after the constructor: by then every part is there. */
export class EngineParts {
  readonly #ports: EnginePorts;
  settings: EngineSettings;
  /** When this run of the app began. */
  readonly startedAt: EpochMs;
  readonly notices = new Notices();
  readonly incidents = new IncidentTracker();
  readonly book: EndpointBook;
  readonly recorder: Recorder;
  readonly facts: FactLog;
  readonly machine: MachineWatch;
  readonly baselines: BaselineLearner;
  readonly conditions: NetworkConditions;
  readonly notifications: NotificationPolicy;
  readonly lag: LagWatch;
  readonly autoSwitch: AutoSwitch;
  readonly monitor: Monitor;
  readonly gaps: ObservationGaps;
  readonly drills: Drills;
  readonly publisher: Publisher;
  readonly pipeline: Pipeline;
  /** Changes of the settings file that are being written. */
  readonly changes = new PendingWork();

  constructor(ports: EnginePorts) {
    this.#ports = ports;
    const { clock, log, history } = ports;
    const { store } = history;
    this.settings = ports.settings.current();
    this.startedAt = clock.now();
    const settings = () => this.settings;
    const update = () => this.pipeline.update();
    const updateSoon = () => this.publisher.publishSoon();
    this.publisher = new Publisher(clock, log, update);
    this.book = new EndpointBook(this.settings.monitor.endpoints, {
      now: () => clock.now(),
      thresholds: () => this.settings.monitor.thresholds,
      forwardProxyOfGo: (url) => this.settings.forwardProxyOfGo(url),
    });
    this.recorder = new Recorder(store, clock, {
      onRefused: (what, error) => this.#historyRefused(what, error),
      onStored: () => {
        this.notices.remove('history-write-failed');
        this.publisher.publishSoon();
      },
    });
    this.facts = new FactLog(this.recorder, clock);
    this.machine = new MachineWatch({
      clock,
      read: ports.machineFacts,
      onRead: (read) => this.facts.observeMachine(read),
    });
    this.baselines = new BaselineLearner({
      clock,
      store,
      endpointIds: () => this.settings.monitor.endpoints.map(({ id }) => id),
      onLearned: (baselines) => {
        this.book.setBaselines(baselines);
        this.drills.suggest();
      },
      onUnread: (error) => log.warn('baselines-not-read', { detail: String(error) }),
    });
    this.notifications = new NotificationPolicy(clock, this.incidents);
    this.conditions = new NetworkConditions({
      clock,
      network: ports.network,
      settings,
      onKnown: () => this.followConditions(),
      onMoved: (to) => this.#move(to),
    });
    this.autoSwitch = new AutoSwitch({
      clock,
      go: ports.go,
      profiles: () => this.settings.profiles,
      preferences: () => this.settings.preferences,
      record: (kind, detail) => this.recorder.event(kind, detail),
      events: () => store.events(0, clock.now() + 1, EVENTS_LOOKED_AT).catch(() => []),
      notice: (problem) => this.notices.add(problem),
      announce: (announcement) => this.publisher.announce(announcement),
      practise: (profile) => this.drills.practise(profile),
      onChange: updateSoon,
      onError: (error) => log.error('switch-failed', { detail: String(error) }),
    });
    this.lag = new LagWatch({ clock, listVersions: ports.listVersions, onChange: () => this.#lagRead() });
    this.monitor = new Monitor(
      {
        clock,
        pool: ports.pool,
        random: ports.random,
        conditions: () => this.conditions.conditions(),
        settings: () => this.settings.monitor,
        records: () => this.book.records(),
        record: (id) => this.book.record(id),
        primary: () => primaryEndpoint(this.pipeline.state),
        log: ports.log,
      },
      {
        onResult: (id, result) => {
          this.conditions.used(result.bytes ?? 0, result.startedAt);
          this.followConditions();
          if (result.outcome === 'failed') this.machine.look();
          return this.pipeline.observe(id, result);
        },
        onExperiments: (id, experiments) => {
          this.book.attachExperiments(id, experiments);
          updateSoon();
        },
        onChange: updateSoon,
        onSlept: () => this.gaps.wake(),
      },
    );
    this.gaps = new ObservationGaps({
      clock,
      book: this.book,
      monitor: this.monitor,
      incidents: this.incidents,
      recorder: this.recorder,
      refresh: () => void this.autoSwitch.refresh(),
      update,
    });
    this.drills = new Drills({
      clock,
      log: ports.log,
      settings,
      selfTest: ports.selfTest,
      book: this.book,
      store,
      recorder: this.recorder,
      notices: this.notices,
      startedAt: this.startedAt,
      verdict: () => this.pipeline.current().verdict,
      divert: (detour) => this.monitor.divert(detour),
      probeSoon: (id) => this.monitor.probeSoon([id]),
      update,
      updateSoon,
    });
    const { recorder, incidents, notifications, autoSwitch, drills, gaps, book, publisher, facts } = this;
    const reactions = new Reactions({ settings, recorder, incidents, notifications, autoSwitch, drills, gaps, facts });
    this.pipeline = new Pipeline({
      clock,
      book,
      reactions,
      publisher,
      isDrilled: (id) => drills.isDrilled(id),
      facts: () => this.#facts(),
      assemble: (step) => this.#assemble(step),
    });
  }

  /** Changes the settings file and takes the result over. */
  changeSettings(change: () => Promise<Outcome>): Promise<Outcome> {
    const work = async () => {
      const done = await change();
      this.configure(this.#ports.settings.current());
      return done;
    };
    return this.changes.add(work());
  }

  /** Takes settings over: endpoints come, go and change. */
  configure(settings: EngineSettings): void {
    const { book, incidents, recorder, monitor, notices, pipeline } = this;
    // A file that was repaired is no longer reported.
    if (this.settings.problem !== null) notices.remove(this.settings.problem.key);
    this.settings = settings;
    const { added, removed } = book.configure(settings.monitor.endpoints);
    const now = this.#ports.clock.now();
    for (const id of [...added, ...removed]) this.facts.forget(id);
    for (const id of removed) for (const one of incidents.end(id, now)) recorder.saveIncident(one);
    monitor.follow(added, removed);
    this.followConditions();
    if (settings.problem !== null) notices.add(settings.problem);
    // The path of `go` may be another one.
    void this.autoSwitch.refresh();
    pipeline.update();
  }

  /** Network, power or the byte budget may have changed: probes become rarer, or as frequent as usual again. */
  followConditions(): void {
    const { conditions, monitor, notices, publisher } = this;
    monitor.followConditions();
    const megabytes = Math.round((conditions.bytesPerDay ?? 0) / 1e6);
    if (conditions.conditions().spent >= 1) notices.add({ key: 'bytes-spent', params: { megabytes } });
    else notices.remove('bytes-spent');
    publisher.publishSoon();
  }

  #move(to: NetworkState | null): void {
    this.machine.look();
    if (to !== null) {
      this.recorder.event('network-changed', to.name ?? to.description);
      void this.autoSwitch.enterNetwork(to.id);
    }
    this.gaps.startUnjudgedRound();
  }

  #lagRead(): void {
    this.facts.observeStale(this.lag.stale);
    this.publisher.publishSoon();
  }

  #historyRefused(what: string, error: unknown): void {
    const detail = errorMessage(error);
    this.#ports.log.error('history-write-failed', { what, detail });
    this.notices.add({ key: 'history-write-failed', params: { detail } });
    this.publisher.publishSoon();
  }

  #facts(): JudgementFacts {
    const { settings, gaps, book, autoSwitch, lag, monitor } = this;
    return {
      now: this.#ports.clock.now(),
      paused: gaps.paused !== null,
      hasNetworkPath: this.#ports.hasNetworkPath(),
      records: book.records(),
      gateway: settings.gateway,
      profiles: settings.profiles,
      go: autoSwitch.go,
      stale: lag.stale,
      intervalMs: monitor.intervalMs,
    };
  }

  #assemble(step: JudgementStep): Snapshot {
    const { settings, gaps, book, autoSwitch, monitor, incidents, notifications, conditions, drills, notices } = this;
    const extrasOf = (id: string) => ({ probing: monitor.isProbing(id), day: book.day(id) });
    return assembleSnapshot(step, book.records(), extrasOf, {
      go: autoSwitch.go,
      undo: autoSwitch.switches[0] ?? null,
      switches: autoSwitch.switches.slice(0, SWITCHES_SHOWN),
      drift: autoSwitch.drift,
      failedOverFrom: autoSwitch.preferred,
      switching: autoSwitch.busy,
      alert: incidents.alert,
      recovery: incidents.recovery,
      mutedUntil: notifications.mutedUntil,
      network: conditions.network,
      drill: drills.state,
      schedule: { intervalMs: monitor.intervalMs, nextAt: monitor.nextAt(), paused: gaps.paused },
      preferences: settings.preferences,
      managed: settings.managed,
      notices: notices.list,
      demo: settings.demo,
    });
  }
}
