import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sample } from '../../shared/domain/result.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { openHistory } from './open-history.ts';
import { openOrStandBy } from './standby-history.ts';

const sample = (at: number): Sample => ({ endpointId: 'cn', at, outcome: 'ok', phases: {}, totalMs: 5 });

let folder: string;
let file: string;
let clock: FakeClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-standby-'));
  file = join(folder, 'history.sqlite');
  clock = new FakeClock();
  mkdirSync(file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openOrStandBy({ file, clock, open: (path) => openHistory({ file: path, clock }) });
async function stored(at: number): Promise<number> {
  const { store } = await openHistory({ file, clock });
  const found = await store.samples('cn', at, at + 100, 100);
  await store.close();
  return found.length;
}

it('keeps what is written while the file cannot be used, and stores it once it can', async () => {
  const at = clock.now();
  const { store, state, waiting } = await open();
  expect(state).toBe('waiting');
  expect(waiting?.problem).toMatchObject({ key: 'history-waiting', params: { file } });
  await store.record([sample(at), sample(at + 1)]);
  expect(await store.samples('cn', at, at + 100, 100)).toHaveLength(2);
  await clock.advance(60_000);
  rmdirSync(file);
  await clock.advance(60_000);
  await expect(waiting?.ended).resolves.toMatchObject({ state: 'created' });
  await store.record([sample(at + 2)]);
  expect(await store.samples('cn', at, at + 100, 100)).toHaveLength(3);
  await store.close();
  expect(await stored(at)).toBe(3);
});

it('tries the file once more when it is closed', async () => {
  const at = clock.now();
  const { store } = await open();
  await store.record([sample(at)]);
  rmdirSync(file);
  await store.close();
  expect(await stored(at)).toBe(1);
});

it('ends all the same when the file stays unusable', async () => {
  const { store } = await open();
  await store.record([sample(clock.now())]);
  await store.close();
  await expect(store.record([])).rejects.toMatchObject({ code: 'closed' });
});
