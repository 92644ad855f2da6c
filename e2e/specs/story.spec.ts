/**
 * The whole loop on real parts: a proxy fails, a notification appears, one click switches the real go, undo restores
 * every byte, a restart remembers, and the recovery is notified once.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../fixtures.ts';
import type { GoproxyServer } from '../lab/goproxy-server.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../lab/tree.ts';
import { PopoverPage } from '../pages/popover-page.ts';
import type { Scratch } from '../scratch.ts';
import { until } from '../until.ts';

let lab: Lab;
let first: GoproxyServer;
let second: GoproxyServer;

test.beforeEach(async ({ scratch }) => {
  lab = await startLab();
  first = await lab.proxy({ host: 'first.lab', transport: 'http' });
  second = await lab.proxy({ host: 'second.lab', transport: 'http' });
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings()));
  writeFileSync(
    scratch.goEnvFile,
    `# my own line\nGOSUMDB=${FIXTURE_SUMDB}\nGOPROXY=${address(first)},${address(second)}\n`,
    { mode: 0o640 },
  );
});

test.afterEach(() => lab.close());

/** What the real go can reach: it does not ask the lab's DNS server. */
function address(server: GoproxyServer): string {
  return `http://127.0.0.1:${server.port}`;
}

function settings() {
  const profile = (id: string, list: string) => ({
    id,
    name: id,
    variables: { GOPROXY: list, GOSUMDB: FIXTURE_SUMDB },
  });
  return {
    builtInProfiles: false,
    preferences: { language: 'en' },
    endpoints: [first, second].map((server) => ({
      id: server.host,
      name: server.host,
      url: address(server),
      module: FIXTURE_MODULE,
    })),
    profiles: [profile('one', `${address(first)},${address(second)}`), profile('two', `${address(second)}|direct`)],
    intervals: { visibleMs: 400, hiddenMs: 400 },
    network: { resolver: lab.dns.address },
  };
}

/** The real go in the scratch environment, as the person's terminal would run it. */
async function go(scratch: Scratch, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('go', args, {
    env: { ...scratch.env },
    cwd: scratch.folder,
    timeout: 30_000,
  });
  return stdout.trim();
}

test('an outage is detected, notified, fixed with one click, undone to the byte, remembered and reported as over', async ({
  launch,
  desktop,
  scratch,
}) => {
  const before = readFileSync(scratch.goEnvFile);
  const app = await launch();
  const tray = await desktop.tray.item();
  await tray.activate();
  let popover = new PopoverPage(await app.page());
  await expect(popover.endpoint('first.lab')).toHaveAttribute('data-status', 'up');
  await expect(popover.endpoint('first.lab').getByTestId('latency')).toHaveText(/\d ms$/);
  await expect(popover.head).toHaveAttribute('data-severity', 'healthy');
  await expect(popover.profile('one')).toHaveAttribute('aria-checked', 'true');
  const healthyPicture = await tray.picture();

  await first.setFault({ type: 'drop-request', how: 'fin' });
  await expect(popover.alert).toContainText('first.lab: EOF, no response');
  await expect(popover.path).toHaveAttribute('data-failed', 'http');
  const notification = await until('the notification', () => desktop.notifications.shown[0]);
  expect(notification.title).toContain('first.lab');
  expect(notification.body).toContain('closed before any response');
  expect(await tray.tooltip()).toContain('first.lab');
  expect(await tray.picture()).not.toBe(healthyPicture);

  await popover.choose('two');
  await expect(popover.profile('two')).toHaveAttribute('aria-checked', 'true');
  await expect(popover.head).toHaveAttribute('data-severity', 'healthy');
  expect(await go(scratch, 'env', 'GOPROXY')).toBe(`${address(second)}|direct`);
  const downloaded = JSON.parse(await go(scratch, 'mod', 'download', '-json', 'example.test/hello@v1.1.0'));
  expect(downloaded).toMatchObject({ Version: 'v1.1.0', Sum: expect.stringMatching(/^h1:/) });

  await popover.undo.click();
  await expect(popover.profile('one')).toHaveAttribute('aria-checked', 'true');
  expect(readFileSync(scratch.goEnvFile)).toEqual(before);
  expect(await go(scratch, 'env', 'GOPROXY')).toBe(`${address(first)},${address(second)}`);

  await app.quit();
  const again = await launch();
  await (await desktop.tray.item()).activate();
  popover = new PopoverPage(await again.page());
  await expect(popover.alert).toContainText('first.lab');
  await popover.endpoint('first.lab').click();
  await expect(popover.incidents).toContainText('EOF, no response');
  await popover.press('Escape');

  await first.setFault(null);
  await expect(popover.head).toHaveAttribute('data-severity', 'healthy');
  await until('the notification of the recovery', () =>
    desktop.notifications.shown.some(({ title }) => title.includes('is back up')),
  );
  const titles = desktop.notifications.shown.map(({ title }) => title);
  expect(titles).toHaveLength(2);
  expect(titles[1]).toContain('first.lab is back up');
});

test('a click on the notification opens the popover with the remedy in focus', async ({ launch, desktop }) => {
  await first.setFault({ type: 'status', status: 502 });
  const app = await launch();
  const notification = await until('the notification', () => desktop.notifications.shown[0]);
  desktop.notifications.click(notification.id);
  await until('the popover', app.popoverIsVisible);
  const popover = new PopoverPage(await app.page());
  await expect(popover.remedy).toBeFocused();
  await popover.press('Enter');
  await expect(popover.profile('two')).toHaveAttribute('aria-checked', 'true');
});

test('number keys switch, and a value that the environment sets is refused with a reason', async ({
  launch,
  desktop,
  scratch,
}) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const popover = new PopoverPage(await app.page());
  await expect(popover.profile('one')).toHaveAttribute('aria-checked', 'true');
  await popover.press('2');
  await expect(popover.profile('two')).toHaveAttribute('aria-checked', 'true');
  expect(await go(scratch, 'env', 'GOPROXY')).toBe(`${address(second)}|direct`);
  await app.quit();

  const before = readFileSync(scratch.goEnvFile);
  (scratch.env as Record<string, string>).GOPROXY = 'https://set-by-the-shell.example';
  const other = await launch();
  await (await desktop.tray.item()).activate();
  const blocked = new PopoverPage(await other.page());
  await expect(blocked.profile('by-hand')).toHaveAttribute('aria-checked', 'true');
  await blocked.choose('one');
  await expect(blocked.notice).toContainText('GOPROXY is set to https://set-by-the-shell.example');
  expect(readFileSync(scratch.goEnvFile)).toEqual(before);
});

test('both languages and both themes are there at once', async ({ launch, desktop }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  const popover = new PopoverPage(page);
  await expect(popover.head).toContainText('Go modules are fine');
  await popover.press(',');
  await page.getByTestId('language').selectOption('zh-CN');
  await page.getByTestId('theme').selectOption('dark');
  await popover.press('Escape');
  await expect(popover.head).toContainText('模块下载正常');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
