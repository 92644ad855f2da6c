/**
 * Probes in a worker thread. A worker that dies, or stays silent for twice the deadline of one step, is replaced; what
 * it was probing fails with `probe-worker-lost`, so that its endpoints become unknown and never stay green. A probe has
 * as many steps as the endpoint makes it have, and each has the whole deadline: only silence tells a lost worker from a
 * slow line.
 */
import { Worker } from 'node:worker_threads';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

interface Waiting {
  readonly request: ProbeRequest;
  readonly startedAt: number;
  /** Of the timer that runs out when no step ends in time. */
  stopTimer: Stop;
  readonly settle: (result: ProbeResult) => void;
}

/**
 * UV_THREADPOOL_SIZE must be at least twice the probes at once (libuv answers half its pool's size of name look-ups at
 * a time); it is read at the first use of the pool, so the process's own start must set it.
 */
export class WorkerPool implements ProbePool {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 1;

  constructor(workerFile: string, clock: Clock) {
    this.#file = workerFile;
    this.#clock = clock;
  }

  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    const id = this.#nextId++;
    const worker = this.#ensureWorker();
    return new Promise((resolve) => {
      const onAbort = () => send(worker, { type: 'cancel', id });
      this.#waiting.set(id, {
        request,
        startedAt: this.#clock.now(),
        stopTimer: this.#watch(worker, request),
        settle: (result) => {
          signal.removeEventListener('abort', onAbort);
          resolve(result);
        },
      });
      send(worker, { type: 'probe', id, request });
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    for (const { request, startedAt, stopTimer, settle } of this.#waiting.values()) {
      stopTimer();
      settle({ ...baseOf(request, startedAt), outcome: 'cancelled' });
    }
    this.#waiting.clear();
    await worker?.terminate();
  }

  #ensureWorker(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#file);
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'result') this.#settle(message.id, message.result);
      else this.#extend(worker, message.id);
    });
    worker.on('error', (error) => this.#replace(worker, `the probe worker failed: ${error.message}`));
    worker.on('exit', () => this.#replace(worker, 'the probe worker ended'));
    // The engine decides how long the process lives, not its worker thread.
    worker.unref();
    return worker;
  }

  /** Starts the time in which a step must end. */
  #watch(worker: Worker, { limits }: ProbeRequest): Stop {
    const silenceMs = 2 * limits.hard.totalMs;
    return this.#clock.after(silenceMs, () => this.#replace(worker, 'the probe worker stayed silent'));
  }

  /** A step has ended: the next has the whole time again. */
  #extend(worker: Worker, id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    waiting.stopTimer();
    waiting.stopTimer = this.#watch(worker, waiting.request);
  }

  #settle(id: number, result: ProbeResult): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.stopTimer();
    waiting.settle(result);
  }

  #replace(worker: Worker, message: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    void worker.terminate();
    for (const [id, { request, startedAt }] of [...this.#waiting]) {
      this.#settle(id, {
        ...baseOf(request, startedAt),
        outcome: 'failed',
        phases: {},
        totalMs: 0,
        steps: [],
        evidence: { url: redactUrl(request.endpoint.url) },
        failure: { cause: 'probe-worker-lost', phase: 'request', message },
      });
    }
  }
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}

function baseOf({ endpoint, depth }: ProbeRequest, startedAt: number) {
  return { kind: endpoint.kind, url: redactUrl(endpoint.url), depth, startedAt };
}
