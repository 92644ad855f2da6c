/** `gopherbar config` over a real settings file with comments: to the byte where nothing changed. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { dataFolder } from '../system/files.ts';

let home: string;
let file: string;
const TEXT = '{\n  // mine\n  "intervals": { "visibleMs": 20000 },\n  "later": true\n}\n';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-config-'));
  file = join(dataFolder(process.platform, env()), 'settings.json');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, TEXT);
});
afterEach(() => {
  vi.unstubAllGlobals();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function env() {
  return { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: join(home, 'data'), GOENV: join(home, 'goenv') };
}

async function config(...args: readonly string[]) {
  const terminal = new MemoryTerminal({ env: env(), folder: home });
  const { code, out, err: errors } = await terminal.run(['config', ...args]);
  return { code, out, errors };
}

it('lists what is in use, of the file and of the defaults, and no password', async () => {
  writeFileSync(file, '{"endpoints":[{"url":"https://me:canary@proxy.test"}]}');
  const { code, out } = await config();
  expect(code).toBe(0);
  expect(out).toContain('intervals.visibleMs = 15000');
  expect(out).toContain('proxy.test');
  expect(out).not.toContain('canary');
  const { settings } = JSON.parse((await config('list', '--json')).out);
  expect(settings.thresholds.failuresToDown).toBe(3);
});

it('changes one setting and takes it back to the byte but for its own lines', async () => {
  expect(await config('set', 'preferences.theme', 'dark')).toMatchObject({
    code: 0,
    out: '✓ preferences.theme = "dark"\n',
  });
  expect(readFileSync(file, 'utf8')).toContain('// mine');
  expect((await config('get', 'preferences.theme')).out).toBe('"dark"\n');
  expect(await config('unset', 'preferences.theme')).toMatchObject({
    code: 0,
    out: '✓ preferences.theme = "system"\n',
  });
  expect(JSON.parse(readFileSync(file, 'utf8').replace('// mine', ''))).toEqual({
    schema: 1,
    intervals: { visibleMs: 20_000 },
    later: true,
  });
  expect((await config('unset', 'preferences.theme')).out).toContain('its default already');
});

it('changes one of the default endpoints, and lists', async () => {
  expect(await config('set', 'endpoints.0.name', 'First')).toMatchObject({ code: 0 });
  const { endpoints } = JSON.parse(readFileSync(file, 'utf8').replace('// mine', ''));
  expect(endpoints).toHaveLength(3);
  expect(endpoints[0]).toEqual({ url: 'https://goproxy.cn', name: 'First' });
  expect(await config('set', 'watchedModules', '["golang.org/x/net"]')).toMatchObject({ code: 0 });
});

it.each([
  ['set', 'interval.visibleMs', '1'],
  ['set', 'intervals.visible', '1'],
  ['get', '__proto__'],
])('refuses a name that is none: %s %s', async (...args) => {
  const { code, errors } = await config(...args);
  expect(code).toBe(2);
  expect(errors).toContain('known here');
  expect(readFileSync(file, 'utf8')).toBe(TEXT);
});

it('refuses a wrong value with the name of the setting, and leaves the file alone', async () => {
  const { code, errors } = await config('set', 'intervals.visibleMs', 'soon');
  expect(code).toBe(1);
  expect(errors).toContain('intervals.visibleMs');
  expect(errors).toContain('Nothing was saved');
  expect(readFileSync(file, 'utf8')).toBe(TEXT);
});

it('checks a file, with the line of a mistake', async () => {
  expect((await config('check')).code).toBe(0);
  const other = join(home, 'other.json');
  writeFileSync(other, '{\n  "intervals": {\n    "visibleMs": "soon"\n  }\n}\n');
  const { code, errors } = await config('check', 'other.json');
  expect(code).toBe(1);
  expect(errors).toContain('line 3');
  writeFileSync(file, '{ broken');
  expect((await config('check')).code).toBe(1);
  expect(await config('set', 'demo', 'true')).toMatchObject({ code: 1 });
  expect((await config('path')).out).toBe(`${file}\n`);
});

it('exports all settings without passwords, to the terminal and to a private file', async () => {
  writeFileSync(file, '{"endpoints":[{"url":"https://me:canary@proxy.test"}],"intervals":{"visibleMs":20000}}');
  const { code, out, errors } = await config('export');
  expect(code).toBe(0);
  expect(out).not.toContain('canary');
  expect(JSON.parse(out)).toMatchObject({ schema: 1, intervals: { visibleMs: 20_000 } });
  expect(errors).toContain('endpoints.0.url');
  expect(await config('export', 'mine.json')).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(join(home, 'mine.json'), 'utf8')).toBe(out);
  expect(statSync(join(home, 'mine.json')).mode & 0o777).toBe(0o600);
  expect(await config('export', 'no/such/folder.json')).toMatchObject({ code: 1 });
});

it('takes its own export back: passwords are restored where the address is the same', async () => {
  const text = '{"schema":1,"endpoints":[{"url":"https://me:canary@proxy.test"}]}';
  writeFileSync(file, text);
  await config('export', 'mine.json');
  expect((await config('import', 'mine.json', '--yes')).out).toContain('you already have');
  expect(readFileSync(file, 'utf8')).toBe(text);
  writeFileSync(file, '{}');
  const { out } = await config('import', 'mine.json', '--yes');
  expect(out).toContain('Enter them afterwards: endpoints.0.url');
  expect(readFileSync(file, 'utf8')).toContain('https://me@proxy.test');
});

const STRANGE = JSON.stringify({
  intervals: { visibleMs: 30_000 },
  go: { path: '/tmp/evil-go' },
  profiles: [{ id: 'x', name: 'X', variables: { GOSUMDB: 'off', GOAUTH: '/tmp/evil-login' } }],
});

it('shows what an import changes, weakens and leaves out, and changes nothing without a yes', async () => {
  writeFileSync(join(home, 'other.json'), STRANGE);
  const { code, out, errors } = await config('import', 'other.json');
  expect(code).toBe(1);
  expect(out).toContain('intervals.visibleMs  20000 → 30000');
  expect(out).toContain('Turns the checksum database off: off');
  expect(out).toContain('/tmp/evil-go, GOAUTH=/tmp/evil-login');
  expect(errors).toContain('--yes');
  expect(readFileSync(file, 'utf8')).toBe(TEXT);
  expect(await config('import', 'other.json', '--yes')).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toContain('"GOSUMDB": "off"');
  expect(readFileSync(file, 'utf8')).not.toContain('evil');
  expect(readFileSync(file, 'utf8')).toContain('// mine');
});

it.each([
  ['y\n', 0],
  ['YES\n', 0],
  ['n\n', 1],
  ['\n', 1],
  ['yesterday\n', 1],
  ['x'.repeat(200), 1],
])('asks in a terminal: %j → exit %i', async (keys, expected) => {
  writeFileSync(join(home, 'other.json'), STRANGE);
  const terminal = new MemoryTerminal({ env: env(), folder: home, isTerminal: true });
  const running = terminal.run(['config', 'import', 'other.json']);
  await vi.waitFor(() => expect(terminal.errors).toContain('[y/N]'));
  terminal.press(keys);
  expect((await running).code).toBe(expected);
  expect(readFileSync(file, 'utf8') === TEXT).toBe(expected === 1);
});

it('ends the question at Ctrl-C without a change', async () => {
  writeFileSync(join(home, 'other.json'), STRANGE);
  const terminal = new MemoryTerminal({ env: env(), folder: home, isTerminal: true });
  const running = terminal.run(['config', 'import', 'other.json']);
  await vi.waitFor(() => expect(terminal.errors).toContain('[y/N]'));
  terminal.interrupt();
  expect((await running).code).toBe(130);
  expect(readFileSync(file, 'utf8')).toBe(TEXT);
});

it('names line and field of a mistake in an import, and refuses an own file with a mistake', async () => {
  writeFileSync(join(home, 'other.json'), '{\n  "endpoints": [\n    { "url": 1 }\n  ]\n}\n');
  const wrong = await config('import', 'other.json', '--yes');
  expect(wrong.code).toBe(1);
  expect(wrong.errors).toMatch(/line 3.*endpoints\.0\.url/);
  writeFileSync(join(home, 'other.json'), STRANGE);
  writeFileSync(file, '{ broken');
  expect(await config('import', 'other.json', '--yes')).toMatchObject({ code: 1 });
  expect(await config('export')).toMatchObject({ code: 1, out: '' });
  expect(readFileSync(file, 'utf8')).toBe('{ broken');
});

it('says at each command that an organization manages a setting, and changes nothing of it', async () => {
  vi.stubGlobal('__GOPHERBAR_E2E__', true);
  const root = join(home, 'root');
  mkdirSync(join(root, 'etc', 'gopherbar'), { recursive: true });
  const managed = join(root, 'etc', 'gopherbar', 'managed.json');
  writeFileSync(managed, '{"preferences":{"theme":"light"}}', { mode: 0o644 });
  const editor = join(home, 'editor');
  writeFileSync(editor, `#!/bin/sh\necho '{"preferences":{"theme":"dark"}}' > "$1"\n`, { mode: 0o755 });
  const run = (...args: readonly string[]) =>
    new MemoryTerminal({ env: { ...env(), GOPHERBAR_TOOL_ROOT: root, EDITOR: editor }, folder: home }).run([
      'config',
      ...args,
    ]);
  if (process.geteuid?.() !== 0) {
    // Only what root owns counts: this account’s own file manages nothing, and is reported.
    expect((await run('set', 'preferences.theme', 'dark')).err).toContain(managed);
    return;
  }
  const refused = 'Your organization manages preferences.theme. Nothing was changed.';
  for (const args of [
    ['set', 'preferences.theme', 'dark'],
    ['set', 'preferences', '{"theme":"dark"}'],
    ['unset', 'preferences.theme'],
  ]) {
    const { code, err } = await run(...args);
    expect({ code, args }).toEqual({ code: 1, args });
    expect(err).toContain(args[1] === 'preferences' ? 'Your organization manages preferences.' : refused);
  }
  expect(readFileSync(file, 'utf8')).toBe(TEXT);
  expect((await run('set', 'preferences.theme', 'light')).code).toBe(0);
  expect((await run('set', 'preferences.language', 'zh-CN')).code).toBe(0);
  const edited = await run('edit');
  expect(edited.code).toBe(0);
  expect(edited.err).toContain(
    'Your organization manages preferences.theme. What your settings file says there has no effect',
  );
});
