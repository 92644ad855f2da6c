/** Settings of an organization, from real files of root and from property lists as plutil prints them. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { installTools } from '../../e2e/lab/mac-tools.ts';
import type { PreferencesService } from '../engine/engine-api.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { type Core, openCore } from './core.ts';
import { isAdministrators, managedSource } from './managed-settings.ts';
import { openSettings } from './settings-service.ts';

const isRoot = process.geteuid?.() === 0;
const FROM_COMPANY = { preferences: { theme: 'light' }, metrics: { port: 9464 } };

let home: string;
let root: string;
let file: string;
let core: Core | null;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-managed-'));
  root = join(home, 'root');
  file = join(home, 'settings.json');
  core = null;
});
afterEach(async () => {
  await core?.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function managed(value: unknown, mode = 0o644, path = '/etc/gopherbar/managed.json'): string {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, typeof value === 'string' ? value : JSON.stringify(value));
  chmodSync(at, mode);
  return at;
}

async function open(platform: NodeJS.Platform = 'linux', oneShot = true): Promise<Core> {
  const env = { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv') };
  const runner = new SystemProcessRunner(systemClock);
  const source = managedSource({ platform, runner, root, user: 'me' });
  core = await openCore(home, env, silentLog, { oneShot, managed: source });
  return core;
}

it.each([
  [0, 0o100644, true],
  [0, 0o100600, true],
  [501, 0o100644, false],
  [0, 0o100664, false],
  [0, 0o100646, false],
])('uid %i, mode %o: an administrator’s own? %s', (uid, mode, expected) => {
  expect(isAdministrators({ uid, mode })).toBe(expected);
});

describe.runIf(isRoot)('a file of root', () => {
  it('wins over the person’s file and over defaults', async () => {
    managed(FROM_COMPANY);
    writeFileSync(file, '{"preferences":{"theme":"dark","language":"en"}}');
    const { settings } = (await open()).file;
    expect(settings.preferences).toMatchObject({ theme: 'light', language: 'en' });
    expect(settings.metricsPort).toBe(9_464);
    expect(core?.settings().problem).toEqual({
      key: 'settings-overruled',
      params: { fields: 'preferences.theme' },
    });
  });

  it('cannot be changed by a window, a command or an import; everything else can', async () => {
    managed(FROM_COMPANY);
    const { file: settings } = await open();
    const preferences = { apply: (change: () => unknown) => change() } as unknown as PreferencesService;
    const service = openSettings(core as Core, { preferences, snapshot: () => sampleSnapshot() });
    const refused = { ok: false, problem: { key: 'setting-managed', params: { field: 'preferences.theme' } } };
    expect(await settings.setPreferences({ theme: 'dark' })).toEqual(refused);
    expect(await settings.setPreferences({ language: 'en' })).toEqual({ ok: true });
    const { revision, locked, values } = await service.view();
    expect(locked).toEqual(['preferences.theme', 'metrics.port']);
    expect(values.metrics).toEqual({ port: 9_464 });
    expect(await service.change(revision, { metrics: { port: 9_999 } })).toMatchObject({ ok: false });
    expect(await service.change(revision, { metrics: { port: 9_464 }, watchedModules: [] })).toMatchObject({
      ok: true,
    });
    const other = join(home, 'other.json');
    writeFileSync(other, '{"preferences":{"theme":"dark","language":"zh-CN"}}');
    expect(await service.previewImport(other)).toMatchObject({ ok: true, value: { locked: ['preferences.theme'] } });
    expect(await service.acceptImport()).toMatchObject({ ok: true });
    expect(settings.settings.preferences).toMatchObject({ theme: 'light', language: 'zh-CN' });
    expect(readFileSync(file, 'utf8')).not.toContain('dark');
    await service.close();
  });

  it('is followed while the app runs, as is a change by hand that has no effect', async () => {
    const at = managed(FROM_COMPANY);
    const { file: settings } = await open('linux', false);
    writeFileSync(file, '{"schema":1,"preferences":{"theme":"dark"}}');
    await vi.waitFor(() => expect(settings.managedNotice?.key).toBe('settings-overruled'), 5_000);
    expect(settings.settings.preferences.theme).toBe('light');
    writeFileSync(at, '{}');
    await vi.waitFor(() => expect(settings.settings.preferences.theme).toBe('dark'), 5_000);
    expect(settings.managedNotice).toBeNull();
  });

  it.each([
    ['writable by others', JSON.stringify(FROM_COMPANY), 0o666, 'managed-not-trusted'],
    ['with a mistake', '{ "preferences": { "theme": "pink" } }', 0o644, 'managed-invalid'],
    ['that is not JSON', 'theme=light', 0o644, 'managed-invalid'],
  ])('%s is ignored, and named', async (_, text, mode, key) => {
    managed(text, mode);
    expect((await open()).file.managed).toEqual({});
    expect(core?.settings().problem).toMatchObject({ key });
  });
});

describe.runIf(isRoot)('managed preferences of macOS', () => {
  const OF_COMPUTER = '/Library/Managed Preferences/dev.gopherbar.app.plist';
  const OF_USER = '/Library/Managed Preferences/me/dev.gopherbar.app.plist';

  /** What `plutil -convert json -o - -- FILE` prints: JSON in one line, without a newline. */
  function plutil(outputs: Readonly<Record<string, string>>, exitCode = 0): void {
    const plays = Object.entries(outputs).map(([path, text]) => {
      managed('bplist00', 0o644, path);
      return { when: `-convert json -o - -- ${join(root, path)}`, text, exitCode };
    });
    installTools(root, { '/usr/bin/plutil': plays });
  }

  it('are read as plutil prints them; those of the person win over those of the computer', async () => {
    plutil({
      [OF_COMPUTER]: '{"preferences":{"theme":"light","notifications":true},"PayloadUUID":"6E0A"}',
      [OF_USER]: '{"preferences":{"theme":"dark"}}',
    });
    const { settings, managed: values } = (await open('darwin')).file;
    expect(values).toEqual({ preferences: { theme: 'dark', notifications: true } });
    expect(settings.preferences.theme).toBe('dark');
  });

  it('that plutil cannot read are named', async () => {
    plutil({ [OF_COMPUTER]: `${OF_COMPUTER}: invalid object in plist for destination format\n` }, 1);
    expect((await open('darwin')).file.managedNotice).toMatchObject({
      key: 'managed-unread',
      params: { detail: expect.stringContaining('invalid object') },
    });
  });

  it('are absent on most Macs', async () => {
    installTools(root, {});
    expect((await open('darwin')).file.managedNotice).toBeNull();
  });
});

