/** Settings files as users, editors, crashes and newer versions leave them. Nothing is lost. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import { succeeded } from '../../shared/domain/outcome.ts';
import { systemClock } from '../system/clock.ts';
import { FakeClock } from '../system/fake-clock.ts';
import type { writeFileAtomic } from '../system/files.ts';
import { SettingsFile } from './settings-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-settings-'));
  path = join(folder, 'settings.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (write?: typeof writeFileAtomic) =>
  SettingsFile.open(path, systemClock, write === undefined ? {} : { write });
const bytes = () => readFileSync(path);

describe('an invalid file', () => {
  const long = JSON.stringify({ endpoints: [{ url: 'https://goproxy.cn' }], padding: 'x'.repeat(5 * 1024 * 1024) });
  it.each([
    ['truncated', Buffer.from('{"preferences":{"language":"zh-CN"'), 'settings-not-json'],
    ['empty', Buffer.alloc(0), 'settings-not-json'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'settings-not-json'],
    ['a list', Buffer.from('[]'), 'settings-invalid'],
    ['a list within', Buffer.from('{"preferences":["dark"]}'), 'settings-invalid'],
    ['null', Buffer.from('null'), 'settings-invalid'],
    ['a wrong type', Buffer.from('{"preferences":{"notifications":"yes"}}'), 'settings-invalid'],
    ['a URL that is none', Buffer.from('{"endpoints":[{"url":"goproxy.cn"}]}'), 'settings-invalid'],
    [
      'two lines in a variable',
      Buffer.from('{"profiles":[{"id":"a","name":"a","variables":{"GOPROXY":"a\\nB=1"}}]}'),
      'settings-invalid',
    ],
    [
      'an unknown variable',
      Buffer.from('{"profiles":[{"id":"a","name":"a","variables":{"GOFLAGS":"-x"}}]}'),
      'settings-invalid',
    ],
    ['nesting without end', Buffer.from('['.repeat(200_000)), 'settings-not-json'],
    ['a newer version', Buffer.from('{"schema":2,"endpoints":{"new":"shape"}}'), 'settings-newer'],
    ['five megabytes', Buffer.from(long), 'settings-too-large'],
  ])('%s: named, kept to the byte, defaults serve', async (_name, content, key) => {
    writeFileSync(path, content);
    const file = await open();
    expect(file.problem).toMatchObject({ key, params: { file: path } });
    expect(file.settings.endpoints.length).toBeGreaterThan(0);
    expect(await file.setPreferences({ theme: 'dark' })).toMatchObject({ ok: false, problem: { key } });
    expect(bytes().equals(content)).toBe(true);
  });

  it('names a file that is a folder', async () => {
    mkdirSync(path);
    const file = await open();
    expect(file.problem).toEqual({ key: 'settings-not-readable', params: { file: path, detail: 'not-a-file' } });
    expect(await file.setPreferences({ theme: 'dark' })).toMatchObject({ ok: false });
  });

  it('names the path of the first error, and how many more there are', async () => {
    writeFileSync(path, '{"endpoints":[{"url":"https://a"},{"url":5}],"intervals":{"visibleMs":1}}');
    const { problem } = await open();
    expect(problem?.params).toMatchObject({ field: 'endpoints.1.url', expected: 'text', more: 1 });
  });

  it('is refused with the number when it has more endpoints than can be judged in time', async () => {
    const endpoints = (count: number) =>
      JSON.stringify({
        endpoints: Array.from({ length: count }, (_, index) => ({ url: `https://e${index}.example` })),
      });
    writeFileSync(path, endpoints(200));
    expect((await open()).problem).toBeNull();
    writeFileSync(path, endpoints(201));
    expect(JSON.stringify((await open()).problem)).toContain('"expected":"fewer","limit":200');
  });

  it('is replaced by the last good backup until it is mended', async () => {
    const file = await open();
    await file.setPreferences({ theme: 'dark' });
    await file.setPreferences({ theme: 'light' });
    writeFileSync(path, '{"preferences":');
    const later = await open();
    expect(later.problem?.key).toBe('settings-not-json');
    expect(later.settings.preferences.theme).toBe('light');
    expect(later.problem?.params.line).toBe(1);
  });

  it('is replaced by what was written by hand last, if that was valid', async () => {
    const file = await open();
    file.watch(() => {});
    writeFileSync(path, '{"preferences":{"theme":"dark"}}');
    await vi.waitFor(() => expect(file.settings.preferences.theme).toBe('dark'), 5_000);
    writeFileSync(path, '{"preferences":');
    await vi.waitFor(() => expect(file.problem).not.toBeNull(), 5_000);
    await file.close();
    expect((await open()).settings.preferences.theme).toBe('dark');
  });

  it('names the line and the field', async () => {
    writeFileSync(path, '{\n  "intervals": {\n    "visibleMs": 15000,\n    "hiddenMs": 1\n  }\n}\n');
    expect((await open()).problem?.params).toMatchObject({
      line: 4,
      field: 'intervals.hiddenMs',
    });
    writeFileSync(path, '{\n  // a comment\n  "schema": 1,\n  "endpoints" []\n}\n');
    expect((await open()).problem).toMatchObject({ key: 'settings-not-json', params: { line: 4 } });
  });
});

describe('a change by the app', () => {
  it('takes out of the file what it leaves out, and nothing else', async () => {
    writeFileSync(
      path,
      '{\n  // mine\n  "later": [1],\n  "intervals": { "hiddenMs": 60000 },\n  // of this one\n  "demo": false\n}\n',
    );
    const file = await open();
    const done = await file.change(({ intervals: _, ...others }) => succeeded(others));
    expect(done).toEqual({ ok: true });
    const text = bytes().toString();
    expect(text).not.toContain('intervals');
    expect(text).toContain('// mine');
    expect(text).toContain('// of this one');
    expect(file.content).toMatchObject({ later: [1], demo: false });
    expect(file.settings.intervals.hiddenMs).toBe(30_000);
  });

  it('keeps unknown and unchanged fields', async () => {
    writeFileSync(
      path,
      '{"future":{"x":1},"preferences":{"language":"en","fresh":true},"endpoints":[{"url":"https://a.example"}]}',
    );
    const file = await open();
    expect(await file.setPreferences({ theme: 'dark' })).toEqual({ ok: true });
    expect(JSON.parse(bytes().toString())).toEqual({
      schema: 1,
      future: { x: 1 },
      preferences: { language: 'en', fresh: true, theme: 'dark' },
      endpoints: [{ url: 'https://a.example' }],
    });
  });

  it('keeps comments, order and layout', async () => {
    const text = [
      '{',
      '    // ours',
      '    "endpoints": [',
      '        { "url": "https://a.example" }, // the first',
      '    ],',
      '    "preferences": { "theme": "dark" },',
      '}',
      '',
    ].join('\n');
    writeFileSync(path, text);
    const file = await open();
    expect(file.problem).toBeNull();
    expect(await file.setPreferences({ theme: 'light' })).toEqual({ ok: true });
    const changed = bytes().toString();
    expect(changed).toContain('// ours');
    expect(changed).toContain('        { "url": "https://a.example" }, // the first\n');
    expect(changed).toContain('"theme": "light"');
    expect((await open()).settings.preferences.theme).toBe('light');
  });

  it('is written with a schema link from the first start of the app', async () => {
    const file = await SettingsFile.open(path, systemClock, { owned: true });
    expect(JSON.parse(bytes().toString())).toEqual({
      $schema: 'https://gopherbar.dev/schemas/settings.schema.json',
      schema: 1,
      preferences: { welcomed: false },
    });
    expect(file.settings.preferences.welcomed).toBe(false);
    expect(file.problem).toBeNull();
  });

  it('reads changes made by hand since', async () => {
    const file = await open();
    writeFileSync(path, '{"preferences":{"language":"zh-CN"}}');
    await file.setPreferences({ theme: 'dark' });
    expect(file.settings.preferences).toMatchObject({ language: 'zh-CN', theme: 'dark' });
  });

  it('keeps all of several concurrent updates', async () => {
    const file = await open();
    await Promise.all([
      file.setPreferences({ theme: 'dark' }),
      file.setPreferences({ language: 'zh-CN' }),
      file.setPreferences({ notifications: false }),
    ]);
    expect((await open()).settings.preferences).toMatchObject({
      theme: 'dark',
      language: 'zh-CN',
      notifications: false,
    });
  });

  it('leaves the file as it was on a full disk, and reports it', async () => {
    writeFileSync(path, '{"preferences":{"theme":"light"}}');
    const full = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    const file = await open(full);
    const done = await file.setPreferences({ theme: 'dark' });
    expect(done).toEqual({
      ok: false,
      problem: { key: 'settings-not-written', params: { file: path, detail: 'ENOSPC' } },
    });
    expect(file.settings.preferences.theme).toBe('light');
    expect(bytes().toString()).toBe('{"preferences":{"theme":"light"}}');
  });

  it('accepts a byte order mark', async () => {
    writeFileSync(path, '\uFEFF{"preferences":{"theme":"dark"}}');
    const file = await open();
    expect(file.problem).toBeNull();
    expect(file.settings.preferences.theme).toBe('dark');
  });
});

describe('watching', () => {
  it('leaves no watcher, timer or write behind when it is closed', async () => {
    const quiet = watchForQuiet(folder);
    const file = await open();
    file.watch(() => {});
    const write = file.setPreferences({ theme: 'dark' });
    writeFileSync(join(folder, 'other.json'), '{}');
    await file.close();
    await quiet.expectQuiet();
    expect(await write).toEqual({ ok: true });
  });

  it('reports a change by hand, in place and by rename, but not its own', async () => {
    const file = await open();
    await file.setPreferences({ theme: 'dark' });
    let heard = 0;
    const stop = file.watch(() => heard++);
    await file.setPreferences({ theme: 'light' });
    await settled();
    expect(heard).toBe(0);
    writeFileSync(path, '{"preferences":{"theme":"dark"}}');
    await settled();
    expect([heard, file.settings.preferences.theme]).toEqual([1, 'dark']);
    writeFileSync(path, '{"preferences":');
    await settled();
    expect([heard, file.problem?.key, file.settings.preferences.theme]).toEqual([2, 'settings-not-json', 'dark']);
    stop();
    writeFileSync(path, '{}');
    await settled();
    expect(heard).toBe(2);
  });

  it.each([
    ['removed', () => rmSync(folder, { recursive: true })],
    ['moved away', () => renameSync(folder, `${folder}-old`)],
    [
      'replaced',
      () => {
        renameSync(folder, `${folder}-old`);
        mkdirSync(folder);
      },
    ],
  ])('hears a change after the data folder was %s', async (_, lose) => {
    const clock = new FakeClock();
    const file = await SettingsFile.open(path, clock);
    await file.setPreferences({ theme: 'dark' });
    let heard = 0;
    file.watch(() => heard++);
    lose();
    const wait = (holds: () => void) =>
      vi.waitFor(async () => {
        await clock.advance(1_000);
        holds();
      }, 5_000);
    await wait(() => expect(clock.now()).toBeGreaterThan(1_700_000_010_000));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, '{"preferences":{"theme":"light"}}');
    await wait(() => expect([heard > 0, file.settings.preferences.theme]).toEqual([true, 'light']));
    writeFileSync(path, '{"preferences":{"theme":"system"}}');
    await wait(() => expect(file.settings.preferences.theme).toBe('system'));
    await file.close();
    rmSync(`${folder}-old`, { recursive: true, force: true });
  });

  it('is written again when the whole folder was removed, not when only the file was', async () => {
    const file = await open();
    await file.setPreferences({ theme: 'dark' });
    const text = readFileSync(path, 'utf8');
    file.watch(() => {});
    rmSync(folder, { recursive: true });
    // The copy is written after the file.
    const texts = () => [path, `${path}.bak`].map((one) => readFileSync(one, 'utf8'));
    await vi.waitFor(() => expect(texts()).toEqual([text, text]), 20_000);
    expect(file.settings.preferences.theme).toBe('dark');
    rmSync(path);
    await vi.waitFor(() => expect(file.settings.preferences.theme).toBe('system'), 20_000);
    await file.close();
  });

  it('is written again when another folder was made in the place of the removed one', async () => {
    const file = await open();
    await file.setPreferences({ theme: 'dark' });
    const text = readFileSync(path, 'utf8');
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await file.setPreferences({ notifications: false });
    expect(file.settings.preferences).toMatchObject({ theme: 'dark', notifications: false });
    expect(readFileSync(`${path}.bak`, 'utf8')).not.toBe(text);
    await file.close();
  });

  it('notifies every listener of a change, and none after close', async () => {
    const file = await open();
    const heard: [number, number] = [0, 0];
    file.watch(() => heard[0]++);
    file.watch(() => heard[1]++);
    writeFileSync(path, '{"preferences":{"theme":"dark"}}');
    await vi.waitFor(() => expect(heard).toEqual([1, 1]), 5_000);
    await file.close();
    writeFileSync(path, '{"preferences":{"theme":"light"}}');
    await settled();
    expect(heard).toEqual([1, 1]);
  });
});

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 450));
}
