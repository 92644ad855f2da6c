/** Days, hours and the keys of rolled-up days: time first, so that the oldest are one range. */
import { DAY_MS, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';

/** Room for ids of endpoints below the day; ids are never reused. */
const ENDPOINTS = 2 ** 16;

/** Whole hours since the epoch (UTC). */
export function hourOf(at: EpochMs): number {
  return Math.floor(at / HOUR_MS);
}

/** Whole days since the epoch (UTC). */
export function dayOf(at: EpochMs): number {
  return Math.floor(at / DAY_MS);
}

/** The key of an endpoint's rollup of a day; with endpoint 0 the first key of that day. */
export function dayKey(day: number, endpoint: number): number {
  return day * ENDPOINTS + endpoint;
}

/** The day that a key begins with. */
export function dayOfKey(key: number): number {
  return Math.floor(key / ENDPOINTS);
}
