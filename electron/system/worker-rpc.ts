/**
 * Calls into a worker thread, answered by id. A thread that dies or is replaced fails what it owed; the next call starts
 * a new one, so that one crash is not the end and a thread that cannot live is not started in a circle. Closing waits
 * for every thread, replaced ones included.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Log } from './log.ts';

export interface WorkerRpcOptions<FromWorker> {
  /** Absolute path of the thread's source or bundle. */
  readonly file: string;
  /** Names the thread in the log and in debuggers. */
  readonly name: string;
  /** Read at each start. */
  readonly options?: () => WorkerOptions;
  /** The process may end while the thread runs. */
  readonly unref?: boolean;
  /** A message of the living thread; those of replaced ones are dropped. */
  readonly onMessage: (message: FromWorker) => void;
  readonly log: Log;
}

interface Pending<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

/** Why a call has no answer: its thread ended first. */
export class WorkerLostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WorkerLostError';
  }
}

export class WorkerRpc<ToWorker, FromWorker, Value> {
  readonly #options: WorkerRpcOptions<FromWorker>;
  readonly #pending = new Map<number, Pending<Value>>();
  /** One for each thread that has not ended. */
  readonly #ending = new Set<Promise<void>>();
  #worker: Worker | null = null;
  /** What the thread said before it ended, in place of "it ended". */
  #lastWords: Error | null = null;
  #nextId = 1;
  #isClosing = false;

  constructor(options: WorkerRpcOptions<FromWorker>) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#worker !== null;
  }

  /** Starts the thread unless it runs. */
  #start(): void {
    if (this.#worker !== null) return;
    const { file, name, options, unref, onMessage } = this.#options;
    const worker = new Worker(file, { name, ...options?.() });
    this.#worker = worker;
    this.#lastWords = null;
    worker.on('message', (message: FromWorker) => {
      if (this.#worker === worker) onMessage(message);
    });
    worker.on('error', (error) => this.#lose(worker, new WorkerLostError(`the ${name} thread died: ${error.message}`)));
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        this.#lose(worker, this.#lastWords ?? new WorkerLostError(`the ${name} thread ended`));
        resolve();
      });
    });
    this.#ending.add(ended);
    void ended.then(() => this.#ending.delete(ended));
    if (unref === true) worker.unref();
  }

  /** Sends one call and waits for its answer. Rejects with what `reject` was given, or when the thread is lost. */
  call(message: (id: number) => ToWorker): { readonly id: number; readonly answer: Promise<Value> } {
    const id = this.#nextId++;
    const answer = this.expect(id);
    this.post(message(id));
    return { id, answer };
  }

  /** Waits for an answer that needs no call. */
  expect(id: number): Promise<Value> {
    this.#start();
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  /** Sends to the living thread, if there is one. */
  post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  /** The answer of a call; one without a waiting call is dropped. */
  resolve(id: number, value: Value): void {
    this.#pending.get(id)?.resolve(value);
    this.#pending.delete(id);
  }

  /** The refusal of a call. */
  reject(id: number, error: Error): void {
    this.#pending.get(id)?.reject(error);
    this.#pending.delete(id);
  }

  /** The thread is about to end by itself, for this reason. */
  giveUp(error: Error): void {
    this.#lastWords = error;
  }

  /** Ends a thread that does not answer; the next call starts another. */
  replace(reason: string): void {
    const worker = this.#worker;
    if (worker === null) return;
    this.#lose(worker, new WorkerLostError(reason));
    void worker.terminate();
  }

  /** From now on the end of the thread is no loss. Resolves when every thread has ended by itself. */
  async ended(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#ending);
  }

  /** Ends the threads; what waits for an answer is rejected. Resolves when the last one has ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const worker = this.#worker;
    if (worker !== null) {
      this.#lose(worker, new WorkerLostError(`the ${this.#options.name} thread was closed`));
      void worker.terminate();
    }
    await Promise.all(this.#ending);
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const owed = [...this.#pending.values()];
    this.#pending.clear();
    if (!this.#isClosing) {
      const { name, log } = this.#options;
      log.error('worker-lost', { worker: name, detail: error.message, unanswered: owed.length });
    }
    for (const { reject } of owed) reject(error);
  }
}
