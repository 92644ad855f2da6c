/** Whole stories by keyboard alone, in the real app: outage to undo, every page and dialog, a private endpoint. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { DASHBOARD_PAGES } from '../../shared/domain/snapshot.ts';
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
  const profile = (id: string, list: string) => ({
    id,
    name: id,
    variables: { GOPROXY: list, GOSUMDB: FIXTURE_SUMDB },
  });
  const settings = {
    builtInProfiles: false,
    preferences: { language: 'en', welcomed: true },
    endpoints: [first, second].map((one) => ({
      id: one.host,
      name: one.host,
      url: address(one),
      module: FIXTURE_MODULE,
    })),
    profiles: [profile('one', `${address(first)},${address(second)}`), profile('two', `${address(second)}|direct`)],
    intervals: { visibleMs: 400, hiddenMs: 400 },
    network: { resolver: lab.dns.address },
    doctor: { resolvers: [] },
  };
  writeFileSync(settingsOf(scratch), JSON.stringify(settings));
  writeFileSync(scratch.goEnvFile, `GOSUMDB=${FIXTURE_SUMDB}\nGOPROXY=${address(first)},${address(second)}\n`);
});

test.afterEach(() => lab.close());

function address({ port }: GoproxyServer): string {
  return `http://127.0.0.1:${port}`;
}

function settingsOf({ dataFolder }: Scratch): string {
  return join(dataFolder, 'settings.json');
}

async function proxyOfGo({ env, folder }: Scratch): Promise<string> {
  const { stdout } = await promisify(execFile)('go', ['env', 'GOPROXY'], { env: { ...env }, cwd: folder });
  return stdout.trim();
}

/** Goes to a control by Tab alone. */
async function tabTo(page: Page, testId: string): Promise<void> {
  const control = page.getByTestId(testId);
  await expect(control).toBeEnabled({ timeout: 15_000 });
  for (let tabs = 0; tabs < 80; tabs++) {
    if (await control.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(control).toBeFocused();
}

async function pressAt(page: Page, testId: string): Promise<void> {
  await tabTo(page, testId);
  await page.keyboard.press('Enter');
}

async function typeInto(page: Page, testId: string, text: string): Promise<void> {
  await tabTo(page, testId);
  await page.keyboard.type(text);
}

test('an outage is fixed and undone by keyboard alone, to the byte', async ({ launch, desktop, scratch }) => {
  const before = readFileSync(scratch.goEnvFile);
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  const popover = new PopoverPage(page);
  await expect(popover.head).toHaveAttribute('data-severity', 'healthy');
  await first.setFault({ type: 'drop-request', how: 'fin' });
  await expect(popover.alert).toContainText('first.lab');
  await pressAt(page, 'remedy');
  await expect(popover.profile('two')).toHaveAttribute('aria-checked', 'true');
  // The button is gone with the alert: the focus stands on what it chose, not on nothing.
  await expect(popover.profile('two')).toBeFocused();
  expect(await proxyOfGo(scratch)).toBe(`${address(second)}|direct`);
  await page.keyboard.press('Control+z');
  await expect(popover.profile('one')).toHaveAttribute('aria-checked', 'true');
  expect(readFileSync(scratch.goEnvFile)).toEqual(before);
  // Details of the endpoint, back to its row, and out.
  await page.keyboard.press('f');
  await expect(popover.endpoint('first.lab')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(popover.incidents).toContainText('EOF');
  await page.keyboard.press('Escape');
  await expect(popover.endpoint('first.lab')).toBeFocused();
  await page.keyboard.press('Escape');
  await until('the popover to be hidden', async () => !(await app.popoverIsVisible()));
});

test('every page is reached and every dialog is left by keyboard alone', async ({ launch, desktop }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const popover = await app.page();
  await popover.getByTestId('head').waitFor();
  await popover.keyboard.press('Control+d');
  const page = await app.dashboard();
  await page.getByTestId('dashboard').waitFor();
  const pages = page.locator('nav [data-testid^="page-"]');
  await expect(pages).toHaveCount(DASHBOARD_PAGES.length);
  for (const i of DASHBOARD_PAGES.keys()) {
    await page.keyboard.press(`Control+${i + 1}`);
    await expect(pages.nth(i)).toHaveAttribute('aria-current', 'page');
  }
  await page.keyboard.press('Control+k');
  await expect(page.locator('dialog[open]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+,');
  for (const [section, control] of [
    ['endpoints', 'endpoint-add'],
    ['endpoints', 'endpoint-edit-first.lab'],
    ['about', 'welcome-open'],
  ] as const) {
    await pressAt(page, `section-${section}`);
    await pressAt(page, control);
    await expect(page.locator('dialog[open]')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.locator('dialog')).toHaveCount(0);
    await expect(page.getByTestId(control)).toBeFocused();
  }
});

test('a private endpoint with an authority of its own is added and seen up by keyboard alone', async ({
  launch,
  desktop,
  scratch,
}) => {
  const own = await lab.proxy({ host: 'private.lab', transport: 'h1' });
  const authority = join(scratch.folder, 'company.pem');
  writeFileSync(authority, lab.authority.ca);
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const popover = await app.page();
  await popover.getByTestId('head').waitFor();
  await popover.keyboard.press('Control+d');
  const page = await app.dashboard();
  await page.getByTestId('dashboard').waitFor();
  await app.electron.evaluate(({ dialog }, file) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [file] });
  }, authority);
  await page.keyboard.press('Control+,');
  await pressAt(page, 'section-network');
  await pressAt(page, 'choose-ca');
  await expect(page.getByTestId('certificates')).toContainText('company.pem');
  await pressAt(page, 'section-endpoints');
  await pressAt(page, 'endpoint-add');
  await typeInto(page, 'endpoint-url', `https://private.lab:${own.port}`);
  await typeInto(page, 'endpoint-name', 'Company');
  await typeInto(page, 'endpoint-module', `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`);
  await pressAt(page, 'endpoint-save');
  await expect(page.getByTestId('endpoint-dialog')).toHaveCount(0);
  await expect(page.locator('.endpoint-row', { hasText: 'Company' })).toContainText('up', { timeout: 20_000 });
  expect(JSON.parse(readFileSync(settingsOf(scratch), 'utf8')).endpoints).toHaveLength(3);
});
