import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { systemClock } from './clock.ts';
import { writeFileAtomic } from './files.ts';
import { JsonFile, type JsonFileOptions } from './json-file.ts';
import type { Log } from './log.ts';

type Numbers = { readonly numbers: readonly number[] };

let folder: string;
let path: string;
let problems: Problem[];
let logged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-json-'));
  path = join(folder, 'numbers.json');
  problems = [];
  logged = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const note = (event: string) => void logged.push(event);
const log: Log = { info: note, warn: note, error: note };

function open(options: Partial<JsonFileOptions<Numbers>> = {}): JsonFile<Numbers> {
  return new JsonFile<Numbers>({
    path,
    schema: v.object({ numbers: v.array(v.number()) }),
    empty: { numbers: [] },
    clock: systemClock,
    log,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
}

const add = (number: number) => (now: Numbers) => ({ numbers: [...now.numbers, number] });
const onDisk = () => JSON.parse(readFileSync(path, 'utf8'));
const keys = () => problems.map(({ key }) => key);

it('takes a missing file as empty and creates it, with its folder, readable only by its owner', async () => {
  path = join(folder, 'new', 'numbers.json');
  const file = open();
  expect(await file.read()).toEqual({ ok: true, value: { numbers: [] } });
  expect(await file.update(add(1))).toEqual({ ok: true, value: { numbers: [1] } });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(onDisk()).toEqual({ numbers: [1] });
});

it('keeps every one of many concurrent updates, in order, and close waits for them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer(), { maxLength: 30 }), async (numbers) => {
      rmSync(path, { force: true });
      const file = open();
      for (const number of numbers) void file.update(add(number));
      await file.close();
      expect(numbers.length === 0 ? { numbers: [] } : onDisk()).toEqual({ numbers });
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

it('loses no update of several owners of a shared file', async () => {
  const owners = [1, 2, 3].map(() => open({ shared: true }));
  const numbers = Array.from({ length: 30 }, (_, i) => i);
  const done = await Promise.all(numbers.map((number) => owners[number % 3]?.update(add(number))));
  expect(done.every((one) => one?.ok)).toBe(true);
  expect(onDisk().numbers.toSorted((a: number, b: number) => a - b)).toEqual(numbers);
});

it('sets a truncated file aside, for every length, and reports it once', async () => {
  const whole = JSON.stringify({ numbers: [1, 2, 3] });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      problems = [];
      writeFileSync(path, whole.slice(0, length));
      const file = open();
      expect(await file.read()).toEqual({ ok: true, value: { numbers: [] } });
      expect(await file.update(add(7))).toMatchObject({ ok: true });
      expect(onDisk()).toEqual({ numbers: [7] });
      expect(keys()).toEqual(['file-damaged']);
      const aside = String(problems[0]?.params.aside);
      expect(aside.startsWith(`${path}.damaged-`)).toBe(true);
      expect(readFileSync(aside, 'utf8')).toBe(whole.slice(0, length));
    }),
  );
});

it.each([
  ['other JSON', '{"numbers":["one"]}'],
  ['null', 'null'],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
])('sets %s aside', async (_, content) => {
  writeFileSync(path, content);
  expect(await open().read()).toEqual({ ok: true, value: { numbers: [] } });
  expect(keys()).toEqual(['file-damaged']);
  expect(logged).toEqual(['file-damaged']);
});

it('keeps every damaged file, also two of the same second', async () => {
  const file = open({ clock: { ...systemClock, now: () => 0 } });
  for (const text of ['first', 'second']) {
    writeFileSync(path, text);
    await file.read();
  }
  const asides = readdirSync(folder).filter((name) => name.includes('.damaged-'));
  expect(asides.map((name) => readFileSync(join(folder, name), 'utf8')).sort()).toEqual(['first', 'second']);
  expect(keys()).toEqual(['file-damaged', 'file-damaged']);
});

it('never overwrites a newer version', async () => {
  const text = '{"schema":2,"pages":[]}';
  writeFileSync(path, text);
  const file = open();
  const newer = { ok: false, problem: { key: 'file-newer', params: { file: path, version: 2, known: 1 } } };
  expect(await file.read()).toEqual(newer);
  expect(await file.update(add(1))).toEqual(newer);
  expect(await file.replace({ numbers: [1] })).toEqual(newer);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(keys()).toEqual(['file-newer']);
});

describe('unusable files', () => {
  it('reports a folder in place of the file, and keeps it', async () => {
    mkdirSync(path);
    const file = open();
    expect(await file.read()).toMatchObject({ ok: false, problem: { key: 'file-not-readable' } });
    expect(await file.update(add(1))).toMatchObject({ ok: false, problem: { key: 'file-not-readable' } });
    expect(statSync(path).isDirectory()).toBe(true);
    expect(keys()).toEqual(['file-not-readable']);
  });

  it('reports a file in place of the folder when writing', async () => {
    writeFileSync(join(folder, 'plain'), '');
    path = join(folder, 'plain', 'numbers.json');
    expect(await open().update(add(1))).toMatchObject({ ok: false, problem: { key: 'file-not-written' } });
    expect(await open({ shared: true }).update(add(1))).toMatchObject({
      ok: false,
      problem: { key: 'file-not-written' },
    });
  });

  it('keeps the file on a full disk; the next update works', async () => {
    let isFull = false;
    const write: typeof writeFileAtomic = (...args) =>
      isFull ? Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })) : writeFileAtomic(...args);
    const file = open({ write });
    await file.update(add(1));
    isFull = true;
    expect(await file.update(add(2))).toEqual({
      ok: false,
      problem: { key: 'file-not-written', params: { file: path, detail: 'ENOSPC' } },
    });
    expect(logged).toEqual(['file-not-written']);
    isFull = false;
    expect(await file.update(add(3))).toEqual({ ok: true, value: { numbers: [1, 3] } });
  });

  it('does not read a device in place of the file', async () => {
    path = '/dev/zero';
    expect(await open().read()).toMatchObject({ ok: false, problem: { key: 'file-not-readable' } });
  });

  it('reports a read-only folder when writing', async () => {
    path = '/proc/numbers.json';
    expect(await open().update(add(1))).toMatchObject({ ok: false, problem: { key: 'file-not-written' } });
    expect(keys()).toEqual(['file-not-written']);
  });
});

it('removes the file, and a missing one as well', async () => {
  const file = open();
  expect(await file.remove()).toMatchObject({ ok: true });
  await file.replace({ numbers: [1] }, { flush: false });
  expect(await file.flush()).toMatchObject({ ok: true });
  expect(await file.remove()).toMatchObject({ ok: true });
  expect(readdirSync(folder)).toEqual([]);
});
