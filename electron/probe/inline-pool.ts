/** Probes in this thread: for one-shot commands and tests, where nothing else keeps the thread busy. */
import type { ProbeResult } from '../../shared/domain/result.ts';
import type { Clock } from '../system/clock.ts';
import { PendingWork } from '../system/pending-work.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';
import { PROBES } from './probes.ts';
import type { HttpsLookUp } from './resolved-address.ts';
import { Transfer } from './transfer.ts';

export class InlinePool implements ProbePool {
  readonly #clock: Clock;
  readonly #overHttps: HttpsLookUp | undefined;
  readonly #closing = new AbortController();
  readonly #pending = new PendingWork();

  /** Without `overHttps` a resolver over HTTPS is one that cannot be reached. */
  constructor(clock: Clock, overHttps?: HttpsLookUp) {
    this.#clock = clock;
    this.#overHttps = overHttps;
  }

  /** `onStep` is called after each step of a probe. */
  probe(request: ProbeRequest, signal: AbortSignal, onStep?: () => void): Promise<ProbeResult> {
    return this.#pending.add(this.#probe(request, signal, onStep));
  }

  /** Cancels what runs; resolves when it has ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pending.settled();
  }

  async #probe(request: ProbeRequest, signal: AbortSignal, onStep?: () => void): Promise<ProbeResult> {
    const { kind } = request.endpoint;
    if (kind === 'module') throw new Error('a canary is run by the CanaryPool');
    const controller = new AbortController();
    const abort = () => controller.abort();
    const signals = [signal, this.#closing.signal];
    if (signals.some(({ aborted }) => aborted)) abort();
    for (const one of signals) one.addEventListener('abort', abort);
    try {
      const transfer = new Transfer();
      const overHttps = this.#overHttps;
      const context = { clock: this.#clock, signal: controller.signal, transfer, onStep, overHttps };
      const result = await PROBES[kind](request, context);
      return result.outcome === 'cancelled' ? result : { ...result, bytes: transfer.bytes };
    } finally {
      for (const one of signals) one.removeEventListener('abort', abort);
    }
  }
}
