/** Numbers for people, in either language. Pure: the present instant is an argument. */
import type { Language } from '../domain/snapshot.ts';
import { DAY_MS, type DurationMs, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/units.ts';
import type { Translate } from './messages.ts';

/** A latency: `0.4 ms`, `38 ms`, `1.9 s`. SI symbols are the same in every language. */
export function formatLatency(ms: DurationMs): string {
  if (ms < 0.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return `${(ms / SECOND_MS).toFixed(ms < 9_950 ? 1 : 0)} s`;
}

const UNIT_KEYS = ['unit.days', 'unit.hours', 'unit.minutes', 'unit.seconds'] as const;

/** A span, its two largest units: `3 min 12 s`, `3 分 12 秒`; below a second `0 s`. */
export function formatDuration(ms: DurationMs, t: Translate): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const counts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return t('unit.seconds', { count: 0 });
  return UNIT_KEYS.map((key, i) => ({ key, count: counts[i] ?? 0, i }))
    .filter(({ count, i }) => count > 0 && i <= first + 1)
    .map(({ key, count }) => t(key, { count }))
    .join(' ');
}

/** How long ago: `just now`, `12 s ago`, `5 min ago`. One unit, so that it does not flicker. */
export function formatAge(at: EpochMs, now: EpochMs, t: Translate): string {
  const age = Math.max(0, now - at);
  if (age < 2 * SECOND_MS) return t('unit.just-now');
  const [unitMs, key] = (
    [
      [DAY_MS, 'unit.days'],
      [HOUR_MS, 'unit.hours'],
      [MINUTE_MS, 'unit.minutes'],
    ] as const
  ).find(([size]) => age >= size) ?? [SECOND_MS, 'unit.seconds'];
  return t('unit.ago', { span: t(key, { count: Math.floor(age / unitMs) }) });
}

/** A share of successes: `100%`, `99.7%`, `93.4%`; never rounded up to a perfect 100. */
export function formatPercent(share: number): string {
  if (share >= 1) return '100%';
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)}%`;
}

/** Time of day, `14:05`; with the date when it is another day. `at` in the machine's own time zone. */
export function formatClock(at: EpochMs, now: EpochMs, language: Language): string {
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  return day.format(at) === day.format(now) ? time.format(at) : `${day.format(at)} ${time.format(at)}`;
}

/** An instant as `2027-01-31 14:02`, in UTC. */
export function formatInstant(at: EpochMs): string {
  // The format of Swedish is that of ISO 8601.
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: 'UTC' }).format(at);
}

/** A day as `2027-01-31`, in UTC. */
export function formatDay(at: EpochMs): string {
  // The day format of English in Canada is that of ISO 8601.
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'UTC' }).format(at);
}
