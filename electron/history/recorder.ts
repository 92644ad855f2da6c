/** Writes samples, incidents and events to the history, in order; many samples share one transaction. */

import type { Incident } from '../../shared/domain/incident.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { HistoryStore } from './history-store.ts';

/** Samples that arrive within this time share one transaction; a failure is written sooner. */
const RECORD_WITHIN_MS: DurationMs = 10_000;
const RECORD_FAILURE_WITHIN_MS: DurationMs = 250;

/** What the recorder reports. */
export interface RecorderListener {
  /** The history refused to write (full disk, read-only file); the pending data is lost, probing continues. */
  onRefused(what: string, error: unknown): void;
}

/** Queues writes and flushes them together. */
export class Recorder {
  readonly #store: HistoryStore;
  readonly #clock: Clock;
  readonly #listener: RecorderListener;
  #waiting: Sample[] = [];
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
    if (samples.length > 0) this.#writing = this.#writing.then(() => this.#record(samples));
    return this.#writing;
  }

  /** Writes pending data; afterwards nothing more is accepted. */
  async close(): Promise<void> {
    await this.flush();
    this.#closed = true;
  }

  saveIncident(incident: Incident): void {
    this.#after('incident', () => this.#store.saveIncident(incident));
  }

  event(kind: HistoryEvent['kind'], detail: string): void {
    const at = this.#clock.now();
    this.#after('event', () => this.#store.recordEvent({ at, kind, detail }));
  }

  async #record(samples: readonly Sample[]): Promise<void> {
    try {
      await this.#store.record(samples);
    } catch (error) {
      this.#listener.onRefused('samples', error);
    }
  }

  #after(what: string, write: () => Promise<void>): void {
    if (this.#closed) return;
    this.#writing = this.#writing.then(write).catch((error: unknown) => this.#listener.onRefused(what, error));
  }
}
