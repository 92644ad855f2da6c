/** What the downloads of `gopherbar check` amount to. Pure. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { CheckItem } from './check-list.ts';

/** One module after its download. */
export interface CheckRow {
  readonly item: CheckItem;
  readonly status: 'healthy' | 'slow' | 'failed' | 'cancelled';
  /** null = it never began. */
  readonly durationMs: DurationMs | null;
  readonly cause: Cause | null;
  /** What `go` said; '' unless it failed. */
  readonly message: string;
  /** Whose failure it is; null unless it failed. */
  readonly side: 'infrastructure' | 'code' | null;
}

export interface CheckVerdict {
  readonly outcome: 'passed' | 'infrastructure' | 'failed';
  readonly counts: Readonly<Record<CheckRow['status'], number>>;
}

/**
 * A critical module that fails decides: infrastructure only if that is all there is. `isStrict` counts slow ones and
 * optional failures, too.
 */
export function checkVerdict(rows: readonly CheckRow[], isStrict: boolean): CheckVerdict {
  const counts = { healthy: 0, slow: 0, failed: 0, cancelled: 0 };
  for (const { status } of rows) counts[status] += 1;
  const failing = rows.filter(({ status, item }) => status === 'failed' && (item.isCritical || isStrict));
  const isSlow = isStrict && counts.slow > 0;
  if (failing.length === 0 && !isSlow) return { outcome: 'passed', counts };
  const isOurs = failing.length > 0 && failing.every(({ side }) => side === 'infrastructure');
  return { outcome: isOurs ? 'infrastructure' : 'failed', counts };
}
