/** Heights of a strip: pure. */
import type { StripCell } from '../../shared/domain/snapshot.ts';

/** The 95th percentile sets the top, so that one slow half hour does not flatten the day. */
const TOP_SHARE = 0.95;
const LOWEST = 0.14;

/** Height of each cell, 0…1; failures are full, gaps null. */
export function stripHeights(cells: readonly StripCell[]): readonly (number | null)[] {
  const known = cells.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs])).sort((a, b) => a - b);
  const top = known[Math.floor((known.length - 1) * TOP_SHARE)] ?? 1;
  return cells.map(({ outcome, latencyMs }) => {
    if (outcome === 'gap') return null;
    if (outcome === 'failed') return 1;
    // Even a steady line stays at half height: room to show that something got slower.
    return Math.min(1, Math.max(LOWEST, ((latencyMs ?? 0) / Math.max(top, 1)) * 0.6));
  });
}
