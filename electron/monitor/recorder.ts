/** Hands samples to the history, many in one transaction, and keeps what the first paint needs of it in memory. */

import type { Incident } from '../../shared/domain/incident.ts';
import type { Sample } from '../../shared/domain/result.ts';
import { STRIP_CELLS } from '../../shared/domain/snapshot.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { type Day, DayStrip, STRIP_CELL_MS, stripStart } from './day-strip.ts';

/** Samples that arrive within this time share one transaction: good news can wait, a failure hardly. */
const RECORD_WITHIN_MS: DurationMs = 10_000;
const RECORD_FAILURE_WITHIN_MS: DurationMs = 250;

export interface RecorderListener {
  /** The history refused to write (full disk, read-only file); what was to be written is lost, probing goes on. */
  onRefused(what: string, error: unknown): void;
}

export class Recorder {
  readonly #store: HistoryStore;
  readonly #clock: Clock;
  readonly #listener: RecorderListener;
  readonly #days = new Map<string, DayStrip>();
  readonly #latest = new Map<string, Sample>();
  #waiting: Sample[] = [];
  #stopTimer: Stop | null = null;
  /** When what waits is written. */
  #dueAt = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: HistoryStore, clock: Clock, listener: RecorderListener) {
    this.#store = store;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Reads what earlier runs stored about these endpoints. */
  async restore(endpointIds: readonly string[]): Promise<void> {
    for (const [id, sample] of await this.#store.latest()) this.#latest.set(id, sample);
    const from = stripStart(this.#clock.now());
    await Promise.all(
      endpointIds.map(async (id) => {
        const to = from + STRIP_CELLS * STRIP_CELL_MS;
        this.#days.set(id, new DayStrip(await this.#store.series(id, from, to, STRIP_CELLS, false)));
      }),
    );
  }

  latest(endpointId: string): Sample | null {
    return this.#latest.get(endpointId) ?? null;
  }

  /** The last 24 hours. */
  day(endpointId: string): Day {
    return this.#dayOf(endpointId).at(this.#clock.now());
  }

  add(sample: Sample): void {
    this.#latest.set(sample.endpointId, sample);
    this.#dayOf(sample.endpointId).add(sample);
    this.#waiting.push(sample);
    const withinMs = sample.outcome === 'failed' ? RECORD_FAILURE_WITHIN_MS : RECORD_WITHIN_MS;
    const dueAt = this.#clock.now() + withinMs;
    if (this.#stopTimer !== null && this.#dueAt <= dueAt) return;
    this.#stopTimer?.();
    this.#dueAt = dueAt;
    this.#stopTimer = this.#clock.after(withinMs, () => void this.flush());
  }

  /** Writes what waits; resolves when everything added so far is stored or refused. */
  flush(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = null;
    const samples = this.#waiting;
    this.#waiting = [];
    if (samples.length > 0) this.#writing = this.#writing.then(() => this.#record(samples));
    return this.#writing;
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
    this.#writing = this.#writing.then(write).catch((error: unknown) => this.#listener.onRefused(what, error));
  }

  #dayOf(endpointId: string): DayStrip {
    let day = this.#days.get(endpointId);
    if (day === undefined) {
      day = new DayStrip();
      this.#days.set(endpointId, day);
    }
    return day;
  }
}
