/** When a server wants to be asked again (RFC 9110 §10.2.3). Pure. */
import { DAY_MS, type DurationMs, type EpochMs, SECOND_MS } from '../../shared/domain/units.ts';

/** Three shapes of an HTTP date (RFC 9110 §5.6.7); anything else that Date.parse accepts is not one. */
const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT|\w+day, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d GMT|\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/** How long to wait, ms, at most a day; null for a value that cannot be read. `now` is UTC. */
export function retryAfterMs(value: string | undefined, now: EpochMs): DurationMs | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text) * SECOND_MS, DAY_MS);
  if (!HTTP_DATE.test(text)) return null;
  // The third shape names no zone; it is UTC as well.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - now), DAY_MS);
}
