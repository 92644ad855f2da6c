/** Writes samples, incidents and events to the history, in order; many samples share one transaction. */

import type { Incident } from '../../shared/domain/incident.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { HistoryError, type HistoryErrorCode } from './history-error.ts';
import type { HistoryStore } from './history-store.ts';

/** Samples that arrive within this time share one transaction; a failure is written sooner. */
const RECORD_WITHIN_MS: DurationMs = 10_000;
const RECORD_FAILURE_WITHIN_MS: DurationMs = 250;

/** Writes that wait for a history that refuses; beyond these the oldest are dropped. */
const MAX_WRITES = 2_000;

/** Tries of a write, by why it was refused: a full disk ends some day, a call that kills its thread does not. Else 1. */
const MAX_TRIES: Partial<Record<HistoryErrorCode, number>> = {
  'disk-full': Number.POSITIVE_INFINITY,
  'read-only': Number.POSITIVE_INFINITY,
  'cannot-open': Number.POSITIVE_INFINITY,
  busy: Number.POSITIVE_INFINITY,
  'worker-lost': 3,
};

interface Write {
  readonly what: string;
  readonly write: () => Promise<void>;
  readonly tries: number;
}

/** What the recorder reports. */
export interface RecorderListener {
  /** The history refused to write (full disk, read-only file); probing continues, and the data is written later. */
  onRefused(what: string, error: unknown): void;
  /** Everything that was refused is stored. */
  onStored(): void;
}

/** Queues writes and flushes them together. */
export class Recorder {
  readonly #store: HistoryStore;
  readonly #clock: Clock;
  readonly #listener: RecorderListener;
  #waiting: Sample[] = [];
  /** Not yet stored, in order. */
  #writes: Write[] = [];
  #isRefused = false;
  #stopTimer: Stop | null = null;
  /** When the waiting samples are written. */
  #dueAt = 0;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(store: HistoryStore, clock: Clock, listener: RecorderListener) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = listener;
  }

  add(sample: Sample): void {
    if (this.#closed) return;
    this.#waiting.push(sample);
    const withinMs = sample.outcome === 'failed' ? RECORD_FAILURE_WITHIN_MS : RECORD_WITHIN_MS;
    const dueAt = this.#clock.now() + withinMs;
    if (this.#stopTimer !== null && this.#dueAt <= dueAt) return;
    this.#stopTimer?.();
    this.#dueAt = dueAt;
    this.#stopTimer = this.#clock.after(withinMs, () => void this.flush());
  }

  /** Writes pending data; resolves when everything added so far is stored or refused. */
  flush(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = null;
    const samples = this.#waiting;
    this.#waiting = [];
    if (samples.length > 0) this.#queue('samples', () => this.#store.record(samples));
    return this.#drain();
  }

  /** Writes pending data; afterwards nothing more is accepted. */
  async close(): Promise<void> {
    await this.flush();
    this.#closed = true;
    this.#stopTimer?.();
  }

  saveIncident(incident: Incident): void {
    this.#after('incident', () => this.#store.saveIncident(incident));
  }

  /** `endpointId`: of an event that concerns one endpoint alone. */
  event(kind: HistoryEvent['kind'], detail: string, endpointId?: string): void {
    const at = this.#clock.now();
    const event = { at, kind, detail, ...(endpointId === undefined ? {} : { endpointId }) };
    this.#after('event', () => this.#store.recordEvent(event));
  }

  #after(what: string, write: () => Promise<void>): void {
    if (this.#closed) return;
    this.#queue(what, write);
    void this.#drain();
  }

  #queue(what: string, write: () => Promise<void>): void {
    this.#writes.push({ what, write, tries: 0 });
    if (this.#writes.length > MAX_WRITES) this.#writes.shift();
  }

  /** One attempt at everything that is queued, after the attempts that run. */
  #drain(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (let next = this.#writes.shift(); next !== undefined; next = this.#writes.shift()) {
      try {
        await next.write();
      } catch (error) {
        this.#isRefused = true;
        this.#listener.onRefused(next.what, error);
        const tries = next.tries + 1;
        // What can never be written must not hold up the rest.
        if (!(error instanceof HistoryError) || tries >= (MAX_TRIES[error.code] ?? 1)) continue;
        this.#writes.unshift({ ...next, tries });
        this.#retryLater();
        return;
      }
      if (this.#isRefused && this.#writes.length === 0) {
        this.#isRefused = false;
        this.#listener.onStored();
      }
    }
  }

  #retryLater(): void {
    if (this.#closed || this.#stopTimer !== null) return;
    this.#dueAt = this.#clock.now() + RECORD_WITHIN_MS;
    this.#stopTimer = this.#clock.after(RECORD_WITHIN_MS, () => void this.flush());
  }
}
