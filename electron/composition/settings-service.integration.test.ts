/** The settings window's service over a real file: conflicts, undo to the byte, import, and an endpoint that is tried. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import type { SettingsService } from '../engine/app-services.ts';
import type { PreferencesService } from '../engine/engine-api.ts';
import { silentLog } from '../system/log.ts';
import { type Core, openCore } from './core.ts';
import { openSettings } from './settings-service.ts';

let folder: string;
let file: string;
let core: Core;
let settings: SettingsService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-settings-service-'));
  file = join(folder, 'settings.json');
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOTOOLCHAIN: 'local' };
  core = await openCore(folder, env, silentLog, { oneShot: true });
  const preferences = { apply: (change: () => unknown) => change() } as unknown as PreferencesService;
  settings = openSettings(core, { preferences, snapshot: () => sampleSnapshot() });
});
afterEach(async () => {
  await settings.close();
  await core.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const read = () => readFileSync(file, 'utf8');

it('changes, undoes to the byte, and refuses to undo over a change by hand', async () => {
  const text = '{\n  // mine\n  "intervals": { "visibleMs": 15000 }\n}\n';
  writeFileSync(file, text);
  expect(await settings.change((await settings.view()).revision, {})).toEqual({ ok: true });
  writeFileSync(file, text);
  await settings.change('', {});
  const { revision } = await settings.view();
  expect(await settings.change(revision, { intervals: { visibleMs: 20_000 } })).toEqual({ ok: true });
  expect(read()).toContain('// mine');
  expect(core.file.settings.intervals.visibleMs).toBe(20_000);
  expect(await settings.undo()).toEqual({ ok: true });
  expect(read()).toBe(text);
  const again = await settings.view();
  await settings.change(again.revision, { intervals: null });
  writeFileSync(file, '{}');
  expect(await settings.undo()).toMatchObject({ ok: false, problem: { key: 'settings-changed' } });
  expect(read()).toBe('{}');
});

it('refuses a change over one by hand in the same section, and takes one in another', async () => {
  writeFileSync(file, '{"watchedModules":["example.org/a"]}');
  const { revision } = await seen();
  writeFileSync(file, '{"watchedModules":["example.org/b"]}');
  const refused = await settings.change(revision, { watchedModules: ['example.org/c'] });
  expect(refused).toMatchObject({ ok: false, problem: { key: 'settings-changed' } });
  expect(await settings.change(revision, { builtInProfiles: false })).toEqual({ ok: true });
  expect(JSON.parse(read())).toEqual({ schema: 1, watchedModules: ['example.org/b'], builtInProfiles: false });
});

it('names what an import changes, weakens and leaves out, and takes it back', async () => {
  writeFileSync(file, '{"schema":1,"intervals":{"visibleMs":15000}}');
  await seen();
  const other = join(folder, 'other.json');
  const profile = { id: 'x', name: 'X', variables: { GOSUMDB: 'off' } };
  const endpoints = [{ url: 'https://proxy.test' }];
  writeFileSync(other, JSON.stringify({ profiles: [profile], endpoints, go: { path: '/tmp/evil' } }));
  const offered = await settings.previewImport(other);
  expect(offered).toMatchObject({
    ok: true,
    value: {
      weakenings: [{ key: 'sumdb-off' }],
      leftOut: ['/tmp/evil'],
      sections: ['endpoints', 'intervals', 'profiles'],
    },
  });
  const before = read();
  expect(await settings.acceptImport()).toEqual({ ok: true });
  expect(JSON.parse(read())).toEqual({ schema: 1, endpoints, profiles: [profile] });
  expect(await settings.acceptImport()).toMatchObject({ ok: false, problem: { key: 'import-gone' } });
  expect(await settings.undo()).toEqual({ ok: true });
  expect(read()).toBe(before);
  writeFileSync(other, '{\n"endpoints": 1\n}');
  expect(await settings.previewImport(other)).toMatchObject({
    ok: false,
    problem: { key: 'settings-import', params: { line: 2 } },
  });
});

it('tries an endpoint that is not saved', async () => {
  const server = createServer((_, response) => response.writeHead(502).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const tried = await settings.tryEndpoint({ url: `http://127.0.0.1:${port}` });
  expect(tried).toMatchObject({ ok: true, value: { outcome: 'failed', cause: 'http-server-error' } });
  expect(await settings.tryEndpoint({ url: 'nonsense' })).toMatchObject({ ok: false });
  server.close();
});

it('exports without passwords, and names the fields they are left out of', async () => {
  writeFileSync(file, '{"endpoints":[{"url":"https://me:canary@proxy.test"}]}');
  await seen();
  const { text, hidden } = settings.exported();
  expect(text).not.toContain('canary');
  expect(hidden).toEqual(['endpoints.0.url']);
  const other = join(folder, 'other.json');
  writeFileSync(other, text);
  expect(await settings.previewImport(other)).toMatchObject({ ok: true, value: { sections: [], missing: [] } });
});

it('resets with a way back, and writes diagnostics without passwords', async () => {
  writeFileSync(file, '{"endpoints":[{"url":"https://me:hunter2@proxy.test"}]}');
  await seen();
  expect(await settings.diagnostics('1.2.3')).not.toContain('hunter2');
  const before = read();
  expect(await settings.reset()).toEqual({ ok: true });
  expect(JSON.parse(read())).not.toHaveProperty('endpoints');
  await settings.undo();
  expect(read()).toBe(before);
});

/** A change of nothing makes the one-shot core read the file. */
async function seen() {
  await settings.change('', {});
  return settings.view();
}
