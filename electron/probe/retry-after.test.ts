import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../shared/domain/units.ts';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

describe('retryAfterMs', () => {
  it.each([
    ['30', 30_000],
    ['0', 0],
    ['999999999', DAY_MS],
    ['Mon, 23 Nov 2026 12:00:10 GMT', 10_000],
    ['Monday, 23-Nov-26 12:00:10 GMT', 10_000],
    ['Mon Nov 23 12:00:10 2026', 10_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['-1', null],
    ['1.5', null],
    ['soon', null],
    ['2026-11-23', null],
    ['', null],
    [undefined, null],
  ])('%s', (value, expected) => {
    expect(retryAfterMs(value, NOW)).toBe(expected);
  });

  it('is null or within a day, whatever a server writes', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = retryAfterMs(value, NOW);
        expect(ms === null || (ms >= 0 && ms <= DAY_MS)).toBe(true);
      }),
    );
  });
});
