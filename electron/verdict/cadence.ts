/**
 * When to probe next, and how deep: pure, so that a year of scheduling is tested in a second.
 */
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import type { ProbeDepth } from '../../shared/domain/result.ts';
import type { Breaker } from '../../shared/domain/status.ts';
import { type DurationMs, type EpochMs, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { type EndpointStatus, isConfirming } from './status.ts';

/** Time between two probes of an endpoint while a window is visible, and while none is. */
export interface Intervals {
  readonly visibleMs: DurationMs;
  readonly hiddenMs: DurationMs;
}

/** First delay of a confirming re-probe; each further one waits half as long again. */
const CONFIRM_MS = 2_000;
const CONFIRM_GROWTH = 1.5;

/** Regular probes are spread by ± this share, so that endpoints (and users) do not run in lockstep. */
const JITTER = 0.1;

/** At most this many probes measure at once: more would distort each other's timings. Those that only wait do not count. */
export const MAX_CONCURRENT_PROBES = 3;

/**
 * A healthy server has answered within a quarter of a second, or the processor is idle until it does. N endpoints begin
 * within N × 250 ms / 3, whatever they do: 200 within 17 s. Each open probe holds a socket or two, and an app that macOS
 * starts has 256 files.
 */
export const PROBE_SLOTS = { measuring: MAX_CONCURRENT_PROBES, measuresForMs: 250, open: 64 };

/**
 * How much rarer than a proxy a kind is probed, and how often at most: a canary downloads a module, `go` asks a source host
 * and a checksum database less than twice a minute.
 */
const KINDS: Readonly<Record<EndpointKind, { readonly times: number; readonly atLeastMs: DurationMs }>> = {
  goproxy: { times: 1, atLeastMs: 0 },
  dns: { times: 1, atLeastMs: 0 },
  'forward-proxy': { times: 1, atLeastMs: 0 },
  sumdb: { times: 2, atLeastMs: 0 },
  vcs: { times: 2, atLeastMs: 0 },
  module: { times: 1, atLeastMs: HOUR_MS / 2 },
};

/** What makes probes rare. */
export interface Conditions {
  readonly onBattery: boolean;
  /** The system saves energy. */
  readonly lowPower: boolean;
  /** The network costs by the byte. */
  readonly metered: boolean;
  /** Share of the day's bytes that is spent, 0…1 and more; 0 where there is no limit. */
  readonly spent: number;
}

export const INITIAL_CONDITIONS: Conditions = { onBattery: false, lowPower: false, metered: false, spent: 0 };

/** From this share of the day's byte budget on, probes are rarer, so that it lasts. */
const SPARING_FROM = 0.75;

/** By how much probes are rarer than usual. A visible window gets results on battery, too. */
export function savingFactor({ onBattery, lowPower, metered, spent }: Conditions, visible: boolean): number {
  const energy = visible ? 1 : (onBattery ? 2 : 1) * (lowPower ? 2 : 1);
  return energy * (metered ? 4 : 1) * (spent >= SPARING_FROM ? 4 : 1);
}

/** Whether a kind is probed automatically: canaries download whole modules, and a spent budget stops everything. */
export function mayProbe(kind: EndpointKind, { onBattery, metered, spent }: Conditions): boolean {
  return spent < 1 && !(kind === 'module' && (onBattery || metered));
}

/** The regular interval of a kind now. */
export function intervalOf(
  intervals: Intervals,
  visible: boolean,
  kind: EndpointKind = 'goproxy',
  conditions: Conditions = INITIAL_CONDITIONS,
): DurationMs {
  const { times, atLeastMs } = KINDS[kind];
  const usualMs = Math.max((visible ? intervals.visibleMs : intervals.hiddenMs) * times, atLeastMs);
  return usualMs * savingFactor(conditions, visible);
}

/** Failures in a row after which probes of an endpoint back off. */
const OPEN_AFTER = 6;

/** Longest back-off: a dead endpoint may recover at any time. */
const MAX_BACK_OFF_MS = 10 * MINUTE_MS;

/**
 * The circuit breaker, derived from the status: `open` once an endpoint has long been down (probes back off), `half-open`
 * at the first success after it, `closed` otherwise.
 */
export function breakerOf({ status, failures, successes }: EndpointStatus): Breaker {
  if (status !== 'down') return 'closed';
  if (successes > 0) return 'half-open';
  return failures >= OPEN_AFTER ? 'open' : 'closed';
}

/** What a server asked for with Retry-After, as far as it is heeded. */
const MAX_RETRY_AFTER_MS = HOUR_MS;

/**
 * Delay until the next probe, ms. `random` is uniform in [0, 1).
 * While a change is being confirmed (or the last result was not judged: `inDoubt`) the re-probes are quick, with
 * jittered back-off, and never slower than regular ones.
 */
export function nextDelay(
  state: EndpointStatus,
  intervalMs: DurationMs,
  random: number,
  inDoubt = false,
  retryAfterMs: DurationMs = 0,
): DurationMs {
  const jitter = 1 + (2 * random - 1) * JITTER;
  const wanted = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  return Math.max(wanted, delayBy(state, intervalMs, jitter, inDoubt));
}

function delayBy(state: EndpointStatus, intervalMs: DurationMs, jitter: number, inDoubt: boolean): DurationMs {
  if (breakerOf(state) === 'open') {
    const doubled = intervalMs * 2 ** Math.min(state.failures - OPEN_AFTER, 10);
    return Math.max(intervalMs, Math.min(doubled, MAX_BACK_OFF_MS)) * jitter;
  }
  if (!inDoubt && !isConfirming(state)) return intervalMs * jitter;
  const attempt = Math.max(0, (state.status === 'down' ? state.successes : state.failures) - 1);
  return Math.min(CONFIRM_MS * CONFIRM_GROWTH ** attempt, intervalMs) * jitter;
}

/** Endpoints start one after the other over the interval (or a few seconds, whichever is shorter), ms. */
export function startDelay(index: number, count: number, intervalMs: DurationMs): DurationMs {
  return (index / Math.max(1, count)) * Math.min(intervalMs, 3_000);
}

/** Full depth hourly, on the first failure of a streak and on the first sign of recovery; light otherwise. */
export function depthOf(state: EndpointStatus, lastFullAt: EpochMs | null, now: EpochMs): ProbeDepth {
  if (lastFullAt === null || now - lastFullAt >= HOUR_MS) return 'full';
  const firstFailure = state.status !== 'down' && state.failures === 1;
  const firstSuccess = state.status === 'down' && state.successes === 1;
  return firstFailure || firstSuccess ? 'full' : 'light';
}

/** Whether a timer fired so late that the machine must have slept meanwhile. */
export function hasSlept(dueAt: EpochMs, now: EpochMs): boolean {
  return now - dueAt > 30_000;
}
