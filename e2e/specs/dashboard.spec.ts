/** The dashboard over real parts: an endpoint's past as it is measured, and a drill from its button to its figures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures.ts';
import type { GoproxyServer } from '../lab/goproxy-server.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../lab/tree.ts';
import { PopoverPage } from '../pages/popover-page.ts';
import { until } from '../until.ts';

let lab: Lab;
let first: GoproxyServer;

test.beforeEach(async ({ scratch }) => {
  lab = await startLab();
  first = await lab.proxy({ host: 'first.lab', transport: 'http' });
  const second = await lab.proxy({ host: 'second.lab', transport: 'http' });
  const settings = {
    preferences: { language: 'en' },
    endpoints: [first, second].map((server) => ({
      id: server.host,
      name: server.host,
      url: `http://127.0.0.1:${server.port}`,
      module: FIXTURE_MODULE,
    })),
    intervals: { visibleMs: 400, hiddenMs: 400 },
    network: { resolver: lab.dns.address },
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  const list = `http://127.0.0.1:${first.port},http://127.0.0.1:${second.port}`;
  writeFileSync(scratch.goEnvFile, `GOPROXY=${list}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
});

test.afterEach(() => lab.close());

test('the dashboard draws what was measured, by mouse and by keyboard', async ({ launch, desktop }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  const popover = new PopoverPage(page);
  await expect(popover.head).toHaveAttribute('data-severity', 'healthy');
  await page.getByTestId('icon-chart').click();
  const dashboard = await app.dashboard();
  await expect(dashboard.getByTestId('chart-summary')).toContainText('100% of');
  await expect(dashboard.getByTestId('uptime')).toContainText('second.lab');
  await dashboard.getByTestId('span-1h').click();
  await expect(dashboard.getByTestId('span-1h')).toHaveAttribute('aria-pressed', 'true');
  await dashboard.getByTestId('chart').focus();
  await dashboard.keyboard.press('ArrowLeft');
  await expect(dashboard.getByTestId('chart-readout')).toContainText(/\d+ probes, \d+ failed/);
  await dashboard.keyboard.press('+');
  await expect(dashboard.getByRole('button', { name: 'Reset zoom' })).toBeVisible();
  await dashboard.keyboard.press('0');
  await expect(dashboard.getByRole('button', { name: 'Reset zoom' })).toBeHidden();

  await first.setFault({ type: 'status', status: 502 });
  await expect(dashboard.getByTestId('dashboard')).toContainText('Server error');
  await dashboard.getByTestId('span-24h').click();
  await expect(dashboard.getByTestId('incidents')).toContainText('first.lab');
  const { violations } = await new AxeBuilder({ page: dashboard }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
});

test('a drill is detected, notified as a drill, ended and measured; go is not affected', async ({
  launch,
  desktop,
  scratch,
}) => {
  const goEnv = readFileSync(scratch.goEnvFile);
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  await expect(new PopoverPage(page).head).toHaveAttribute('data-severity', 'healthy');
  await page.getByTestId('icon-chart').click();
  const dashboard = await app.dashboard();
  await dashboard.getByTestId('drill-start').click();
  await expect(dashboard.getByTestId('drill-step')).toBeVisible();
  const notification = await until('the notification', () => desktop.notifications.shown[0]);
  expect(notification.title).toMatch(/^Drill: first\.lab/);
  await expect(dashboard.getByTestId('drills')).toContainText('passed');
  await expect(dashboard.getByTestId('drill-start')).toBeEnabled();
  await until('the recovery', () => desktop.notifications.shown[1]);
  expect(desktop.notifications.shown[1]?.title).toMatch(/^Drill: /);
  await expect(dashboard.getByTestId('incidents')).toContainText('Drill');
  expect(readFileSync(scratch.goEnvFile)).toEqual(goEnv);
});
