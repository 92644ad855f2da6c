/** Learns each endpoint's habits from the history: at the start, and again every hour. */
import { DAY_MS, HOUR_MS } from '../../shared/domain/units.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { type Baseline, baselineOf } from '../verdict/latency-baseline.ts';

export interface BaselineLearnerPorts {
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly endpointIds: () => readonly string[];
  readonly onLearned: (baselines: ReadonlyMap<string, Baseline>) => void;
  /** The history could not be read; habits stay as they were. */
  readonly onUnread: (error: unknown) => void;
}

/** Habits are those of the last four weeks. */
const LEARN_FROM_MS = 28 * DAY_MS;

export class BaselineLearner {
  readonly #ports: BaselineLearnerPorts;
  #stopTimer: Stop = () => {};
  #stopped = false;

  constructor(ports: BaselineLearnerPorts) {
    this.#ports = ports;
  }

  start(): void {
    void this.#learn();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }

  async #learn(): Promise<void> {
    const { clock, store, endpointIds, onLearned, onUnread } = this.#ports;
    const now = clock.now();
    this.#stopTimer = clock.after(HOUR_MS, () => void this.#learn());
    try {
      const hoursOf = async (id: string) => [id, baselineOf(await store.hours(id, now - LEARN_FROM_MS, now))] as const;
      const learned = await Promise.all(endpointIds().map(hoursOf));
      if (!this.#stopped) onLearned(new Map(learned));
    } catch (error) {
      if (!this.#stopped) onUnread(error);
    }
  }
}
