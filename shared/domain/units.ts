/** Units that cross process borders. Aliases, not brands: the unit also stands in every name that holds one. */

/** Milliseconds since 1970-01-01T00:00:00Z (wall clock). Says *when*; never subtract two of them to time something. */
export type EpochMs = number;

/** A span in milliseconds, measured by a monotonic clock; may carry fractions. */
export type DurationMs = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Ends a switch over a union: the compiler refuses a forgotten case, and a value from outside the types throws. */
export function never(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
