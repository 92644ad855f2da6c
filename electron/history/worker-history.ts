/**
 * The port served from a worker thread. When the thread dies, pending calls reject, and it is restarted by the next
 * call: one crash does not end the history, and a thread that always crashes is not restarted in a loop.
 */
import { rmSync, statSync } from 'node:fs';
import type { Clock } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';
import { WorkerRpc } from '../system/worker-rpc.ts';
import { HistoryError } from './history-error.ts';
import type { HistoryOpening, HistoryStore } from './history-store.ts';
import type { OpenHistoryOptions } from './open-history.ts';
import type { SyncHistory } from './sqlite-history.ts';
import type { HistoryAnswer, HistoryCall, HistoryMethod, HistoryWorkerData } from './worker-protocol.ts';

/** Options for a history in its own thread. */
export interface WorkerHistoryOptions extends OpenHistoryOptions {
  /** Absolute path of history-worker: the source or its bundle (system/worker-files.ts knows which). */
  readonly workerFile: string;
  readonly log: Log;
  /** Called when the file was removed or replaced while it was open; what is written from then on goes to the new one. */
  readonly onReplaced?: () => void;
}

/** Opens the history in its own thread. Rejects with HistoryError when the place cannot be used at all. */
export async function openWorkerHistory(options: WorkerHistoryOptions): Promise<HistoryOpening> {
  const caller = new WorkerCaller(options);
  const { state, setAsidePath } = await caller.opened();
  return { store: storeOver(caller), state, setAsidePath };
}

function storeOver(caller: WorkerCaller): HistoryStore {
  return {
    record: (...args) => caller.call('record', args),
    saveIncident: (...args) => caller.call('saveIncident', args),
    recordEvent: (...args) => caller.call('recordEvent', args),
    samples: (...args) => caller.call('samples', args),
    series: (...args) => caller.call('series', args),
    firstAt: (...args) => caller.call('firstAt', args),
    hours: (...args) => caller.call('hours', args),
    incidentsWithin: (...args) => caller.call('incidentsWithin', args),
    incidents: (...args) => caller.call('incidents', args),
    openIncidents: () => caller.call('openIncidents', []),
    events: (...args) => caller.call('events', args),
    latest: () => caller.call('latest', []),
    close: () => caller.close(),
  };
}

type Opened = Extract<HistoryAnswer, { kind: 'opened' }>;

/** Of the thread's first answer, which belongs to no call. */
const OPENING = 0;

/** Calls before which the file is looked at: what they write would be lost in one that nobody can reach any more. */
const WRITING: ReadonlySet<HistoryMethod> = new Set(['record', 'saveIncident', 'recordEvent']);

class WorkerCaller {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #options: WorkerHistoryOptions;
  /** Of the open file; null while none is. */
  #identity: string | null = null;
  /** Of its write-ahead log, as of the last write. */
  #logIdentity: string | null = null;
  readonly #rpc: WorkerRpc<HistoryCall, HistoryAnswer, unknown>;
  readonly #opened: Promise<unknown>;
  /** Set once it is closed or closing. */
  #closed: Promise<void> | null = null;

  constructor(options: WorkerHistoryOptions) {
    const { file, retention, workerFile, clock, log } = options;
    this.#options = options;
    this.#clock = clock;
    this.#rpc = new WorkerRpc({
      file: workerFile,
      name: 'history',
      options: () => ({ workerData: { file, now: clock.now(), retention } satisfies HistoryWorkerData }),
      log,
      onMessage: (answer) => this.#take(answer),
    });
    this.#opened = this.#rpc.expect(OPENING);
  }

  async opened(): Promise<Opened> {
    return (await this.#answerOf(this.#opened)) as Opened;
  }

  async call<M extends HistoryMethod>(
    method: M,
    args: Parameters<SyncHistory[M]>,
  ): Promise<ReturnType<SyncHistory[M]>> {
    if (this.#closed !== null) throw new HistoryError('closed', 'the history is closed');
    if (WRITING.has(method)) this.#followFile();
    return (await this.#send(method, args)) as ReturnType<SyncHistory[M]>;
  }

  /** Completes all earlier calls, then ends the thread; every call resolves when it has ended. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const ended = this.#rpc.ended();
    if (!this.#rpc.isRunning) return ended;
    try {
      await this.#send('close', []);
    } finally {
      await ended;
    }
  }

  /** A restored backup or a removed folder: the thread is ended, and the next call opens the file that is there now. */
  #followFile(): void {
    const { file, log, onReplaced } = this.#options;
    const writeAhead = `${file}-wal`;
    if (this.#identity === null) return;
    if (identityOf(file) === this.#identity) {
      this.#logIdentity = identityOf(writeAhead);
      return;
    }
    this.#identity = null;
    // SQLite would apply the log of the former file to the one that came in its place (sqlite.org/howtocorrupt.html, 4.3).
    if (this.#logIdentity !== null && identityOf(writeAhead) === this.#logIdentity) {
      for (const stale of [writeAhead, `${file}-shm`]) rmSync(stale, { force: true });
    }
    log.warn('history-replaced', { file });
    this.#rpc.replace('the history file was replaced');
    onReplaced?.();
  }

  #send(method: HistoryMethod, args: readonly unknown[]): Promise<unknown> {
    const now = this.#clock.now();
    return this.#answerOf(this.#rpc.call((id) => ({ id, now, method, args })).answer);
  }

  async #answerOf(answer: Promise<unknown>): Promise<unknown> {
    try {
      return await answer;
    } catch (error) {
      throw error instanceof HistoryError ? error : new HistoryError('worker-lost', errorMessage(error));
    }
  }

  #take(answer: HistoryAnswer): void {
    if (answer.kind === 'opened') {
      // One of a newer version is left alone, and nothing is written to it.
      this.#identity = answer.state === 'newer' ? null : identityOf(this.#options.file);
      this.#rpc.resolve(OPENING, answer);
    } else if (answer.kind === 'returned') this.#rpc.resolve(answer.id, answer.value);
    else {
      const error = new HistoryError(answer.error.code, answer.error.message);
      if (answer.kind === 'threw') this.#rpc.reject(answer.id, error);
      else this.#rpc.giveUp(error);
    }
  }
}

/** Which file a path leads to now; null = none, or `:memory:`. */
function identityOf(file: string): string | null {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}
