/**
 * The port served from a worker thread. When the thread dies, pending calls reject, and it is restarted by the next
 * call, so that one crash is not the end of the history and a thread that cannot live is not started in a circle.
 */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../system/clock.ts';
import { HistoryError } from './history-error.ts';
import type { HistoryOpening, HistoryStore } from './history-store.ts';
import type { OpenHistoryOptions } from './open-history.ts';
import type { SyncHistory } from './sqlite-history.ts';
import type { HistoryAnswer, HistoryCall, HistoryMethod, HistoryWorkerData } from './worker-protocol.ts';

/** Options for a history in its own thread. */
export interface WorkerHistoryOptions extends OpenHistoryOptions {
  /** Absolute path of history-worker: the source or its bundle (system/worker-files.ts knows which). */
  readonly workerFile: string;
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
    hours: (...args) => caller.call('hours', args),
    incidentsWithin: (...args) => caller.call('incidentsWithin', args),
    incidents: (...args) => caller.call('incidents', args),
    openIncidents: () => caller.call('openIncidents', []),
    events: (...args) => caller.call('events', args),
    latest: () => caller.call('latest', []),
    close: () => caller.close(),
  };
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: HistoryError) => void;
}

type Opened = Extract<HistoryAnswer, { kind: 'opened' }>;

/** One living thread and what it owes. */
interface Thread {
  readonly worker: Worker;
  readonly opened: Promise<Opened>;
  readonly pending: Map<number, Pending>;
  readonly ended: Promise<void>;
}

class WorkerCaller {
  readonly #options: WorkerHistoryOptions;
  readonly #clock: Pick<Clock, 'now'>;
  #thread: Thread | null;
  #nextId = 1;
  /** Set once it is closed or closing. */
  #closed: Promise<void> | null = null;

  constructor(options: WorkerHistoryOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#thread = this.#start();
  }

  opened(): Promise<Opened> {
    return this.#living().opened;
  }

  async call<M extends HistoryMethod>(
    method: M,
    args: Parameters<SyncHistory[M]>,
  ): Promise<ReturnType<SyncHistory[M]>> {
    if (this.#closed !== null) throw new HistoryError('closed', 'the history is closed');
    return this.#send(this.#living(), method, args);
  }

  /** Lets everything asked for before finish, then ends the thread; every call resolves when it has ended. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const thread = this.#thread;
    if (thread === null) return;
    try {
      await this.#send(thread, 'close', []);
    } finally {
      await thread.ended;
    }
  }

  #living(): Thread {
    this.#thread ??= this.#start();
    return this.#thread;
  }

  async #send<M extends HistoryMethod>(
    thread: Thread,
    method: M,
    args: Parameters<SyncHistory[M]>,
  ): Promise<ReturnType<SyncHistory[M]>> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => thread.pending.set(id, { resolve, reject }));
    const call: HistoryCall = { id, now: this.#clock.now(), method, args };
    thread.worker.postMessage(call);
    return (await answer) as ReturnType<SyncHistory[M]>;
  }

  #start(): Thread {
    const { file, retention, workerFile } = this.#options;
    const workerData: HistoryWorkerData = { file, now: this.#clock.now(), retention };
    const worker = new Worker(workerFile, { workerData, name: 'history' });
    const pending = new Map<number, Pending>();
    let reason = new HistoryError('worker-lost', 'the history thread ended');
    const opened = new Promise<Opened>((resolve, reject) => {
      worker.on('message', (answer: HistoryAnswer) => {
        if (answer.kind === 'opened') resolve(answer);
        else if (answer.kind === 'not-opened') reason = new HistoryError(answer.error.code, answer.error.message);
        else settle(pending, answer);
      });
      worker.on('exit', () => reject(reason));
    });
    // Callers that await it see the error; after a restart no one awaits it.
    opened.catch(() => {});
    worker.on('error', (error) => {
      reason = new HistoryError('worker-lost', `the history thread died: ${error.message}`);
    });
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        if (this.#thread?.worker === worker) this.#thread = null;
        for (const { reject } of pending.values()) reject(reason);
        pending.clear();
        resolve();
      });
    });
    return { worker, opened, pending, ended };
  }
}

function settle(pending: Map<number, Pending>, answer: Extract<HistoryAnswer, { id: number }>): void {
  const waiting = pending.get(answer.id);
  pending.delete(answer.id);
  if (answer.kind === 'returned') waiting?.resolve(answer.value);
  else waiting?.reject(new HistoryError(answer.error.code, answer.error.message));
}
