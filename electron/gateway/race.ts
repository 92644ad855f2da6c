/**
 * One file wanted of several upstreams: who is asked when, and when enough is known. An attempt that fails is followed by
 * one at the next upstream; one that is slow is joined by a second, and cancelled only once another has answered. A
 * module that one healthy upstream does not have is looked for at the others, but not for long: `go` waits.
 */
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { Upstream } from './upstream.ts';

/** How one attempt at one upstream ended. */
export type Attempted<T> =
  | { readonly kind: 'have'; readonly value: T }
  /** 404 or 410, with the server's own text. */
  | { readonly kind: 'absent'; readonly status: 404 | 410; readonly text: string }
  /** 403 or 451 of an upstream that serves other modules: a decision that must be respected. */
  | { readonly kind: 'blocked'; readonly status: number; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** It is not asked again for this file. */
      readonly isFinal?: boolean;
      readonly retryAfterMs?: DurationMs;
      /** It says nothing to people, such as "does not relay the database". */
      readonly isSilent?: boolean;
    }
  /** Nothing another upstream could better: the answer to the whole question. */
  | { readonly kind: 'given-up'; readonly reason: string };

/** A trouble that was survived, or not. */
export interface Trouble {
  readonly upstream: string;
  readonly reason: string;
}

/** How the whole question was answered. `troubles` are those of all attempts, in their order. */
export type Raced<T> = (
  | { readonly kind: 'have'; readonly value: T; readonly from: Upstream; readonly isHedge: boolean }
  | { readonly kind: 'absent'; readonly status: 404 | 410; readonly text: string }
  | { readonly kind: 'blocked'; readonly status: number; readonly text: string; readonly from: Upstream }
  | { readonly kind: 'failed'; readonly reason: string }
) & { readonly troubles: readonly Trouble[] };

/** What an attempt tells while it runs. */
export interface Flight {
  /** The body has stalled: another upstream is asked as well. */
  stalled(): void;
  /** Everything has arrived and is being checked: no second upstream is asked because it is slow. */
  arrived(): void;
}

/** Asks one upstream. Never rejects. */
export type Attempt<T> = (upstream: Upstream, signal: AbortSignal, flight: Flight) => Promise<Attempted<T>>;

interface RaceOptions<T> {
  /** In the order in which they are asked. */
  readonly upstreams: readonly Upstream[];
  /** One that is tried a few times only, beside the others. */
  readonly lastResort?: Upstream;
  readonly attempt: Attempt<T>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Why what is still in the air is cancelled; made once, since an exception for each race costs as much as the race. */
const IS_OVER = new Error('the race is over');

/** Attempts at each upstream. */
const MAX_ATTEMPTS = 10;
/** The same when all of them are dead, and at the last resort. */
const MAX_ATTEMPTS_DEAD = 2;
const MAX_ATTEMPTS_LAST = 3;
/** Attempts at each of the others before the last resort is asked. */
const LAST_RESORT_AFTER = 3;
/** Requests in the air at once; from the third on the wait doubles. */
const MAX_FLIGHTS = 7;
/** A further request when everybody has been asked: they may be fetching from the origin, or never answer. */
const SAME_HEDGE_MS = 2_000;
/** How long the others are given once one healthy upstream has said "not found", and how often they are tried. */
const ABSENT_GRACE_MS = 3_000;
const ABSENT_ATTEMPTS = 4;
/** Longest rest that is waited for (Retry-After). */
const MAX_REST_MS = 35_000;
/** An upstream whose breaker is open is asked again by this race once the others have not answered for so long. */
const UNANSWERED_MS = 2_000;
/** How often a race that waits for one looks whether it is back. */
const REVIVAL_MS = 100;
const MIN_BACKOFF_MS = 40;
const MAX_BACKOFF_MS = 800;

/** Runs the race. Never rejects. */
export function race<T>(options: RaceOptions<T>): Promise<Raced<T>> {
  return new Promise((resolve) => new Race(options, resolve).begin());
}

interface Runner {
  readonly upstream: Upstream;
  readonly maxAttempts: number;
  readonly isLastResort: boolean;
  attempts: number;
  flights: number;
  isOut: boolean;
  isAbsent: boolean;
}

class Race<T> {
  readonly #options: RaceOptions<T>;
  readonly #done: (result: Raced<T>) => void;
  readonly #stop = new AbortController();
  readonly #runners: readonly Runner[];
  readonly #troubles: Trouble[] = [];
  readonly #timers = new Set<Stop>();
  readonly #began: number;
  /** `until`: how long the others are given. */
  #absent: { readonly status: 404 | 410; readonly text: string; readonly until: number } | null = null;
  #flights = 0;
  /** Of these, those whose answer has come and is being checked. */
  #arrived = 0;
  /** Timers after which another request is sent. */
  #hedges = 0;
  #isWaiting = false;
  #isDone = false;

