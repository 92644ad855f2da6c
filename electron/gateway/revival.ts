/**
 * Finds out whether upstreams whose breaker is open are back. Races pass such an upstream by while another one answers, so it
 * is asked here: once after each cool-off, for a module that cannot exist, which every module proxy answers.
 */
import type { Clock, Stop } from '../system/clock.ts';
import { type Asking, servesOthers } from './ask-upstream.ts';
import type { Upstream, UpstreamOrder } from './upstream.ts';

/** A timer never fires earlier than it was asked to, but the clocks of timers and instants may differ by this. */
const SLACK_MS = 5;

export class Revival {
  readonly #asking: Asking;
  readonly #clock: Clock;
  readonly #upstreams: UpstreamOrder;
  readonly #closing = new AbortController();
  readonly #running = new Map<Upstream, Promise<void>>();
  #stopTimer: Stop = () => {};

  constructor(asking: Asking, upstreams: UpstreamOrder) {
    this.#asking = asking;
    this.#clock = asking.clock;
    this.#upstreams = upstreams;
  }

  /** Called with every request: asks those whose cool-off is over. One that is not dead yet is asked without a request. */
  check(): void {
    if (this.#closing.signal.aborted) return;
    this.#stopTimer();
    const now = this.#clock.monotonic();
    const tripped = this.#upstreams.all.filter((one) => one.isTripped && !this.#running.has(one));
    for (const one of tripped.filter(({ askAgainAt }) => askAgainAt <= now)) this.#ask(one);
    const waiting = tripped.filter((one) => one.askAgainAt > now && !one.isDead(now));
    if (waiting.length === 0) return;
    const wait = Math.min(...waiting.map(({ askAgainAt }) => askAgainAt - now));
    this.#stopTimer = this.#clock.after(wait + SLACK_MS, () => this.check());
  }

  /** Cancels what is being asked; resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#stopTimer();
    this.#closing.abort();
    await Promise.allSettled([...this.#running.values()]);
  }

  #ask(upstream: Upstream): void {
    const asking = this.#probe(upstream).finally(() => {
      this.#running.delete(upstream);
      this.check();
    });
    this.#running.set(upstream, asking);
  }

  async #probe(upstream: Upstream): Promise<void> {
    const began = this.#clock.monotonic();
    const serves = await servesOthers(this.#asking, upstream, this.#closing.signal);
    if (this.#closing.signal.aborted) return;
    const now = this.#clock.monotonic();
    if (serves) upstream.succeeded(now, now - began);
    else upstream.failed(now, null);
  }
}
