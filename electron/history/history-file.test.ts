import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../shared/domain/result.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { openHistory } from './open-history.ts';

const NOW = Date.UTC(2026, 5, 10, 12, 30, 5);
const sample: Sample = { endpointId: 'cn', at: NOW, outcome: 'ok', phases: { dns: 1 }, totalMs: 9 };

describe('opening the history', () => {
  let folder: string;
  let file: string;
  const clock = new FakeClock(NOW);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gopherbar-history-file-'));
    file = join(folder, 'history.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function fill(): Promise<void> {
    const { store } = await openHistory({ file, clock });
    await store.record(Array.from({ length: 3000 }, (_, i) => ({ ...sample, at: NOW - i })));
    await store.close();
  }

  it('creates a file that only its owner can read', async () => {
    const { store } = await openHistory({ file, clock });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('treats an empty file as a new one', async () => {
    writeFileSync(file, '');
    const { store, state } = await openHistory({ file, clock });
    expect(state).toBe('created');
    await store.close();
  });

  it.each([
    [
      'that is no database',
      () => writeFileSync(file, 'not a database at all, but quite some bytes of text'.repeat(40)),
    ],
    ['that was cut short', () => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)],
    ['with a page overwritten', () => overwrite(file, 3 * 4096)],
    ['with its schema overwritten', () => overwrite(file, 100)],
  ])('sets a file aside %s, under its time, and begins a new one', async (_, damage) => {
    await fill();
    damage();
    const damaged = hashOf(file);
    const opening = await openHistory({ file, clock });
    expect(opening.state).toBe('set-aside');
    expect(opening.setAsidePath).toBe(`${file}.damaged-20260610T123005Z`);
    expect(hashOf(opening.setAsidePath ?? '')).toBe(damaged);
    await opening.store.record([sample]);
    expect(await opening.store.samples('cn', 0, NOW + 1, 10)).toEqual([sample]);
    await opening.store.close();
  });

  it('sets the write-ahead log aside with its file, and never over an earlier one', async () => {
    for (const round of [1, 2]) {
      writeFileSync(file, 'garbage '.repeat(100 * round));
      writeFileSync(`${file}-wal`, 'log of the garbage');
      const { store, setAsidePath } = await openHistory({ file, clock });
      await store.close();
      expect(readFileSync(`${setAsidePath}-wal`, 'utf8')).toBe('log of the garbage');
      rmSync(file);
    }
    expect(readdirSync(folder).filter((name) => /damaged-\w+(-2)?$/.test(name))).toHaveLength(2);
  });

  it('sets a file aside that is a database without the tables of a history', async () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE x (y); PRAGMA user_version = 1');
    other.close();
    const { store, state } = await openHistory({ file, clock });
    expect(state).toBe('set-aside');
    expect(await store.latest()).toEqual(new Map());
    await store.close();
  });

  it.runIf(process.platform !== 'win32')('names a named pipe instead of waiting for it', async () => {
    execFileSync('mkfifo', [file]);
    await expect(openHistory({ file, clock })).rejects.toMatchObject({ code: 'cannot-open' });
  });

  it('only reads a file of a newer version and continues in memory', async () => {
    await fill();
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    const before = hashOf(file);
    const opening = await openHistory({ file, clock });
    expect(opening).toMatchObject({ state: 'newer', setAsidePath: file });
    await opening.store.record([sample]);
    expect(await opening.store.samples('cn', 0, NOW + 1, 10)).toEqual([sample]);
    await opening.store.close();
    expect(hashOf(file)).toBe(before);
  });

  it('rejects with a named error where no file can be created', async () => {
    writeFileSync(join(folder, 'plain'), 'a file, not a folder');
    const inside = join(folder, 'plain', 'history.sqlite');
    await expect(openHistory({ file: inside, clock })).rejects.toMatchObject({ name: 'HistoryError' });
    expect(existsSync(inside)).toBe(false);
  });
});

function overwrite(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, at, at + 2000);
  writeFileSync(file, bytes);
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
