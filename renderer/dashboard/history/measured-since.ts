/** Whether a figure may be claimed for a whole span, or only since the first measurement. Pure. */
import type { Chart, UptimeRow } from '../../../shared/domain/timeline.ts';
import { DAY_MS, type EpochMs } from '../../../shared/domain/units.ts';

/** The spans of the table, days. */
export const SHARE_DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;
export type ShareKey = keyof typeof SHARE_DAYS;

/** The first probe of a day comes at most this long after its beginning. */
const SLACK_MS = 15 * 60_000;

/** What a cell may claim: the whole span, what there is of it, or nothing that a shorter span does not say already. */
export type Claim = 'whole' | 'since' | 'nothing';

/** What may be claimed of the days before `now` when the first measurement was at `since`. */
export function claimOf(key: ShareKey, since: EpochMs | null, now: EpochMs): Claim {
  if (since === null) return 'nothing';
  const covers = (days: number) => now - since >= days * DAY_MS - SLACK_MS;
  if (covers(SHARE_DAYS[key])) return 'whole';
  const shorter = Object.values(SHARE_DAYS).filter((days) => days < SHARE_DAYS[key]);
  return shorter.every(covers) ? 'since' : 'nothing';
}

/** When the figures of the last 30 days do not stand for 30 days: since when they do; null when they do. */
export function monthSince({ since }: Pick<UptimeRow, 'since'>, now: EpochMs): EpochMs | null {
  return since !== null && claimOf('month', since, now) !== 'whole' ? since : null;
}

/** When a chart begins with the first measurement: when that was; null when it begins where it was asked to. */
export function chartSince({ since, from }: Pick<Chart, 'since' | 'from'>): EpochMs | null {
  return since !== null && since >= from ? since : null;
}
