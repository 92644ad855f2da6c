import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayBefore } from './retry-plan.ts';

const anyRandom = fc.double({ min: 0, max: 1, noNaN: true });

describe('the wait before a retry', () => {
  it('is above 10 s at the last, so that no cached "not found" outlives it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), anyRandom, (retries, random) => {
        const last = delayBefore(retries, retries, random);
        expect(last).toBeGreaterThan(10_000);
        expect(last).toBeLessThan(20_000);
      }),
    );
  });

  it('grows from retry to retry, whatever the jitter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10 }), anyRandom, anyRandom, (retries, one, other) => {
        for (let retry = 1; retry < retries; retry += 1) {
          // The shortest waits differ by their jitter alone.
          const next = Math.max(700, delayBefore(retry + 1, retries, other));
          expect(delayBefore(retry, retries, one)).toBeLessThanOrEqual(next);
        }
      }),
    );
  });
});
