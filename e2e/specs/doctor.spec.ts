/**
 * The doctor in the real app: started by hand and from an alert, watched, cancelled, fixed, reported; and pasted texts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { AppDriver } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import type { GoproxyServer } from '../lab/goproxy-server.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../lab/tree.ts';
import { PopoverPage } from '../pages/popover-page.ts';

let lab: Lab;
let first: GoproxyServer;
let second: GoproxyServer;

test.beforeEach(async ({ scratch }) => {
  lab = await startLab();
  first = await lab.proxy({ host: 'first.lab', transport: 'http' });
  second = await lab.proxy({ host: 'second.lab', transport: 'http' });
  const endpoints = [first, second].map((server) => ({
    id: server.host,
    name: server.host,
    url: url(server),
    module: FIXTURE_MODULE,
    key: FIXTURE_SUMDB,
  }));
  const settings = {
    builtInProfiles: false,
    preferences: { language: 'en' },
    endpoints,
    profiles: [{ id: 'two', name: 'Second', variables: { GOPROXY: url(second) } }],
    intervals: { visibleMs: 400, hiddenMs: 400 },
    limits: { hard: { dialMs: 800, tlsMs: 800, headerMs: 1_000, totalMs: 2_500 } },
    network: { resolver: lab.dns.address },
    doctor: { resolvers: [`udp://${lab.dns.address}`] },
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  writeFileSync(scratch.goEnvFile, `GOPROXY=${url(first)}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
});

test.afterEach(() => lab.close());

function url(server: GoproxyServer): string {
  return `http://127.0.0.1:${server.port}`;
}

/** The doctor's page of the dashboard. */
async function openDoctor(app: AppDriver): Promise<Page> {
  const popover = await app.page();
  await popover.getByTestId('icon-chart').click();
  const page = await app.dashboard();
  await page.getByTestId('page-doctor').click();
  await page.getByTestId('doctor-page').waitFor();
  return page;
}

test('started by keyboard, it checks every layer, and its fix makes go work again', async ({ launch }) => {
  await first.setFault({ type: 'drop-request', how: 'fin' });
  const app = await launch('--show');
  const page = await openDoctor(app);
  await page.getByTestId('doctor-target').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('doctor-verdict').getByRole('heading', { level: 2 })).toContainText(
    '127.0.0.1 is having problems',
    {
      timeout: 40_000,
    },
  );
  await expect(page.getByTestId('check-http')).toHaveAttribute('data-status', 'failed');
  await expect(page.getByTestId('check-connect')).toHaveAttribute('data-status', 'ok');
  await expect(page.getByTestId('check-download')).toHaveAttribute('data-status', 'failed');
  const fix = page.getByTestId('fix-use-profile');
  // The exact command first, then the button.
  await expect(fix.getByText(`go env -w GOPROXY=${url(second)}`)).toBeVisible();
  await fix.getByTestId('fix-apply').click();
  await expect(fix.getByRole('status')).toBeVisible();
  await page.getByTestId('doctor-start').click();
  await expect(page.getByTestId('doctor-verdict').getByRole('heading', { level: 2 })).toContainText(
    'No problems found',
    {
      timeout: 40_000,
    },
  );
  await expect(page.getByTestId('doctor-archived').getByRole('listitem')).toHaveCount(2);
  // Shown again as it was.
  await page.getByTestId('doctor-archived').getByRole('button').nth(1).click();
  await expect(page.getByTestId('doctor-verdict').getByRole('heading', { level: 2 })).toContainText(
    'is having problems',
  );
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});

test('an alert leads to it, and the outage is explained from then on', async ({ launch }) => {
  const app = await launch('--show');
  const popover = await app.page();
  await expect(new PopoverPage(popover).head).toHaveAttribute('data-severity', 'healthy');
  await first.setFault({ type: 'status', status: 502 });
  await popover.getByTestId('alert').waitFor({ timeout: 30_000 });
  await popover.getByTestId('alert-why').click();
  const page = await app.dashboard();
  await expect(page.getByTestId('doctor-verdict').getByRole('heading', { level: 2 })).toContainText('Server error', {
    timeout: 40_000,
  });
  await expect(page.getByTestId('doctor-archived')).toContainText('for an outage');
  await page.getByTestId('page-history').click();
  await expect(page.getByTestId('incidents')).toContainText('looked into');
  await page.getByTestId('explain-incident').first().click();
  await expect(page.getByTestId('doctor-verdict').getByRole('heading', { level: 2 })).toContainText('Server error');
});

