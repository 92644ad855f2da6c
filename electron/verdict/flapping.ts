/**
 * An endpoint that keeps going down and coming back has one incident, not many: `flapping`, notified once. Pure.
 * Counted are confirmed changes only; lost packets never get as far.
 */
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';

export interface Flapping {
  /** Confirmed changes between down and not down, oldest first, none older than an hour. */
  readonly changes: readonly EpochMs[];
  /** Since when it flaps: the first of the changes that showed it; null while it does not. */
  readonly since: EpochMs | null;
}

export const INITIAL_FLAPPING: Flapping = { changes: [], since: null };

/** Down, up, down, up, down within the hour. */
const CHANGES_TO_FLAP = 5;
const WITHIN_MS = HOUR_MS;

/** After so long without a change its present status counts again. */
const CALM_MS = 20 * MINUTE_MS;

/** After one more judgement; `changed` = it has just gone down, or come back. */
export function reduceFlapping(before: Flapping, changed: boolean, now: EpochMs): Flapping {
  if (!changed && before.changes.length === 0) return before;
  const recent = before.changes.filter((at) => now - at < WITHIN_MS);
  const changes = changed ? [...recent, now] : recent;
  const [first = now] = changes;
  if (before.since === null) return { changes, since: changes.length >= CHANGES_TO_FLAP ? first : null };
  const isCalm = now - (changes.at(-1) ?? before.since) >= CALM_MS;
  return isCalm ? INITIAL_FLAPPING : { changes, since: before.since };
}
