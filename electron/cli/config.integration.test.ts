/** `gopherbar config` over a real settings file with comments: to the byte where nothing changed. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

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
