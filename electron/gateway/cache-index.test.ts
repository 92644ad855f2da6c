/** The index of the cache in a real SQLite file, opened by two at once as the app and the command line do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_MS } from '../../shared/domain/units.ts';
import { type CacheEntry, CacheIndex, COUNTERS } from './cache-index.ts';

let folder: string;
let app: CacheIndex;
let cli: CacheIndex;
const NOW = 20_000 * DAY_MS + 5_000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-index-'));
  app = CacheIndex.open(join(folder, 'own', 'index.sqlite'));
  cli = CacheIndex.open(join(folder, 'own', 'index.sqlite'));
});
afterEach(() => {
  app.close();
  cli.close();
  rmSync(folder, { recursive: true, force: true });
});

function entry(path: string, bytes = 10): CacheEntry {
  return { path, bytes, sha256: 'x', modifiedAt: 1_000, verified: true };
}

it('gives back what it was given, to every process, and forgets what is removed', () => {
  app.put(entry('a.test/b/@v/v1.0.0.zip', 500), NOW);
  expect(cli.get('a.test/b/@v/v1.0.0.zip')).toEqual(entry('a.test/b/@v/v1.0.0.zip', 500));
  app.put({ ...entry('a.test/b/@v/v1.0.0.zip', 700), verified: false }, NOW);
  expect(cli.get('a.test/b/@v/v1.0.0.zip')).toMatchObject({ bytes: 700, verified: false });
  cli.remove('a.test/b/@v/v1.0.0.zip');
  expect(app.get('a.test/b/@v/v1.0.0.zip')).toBeNull();
});

it('lists by prefix, also of names that look like patterns', () => {
  for (const path of ['a.test/b/@v/v1.0.0.mod', 'a.test/b/@v/v1.1.0.mod', 'a.test/b%/@v/v1.0.0.mod', 'a.test/c']) {
    app.put(entry(path), NOW);
  }
  expect(app.paths('a.test/b/@v/')).toEqual(['a.test/b/@v/v1.0.0.mod', 'a.test/b/@v/v1.1.0.mod']);
  expect(app.paths('a.test/b%')).toEqual(['a.test/b%/@v/v1.0.0.mod']);
  expect(app.paths('')).toHaveLength(4);
});

it('names the files used longest ago first, and counts all of them', () => {
  for (const [i, path] of ['one', 'two', 'three'].entries()) app.put(entry(path, 100), NOW + i);
  app.touch(['one'], NOW + 10);
  expect(app.oldest(2).map(({ path }) => path)).toEqual(['two', 'three']);
  expect(cli.totals()).toEqual({ bytes: 300, files: 3 });
});

it('adds the counters of all processes up', () => {
  app.count({ requests: 2, saved: 1 }, NOW);
  cli.count({ requests: 3, cacheBytes: 400, hedges: 0 }, NOW);
  const counters = app.counters();
  expect(Object.keys(counters).sort()).toEqual([...COUNTERS].sort());
  expect(counters).toMatchObject({ requests: 5, saved: 1, cacheBytes: 400, hedges: 0 });
});

it('knows what was saved in the last days, and forgets it after a month', () => {
  app.count({ saved: 4 }, NOW - 7 * DAY_MS);
  app.count({ saved: 2 }, NOW - 6 * DAY_MS);
  app.count({ saved: 1 }, NOW);
  expect(app.savedSince(7, NOW)).toBe(3);
  expect(app.savedSince(8, NOW)).toBe(7);
  expect(app.figures(NOW)).toMatchObject({ saved: 7, savedThisWeek: 3, files: 0, bytes: 0 });
  app.count({ saved: 1 }, NOW + 30 * DAY_MS);
  expect(app.savedSince(365, NOW + 30 * DAY_MS)).toBe(2);
});

it('shows running downloads to another process until they end or grow old', () => {
  app.transfer('1', '{"module":"a"}', NOW);
  app.transfer('2', '{"module":"b"}', NOW - 10_000);
  expect(cli.transfers(NOW - 3_000)).toEqual(['{"module":"a"}']);
  app.transfer('1', '{"module":"a2"}', NOW + 1);
  expect(cli.transfers(NOW - 3_000)).toEqual(['{"module":"a2"}']);
  app.transfer('1', null, NOW);
  expect(cli.transfers(0)).toEqual(['{"module":"b"}']);
});

it('is empty after it was cleared', () => {
  app.put(entry('one'), NOW);
  app.count({ requests: 1, saved: 1 }, NOW);
  app.transfer('1', '{}', NOW);
  cli.clear();
  expect(app.totals()).toEqual({ bytes: 0, files: 0 });
  expect(app.counters().requests).toBe(0);
  expect(app.savedSince(7, NOW)).toBe(0);
  expect(app.transfers(0)).toEqual([]);
});
