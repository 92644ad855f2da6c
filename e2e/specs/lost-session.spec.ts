/** The session around the app ends: its display, its message bus. Nothing of the app stays behind, and it starts again. Linux only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppDriver, family, isAlive, launchApp } from '../app-driver.ts';
import { startSessionBus } from '../desktop/session-bus.ts';
import { ownTray } from '../desktop/status-notifier.ts';
import { expect, test } from '../fixtures.ts';
import type { Scratch } from '../scratch.ts';
import { until } from '../until.ts';

test.skip(process.platform !== 'linux', 'Xvfb and D-Bus');

/** One endpoint that refuses, so that nothing but loopback is contacted. */
const SETTINGS = JSON.stringify({
  builtInProfiles: false,
  endpoints: [{ id: 'none', url: 'http://127.0.0.1:9' }],
  watchedModules: [],
});

/** A display of our own. */
async function startDisplay(): Promise<{ readonly name: string; readonly server: ChildProcess }> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (server.stdout === null) throw new Error('Xvfb has no output');
  const [number] = (await once(server.stdout, 'data')) as [Buffer];
  return { name: `:${String(number).trim()}`, server };
}

/** Everything that ran for the app, once it is up. */
async function started(app: AppDriver): Promise<readonly number[]> {
  await (await app.page()).getByTestId('popover').waitFor();
  return family(app.child.pid ?? 0);
}

async function leavesNothing(app: AppDriver, scratch: Scratch, pids: readonly number[]): Promise<void> {
  const left = () => pids.filter(isAlive);
  await until('the end of every process', () => left().length === 0, 30_000);
  expect(app.child.exitCode !== null || app.child.signalCode !== null).toBe(true);
  expect(readFileSync(join(scratch.dataFolder, 'settings.json'), 'utf8')).toBe(SETTINGS);
  const temporary = readdirSync(scratch.dataFolder, { recursive: true }).filter((name) =>
    String(name).endsWith('.tmp'),
  );
  expect(temporary).toEqual([]);
}

test('the display goes: the app ends, leaves no process behind, and starts again', async ({ scratch }) => {
  writeFileSync(join(scratch.dataFolder, 'settings.json'), SETTINGS);
  const session = await startSessionBus();
  const bus = { DBUS_SESSION_BUS_ADDRESS: session.address, DBUS_SYSTEM_BUS_ADDRESS: session.address };
  const display = await startDisplay();
  const folders = () => readdirSync(tmpdir()).filter((name) => /^gopherbar-(?:canary|trace|drill|capture)-/.test(name));
  const before = folders();
  const app = await launchApp({ ...scratch.env, ...bus, DISPLAY: display.name }, ['--show']);
  const pids = await started(app);
  display.server.kill('SIGKILL');
  await leavesNothing(app, scratch, pids);
  expect(folders()).toEqual(before);
  const again = await launchApp({ ...scratch.env, ...bus }, ['--show']);
  await started(again);
  await again.quit();
  await session.close();
});

test('the session bus goes: Chromium ends the app, no process stays behind, and it starts again', async ({
  scratch,
}) => {
  writeFileSync(join(scratch.dataFolder, 'settings.json'), SETTINGS);
  const busOf = (address: string) => ({ DBUS_SESSION_BUS_ADDRESS: address, DBUS_SYSTEM_BUS_ADDRESS: address });
  const first = await startSessionBus();
  const app = await launchApp({ ...scratch.env, ...busOf(first.address) }, ['--show']);
  const pids = await started(app);
  await first.close();
  await leavesNothing(app, scratch, pids);
  const second = await startSessionBus();
  const tray = await ownTray(second.bus);
  const again = await launchApp({ ...scratch.env, ...busOf(second.address) }, ['--show']);
  await started(again);
  await tray.item();
  await again.quit();
  await second.close();
});
