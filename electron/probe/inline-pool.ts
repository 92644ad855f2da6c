/** Probes in this very thread: for one-shot commands and tests, where nothing else keeps the thread busy. */
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock } from '../system/clock.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';
import { PROBES } from './probes.ts';
import type { HttpsLookUp } from './resolved-address.ts';
import { Transfer } from './transfer.ts';

export class InlinePool implements ProbePool {
  readonly #clock: Clock;
  readonly #overHttps: HttpsLookUp | undefined;
  readonly #running = new Set<AbortController>();

  /** Without `overHttps` a resolver over HTTPS is one that cannot be reached. */
  constructor(clock: Clock, overHttps?: HttpsLookUp) {
    this.#clock = clock;
    this.#overHttps = overHttps;
  }

  /** `onStep` is called after each step of a probe. */
  async probe(request: ProbeRequest, signal: AbortSignal, onStep?: () => void): Promise<ProbeResult> {
    const controller = new AbortController();
    const onAbort = () => controller.abort();
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    this.#running.add(controller);
    try {
      const { kind } = request.endpoint;
      if (kind === 'module') throw new Error('a canary is run by the CanaryPool');
      const transfer = new Transfer();
      const overHttps = this.#overHttps;
      const context = { clock: this.#clock, signal: controller.signal, transfer, onStep, overHttps };
      const result = await PROBES[kind](request, context);
      return result.outcome === 'cancelled' ? result : { ...result, bytes: transfer.bytes };
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#running.delete(controller);
    }
  }

  async close(): Promise<void> {
    for (const controller of this.#running) controller.abort();
  }
}
