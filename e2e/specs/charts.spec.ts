/** Charts over real parts: gaps, outages and events of a run, by mouse and by keyboard, in both themes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { GopherbarApi } from '../../shared/contract/channels.ts';
import type { AppDriver } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import type { GoproxyServer } from '../lab/goproxy-server.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../lab/tree.ts';
import { until } from '../until.ts';

let lab: Lab;
let server: GoproxyServer;

test.beforeEach(async ({ scratch }) => {
  lab = await startLab();
  server = await lab.proxy({ host: 'first.lab', transport: 'http' });
  const url = `http://127.0.0.1:${server.port}`;
  const settings = {
    preferences: { language: 'en', welcomed: true },
    endpoints: [{ id: 'first.lab', name: 'first.lab', url, module: FIXTURE_MODULE }],
    intervals: { visibleMs: 400, hiddenMs: 400 },
    network: { resolver: lab.dns.address },
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  writeFileSync(scratch.goEnvFile, `GOPROXY=${url}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
});

test.afterEach(() => lab.close());

/** Opens the dashboard from the tray and waits for the first measurement. */
async function openDashboard(app: AppDriver, activate: () => Promise<void>): Promise<Page> {
  await activate();
  await (await app.page()).getByTestId('icon-chart').click();
  const page = await app.dashboard();
  await expect(page.getByTestId('chart-summary')).toContainText('succeeded');
  return page;
}

/** What the machine says when it goes to sleep, and seconds later when it wakes. */
async function sleep(app: AppDriver): Promise<void> {
  await app.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
  const since = Date.now();
  await until('some seconds of sleep', () => Date.now() - since > 4_000, 10_000);
  await app.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
}

/** Reads the history again, as the page does every half minute. */
async function readAgain(page: Page): Promise<void> {
  await page.getByTestId('span-1h').click();
}

test('a chart says what happened: why nothing was measured, what failed and since when', async ({
  launch,
  desktop,
}) => {
  const first = await launch();
  await openDashboard(first, async () => (await desktop.tray.item()).activate());
  await first.quit();
  const stoppedAt = Date.now();
  await until('some seconds without the app', () => Date.now() - stoppedAt > 4_000, 10_000);
  const app = await launch();
  const page = await openDashboard(app, async () => (await desktop.tray.item()).activate());
  await expect(page.getByTestId('chart-summary')).toContainText(/^Since \d\d:\d\d · 100% of/);
  await sleep(app);
  await server.setFault({ type: 'status', status: 502 });
  await expect(page.getByTestId('dashboard')).toContainText('Server error');
  const marks = page.getByTestId('marks');
  await expect(async () => {
    await readAgain(page);
    await expect(marks.getByRole('button', { name: /^Server error.* ongoing/ })).toBeVisible({ timeout: 500 });
  }).toPass();
  // Within minutes both gaps share a place; Enter looks closer until each has its own.
  const gaps = marks.getByRole('button', { name: /Gopherbar not running · .*; Computer asleep · / });
  await gaps.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Reset zoom' })).toBeVisible();
  await expect(marks.getByRole('button', { name: /^Gopherbar not running · [^;]*$/ })).toBeVisible();
  await expect(marks.getByRole('button', { name: /^Computer asleep · [^;]*$/ })).toBeVisible();

  // Day one claims nothing of a week, a month or a year.
  const cells = page.getByTestId('uptime').getByRole('row', { name: 'first.lab' }).getByRole('cell');
  await expect(cells.nth(0)).toContainText(/\d%Since \d\d:\d\d/);
  await expect(cells.nth(1)).toHaveText('—');
  await expect(cells.nth(3)).toHaveText('—');

  // By keyboard: the marks are one stop after the chart, in the order of time.
  const tip = page.getByTestId('mark-tip');
  await page.getByTestId('chart').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Home');
  await expect(marks.getByRole('button').first()).toBeFocused();
  const heard: string[] = [];
  for (let i = 0; i < (await marks.getByRole('button').count()); i++) {
    heard.push((await tip.innerText()).split('\n')[0] ?? '');
    await page.keyboard.press('ArrowRight');
  }
  expect(heard.indexOf('Computer asleep')).toBeGreaterThan(heard.indexOf('Gopherbar not running'));
  expect(heard.indexOf('Server error (5xx)')).toBeGreaterThan(heard.indexOf('Computer asleep'));
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('chart')).toBeFocused();
  await expect(tip).toHaveCount(0);

  // By mouse: over the band and over the hatched span, not only over their marks.
  const box = await page.getByTestId('chart').boundingBox();
  const outage = await marks.getByRole('button', { name: /^Server error/ }).boundingBox();
  const asleep = await marks.getByRole('button', { name: /^Computer asleep/ }).boundingBox();
  if (box === null || outage === null || asleep === null) throw new Error('not laid out');
  await page.mouse.move(outage.x + outage.width / 2 + 1, box.y + 150);
  await expect(tip).toContainText('Server error');
  await page.mouse.move(asleep.x + asleep.width / 2, box.y + 150);
  await expect(tip).toContainText('Computer asleep');
  await page.mouse.move(5, 5);
  await expect(tip).toHaveCount(0);

  // The same as a list.
  const list = page.getByTestId('mark-list');
  await list.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(list.getByRole('listitem').filter({ hasText: 'Computer asleep' })).toBeVisible();
  await expect(list.getByRole('listitem').filter({ hasText: 'Server error' })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
});

/** How many pixels of the chart have the colour of a token now (its labels are drawn in it), and the page's theme. */
function inkOf(page: Page, token: string) {
  return page.evaluate((name) => {
    const canvas = document.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return null;
    const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const wanted = [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16));
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let pixels = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (wanted.every((one, channel) => Math.abs(one - (data[i + channel] ?? 0)) < 8) && (data[i + 3] ?? 0) > 100)
        pixels++;
    }
    return { pixels, theme: document.documentElement.dataset.theme };
  }, token);
}

test('a chart has the colours of another theme at once', async ({ launch, desktop }) => {
  const app = await launch();
  const page = await openDashboard(app, async () => (await desktop.tray.item()).activate());
  await page.getByTestId('chart').waitFor();
  for (const theme of ['dark', 'light', 'dark'] as const) {
    // As the settings do, from a window in which a chart is shown.
    await page.evaluate((chosen) => {
      const { gopherbar } = globalThis as unknown as { gopherbar: GopherbarApi };
      return gopherbar.request('preferences.set', { theme: chosen });
    }, theme);
    await expect.poll(async () => (await inkOf(page, '--ink-3'))?.theme).toBe(theme);
    // Well before the history is read again.
    await expect.poll(async () => (await inkOf(page, '--ink-3'))?.pixels, { timeout: 2_000 }).toBeGreaterThan(20);
  }
});
