import { describe, expect, it } from 'vitest';
import { formatAge, formatDay, formatDuration, formatLatency, formatPercent } from './format.ts';
import { translator } from './messages.ts';

const en = translator('en');
const zh = translator('zh-CN');

describe('numbers for people', () => {
  it.each([
    [0.42, '0.4 ms'],
    [38.4, '38 ms'],
    [999.4, '999 ms'],
    [999.9, '1.0 s'],
    [1_900, '1.9 s'],
    [12_400, '12 s'],
  ])('shows a latency of %s ms as %s', (ms, text) => expect(formatLatency(ms)).toBe(text));

  it.each([
    [0, '0 s', '0 秒'],
    [12_000, '12 s', '12 秒'],
    [192_000, '3 min 12 s', '3 分 12 秒'],
    [3_600_000, '1 h', '1 小时'],
    [93_784_000, '1 d 2 h', '1 天 2 小时'],
  ])('shows %s ms with its two largest units', (ms, english, chinese) => {
    expect(formatDuration(ms, en)).toBe(english);
    expect(formatDuration(ms, zh)).toBe(chinese);
  });

  it('shows an age in one unit', () => {
    expect(formatAge(0, 500, en)).toBe('just now');
    expect(formatAge(0, 12_400, en)).toBe('12 s ago');
    expect(formatAge(0, 12_400, zh)).toBe('12 秒前');
    expect(formatAge(0, 7_200_000, zh)).toBe('2 小时前');
    expect(formatAge(0, 60_000, en)).toBe('1 min ago');
    expect(formatAge(0, 1_999 * 86_400_000, en)).toBe('1999 d ago');
    expect(formatAge(5_000, 0, en)).toBe('just now');
  });

  it('shows a day as ISO 8601 does', () => {
    expect(formatDay(1_801_439_940_000)).toBe('2027-01-31');
  });

  it('never rounds a failure away', () => {
    expect(formatPercent(1)).toBe('100%');
    expect(formatPercent(0.99999)).toBe('99.9%');
    expect(formatPercent(0.934)).toBe('93.4%');
  });
});
