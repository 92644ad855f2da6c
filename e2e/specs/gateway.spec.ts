/** The gateway in the real app: turned on, used by the real go, its upstream gone, its process killed, the app killed. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { type AppDriver, family } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import { FaultyUpstream } from '../lab/faulty-upstream.ts';
import { moduleGraph } from '../lab/module-graph.ts';
import type { Scratch } from '../scratch.ts';
import { until } from '../until.ts';

const graph = moduleGraph(3, 2_000);
const MODULE = 'graph.test/group0/mod0';
let first: FaultyUpstream;
let second: FaultyUpstream;

test.beforeEach(async ({ scratch }) => {
  first = await FaultyUpstream.start(graph.files, 3);
  second = await FaultyUpstream.start(graph.files, 5);
  const endpoints = [
    { id: 'first', url: first.url, module: { path: MODULE, version: 'v1.0.0' } },
    { id: 'second', url: second.url, module: { path: MODULE, version: 'v1.0.0' } },
  ];
  const settings = {
    preferences: { language: 'en' },
    endpoints,
    intervals: { visibleMs: 60_000, hiddenMs: 60_000 },
    watchedModules: [],
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  writeFileSync(scratch.goEnvFile, `GOSUMDB=${graph.signer.verifier}\n`);
});

test.afterEach(async () => {
  await first.close();
  await second.close();
});

async function openGatewayPage(app: AppDriver): Promise<Page> {
  await (await app.page()).getByTestId('icon-chart').click();
  const page = await app.dashboard();
  await page.getByTestId('page-gateway').click();
  await page.getByTestId('gateway-page').waitFor();
  return page;
}

/** Turns it on and lets go use it; resolves with its address. */
async function turnOn(page: Page, scratch: Scratch): Promise<string> {
  await page.getByTestId('gateway-toggle').click();
  await expect(page.getByTestId('gateway-phase')).toContainText('Running at http://127.0.0.1:');
  await page.getByTestId('gateway-use').click();
  await expect(page.getByTestId('gateway-in-use')).toContainText('go uses the gateway');
  const goEnv = readFileSync(scratch.goEnvFile, 'utf8');
  expect(goEnv).toMatch(/^GOPROXY=http:\/\/127\.0\.0\.1:\d+\|direct$/m);
  return /http:\/\/127\.0\.0\.1:\d+/.exec(goEnv)?.[0] ?? '';
}

async function download(scratch: Scratch): Promise<string> {
  const folder = join(scratch.folder, 'project');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'go.mod'), 'module example.test/app\n');
  const env = { ...scratch.env, HTTPS_PROXY: 'http://127.0.0.1:9' };
  const options = { cwd: folder, env };
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', `${MODULE}@v1.0.0`], options);
  return (JSON.parse(stdout) as { Version: string }).Version;
}

/** Processes of the app that hold a listening socket on a port: /proc/net/tcp has its inode. */
function listeners(pid: number, port: number): readonly number[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = new RegExp(`:${hex} 00000000:0000 0A (?:\\S+ +){5}(\\d+)`).exec(readFileSync('/proc/net/tcp', 'utf8'));
  const socket = `socket:[${line?.[1] ?? 'none'}]`;
  return family(pid).filter((one) => {
    try {
      return readdirSync(`/proc/${one}/fd`).some((fd) => {
        try {
          return readlinkSync(`/proc/${one}/fd/${fd}`) === socket;
        } catch {
          return false;
        }
      });
    } catch {
      return false;
    }
  });
}

test('go downloads through it while the first mirror is out, and the page says what was survived', async ({
  launch,
  scratch,
}) => {
  const app = await launch('--show');
  const page = await openGatewayPage(app);
  await expect(page.getByTestId('gateway-phase')).toHaveText('Off');
  await turnOn(page, scratch);
  first.shares = { eof: 1 };
  expect(await download(scratch)).toBe('v1.0.0');
  await expect(page.getByTestId('gateway-survived').first()).toContainText(`127.0.0.1:${first.port}`);
  await expect(page.getByTestId('gateway-saved')).toContainText('saved this week');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.getByTestId('gateway-clear').click();
  await page.getByTestId('gateway-clear-yes').click();
  await expect(page.getByTestId('gateway-cache')).toContainText('0 files');
  // Its settings are those of the file; the way back is one click.
  await page.getByTestId('gateway-in-use').getByRole('button').click();
  await expect.poll(() => readFileSync(scratch.goEnvFile, 'utf8')).not.toContain('GOPROXY=');
  await page.getByTestId('gateway-toggle').click();
  await expect(page.getByTestId('gateway-phase')).toHaveText('Off');
  expect(JSON.parse(readFileSync(join(scratch.dataFolder, 'settings.json'), 'utf8')).gateway).toEqual({
    enabled: false,
  });
});

test('its process is back after a kill, and gone after the app is', async ({ launch, scratch }) => {
  test.skip(process.platform !== 'linux', 'finds processes in /proc');
  const app = await launch('--show');
  const page = await openGatewayPage(app);
  const address = await turnOn(page, scratch);
  const port = Number(new URL(address).port);
  const [gateway = 0] = listeners(app.child.pid ?? 0, port);
  expect(gateway).not.toBe(app.child.pid);
  process.kill(gateway, 'SIGKILL');
  await expect(page.getByTestId('gateway-figures')).toContainText('Restarts after a crash');
  await expect(page.getByTestId('gateway-phase')).toContainText(address);
  const [again = 0] = await until('a new process', () => {
    const found = listeners(app.child.pid ?? 0, port);
    return found.length > 0 && found;
  });
  expect(again).not.toBe(gateway);
  expect(await download(scratch)).toBe('v1.0.0');
  const chromium = family(app.child.pid ?? 0).filter((pid) => pid !== again);
  app.child.kill('SIGKILL');
  await until('the port to close', () =>
    fetch(`${address}/${MODULE}/@v/list`).then(
      () => false,
      () => true,
    ),
  );
  // Chromium's zygotes outlive a browser that is killed, and hold its pipes.
  for (const pid of chromium) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
});

test('a port that is taken is named, and another one used', async ({ launch, scratch }) => {
  const squatter = createServer();
  const port = await new Promise<number>((resolve) =>
    squatter.listen(0, '127.0.0.1', () => resolve((squatter.address() as { port: number }).port)),
  );
  const file = join(scratch.dataFolder, 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...settings, gateway: { enabled: true, port } }));
  const app = await launch('--show');
  const popover = await app.page();
  await expect(popover.getByTestId('download-row')).toContainText('the port is in use');
  await popover.getByTestId('download-row').click();
  const page = await app.dashboard();
  await expect(page.getByTestId('gateway-problem')).toContainText(`port ${port}`);
  await page.getByTestId('gateway-other-port').click();
  await expect(page.getByTestId('gateway-phase')).toContainText('Running at');
  await expect(page.getByTestId('gateway-phase')).not.toContainText(`:${port}`);
  await new Promise((resolve) => squatter.close(resolve));
});
