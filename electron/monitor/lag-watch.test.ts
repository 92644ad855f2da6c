import { expect, test } from 'vitest';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { LagWatch } from './lag-watch.ts';

const mirror = (id: string): Endpoint => ({ id, kind: 'goproxy', name: id, url: `https://${id}` });

function watching(ids: readonly string[], versions: Readonly<Record<string, readonly string[] | null>>) {
  const clock = new FakeClock();
  const publishedAt = clock.now() - 30 * HOUR_MS;
  let asked = 0;
  const watch = new LagWatch({
    clock,
    listVersions: async ({ id }) => {
      asked += 1;
      const shown = versions[id] ?? null;
      const newest = shown?.at(-1);
      return {
        endpointId: id,
        versions: shown,
        latest: newest === undefined ? null : { version: newest, at: publishedAt },
      };
    },
    onChange: () => {},
  });
  watch.start(async () => ({ mirrors: ids.map(mirror), modules: ['golang.org/x/net'] }));
  return { clock, watch, asked: () => asked };
}

test('mirrors are compared a minute after the start, and then four times a day', async () => {
  const { clock, watch, asked } = watching(['a', 'b'], { a: ['v1.0.0', 'v1.1.0'], b: ['v1.0.0', 'v1.1.0'] });
  expect(watch.rows).toEqual([]);
  await clock.advance(2 * MINUTE_MS);
  expect(watch.rows[0]).toMatchObject({
    module: 'golang.org/x/net',
    cells: [{ versionsBehind: 0 }, { versionsBehind: 0 }],
  });
  expect(watch.stale).toEqual([]);
  await clock.advance(24 * HOUR_MS);
  expect(asked()).toBe(2 * 5);
  await watch.close();
  expect(clock.pending).toBe(0);
});

test('a mirror that does not show a day-old version is stale; one that is not reached is not', async () => {
  const { clock, watch } = watching(['a', 'b', 'c'], { a: ['v1.0.0', 'v1.1.0'], b: ['v1.0.0'], c: null });
  await clock.advance(2 * MINUTE_MS);
  expect(watch.stale).toMatchObject([{ endpointId: 'b', module: 'golang.org/x/net' }]);
  expect(watch.stale[0]?.hoursBehind).toBeCloseTo(30, 0);
  await watch.close();
});

test('one mirror alone is asked nothing', async () => {
  const { clock, watch, asked } = watching(['a'], { a: ['v1.0.0'] });
  await clock.advance(12 * HOUR_MS);
  expect(asked()).toBe(0);
  await watch.close();
});

test('a round that is asked for runs at once, never beside another, and the next is six hours later', async () => {
  const { clock, watch, asked } = watching(['a', 'b'], { a: ['v1.0.0'], b: ['v1.0.0'] });
  await Promise.all([watch.compareNow(), watch.compareNow()]);
  expect(asked()).toBe(2);
  expect(watch.rows).toHaveLength(1);
  await clock.advance(5 * HOUR_MS);
  expect(asked()).toBe(2);
  await clock.advance(2 * HOUR_MS);
  expect(asked()).toBe(4);
  await watch.close();
  expect(clock.pending).toBe(0);
  await watch.compareNow();
  expect(asked()).toBe(4);
});
