/** A database's own history, as the app follows it: the head seen last is kept, and later ones must continue it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChecksumDatabase, sumRecord } from '../../e2e/lab/checksum-database.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import { InlinePool } from './inline-pool.ts';
import { TreeHeadPool } from './tree-head-pool.ts';

describe('a checksum database, remembered over time', () => {
  const record = (i: number) => sumRecord(`example.test/m${i}`, 'v1.0.0');
  const records = Array.from({ length: 700 }, (_, i) => record(i));
  const more = Array.from({ length: 150 }, (_, i) => record(700 + i));
  const changed = (i: number) => (all: readonly string[]) =>
    all.map((one, at) => (at === i ? sumRecord(`example.test/m${i}`, 'v1.0.0', 'another') : one));
  let database: ChecksumDatabase;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gopherbar-heads-'));
    database = await ChecksumDatabase.start(records);
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });

  /** Probes as the app does: the head seen last is kept in a file, over restarts. */
  async function check(depth: 'light' | 'full' = 'light'): Promise<string> {
    const remembering = new TreeHeadPool(new InlinePool(systemClock), join(folder, 'tree-heads.json'), {
      clock: systemClock,
      log: silentLog,
    });
    const module = { path: 'example.test/m5', version: 'v1.0.0' };
    const endpoint = { id: 'x', kind: 'sumdb', name: 'x', url: database.url, key: database.key, module } as const;
    const request = { endpoint, depth, limits: DEFAULT_LIMITS, network: {} };
    const result = await remembering.probe(request, new AbortController().signal);
    await remembering.close();
    if (result.outcome === 'cancelled') throw new Error('cancelled');
    return result.outcome === 'failed' ? `${result.failure.cause} in ${result.failure.phase}` : 'ok';
  }

  it('may stay as it is, grow, and answer from a server that lags behind', async () => {
    expect(await check('full')).toBe('ok');
    expect(await check('full')).toBe('ok');
    database.setRecords((all) => [...all, ...more]);
    expect(await check('full')).toBe('ok');
    database.headSize = 720;
    expect(await check()).toBe('ok');
  });

  it('is caught when it forgets what it had', async () => {
    expect(await check()).toBe('ok');
    database.setRecords((all) => all.slice(0, 300));
    expect(await check()).toBe('sumdb-not-found in response');
    database.setRecords((all) => [...all, ...more, ...records.slice(300)]);
    expect(await check()).toBe('sumdb-invalid-answer in verify');
  });

  it.each<[string, (all: readonly string[]) => readonly string[]]>([
    ['changes a record', changed(5)],
    ['changes the last record', changed(699)],
    ['changes a record and grows', (all) => [...changed(5)(all), ...more]],
    ['swaps two records', (all) => [...all.slice(1, 2), ...all.slice(0, 1), ...all.slice(2)]],
    ['drops a record in the middle and grows', (all) => [...all.slice(0, 300), ...all.slice(301), ...more]],
  ])('is caught when it %s, although every signature is right, and stays caught', async (_, change) => {
    expect(await check()).toBe('ok');
    database.setRecords(change);
    expect(await check()).toBe('sumdb-invalid-answer in verify');
    expect(await check('full')).toBe('sumdb-invalid-answer in verify');
    database.setRecords(() => records);
    expect(await check('full')).toBe('ok');
  });
});
