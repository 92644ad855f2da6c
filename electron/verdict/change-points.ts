/**
 * Where a latency changed its level for good: windows before and after each hour are compared by their medians, against
 * how much hours differ anyway. Pure.
 */
import type { ChangePoint } from '../../shared/domain/timeline.ts';
import { type HourFacts, median } from './latency-baseline.ts';

/** A day on each side, so that the time of day cancels out. */
const WINDOW = 24;
/** At least so many measured hours on each side: nearly the whole day. */
const ENOUGH_HOURS = 20;
/** A change by half, up or down, at least (in natural logarithms). */
const LEAST_CHANGE = Math.log(1.5);
/** In multiples of the usual difference between an hour and its day. */
const LEAST_SPREADS = 3;

/** Lasting changes, oldest first. */
export function changePoints(hours: readonly HourFacts[]): readonly ChangePoint[] {
  const levels = hours.flatMap(({ at, p50 }) => (p50 === null || p50 <= 0 ? [] : [{ at, level: Math.log(p50) }]));
  const changes = levels.map((_, i) =>
    changeAt(
      levels.map(({ level }) => level),
      i,
    ),
  );
  return changes.flatMap((change, i) => {
    const at = levels[i]?.at;
    if (change === null || at === undefined) return [];
    // Of neighbours that all see the change, the one that sees it best is where it is.
    const around = changes.slice(Math.max(0, i - WINDOW), i + WINDOW + 1);
    const best = Math.max(...around.map((one) => Math.abs(one?.size ?? 0)));
    const isFirstBest = changes.findIndex((one) => one !== null && Math.abs(one.size) === best) === i;
    return Math.abs(change.size) === best && isFirstBest
      ? [{ at, beforeMs: Math.exp(change.before), afterMs: Math.exp(change.before + change.size) }]
      : [];
  });
}

function changeAt(levels: readonly number[], i: number): { readonly before: number; readonly size: number } | null {
  const before = levels.slice(Math.max(0, i - WINDOW), i);
  const after = levels.slice(i, i + WINDOW);
  if (before.length < ENOUGH_HOURS || after.length < ENOUGH_HOURS) return null;
  const [was, is] = [median(before), median(after)];
  const spread = median([...before.map((one) => Math.abs(one - was)), ...after.map((one) => Math.abs(one - is))]);
  const size = is - was;
  return Math.abs(size) >= Math.max(LEAST_CHANGE, LEAST_SPREADS * spread) ? { before: was, size } : null;
}
