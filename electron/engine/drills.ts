/** Practised outages: starts, suggests and ends them; one at a time. */
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { DrillState } from '../../shared/domain/snapshot.ts';
import type { DrillReport } from '../../shared/domain/timeline.ts';
import { DAY_MS, type EpochMs } from '../../shared/domain/units.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { type Detour, Drill, type DrillEvent } from '../drill/drill.ts';
import { startFailingServer } from '../drill/failing-server.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Recorder } from '../history/recorder.ts';
import type { Clock } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';
import { PendingWork } from '../system/pending-work.ts';
import type { EndpointBook } from './endpoint-book.ts';
import type { DrillService } from './engine-api.ts';
import type { EnginePorts, EngineSettings } from './engine-ports.ts';
import type { Notices } from './notices.ts';
import { readDrills } from './queries.ts';

export interface DrillParts {
  readonly clock: Clock;
  readonly settings: () => EngineSettings;
  readonly selfTest: EnginePorts['selfTest'];
  readonly book: Pick<EndpointBook, 'record' | 'resetEndpoint'>;
  readonly store: Pick<HistoryStore, 'events'>;
  readonly recorder: Pick<Recorder, 'event'>;
  readonly notices: Notices;
  readonly startedAt: EpochMs;
  readonly verdict: () => Verdict;
  readonly divert: (detour: Detour | null) => void;
  readonly probeSoon: (endpointId: string) => void;
  readonly update: () => void;
  readonly updateSoon: () => void;
  readonly log: Pick<Log, 'warn'>;
}

export class Drills implements DrillService {
  readonly #parts: DrillParts;
  #drill: Drill | null = null;
  /** Drills that have ended but may still be closing their server. */
  readonly #closing = new Set<Promise<void>>();
  #suggesting: Promise<void> = Promise.resolve();
  /** The switches tried in the running drill, by profile: judgements ask for the same one again and again. */
  #practised = new Map<string, Promise<boolean>>();
  readonly #practising = new PendingWork();
  #closed = false;

  constructor(parts: DrillParts) {
    this.#parts = parts;
  }

  /** null = none runs. */
  get state(): DrillState | null {
    return this.#drill?.state ?? null;
  }

  isDrilled(endpointId: string): boolean {
    return this.#drill?.endpointId === endpointId;
  }

  observe(event: DrillEvent): void {
    this.#drill?.observe(event);
  }

  /**
   * Tries a switch to the profile and its undo on copies, once in each drill; resolves with whether both worked. null =
   * no drill runs.
   */
  practise(profile: Profile): Promise<boolean> | null {
    const drill = this.#drill;
    if (drill === null) return null;
    const practice = this.#practised.get(profile.id) ?? this.#practising.add(this.#practise(profile, drill));
    this.#practised.set(profile.id, practice);
    return practice;
  }

  start(): Outcome {
    const { clock, settings, selfTest, book, notices, verdict, divert, update, updateSoon } = this.#parts;
    const { severity, endpointId } = verdict();
    const endpoint = book.record(endpointId ?? '')?.endpoint;
    if (this.#drill !== null) return failed('drill-running');
    if (this.#closed || severity !== 'healthy' || endpoint?.kind !== 'goproxy') return failed('drill-not-now');
    const profile = settings().profiles[0] ?? null;
    notices.remove('drill-due');
    const drill = new Drill(endpoint.id, {
      clock,
      startServer: startFailingServer,
      selfTest: () => selfTest(profile),
      divert,
      onChange: updateSoon,
      waitsForSwitch: () => settings().preferences.failover,
      onEnd: (report) => this.#end(drill, report),
    });
    this.#drill = drill;
    this.#practised = new Map();
    void drill.start();
    update();
    return DONE;
  }

  cancel(): Outcome {
    this.#drill?.cancel();
    return DONE;
  }

  /** Suggests one when the last (or the start of the app) is longer ago than the preferences say. */
  suggest(): void {
    this.#suggesting = this.#suggest();
  }

  /** Cancels; resolves when nothing of a drill runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.cancel();
    await this.#suggesting;
    await Promise.all(this.#closing);
    await this.#practising.settled();
  }

  async #practise(profile: Profile, drill: Drill): Promise<boolean> {
    const works = (await this.#parts.selfTest(profile)) === 'ok';
    if (works) drill.observe('switched');
    return works;
  }

  async #suggest(): Promise<void> {
    const { settings, store, clock, startedAt, notices, updateSoon, log } = this.#parts;
    const days = settings().preferences.drillEveryDays;
    if (days === 0) return;
    const now = clock.now();
    const drills = await readDrills(store, now, 1).catch((error: unknown) => {
      log.warn('drills not read', { detail: errorMessage(error) });
      return null;
    });
    // A history that cannot be read does not say that none is due, nor that one is.
    if (drills === null) return;
    const [last] = drills;
    if (now - (last?.at ?? startedAt) < days * DAY_MS || this.#closed) return;
    notices.add({ key: 'drill-due', params: {} });
    updateSoon();
  }

  #end(drill: Drill, report: DrillReport): void {
    const { book, recorder, probeSoon, update } = this.#parts;
    this.#drill = null;
    const closing = drill.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    recorder.event('drilled', JSON.stringify(report));
    // The failures of our own server must not count for the real one.
    if (report.outcome !== 'done') {
      book.resetEndpoint(report.endpointId);
      probeSoon(report.endpointId);
    }
    if (!this.#closed) update();
  }
}
