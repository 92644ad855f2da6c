/**
 * A made-up but repeatable life of endpoints: latencies that drift (AR), follow the day, jump (log-normal noise) and
 * fail in bursts, on the schedule of the monitor (interval ± 10 %). Same seed, same samples.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import type { PhaseTimings, Sample } from '../../shared/domain/result.ts';
import { DAY_MS, type EpochMs } from '../../shared/domain/units.ts';

/** Uniform in [0, 1): mulberry32, a public-domain generator good enough for noise. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CAUSES: readonly Cause[] = ['eof-no-response', 'response-timeout', 'http-server-error', 'dns-timeout'];

/**
 * Typical ms of each phase and the spread of its noise (σ of the logarithm), chosen for the entropies of the measured
 * designs: about 4.7 bits for dns, 7.2 connect, 7.3 tls, 8.4 response at 0.1 ms; the three short phases come on top.
 */
const SHAPE = [
  ['dns', 2.5, 0.25],
  ['connect', 45, 0.08],
  ['tls', 47, 0.08],
  ['request', 0.15, 0.2],
  ['response', 55, 0.15],
  ['body', 0.6, 0.3],
  ['verify', 0.12, 0.2],
] as const;

/** How strongly latency drifts: an AR(1) with a memory of about three hours at 30 s. */
const DRIFT_MEMORY = 0.997;
const DRIFT_STEP = 0.008;

interface SyntheticOptions {
  readonly seed: number;
  readonly endpoints: number;
  readonly intervalMs: number;
  /** Share of the interval by which each probe comes earlier or later. */
  readonly jitter: number;
  readonly start: EpochMs;
}

/** One endpoint's samples, one after the other. */
class SyntheticEndpoint {
  readonly id: string;
  readonly #options: SyntheticOptions;
  readonly #random: () => number;
  readonly #distance: number;
  #at: EpochMs;
  #drift = 0;
  #failuresLeft = 0;
  #cause: Cause = 'unknown';

  constructor(options: SyntheticOptions, index: number) {
    this.id = `proxy-${index}`;
    this.#options = options;
    this.#random = seededRandom(options.seed * 1000 + index);
    this.#distance = 0.5 + this.#random();
    this.#at = options.start + Math.floor(this.#random() * options.intervalMs);
  }

  /** When the next sample will be. */
  get dueAt(): EpochMs {
    return this.#at;
  }

  next(): Sample {
    const at = this.#at;
    const { intervalMs, jitter } = this.#options;
    this.#at += Math.round(intervalMs * (1 + (2 * this.#random() - 1) * jitter));
    this.#drift = DRIFT_MEMORY * this.#drift + DRIFT_STEP * this.#gauss();
    const wave = 0.1 * Math.sin((2 * Math.PI * (at % DAY_MS)) / DAY_MS);
    return this.#sample(at, this.#distance * Math.exp(this.#drift + wave), this.#fails());
  }

  #fails(): boolean {
    if (this.#failuresLeft === 0 && this.#random() < 0.0005) {
      this.#failuresLeft = 1 + Math.floor(this.#random() * 8);
      this.#cause = CAUSES[Math.floor(this.#random() * CAUSES.length)] ?? 'unknown';
    }
    if (this.#failuresLeft === 0) return false;
    this.#failuresLeft--;
    return true;
  }

  #sample(at: EpochMs, level: number, failed: boolean): Sample {
    const phases: { -readonly [P in keyof PhaseTimings]: PhaseTimings[P] } = {};
    let totalMs = 0;
    for (const [name, typicalMs, spread] of SHAPE.slice(0, failed ? 4 : SHAPE.length)) {
      const onPath = name === 'request' || name === 'verify' ? 1 : level;
      const ms = typicalMs * onPath * Math.exp(spread * this.#gauss());
      phases[name] = ms;
      totalMs += ms;
    }
    if (failed) return { endpointId: this.id, at, outcome: 'failed', cause: this.#cause, phases, totalMs };
    return { endpointId: this.id, at, outcome: totalMs > 300 ? 'slow' : 'ok', phases, totalMs };
  }

  /** Standard normal, Box–Muller. */
  #gauss(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#random()));
    return radius * Math.cos(2 * Math.PI * this.#random());
  }
}

/** All endpoints' samples as ticks: what is due within each interval, in order of time. */
export function* syntheticTicks(options: SyntheticOptions, ticks: number): Generator<readonly Sample[]> {
  const endpoints = Array.from({ length: options.endpoints }, (_, index) => new SyntheticEndpoint(options, index));
  for (let tick = 1; tick <= ticks; tick++) {
    const end = options.start + tick * options.intervalMs;
    const due: Sample[] = [];
    for (const endpoint of endpoints) {
      while (endpoint.dueAt < end) due.push(endpoint.next());
    }
    yield due.sort((a, b) => a.at - b.at);
  }
}
