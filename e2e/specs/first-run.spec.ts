/** The first start by keyboard alone, a private endpoint with its own authority, and a mistake in the settings file. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import type { GoproxyServer } from '../lab/goproxy-server.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../lab/tree.ts';
import type { Scratch } from '../scratch.ts';
import { until } from '../until.ts';

let lab: Lab;
let broken: GoproxyServer;
let good: GoproxyServer;

test.beforeEach(async ({ scratch }) => {
  lab = await startLab();
  broken = await lab.proxy({ host: 'broken.lab', transport: 'http' });
  good = await lab.proxy({ host: 'good.lab', transport: 'http' });
  writeFileSync(scratch.goEnvFile, `GOSUMDB=${FIXTURE_SUMDB}\nGOPROXY=${address(broken)}\n`);
});

test.afterEach(() => lab.close());

function address({ port }: GoproxyServer): string {
  return `http://127.0.0.1:${port}`;
}

function writeSettings(scratch: Scratch, welcomed: boolean): void {
  const profile = (id: string, server: GoproxyServer) => ({
    id,
    name: id,
    variables: { GOPROXY: address(server), GOSUMDB: FIXTURE_SUMDB },
  });
  const settings = {
    builtInProfiles: false,
    preferences: { language: 'en', welcomed },
    endpoints: [broken, good].map((one) => ({
      id: one.host,
      name: one.host,
      url: address(one),
      module: FIXTURE_MODULE,
    })),
    profiles: [profile('first', broken), profile('second', good)],
    intervals: { visibleMs: 400, hiddenMs: 400 },
    network: { resolver: lab.dns.address },
    doctor: { resolvers: [] },
  };
  writeFileSync(settingsOf(scratch), JSON.stringify(settings, null, 2));
}

function settingsOf({ dataFolder }: Scratch): string {
  return join(dataFolder, 'settings.json');
}

async function proxyOfGo({ env, folder }: Scratch): Promise<string> {
  const { stdout } = await promisify(execFile)('go', ['env', 'GOPROXY'], { env: { ...env }, cwd: folder });
  return stdout.trim();
}

/** Goes to a control by Tab, as a person without a mouse, and presses Enter. */
async function pressAt(page: Page, testId: string): Promise<void> {
  const control = page.getByTestId(testId);
  await expect(control).toBeEnabled({ timeout: 15_000 });
  for (let tabs = 0; tabs < 40; tabs++) {
    if (await control.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(control).toBeFocused();
  await page.keyboard.press('Enter');
}

test('the first start leads to a working profile by keyboard alone, and is not shown again', async ({
  launch,
  scratch,
}) => {
  writeSettings(scratch, false);
  await broken.setFault({ type: 'status', status: 502 });
  const app = await launch();
  const page = await app.dashboard();
  await expect(page.getByTestId('welcome-hosts-list')).toContainText(address(good));
  await pressAt(page, 'welcome-next');
  await expect(page.getByTestId('welcome-go-found')).toContainText('go1.');
  const before = await proxyOfGo(scratch);
  await pressAt(page, 'welcome-keep');
  await expect(page.getByTestId('welcome-keep')).toBeDisabled();
  await pressAt(page, 'welcome-next');
  await pressAt(page, 'welcome-test');
  await expect(page.getByTestId('welcome-use')).toContainText('second');
  expect(await proxyOfGo(scratch)).toBe(before);
  await pressAt(page, 'welcome-use');
  await until('go to use it', async () => (await proxyOfGo(scratch)) === address(good));
  await pressAt(page, 'welcome-next');
  await pressAt(page, 'welcome-next');
  await expect(page.getByTestId('welcome')).toHaveCount(0);
  await until('the settings to be written', () =>
    readFileSync(settingsOf(scratch), 'utf8').includes('"welcomed": true'),
  );
  const { profiles } = JSON.parse(readFileSync(settingsOf(scratch), 'utf8'));
  expect(profiles[0]).toMatchObject({ name: { en: 'My settings' }, variables: { GOPROXY: address(broken) } });
  await app.quit();
  const again = await launch();
  await again.page();
  await until('the app to be ready', () => again.log().includes('app ready'));
  expect(again.electron.windows().some((one) => one.url().endsWith('/dashboard.html'))).toBe(false);
});

test('a private endpoint is added, tried, trusted with its own authority and seen up; removed and brought back', async ({
  launch,
  desktop,
  scratch,
}) => {
  writeSettings(scratch, true);
  const own = await lab.proxy({ host: 'private.lab', transport: 'h1' });
  const authority = join(scratch.folder, 'company.pem');
  writeFileSync(authority, lab.authority.ca);
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const popover = await app.page();
  await popover.getByTestId('icon-settings').click();
  await popover.getByTestId('all-settings').click();
  const page = await app.dashboard();
  await page.getByTestId('section-endpoints').click();
  await page.getByTestId('endpoint-add').click();
  await page.getByTestId('endpoint-url').fill(`https://private.lab:${own.port}`);
  await page.getByTestId('endpoint-name').fill('Company');
  await page.getByTestId('endpoint-module').fill(`${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`);
  await page.getByTestId('endpoint-try').click();
  await expect(page.getByTestId('endpoint-trial')).toContainText('Failed', { timeout: 20_000 });
  await page.getByTestId('endpoint-save').click();
  const row = page.locator('.endpoint-row', { hasText: 'Company' });
  await expect(row).toContainText('down', { timeout: 20_000 });

  await app.electron.evaluate(({ dialog }, file) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [file] });
  }, authority);
  await page.getByTestId('section-network').click();
  await page.getByTestId('choose-ca').click();
  await expect(page.getByTestId('certificates')).toContainText('company.pem');
  await page.getByTestId('section-endpoints').click();
  await expect(row).toContainText('up', { timeout: 20_000 });

  await row.getByRole('button', { name: 'Remove Company' }).click();
  await expect(row).toHaveCount(0);
  await page.getByTestId('settings-undo').click();
  await expect(row).toHaveCount(1);
  expect(JSON.parse(readFileSync(settingsOf(scratch), 'utf8')).endpoints).toHaveLength(3);
});

test('a mistake in the settings file is named with its line and field, and nothing is written over it', async ({
  launch,
  scratch,
  desktop,
}) => {
  writeSettings(scratch, true);
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const popover = await app.page();
  await popover.getByTestId('icon-settings').click();
  await popover.getByTestId('all-settings').click();
  const page = await app.dashboard();
  await page.getByTestId('section-probing').click();
  await expect(page.getByTestId('interval-hiddenMs')).toHaveValue('0.4');
  const text = '{\n  "intervals": {\n    "hiddenMs": "soon"\n  }\n}\n';
  writeFileSync(settingsOf(scratch), text);
  await expect(page.getByTestId('file-problem')).toContainText(/line 3.*intervals\.hiddenMs/, { timeout: 15_000 });
  await page.getByTestId('threshold-failuresToDown').fill('5');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('settings-toast')).toContainText('line 3');
  expect(readFileSync(settingsOf(scratch), 'utf8')).toBe(text);
});
