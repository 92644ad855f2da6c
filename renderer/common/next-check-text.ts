/** When the next check is, in words. Pure. */
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Translate } from '../../shared/messages/messages.ts';

/** `nextAt` is null while paused. */
export function nextCheckText(nextAt: EpochMs | null, now: EpochMs, t: Translate): string {
  if (nextAt === null) return t('popover.paused-foot');
  const seconds = Math.ceil((nextAt - now) / 1_000);
  return seconds <= 0 ? t('popover.interval-now') : t('popover.interval', { seconds });
}
