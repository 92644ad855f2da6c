/** Watching on a real file system, with a fake clock. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Stop } from './clock.ts';
import { FakeClock } from './fake-clock.ts';
import { watchFiles } from './file-watch.ts';

let scratch: string;
let folder: string;
let clock: FakeClock;
let changes: number;
let stop: Stop;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gopherbar-watch-'));
  folder = join(scratch, 'data');
  mkdirSync(folder);
  clock = new FakeClock();
  changes = 0;
});
afterEach(() => {
  stop();
  rmSync(scratch, { recursive: true, force: true });
});

const watch = (...names: string[]) => {
  stop = watchFiles(
    names.map((name) => join(folder, name)),
    clock,
    () => changes++,
  );
};

/** Advances the clock until a change has been reported. */
const heard = () =>
  vi.waitFor(async () => {
    await clock.advance(1_000);
    expect(changes).toBeGreaterThan(0);
    changes = 0;
  }, 5_000);

it('reports a file written, replaced and removed, and no other file of the folder', async () => {
  watch('a.json');
  writeFileSync(join(folder, 'a.json'), '1');
  await heard();
  writeFileSync(join(folder, 'new'), '2');
  renameSync(join(folder, 'new'), join(folder, 'a.json'));
  await heard();
  rmSync(join(folder, 'a.json'));
  await heard();
});

it.each([
  ['removed', () => rmSync(folder, { recursive: true })],
  ['moved away', () => renameSync(folder, join(scratch, 'elsewhere'))],
])('goes on when the folder is %s and made again', async (_, lose) => {
  watch('a.json');
  writeFileSync(join(folder, 'a.json'), '1');
  await heard();
  lose();
  await vi.waitFor(() => expect(clock.pending).toBeGreaterThan(0), 5_000);
  await clock.advance(60_000);
  changes = 0;
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.json'), '2');
  await heard();
  writeFileSync(join(folder, 'a.json'), '3');
  await heard();
});

it('waits for a folder that does not exist yet', async () => {
  rmSync(folder, { recursive: true });
  watch('a.json');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.json'), '1');
  await heard();
});
