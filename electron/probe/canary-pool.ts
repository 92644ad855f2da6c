/** Adds the canary to a pool: it needs a real `go`, which worker threads do not know. Few run at once. */
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock } from '../system/clock.ts';
import { type Limiter, limiter } from '../system/limiter.ts';
import { PendingWork } from '../system/pending-work.ts';
import { eitherSignal } from '../system/web.ts';
import { type CanaryTools, probeModule } from './canary.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';

/** A download takes the line and the processor that probes are measured with. */
const MAX_CANARIES = 2;

export class CanaryPool implements ProbePool {
  readonly #inner: ProbePool;
  readonly #clock: Clock;
  readonly #tools: CanaryTools;
  readonly #closing = new AbortController();
  readonly #pending = new PendingWork();
  readonly #limit: Limiter = limiter(MAX_CANARIES);

  constructor(inner: ProbePool, clock: Clock, tools: CanaryTools) {
    this.#inner = inner;
    this.#clock = clock;
    this.#tools = tools;
  }

  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    if (request.endpoint.kind !== 'module') return this.#inner.probe(request, signal);
    const context = { clock: this.#clock, signal: eitherSignal(signal, this.#closing.signal) };
    return this.#pending.add(this.#limit(() => probeModule(request, context, this.#tools)));
  }

  /** Cancels what runs; resolves when no `go` of a canary runs and its files are gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pending.settled();
    await this.#inner.close();
  }
}