/** A mount namespace in which /etc is a copy. */
const canMount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0;

describe.runIf(canMount)('the command line', () => {
  function config(...args: readonly string[]) {
    const main = join(import.meta.dirname, '..', 'cli', 'main.ts');
    const script = 'cp -a /etc/. "$0" && mount --bind "$0" /etc && exec "$@"';
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', main, 'config', ...args];
    mkdirSync(join(root, 'etc'), { recursive: true });
    const env = { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: join(home, 'data'), LANG: 'C' };
    const done = spawnSync('unshare', ['-m', 'sh', '-c', script, join(root, 'etc'), ...node], {
      env,
      encoding: 'utf8',
    });
    return { code: done.status, out: done.stdout, errors: done.stderr };
  }

  it('shows where a value comes from, and refuses to change a managed one', () => {
    managed(FROM_COMPANY);
    expect(config('get', 'preferences.theme')).toEqual({
      code: 0,
      out: '"light"\n',
      errors: 'managed by your organization; it can’t be changed here\n',
    });
    expect(config('get', 'preferences.language').errors).toBe('the default\n');
    const refused = config('set', 'preferences.theme', 'dark');
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain('Your organization manages preferences.theme');
    expect(config('set', 'preferences.language', 'en').code).toBe(0);
    expect(config('get', 'preferences.language').errors).toBe('from your settings file\n');
    expect(config('list').out).toContain('metrics.port = 9464  (managed by your organization)\n');
    const { sources } = JSON.parse(config('list', '--json').out);
    expect(sources).toMatchObject({
      'preferences.theme': 'managed',
      'preferences.language': 'person',
      demo: 'default',
    });
  });
});
