/** `gopherbar since` against a real engine that watches the lab. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';

const root = join(import.meta.dirname, '..', '..');

let lab: Lab;
let proxy: GoproxyServer;
let home: string;
let watch: ChildProcess | null = null;

beforeAll(async () => {
  lab = await startLab();
  proxy = await lab.proxy({ host: 'plain.lab', transport: 'http' });
});
afterAll(() => lab.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-since-'));
});
afterEach(async () => {
  if (watch !== null) {
    const end = once(watch, 'close');
    watch.kill('SIGINT');
    await end;
    watch = null;
  }
  await lab.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const env = () => ({ PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local' });

function writeSettings(port: number): void {
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  const settings = {
    builtInProfiles: false,
    watchedModules: [],
    endpoints: [{ url: `http://127.0.0.1:${port}`, id: 'plain', module: FIXTURE_MODULE }],
    intervals: { visibleMs: 300, hiddenMs: 300 },
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
}

const gopherbar = (...args: string[]) =>
  new MemoryTerminal({ env: env(), folder: root, language: 'en', input: '' }).run(args);

async function beginWatch(): Promise<void> {
  const args = ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', 'watch', '--for', '120'];
  watch = spawn(process.execPath, args, { cwd: root, env: { ...env(), LANG: 'C' }, stdio: 'ignore' });
  const stored = async () => JSON.parse((await gopherbar('history', '--json')).out).samples;
  const good = expect.objectContaining({ outcome: 'ok' });
  await expect.poll(stored, { timeout: 40_000, interval: 500 }).toContainEqual(good);
}

async function outage() {
  await expect.poll(async () => (await gopherbar('since')).code, { timeout: 40_000, interval: 500 }).toBe(1);
  const json = JSON.parse((await gopherbar('since', '--json')).out);
  expectSchema('since', json);
  return json.outage;
}

it('names a change of the settings that an outage followed', async () => {
  writeSettings(proxy.port);
  await beginWatch();
  // Nothing listens at port 1.
  writeSettings(1);
  const found = await outage();
  expect(found).toMatchObject({ endpoint: 'plain', cause: 'connect-refused', complete: true });
  expect(found.changes).toMatchObject([{ kind: 'settings-changed', weight: 'possible' }]);
  expect((await gopherbar('since')).out).toMatch(/Last worked at .*Gopherbar’s settings changed — may explain it/s);
}, 120_000);

it('says that nothing changed here when the server failed', async () => {
  writeSettings(proxy.port);
  await beginWatch();
  expect(await gopherbar('since')).toMatchObject({ code: 0, out: expect.stringContaining('No outage') });
  await proxy.setFault({ type: 'status', status: 503 });
  expect(await outage()).toMatchObject({ cause: 'http-server-error', complete: true, changes: [] });
  expect((await gopherbar('since', 'plain')).out).toMatch(
    /Nothing that is recorded changed here.*not recorded: rules inside a VPN/,
  );
}, 120_000);

it('refuses an endpoint that is not in the settings', async () => {
  writeSettings(proxy.port);
  const { code, err } = await gopherbar('since', 'nobody');
  expect(code).toBe(2);
  expect(err).toMatch(/nobody.*plain/s);
});
