/**
 * An endpoint's usual latency at each hour of the day (UTC), from the medians of past hours: their median and their
 * median absolute deviation, which one bad day does not move. Pure.
 */
import { type DurationMs, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';

/** One hour as the history keeps it. */
export interface HourFacts {
  /** Start of the hour, UTC. */
  readonly at: EpochMs;
  readonly n: number;
  readonly failed: number;
  /** Of the successes; null when there were none. */
  readonly p50: DurationMs | null;
  readonly p95: DurationMs | null;
}

export interface HourBaseline {
  readonly medianMs: DurationMs;
  /** Beyond it an answer is above the baseline. */
  readonly limitMs: DurationMs;
  /** Usual share of failures, 0…1. */
  readonly failedShare: number;
}

export interface Baseline {
  /** Of each hour of the day; null where it is still being learned. */
  readonly hours: readonly (HourBaseline | null)[];
  /** Days of history, and how many are needed for a baseline. */
  readonly daysKnown: number;
  readonly daysNeeded: number;
}

const HOURS_A_DAY = 24;
/** Fewer days make no baseline. */
export const DAYS_NEEDED = 3;
/** An hour with fewer measurements is left out. */
const ENOUGH_SAMPLES = 10;
/** 1.4826 × MAD estimates the standard deviation of normal noise; four of them are no chance. */
const SPREAD = 4 * 1.4826;
/** A smaller difference is not noticed. */
const LEAST_EXCESS_MS = 100;

/** The baseline that the hours of the last weeks show. */
export function baselineOf(hours: readonly HourFacts[]): Baseline {
  const known = hours.filter(({ n }) => n >= ENOUGH_SAMPLES);
  const days = new Set(known.map(({ at }) => Math.floor(at / (HOURS_A_DAY * HOUR_MS))));
  const byHour = Array.from({ length: HOURS_A_DAY }, (_, hour) => known.filter(({ at }) => hourOfDay(at) === hour));
  return {
    hours: byHour.map((some) => (some.length < DAYS_NEEDED ? null : hourBaseline(some))),
    daysKnown: days.size,
    daysNeeded: DAYS_NEEDED,
  };
}

/** The baseline at an instant; null while it is being learned. */
export function baselineAt(baseline: Baseline | undefined, at: EpochMs): HourBaseline | null {
  return baseline?.hours[hourOfDay(at)] ?? null;
}

function hourOfDay(at: EpochMs): number {
  return Math.floor(at / HOUR_MS) % HOURS_A_DAY;
}

function hourBaseline(hours: readonly HourFacts[]): HourBaseline | null {
  const medians = hours.flatMap(({ p50 }) => (p50 === null ? [] : [p50]));
  const tails = hours.flatMap(({ p95 }) => (p95 === null ? [] : [p95]));
  if (medians.length < DAYS_NEEDED) return null;
  const medianMs = median(medians);
  const mad = median(medians.map((one) => Math.abs(one - medianMs)));
  const limitMs = Math.max(medianMs * 2, medianMs + SPREAD * mad, medianMs + LEAST_EXCESS_MS, median(tails) * 1.25);
  const n = hours.reduce((sum, one) => sum + one.n, 0);
  return { medianMs, limitMs, failedShare: hours.reduce((sum, one) => sum + one.failed, 0) / n };
}

/** Middle of the sorted numbers; of none, NaN. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Whether the last answers were above the baseline; the newest in the lowest bit. */
export interface Pace {
  readonly beyond: number;
  readonly known: number;
  readonly aboveBaselineSince: EpochMs | null;
}

export const INITIAL_PACE: Pace = { beyond: 0, known: 0, aboveBaselineSince: null };

const LAST = 12;
const BEYOND_TO_TELL = 10;
const WITHIN_TO_END = 9;

/** After one more answer; `limitMs` null = no baseline. */
export function reducePace(before: Pace, totalMs: DurationMs, limitMs: DurationMs | null, at: EpochMs): Pace {
  if (limitMs === null) return INITIAL_PACE;
  const beyond = ((before.beyond << 1) | (totalMs > limitMs ? 1 : 0)) & ((1 << LAST) - 1);
  const known = Math.min(LAST, before.known + 1);
  const slower = bitsOf(beyond);
  if (before.aboveBaselineSince === null)
    return { beyond, known, aboveBaselineSince: slower >= BEYOND_TO_TELL ? at : null };
  const isOver = known === LAST && LAST - slower >= WITHIN_TO_END;
  return { beyond, known, aboveBaselineSince: isOver ? null : before.aboveBaselineSince };
}

function bitsOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
