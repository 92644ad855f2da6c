/** Learns each endpoint's usual latency from the history, at start and every hour. */
import { DAY_MS, HOUR_MS } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { type Baseline, baselineOf } from '../verdict/latency-baseline.ts';
import type { HistoryStore } from './history-store.ts';

/** Dependencies of the learner. */
export interface BaselineLearnerPorts {
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly endpointIds: () => readonly string[];
  readonly onLearned: (baselines: ReadonlyMap<string, Baseline>) => void;
  /** The history could not be read; the baselines stay as they were. */
  readonly onUnread: (error: unknown) => void;
}

/** Baselines come from the last four weeks. */
const LEARN_FROM_MS = 28 * DAY_MS;

/** The baseline of each endpoint, refreshed every hour. */
export class BaselineLearner {
  readonly #ports: BaselineLearnerPorts;
  #stopTimer: Stop = () => {};
  #closed = false;
  #learning: Promise<void> = Promise.resolve();

  constructor(ports: BaselineLearnerPorts) {
    this.#ports = ports;
  }

  start(): void {
    if (this.#closed) return;
    this.#learning = this.#learn();
    this.#stopTimer = this.#ports.clock.after(HOUR_MS, () => this.start());
  }

  /** Resolves when all reads have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#learning;
  }

  async #learn(): Promise<void> {
    const { clock, store, endpointIds, onLearned, onUnread } = this.#ports;
    const now = clock.now();
    try {
      const hoursOf = async (id: string) => [id, baselineOf(await store.hours(id, now - LEARN_FROM_MS, now))] as const;
      const learned = await Promise.all(endpointIds().map(hoursOf));
      if (!this.#closed) onLearned(new Map(learned));
    } catch (error) {
      if (!this.#closed) onUnread(error);
    }
  }
}
