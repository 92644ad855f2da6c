/** A sample as stored in the tables: integers, with names replaced by ids. */
import { isCause } from '../../shared/domain/cause.ts';
import type { Phase, PhaseTimings, Sample } from '../../shared/domain/result.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';

/**
 * Stored durations are tenths of a millisecond. Measured phase errors are 0.3 ms and more, and a hundredth would
 * cost about 1.6 bytes more a sample, which is all noise (docs/decisions/0020-history-layout.md).
 */
const UNITS_PER_MS = 10;

/** Almost two hours: far above any deadline, and the sum of seven still fits a column. */
const MAX_UNITS = 2 ** 26 - 1;

/** Order of the phases in rows and chunks. Part of the stored format: never reorder. */
export const STORED_PHASES = [
  'dns',
  'connect',
  'tls',
  'request',
  'response',
  'body',
  'verify',
] as const satisfies readonly Phase[];

/** Codes of outcomes; every greater code is the id of a failure's cause. Part of the stored format. */
export const CODE_OK = 0;
/** The code of a success beyond its soft limit. */
export const CODE_SLOW = 1;

/** What a strip and a chart need of a sample; `at` is UTC epoch ms. */
export interface RowTotal {
  readonly at: EpochMs;
  /** CODE_OK, CODE_SLOW, or the id of a cause. */
  readonly code: number;
  /** Units. */
  readonly total: number;
}

/** One sample as a row. */
export interface StoredRow extends RowTotal {
  /** Units, in the order of STORED_PHASES; null = not reached. */
  readonly phases: readonly (number | null)[];
}

/** ms → stored units; invalid durations (negative, NaN) count as 0. */
function toUnits(ms: DurationMs): number {
  if (!(ms > 0)) return 0;
  return Math.min(Math.round(ms * UNITS_PER_MS), MAX_UNITS);
}

/** Stored units → ms. */
export function toMs(units: number): DurationMs {
  return units / UNITS_PER_MS;
}

/** `causeId` gives the id of a cause's name. */
export function rowOf(sample: Sample, causeId: (name: string) => number): StoredRow {
  return {
    at: Math.round(sample.at),
    code: codeOf(sample, causeId),
    phases: phaseUnits(sample.phases),
    total: toUnits(sample.totalMs),
  };
}

/**
 * Instants are rounded, durations are their differences: so the units of the phases add up to those of their sum, and
 * what is stored of the total is only what lay between phases. No phase is off by more than a unit.
 */
function phaseUnits(phases: PhaseTimings): (number | null)[] {
  let endMs = 0;
  return STORED_PHASES.map((name) => {
    const ms = phases[name];
    if (ms === undefined) return null;
    const before = toUnits(endMs);
    endMs += ms > 0 ? ms : 0;
    return toUnits(endMs) - before;
  });
}

function codeOf(sample: Sample, causeId: (name: string) => number): number {
  if (sample.outcome === 'failed') return causeId(sample.cause ?? 'unknown');
  return sample.outcome === 'slow' ? CODE_SLOW : CODE_OK;
}

/** `causeName` gives the name of a cause's id; a name this version does not know reads as `unknown`. */
export function sampleFrom(row: StoredRow, endpointId: string, causeName: (id: number) => string): Sample {
  const timings = { endpointId, at: row.at, phases: phasesFrom(row.phases), totalMs: toMs(row.total) };
  if (row.code === CODE_OK) return { ...timings, outcome: 'ok' };
  if (row.code === CODE_SLOW) return { ...timings, outcome: 'slow' };
  const name = causeName(row.code);
  return { ...timings, outcome: 'failed', cause: isCause(name) ? name : 'unknown' };
}

function phasesFrom(units: readonly (number | null)[]): PhaseTimings {
  const phases: { -readonly [P in Phase]?: DurationMs } = {};
  for (const [index, name] of STORED_PHASES.entries()) {
    const value = units[index];
    if (value !== null && value !== undefined) phases[name] = toMs(value);
  }
  return phases;
}