test('it is cancelled at once, and shows what it had found', async ({ launch }) => {
  await first.setFault({ type: 'drop-request', how: 'hang' });
  const app = await launch('--show');
  const page = await openDoctor(app);
  await page.getByTestId('doctor-start').click();
  await page.getByTestId('doctor-cancel').click();
  await expect(page.getByTestId('doctor-verdict').getByRole('heading', { level: 2 })).toContainText('Cancelled', {
    timeout: 5_000,
  });
  await expect(page.getByTestId('doctor-start')).toBeVisible();
});

test('the report is shown before it is copied, and holds no password', async ({ launch, scratch }) => {
  writeFileSync(scratch.goEnvFile, `GOPROXY=http://lin:hunter2@127.0.0.1:${first.port}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
  const app = await launch('--show');
  const page = await openDoctor(app);
  await page.getByTestId('doctor-start').click();
  await page.getByTestId('report-md').click({ timeout: 40_000 });
  const report = await page.getByTestId('report-text').textContent();
  expect(report).toContain('## Gopherbar report');
  expect(report).not.toContain('hunter2');
  await page.getByTestId('report-copy').click();
  expect(await app.electron.evaluate(({ clipboard }) => clipboard.readText())).toBe(report);
});

test('a pasted message is explained as it is typed; nonsense is not', async ({ launch }) => {
  const app = await launch('--show');
  const page = await openDoctor(app);
  const box = page.getByTestId('explain-text');
  await box.fill('go: module golang.org/x/text: Get "https://golang.org/x/text?go-get=1": EOF');
  await expect(page.getByTestId('explained-eof-no-response')).toContainText('golang.org');
  await box.fill('all is well\n');
  await expect(page.getByTestId('explained').getByRole('listitem')).toHaveCount(0);
  await page.getByTestId('doctor-target').fill('what is this');
  await page.getByTestId('doctor-start').click();
  await expect(page.getByRole('alert')).toContainText('neither a host nor a module');
});

test('Why? on an alert says what changed since it last worked', async ({ launch, scratch }) => {
  const app = await launch('--show');
  const popover = await app.page();
  await expect(popover.getByTestId('endpoint-first.lab')).toHaveAttribute('data-status', 'up', { timeout: 20_000 });
  // An editor saves a port where nothing listens.
  const file = join(scratch.dataFolder, 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  settings.endpoints[0].url = 'http://127.0.0.1:1';
  writeFileSync(file, JSON.stringify(settings));
  writeFileSync(scratch.goEnvFile, `GOPROXY=http://127.0.0.1:1\nGOSUMDB=${FIXTURE_SUMDB}\n`);
  await popover.getByTestId('alert-why').click({ timeout: 20_000 });
  const page = await app.dashboard();
  await page.getByTestId('page-doctor').click();
  const since = page.getByTestId('since');
  await expect(since).toContainText('What changed since first.lab last worked', { timeout: 20_000 });
  await expect(since.getByTestId('since-changes')).toContainText('Gopherbar’s settings changed');
  await page.getByTestId('since-diagnose').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('doctor-verdict')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('[data-testid="since"]').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('nothing changed here is an answer of its own', async ({ launch }) => {
  const app = await launch('--show');
  const popover = await app.page();
  await expect(popover.getByTestId('endpoint-first.lab')).toHaveAttribute('data-status', 'up', { timeout: 20_000 });
  await first.setFault({ type: 'status', status: 503 });
  await expect(popover.getByTestId('endpoint-first.lab')).toHaveAttribute('data-status', 'down', { timeout: 20_000 });
  const page = await openDoctor(app);
  await expect(page.getByTestId('since-nothing')).toContainText('Nothing that is recorded changed here');
  await expect(page.getByTestId('since')).toContainText('switch to another profile');
});
