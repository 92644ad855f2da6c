/**
 * A history that cannot be opened (a folder in its place, no permission, a full disk, another process that holds it) is no
 * reason not to start: what is written waits in memory, where it can be read, and goes into the file as soon as that
 * opens.
 */
import type { Clock, Stop } from '../system/clock.ts';
import { PendingWork } from '../system/pending-work.ts';
import { HistoryError, toHistoryError } from './history-error.ts';
import type { HistoryOpening, HistoryStore } from './history-store.ts';

/** How often the file is tried again, ms. */
const RETRY_MS = 30_000;
/** Writes that wait at most; about two days of a quiet app. The oldest are dropped. */
const MAX_WAITING = 20_000;

export interface StandbyOptions {
  /** Path of the history. */
  readonly file: string;
  readonly clock: Pick<Clock, 'after'>;
  /** Opens a history at a path, or `:memory:`; rejects with HistoryError. */
  readonly open: (file: string) => Promise<HistoryOpening>;
}

/** Opens the history, or one in memory that becomes it later. Rejects only when not even that can be had. */
export async function openOrStandBy({ file, clock, open }: StandbyOptions): Promise<HistoryOpening> {
  try {
    return await open(file);
  } catch (error) {
    const { message } = toHistoryError(error);
    const { store } = await open(':memory:');
    const standby = new Standby(store, clock, () => open(file));
    const problem = { key: 'history-waiting', params: { file, detail: message } };
    return { store: standby, state: 'waiting', setAsidePath: null, waiting: { problem, ended: standby.ended } };
  }
}

type Write = (store: HistoryStore) => Promise<void>;

class Standby implements HistoryStore {
  /** Resolves when the file is in use; never, when it is closed before. */
  readonly ended: Promise<HistoryOpening>;
  readonly #clock: StandbyOptions['clock'];
  readonly #open: () => Promise<HistoryOpening>;
  readonly #pending = new PendingWork();
  #end: (opening: HistoryOpening) => void = () => {};
  #store: HistoryStore;
  /** null once the file is in use. */
  #writes: Write[] | null = [];
  #stopTimer: Stop = () => {};
  #closed = false;

  constructor(memory: HistoryStore, clock: StandbyOptions['clock'], open: () => Promise<HistoryOpening>) {
    this.#store = memory;
    this.#clock = clock;
    this.#open = open;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#retryLater();
  }

  record: HistoryStore['record'] = (samples) => this.#write((store) => store.record(samples));
  saveIncident: HistoryStore['saveIncident'] = (incident) => this.#write((store) => store.saveIncident(incident));
  recordEvent: HistoryStore['recordEvent'] = (event) => this.#write((store) => store.recordEvent(event));
  series: HistoryStore['series'] = (...args) => this.#store.series(...args);
  firstAt: HistoryStore['firstAt'] = (...args) => this.#store.firstAt(...args);
  hours: HistoryStore['hours'] = (...args) => this.#store.hours(...args);
  samples: HistoryStore['samples'] = (...args) => this.#store.samples(...args);
  incidents: HistoryStore['incidents'] = (...args) => this.#store.incidents(...args);
  incidentsWithin: HistoryStore['incidentsWithin'] = (...args) => this.#store.incidentsWithin(...args);
  openIncidents: HistoryStore['openIncidents'] = () => this.#store.openIncidents();
  events: HistoryStore['events'] = (...args) => this.#store.events(...args);
  latest: HistoryStore['latest'] = () => this.#store.latest();

  /** Tries the file once more when something waits for it, then ends. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTimer();
    await this.#pending.settled();
    if (this.#writes !== null && this.#writes.length > 0) await this.#retry();
    await this.#store.close();
  }

  #write(write: Write): Promise<void> {
    if (this.#closed) return Promise.reject(new HistoryError('closed', 'the history is closed'));
    this.#writes?.push(write);
    if (this.#writes !== null && this.#writes.length > MAX_WAITING) this.#writes.shift();
    return this.#pending.add(write(this.#store));
  }

  #retryLater(): void {
    this.#stopTimer = this.#clock.after(RETRY_MS, () => void this.#pending.add(this.#retry()));
  }

  /** Never rejects: whatever fails, it is tried again later. */
  async #retry(): Promise<void> {
    const opening = await this.#open().catch(() => null);
    const isStored = opening !== null && (await this.#moveTo(opening.store));
    if (isStored) this.#end(opening);
    else if (!this.#closed) this.#retryLater();
  }

  /** Writes what waits, in order; what was written is not written again when a later one fails. */
  async #moveTo(store: HistoryStore): Promise<boolean> {
    const writes = this.#writes ?? [];
    for (let next = writes.shift(); next !== undefined; next = writes.shift()) {
      try {
        await next(store);
      } catch {
        writes.unshift(next);
        await store.close().catch(() => {});
        return false;
      }
    }
    const memory = this.#store;
    this.#store = store;
    this.#writes = null;
    await memory.close();
    return true;
  }
}
