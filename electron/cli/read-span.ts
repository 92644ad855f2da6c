/** Spans of time as options have them: `30m`, `24h`, `7d`. */
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import type { CliIo } from './cli-io.ts';
import { UsageError } from './usage-error.ts';

const UNITS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;

/** Throws UsageError for anything else. */
export function readSpan(text: string, { t }: Pick<CliIo, 't'>): DurationMs {
  const [, count = '', unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (unit === undefined || Number(count) === 0) throw new UsageError(t('cli.bad-span', { text }));
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
