/**
 * One upstream of the gateway and what was seen of it: latency, failures, how long it asked not to be contacted. Decides the
 * order in which upstreams are asked; sends no requests itself.
 */
import type { GatewayUpstream } from '../../shared/domain/gateway.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { DurationMs } from '../../shared/domain/units.ts';

/** First-byte times that the percentiles are taken from. */
const SAMPLES = 50;
/** A hedge before anything was measured. */
const UNMEASURED_P95_MS = 400;
const MIN_HEDGE_MS = 60;
const MAX_HEDGE_MS = 5_000;
/** Failures in a row that open the breaker. */
const BREAKER_FAILURES = 5;
const MIN_OPEN_MS = 1_000;
const MAX_OPEN_MS = 30_000;
/** A bad day has failures in a row, too; nothing but failures for this long is an outage. */
const DEAD_MS = 10_000;
/** How much one answer changes the failure rate. */
const RATE_WEIGHT = 0.1;
/** What a failure costs in the order, beside latency: about what surviving one takes. */
const FAILURE_COST_MS = 1_000;
/** A new first choice must be better by both (no flapping between equals). */
const MARGIN_MS = 100;
const MARGIN_SHARE = 0.3;
/** Fewer answers than this say nothing about an upstream: the person's order counts. */
const MIN_SAMPLES = 5;
/** An answer this recent shows that an upstream serves others. */
const SERVES_MS = 10 * 60_000;

/** What the app's monitor knows of an upstream. */
export interface UpstreamHealth {
  /** Base URL as in the settings. */
  readonly url: string;
  readonly isDown: boolean;
  /** Of its last probe; null = not measured. */
  readonly latencyMs: DurationMs | null;
}

/** An upstream that served us this recently is not down, whatever the monitor says. */
const TRUSTED_MS = 30_000;

/** All instants are monotonic, ms. */
export class Upstream {
  /** Without a slash at the end. May hold credentials. */
  readonly base: string;
  /** The same without them, for people and events. */
  readonly name: string;
  /** Headers that sign us in to its host; never sent to another (HttpClient). */
  readonly headers: Readonly<Record<string, string>>;
  #latencies: number[] = [];
  #failureRate = 0;
  #failuresInRow = 0;
  #openUntil = 0;
  /** Since the last answer. */
  #coolOffs = 0;
  #restUntil = 0;
  #servedAt = Number.NEGATIVE_INFINITY;
  #failingSince = Number.POSITIVE_INFINITY;
  #monitored: UpstreamHealth | null = null;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.headers = headers;
    this.base = url.replace(/(?<!\/)\/+$/, '');
    this.name = redactUrl(this.base);
  }

  /** It answered as a module proxy, if only with "not found". */
  succeeded(now: number, firstByteMs: DurationMs): void {
    this.#latencies = [...this.#latencies.slice(1 - SAMPLES), firstByteMs];
    this.#failureRate *= 1 - RATE_WEIGHT;
    this.#failuresInRow = 0;
    this.#openUntil = 0;
    this.#coolOffs = 0;
    this.#servedAt = now;
    this.#failingSince = Number.POSITIVE_INFINITY;
  }

  /** It failed; `retryAfterMs` as it asked for (429, 503). */
  failed(now: number, retryAfterMs: DurationMs | null): void {
    this.#failureRate += (1 - this.#failureRate) * RATE_WEIGHT;
    this.#failuresInRow += 1;
    this.#failingSince = Math.min(this.#failingSince, now);
    // Requests that were on their way when the breaker opened say nothing new.
    if (this.isTripped && now >= this.#openUntil) {
      this.#openUntil = now + Math.min(MAX_OPEN_MS, MIN_OPEN_MS * 2 ** Math.min(this.#coolOffs, 10));
      this.#coolOffs += 1;
    }
    if (retryAfterMs !== null) this.#restUntil = Math.max(this.#restUntil, now + retryAfterMs);
  }

  /** Until when it asked not to be contacted. */
  get restUntil(): number {
    return this.#restUntil;
  }

  /** What the monitor has measured; null = nothing. */
  monitored(health: UpstreamHealth | null): void {
    this.#monitored = health;
  }

  /** Whether its breaker is open: its last answers were all failures, and none since was not. */
  get isTripped(): boolean {
    return this.#failuresInRow >= BREAKER_FAILURES;
  }

  /** When the cool-off of an open breaker is over, and it is asked whether it is back. */
  get askAgainAt(): number {
    return Math.max(this.#openUntil, this.#restUntil);
  }

  /** Whether it answers, or is asked by this instant whether it is back. */
  mayAnswerBy(instant: number, now: number): boolean {
    return !this.isOpen(now) || (this.isTripped && this.askAgainAt <= instant);
  }

  /** Whether it is passed by while another one answers: its breaker is open, or the monitor's probes fail. */
  isOpen(now: number): boolean {
    return this.isTripped || (this.#monitored?.isDown === true && now - this.#servedAt > TRUSTED_MS);
  }

  /** Whether it has failed for so long that few attempts are worth their time. */
  isDead(now: number): boolean {
    return this.#failuresInRow >= 2 * BREAKER_FAILURES && now - this.#failingSince > DEAD_MS;
  }

  /** Whether it has served anybody of late. */
  hasServed(now: number): boolean {
    return now - this.#servedAt < SERVES_MS;
  }

  /** How long a small file is waited for before a second upstream is asked as well. */
  get hedgeMs(): DurationMs {
    const p95 = this.#latencies.length < MIN_SAMPLES ? UNMEASURED_P95_MS : percentile(this.#latencies, 0.95);
    return Math.min(MAX_HEDGE_MS, Math.max(MIN_HEDGE_MS, p95));
  }

  /** Expected cost of asking it; lower is better. Null before enough was measured. */
  get cost(): number | null {
    if (this.#latencies.length < MIN_SAMPLES) return this.#monitored?.latencyMs ?? null;
    return percentile(this.#latencies, 0.5) + this.#failureRate * FAILURE_COST_MS;
  }

  state(now: number): GatewayUpstream {
    const medianMs = this.#latencies.length === 0 ? null : percentile(this.#latencies, 0.5);
    return { url: this.name, isOpen: this.isOpen(now), failureRate: this.#failureRate, medianMs };
  }
}

/** The upstreams in the order in which they are asked. */
export class UpstreamOrder {
  readonly #all: readonly Upstream[];
  #first: Upstream | null = null;

  /** In the order of the person's list, which decides between equals. */
  constructor(all: readonly Upstream[]) {
    this.#all = all;
  }

  get all(): readonly Upstream[] {
    return this.#all;
  }

  /**
   * The first choice, then the others in the person's order. The choice changes only when another is clearly better; open
   * breakers stand last.
   */
  current(now: number): readonly Upstream[] {
    const closed = this.#all.filter((one) => !one.isOpen(now));
    const open = this.#all.filter((one) => one.isOpen(now));
    const kept = this.#first !== null && closed.includes(this.#first) ? this.#first : closed[0];
    if (kept === undefined) return open;
    const best = closed.reduce((choice, one) => (isClearlyBetter(one, choice) ? one : choice), kept);
    this.#first = best;
    return [best, ...closed.filter((one) => one !== best), ...open];
  }
}

function isClearlyBetter(one: Upstream, than: Upstream): boolean {
  if (one.cost === null || than.cost === null) return false;
  const gain = than.cost - one.cost;
  return gain > MARGIN_MS && gain > than.cost * MARGIN_SHARE;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
