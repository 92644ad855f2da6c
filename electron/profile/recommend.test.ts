import { expect, it } from 'vitest';
import { candidatesOf, recommend } from './recommend.ts';

it('compares the first proxy of each profile once', () => {
  const profile = (id: string, GOPROXY: string) => ({ id, variables: { GOPROXY } });
  expect(
    candidatesOf([
      profile('a', 'https://a.test/|direct'),
      profile('b', 'https://a.test,direct'),
      profile('c', 'direct'),
    ]),
  ).toEqual([{ profileId: 'a', url: 'https://a.test' }]);
});

it('recommends the fastest honest one, the first listed where the difference is too small to notice', () => {
  const mirror = (profileId: string, latencyMs: number | null) => ({ profileId, latencyMs });
  expect(recommend([mirror('failed', null), mirror('slow', 900), mirror('fast', 40)])).toBe('fast');
  expect(recommend([mirror('first', 60), mirror('second', 40)])).toBe('first');
  expect(recommend([mirror('failed', null)])).toBeNull();
  expect(recommend([])).toBeNull();
});
