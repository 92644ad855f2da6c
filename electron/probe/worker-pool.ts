/**
 * Probes in a worker thread. A worker that dies, or stays silent for twice the deadline of one step, is replaced; what
 * it was probing fails with `probe-worker-lost`, so that its endpoints become unknown and never stay green. A probe has
 * as many steps as the endpoint makes it have, and each has the whole deadline: only silence tells a lost worker from a
 * slow line.
 */
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';
import { WorkerRpc } from '../system/worker-rpc.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/**
 * UV_THREADPOOL_SIZE must be at least twice the probes at once (libuv answers half its pool's size of name look-ups at
 * a time); it is read at the first use of the pool, so the process's own start must set it.
 */
export class WorkerPool implements ProbePool {
  readonly #clock: Clock;
  readonly #rpc: WorkerRpc<ToWorker, FromWorker, ProbeResult>;
  /** For each running probe, starts the time of its next step. */
  readonly #extend = new Map<number, () => void>();
  #isClosed = false;

  constructor(workerFile: string, clock: Clock, log: Log) {
    this.#clock = clock;
    this.#rpc = new WorkerRpc({
      file: workerFile,
      name: 'probe',
      // The engine decides how long the process lives, not its worker thread.
      unref: true,
      log,
      onMessage: (message) => {
        if (message.type === 'result') this.#rpc.resolve(message.id, message.result);
        else this.#extend.get(message.id)?.();
      },
    });
  }

  async probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    const startedAt = this.#clock.now();
    if (this.#isClosed) return { ...baseOf(request, startedAt), outcome: 'cancelled' };
    const { id, answer } = this.#rpc.call((id) => ({ type: 'probe', id, request }));
    const onAbort = () => this.#rpc.post({ type: 'cancel', id });
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    let stopTimer = this.#watch(request);
    this.#extend.set(id, () => {
      stopTimer();
      stopTimer = this.#watch(request);
    });
    try {
      return await answer;
    } catch (error) {
      return this.#isClosed
        ? { ...baseOf(request, startedAt), outcome: 'cancelled' }
        : lost(request, startedAt, errorMessage(error));
    } finally {
      this.#extend.delete(id);
      stopTimer();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Cancels what runs; resolves when every thread has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#rpc.close();
  }

  /** Starts the time in which a step must end. */
  #watch({ limits }: ProbeRequest): Stop {
    const silenceMs = 2 * limits.hard.totalMs;
    return this.#clock.after(silenceMs, () => this.#rpc.replace('the probe worker stayed silent'));
  }
}

function lost(request: ProbeRequest, startedAt: number, message: string): ProbeResult {
  return {
    ...baseOf(request, startedAt),
    outcome: 'failed',
    phases: {},
    totalMs: 0,
    steps: [],
    evidence: { url: redactUrl(request.endpoint.url) },
    failure: { cause: 'probe-worker-lost', phase: 'request', message },
  };
}

function baseOf({ endpoint, depth }: ProbeRequest, startedAt: number) {
  return { kind: endpoint.kind, url: redactUrl(endpoint.url), depth, startedAt };
}