  constructor(options: RaceOptions<T>, done: (result: Raced<T>) => void) {
    this.#options = options;
    this.#done = done;
    const now = options.clock.monotonic();
    this.#began = now;
    const most = options.upstreams.every((one) => one.isDead(now)) ? MAX_ATTEMPTS_DEAD : MAX_ATTEMPTS;
    this.#runners = options.upstreams.map((upstream) => ({
      upstream,
      isLastResort: upstream === options.lastResort,
      maxAttempts: upstream === options.lastResort ? Math.min(most, MAX_ATTEMPTS_LAST) : most,
      attempts: 0,
      flights: 0,
      isOut: false,
      isAbsent: false,
    }));
  }

  begin(): void {
    const { signal } = this.#options;
    signal.addEventListener('abort', this.#onAbort);
    if (signal.aborted) this.#fail('cancelled');
    else this.#next(false);
  }

  readonly #onAbort = () => this.#fail('cancelled');

  /** Starts the next attempt now, after a pause, or ends the race. */
  #next(isHedge: boolean): void {
    if (this.#isDone) return;
    const now = this.#options.clock.monotonic();
    const runner = this.#choose(now, isHedge);
    if (runner !== null) {
      this.#start(runner, isHedge);
      return;
    }
    if (this.#flights > 0) this.#watchSilence();
    if (this.#flights > 0 || this.#isWaiting) return;
    const rest = this.#shortestRest(now);
    if (rest !== null && rest <= MAX_REST_MS) this.#retryAfter(rest);
    else this.#conclude();
  }

  #choose(now: number, isHedge: boolean): Runner | null {
    if (this.#flights >= MAX_FLIGHTS) return null;
    const able = this.#left(isHedge).filter((one) => one.upstream.restUntil <= now && this.#mayAsk(one, now));
    const free = able.filter(({ flights }) => flights === 0);
    const healthy = free.filter(({ upstream }) => !upstream.isOpen(now));
    const from = healthy.length > 0 ? healthy : free.length > 0 || !isHedge ? free : able;
    return from.reduce<Runner | null>(
      (best, one) => (best === null || one.attempts < best.attempts ? one : best),
      null,
    );
  }

  /** An upstream whose breaker is open is passed by while another one answers: revival.ts finds out when it is back. */
  #mayAsk({ upstream }: Runner, now: number): boolean {
    if (!upstream.isOpen(now)) return true;
    if (this.#absent !== null) return false;
    const others = this.#runners.filter((one) => !one.upstream.isOpen(now));
    const areSpent = others.every((one) => one.isOut || one.attempts >= one.maxAttempts);
    return areSpent || now - this.#began >= UNANSWERED_MS;
  }

  /** Slowness is no reason to turn to it: its name may not even resolve, which takes its time. */
  #needsLastResort(isHedge: boolean): boolean {
    const now = this.#options.clock.monotonic();
    const others = this.#runners.filter(({ isLastResort }) => !isLastResort);
    return (
      !isHedge &&
      others.every(
        (one) =>
          !this.#mayAsk(one, now) ||
          one.isOut ||
          one.isAbsent ||
          one.attempts >= Math.min(LAST_RESORT_AFTER, one.maxAttempts),
      )
    );
  }

  /** Upstreams that may still be asked. */
  #left(isHedge: boolean): readonly Runner[] {
    const limit = this.#absent === null ? Number.POSITIVE_INFINITY : ABSENT_ATTEMPTS;
    const now = this.#options.clock.monotonic();
    return this.#runners.filter(
      (one) =>
        !one.isOut &&
        !one.isAbsent &&
        // One that will not even be asked whether it is back is not waited for.
        (this.#absent === null || one.upstream.mayAnswerBy(this.#absent.until, now)) &&
        one.attempts < Math.min(limit, one.maxAttempts) &&
        (!one.isLastResort || this.#needsLastResort(isHedge)),
    );
  }

  /** Until the first upstream that is left may be asked again, ms; null when none is left. */
  #shortestRest(now: number): number | null {
    const left = this.#left(false);
    if (left.length === 0) return null;
    return Math.max(
      0,
      Math.min(...left.map((one) => (this.#mayAsk(one, now) ? one.upstream.restUntil - now : REVIVAL_MS))),
    );
  }

  #start(runner: Runner, isHedge: boolean): void {
    const { attempt } = this.#options;
    runner.attempts += 1;
    runner.flights += 1;
    this.#flights += 1;
    const others = this.#runners.some(
      (one) =>
        one !== runner &&
        !one.isLastResort &&
        !one.isOut &&
        !one.isAbsent &&
        one.flights === 0 &&
        this.#mayAsk(one, this.#options.clock.monotonic()),
    );
    let hasArrived = false;
    const arrived = () => {
      stopHedge();
      if (!hasArrived) this.#arrived += 1;
      hasArrived = true;
    };
    const stopHedge = this.#hedgeAfter(others ? runner.upstream.hedgeMs : this.#patience());
    const stalled = () => this.#next(true);
    void attempt(runner.upstream, this.#stop.signal, { stalled, arrived }).then((result) => {
      stopHedge();
      if (hasArrived) this.#arrived -= 1;
      runner.flights -= 1;
      this.#flights -= 1;
      if (!this.#isDone) this.#settled(runner, result, isHedge);
    });
  }

  /** How long everybody who was asked may stay silent before one of them is asked again; doubles with the requests. */
  #patience(): DurationMs {
    return SAME_HEDGE_MS * 2 ** Math.max(0, this.#flights - this.#runners.length);
  }

  /** Requests are in flight, and no other upstream can be asked now: the wait is bounded. */
  #watchSilence(): void {
    if (this.#hedges === 0 && this.#flights > this.#arrived) this.#hedgeAfter(this.#patience());
  }

  #hedgeAfter(delayMs: DurationMs): Stop {
    this.#hedges += 1;
    let isOver = false;
    const over = () => {
      if (!isOver) this.#hedges -= 1;
      isOver = true;
    };
    const stop = this.#after(delayMs, () => {
      over();
      this.#next(true);
    });
    return () => {
      over();
      stop();
    };
  }

  #settled(runner: Runner, result: Attempted<T>, isHedge: boolean): void {
    const { upstream } = runner;
    switch (result.kind) {
      case 'have':
        this.#end({ kind: 'have', value: result.value, from: upstream, isHedge, troubles: this.#troubles });
        break;
      case 'blocked':
        this.#end({ ...result, from: upstream, troubles: this.#troubles });
        break;
      case 'given-up':
        this.#fail(result.reason);
        break;
      case 'absent':
        this.#notFound(runner, result);
        break;
      case 'failed':
        if (result.isSilent !== true) this.#troubles.push({ upstream: upstream.name, reason: result.reason });
        runner.isOut = result.isFinal === true;
        this.#afterFailure();
        break;
    }
  }

  #afterFailure(): void {
    const fresh = this.#runners.some(
      (one) =>
        !one.isLastResort &&
        !one.isOut &&
        !one.isAbsent &&
        one.flights === 0 &&
        one.attempts === 0 &&
        this.#mayAsk(one, this.#options.clock.monotonic()),
    );
    if (fresh) {
      this.#next(false);
      return;
    }
    const round = Math.max(...this.#runners.map(({ attempts }) => attempts));
    this.#retryAfter(Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** Math.min(10, round - 1)));
  }

  #retryAfter(delayMs: DurationMs): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#after(delayMs, () => {
      this.#isWaiting = false;
      this.#next(false);
    });
  }

  #notFound(runner: Runner, { status, text }: { readonly status: 404 | 410; readonly text: string }): void {
    runner.isAbsent = true;
    if (this.#absent === null) this.#after(ABSENT_GRACE_MS, () => this.#conclude());
    this.#absent ??= { status, text, until: this.#options.clock.monotonic() + ABSENT_GRACE_MS };
    if (this.#runners.every((one) => one.isAbsent || one.isOut)) this.#conclude();
    else this.#next(false);
  }

  #conclude(): void {
    const last = this.#troubles.at(-1);
    if (this.#absent !== null) {
      const { status, text } = this.#absent;
      this.#end({ kind: 'absent', status, text, troubles: this.#troubles });
    } else this.#fail(last === undefined ? 'no upstream could be asked' : `${last.upstream}: ${last.reason}`);
  }

  #fail(reason: string): void {
    this.#end({ kind: 'failed', reason, troubles: this.#troubles });
  }

  #end(result: Raced<T>): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    for (const stop of this.#timers) stop();
    this.#stop.abort(IS_OVER);
    this.#done(result);
  }

  #after(delayMs: DurationMs, act: () => void): Stop {
    const stop = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(stop);
      if (!this.#isDone) act();
    });
    this.#timers.add(stop);
    return stop;
  }
}
