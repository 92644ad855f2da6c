/** Numbers for people, in either language. Pure: the present instant is an argument. */
import type { Language } from '../domain/snapshot.ts';
import { type DurationMs, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/units.ts';

/** A latency: `0.4 ms`, `38 ms`, `1.9 s`. */
export function formatLatency(ms: DurationMs): string {
  if (ms < 0.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return `${(ms / SECOND_MS).toFixed(ms < 9_950 ? 1 : 0)} s`;
}

const UNITS: Record<Language, readonly [string, string, string, string]> = {
  en: ['d', 'h', 'min', 's'],
  'zh-CN': ['天', '小时', '分', '秒'],
};

/** A span, its two largest units: `3 min 12 s`, `3 分 12 秒`; below a second `0 s`. */
export function formatDuration(ms: DurationMs, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const first = parts.findIndex((part) => part > 0);
  if (first < 0) return `0 ${UNITS[language][3]}`;
  return parts
    .map((part, i) => ({ part, unit: UNITS[language][i], i }))
    .filter(({ part, i }) => part > 0 && i <= first + 1)
    .map(({ part, unit }) => `${part} ${unit}`)
    .join(' ');
}

/** How long ago: `just now`, `12 s ago`, `5 min ago`. One unit, so that it does not flicker. */
export function formatAge(at: EpochMs, now: EpochMs, language: Language): string {
  const age = Math.max(0, now - at);
  if (age < 2 * SECOND_MS) return language === 'en' ? 'just now' : '刚刚';
  const [value, unit] =
    age < MINUTE_MS
      ? [age / SECOND_MS, 3]
      : age < HOUR_MS
        ? [age / MINUTE_MS, 2]
        : age < 24 * HOUR_MS
          ? [age / HOUR_MS, 1]
          : [age / (24 * HOUR_MS), 0];
  const text = `${Math.floor(value)} ${UNITS[language][unit as 0]}`;
  return language === 'en' ? `${text} ago` : `${text}前`;
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
