/** Moving through rows by arrows: pure. */

/** The row after (or before) the focused one; wraps around. `at` is −1 when none is focused. */
export function nextRow(count: number, at: number, step: 1 | -1): number {
  if (count === 0) return -1;
  if (at < 0) return step === 1 ? 0 : count - 1;
  return (at + step + count) % count;
}
