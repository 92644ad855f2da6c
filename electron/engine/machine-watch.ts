/**
 * When the facts of the machine are read: at the start, after a change of the network, soon after a failed probe (what just
 * broke it may be one of them), and now and then.
 */
import type { MachineFacts } from '../../shared/domain/timeline.ts';
import { type DurationMs, MINUTE_MS, SECOND_MS } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { PendingWork } from '../system/pending-work.ts';

/** Between two readings at least: many endpoints fail together. Short enough that a change is still seen as the outage's. */
export const MACHINE_REST_MS: DurationMs = 5 * SECOND_MS;
/** While all is well a change matters for its time only. */
export const MACHINE_ROUND_MS: DurationMs = 10 * MINUTE_MS;

export interface MachineWatchParts {
  readonly clock: Clock;
  /** Never rejects. */
  readonly read: () => Promise<MachineFacts>;
  readonly onRead: (facts: MachineFacts) => void;
}

export class MachineWatch {
  readonly #parts: MachineWatchParts;
  readonly #pending = new PendingWork();
  #lastAt: number | null = null;
  #stopTimer: Stop = () => {};
  #dueAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(parts: MachineWatchParts) {
    this.#parts = parts;
  }

  /** Reads now, or as soon as the last reading is old enough. */
  look(): void {
    const now = this.#parts.clock.monotonic();
    this.#plan(this.#lastAt === null ? now : Math.max(now, this.#lastAt + MACHINE_REST_MS));
  }

  /** Resolves when nothing is read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#pending.settled();
  }

  #plan(at: number): void {
    if (this.#closed || this.#dueAt <= at) return;
    const { clock } = this.#parts;
    this.#stopTimer();
    this.#dueAt = at;
    this.#stopTimer = clock.after(Math.max(0, at - clock.monotonic()), () => void this.#pending.add(this.#read()));
  }

  async #read(): Promise<void> {
    const { clock, read, onRead } = this.#parts;
    this.#lastAt = clock.monotonic();
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#plan(this.#lastAt + MACHINE_ROUND_MS);
    const facts = await read();
    if (!this.#closed) onRead(facts);
  }
}
