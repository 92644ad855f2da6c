/**
 * Profiles in the real app over the real go and git: created, shown as a diff, applied, undone; drift; lint; failover.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import type { GoproxyServer } from '../lab/goproxy-server.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../lab/tree.ts';
import { PopoverPage } from '../pages/popover-page.ts';
import { runToEnd } from '../run-to-end.ts';
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
  writeFileSync(scratch.goEnvFile, `# mine\nGOPROXY=${url(first)},${url(second)}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
  writeFileSync(gitConfig(scratch), '[user]\n\tname = Zhang San\n');
});

test.afterEach(() => lab.close());

function url(server: GoproxyServer): string {
  return `http://127.0.0.1:${server.port}`;
}

function gitConfig(scratch: Scratch): string {
  return scratch.env.GIT_CONFIG_GLOBAL ?? '';
}

function settings() {
  const profile = (id: string, list: string, git: object[] = []) => ({
    id,
    name: id,
    variables: { GOPROXY: list, GOSUMDB: FIXTURE_SUMDB },
    git,
  });
  return {
    builtInProfiles: false,
    preferences: { language: 'en' },
    endpoints: [first, second].map((server) => ({
      id: server.host,
      name: server.host,
      url: url(server),
      module: FIXTURE_MODULE,
    })),
    profiles: [
      profile('one', `${url(first)},${url(second)}`),
      profile('two', `${url(second)}|direct`, [{ key: 'http.proxy', value: 'http://127.0.0.1:7890' }]),
    ],
    intervals: { visibleMs: 400, hiddenMs: 400 },
    network: { resolver: lab.dns.address },
  };
}

/** The files a switch may touch. */
function files(scratch: Scratch): readonly string[] {
  return [scratch.goEnvFile, gitConfig(scratch)].map((path) => readFileSync(path, 'utf8'));
}

async function faults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id} ${nodes.map((node) => node.html).join(' ')}`);
}

test('a profile is created, shown as a diff, applied with its git settings, and undone byte for byte', async ({
  launch,
  desktop,
  scratch,
}) => {
  const before = files(scratch);
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  await expect(new PopoverPage(page).head).toHaveAttribute('data-severity', 'healthy');
  await page.getByTestId('edit-profiles').click();
  const dashboard = await app.dashboard();
  await expect(dashboard.getByTestId('profile-title')).toContainText('one');

  await dashboard.getByTestId('choose-two').click();
  await expect(dashboard.getByTestId('plan')).toContainText(`+ ${url(second)}|direct`);
  await expect(dashboard.getByTestId('plan')).toContainText('git http.proxy');
  await dashboard.getByText('Exact commands').click();
  await expect(dashboard.getByTestId('plan')).toContainText('git config --global --replace-all http.proxy');
  expect(files(scratch)).toEqual(before);

  await dashboard.getByTestId('use').click();
  await expect(dashboard.getByTestId('choose-two')).toContainText('active');
  expect(files(scratch)[1]).toContain('proxy = http://127.0.0.1:7890');
  expect(files(scratch)[1]).toContain('name = Zhang San');

  await dashboard.getByTestId('template-private').click();
  await dashboard.getByTestId('field-GOPRIVATE').fill('https://git.corp.test');
  await expect(dashboard.getByTestId('fault-GOPRIVATE')).toBeVisible();
  await expect(dashboard.getByTestId('save')).toBeDisabled();
  await dashboard.getByTestId('field-GOPRIVATE').fill('git.corp.test');
  await dashboard.getByTestId('field-GOPROXY').fill(`${url(first)}|direct`);
  await dashboard.getByTestId('save').click();
  await expect(dashboard.getByTestId('profile-title')).toContainText('Private modules');
  await dashboard.getByTestId('use').click();
  await expect(dashboard.getByTestId('choose-private')).toContainText('active');
  expect(files(scratch)[0]).toContain('GOPRIVATE=git.corp.test');
  expect(await faults(dashboard)).toEqual([]);

  await dashboard.getByTestId('undo-1').click();
  await expect(dashboard.getByTestId('choose-one')).toContainText('active');
  expect(files(scratch)).toEqual(before);
});

test('a switch and an undo in a terminal are the app’s own: shown at once, never as a change from outside', async ({
  launch,
  desktop,
  scratch,
}) => {
  const before = files(scratch);
  const cli = (...args: string[]) =>
    runToEnd(process.execPath, ['--disable-warning=ExperimentalWarning', 'out/cli/gopherbar.cjs', ...args], {
      env: scratch.env,
    });
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  await expect(new PopoverPage(page).head).toHaveAttribute('data-severity', 'healthy');
  const socket = join(scratch.dataFolder, 'control.sock');
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(await cli('status', '--json')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('first.lab') });
  await page.getByTestId('edit-profiles').click();
  const dashboard = await app.dashboard();

  expect(await cli('use', 'two')).toMatchObject({ exitCode: 0, stderr: '' });
  // The answer came after the switch: nothing is to be found out first.
  await expect(dashboard.getByTestId('choose-two')).toContainText('active', { timeout: 500 });
  expect(await cli('undo')).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(dashboard.getByTestId('choose-one')).toContainText('active', { timeout: 500 });
  expect(files(scratch)).toEqual(before);
  await app.quit();
  expect(existsSync(socket)).toBe(false);
});

test('by keyboard alone: order, edit, cancel, save, delete, undo the deletion', async ({
  launch,
  desktop,
  scratch,
}) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  await expect(new PopoverPage(page).head).toHaveAttribute('data-severity', 'healthy');
  await page.getByTestId('edit-profiles').focus();
  await page.keyboard.press('Enter');
  const dashboard = await app.dashboard();
  const order = () => dashboard.getByTestId('profile-list').getByRole('button').allTextContents();
  await dashboard.getByTestId('choose-one').focus();
  await dashboard.keyboard.press('ArrowDown');
  await expect(dashboard.getByTestId('choose-two')).toBeFocused();
  await dashboard.keyboard.press('Alt+ArrowUp');
  await expect.poll(async () => (await order())[0]).toMatch(/^two/);
  await dashboard.keyboard.press('Enter');
  await expect(dashboard.getByTestId('profile-title')).toContainText('two');

  await dashboard.getByTestId('edit').focus();
  await dashboard.keyboard.press('Enter');
  await dashboard.getByTestId('field-name').focus();
  await dashboard.keyboard.press('Escape');
  await expect(dashboard.getByTestId('profile-form')).toBeHidden();
  await dashboard.getByTestId('edit').focus();
  await dashboard.keyboard.press('Enter');
  await dashboard.getByTestId('field-name').focus();
  await dashboard.keyboard.press('ControlOrMeta+a');
  await dashboard.keyboard.type('At home');
  await dashboard.keyboard.press('Enter');
  await expect(dashboard.getByTestId('profile-title')).toContainText('At home');

  await dashboard.getByTestId('delete').focus();
  await dashboard.keyboard.press('Enter');
  await expect(dashboard.getByTestId('choose-two')).toBeHidden();
  await dashboard.getByTestId('restore').focus();
  await dashboard.keyboard.press('Enter');
  await expect(dashboard.getByTestId('choose-two')).toBeVisible();
  const kept = JSON.parse(readFileSync(join(scratch.dataFolder, 'settings.json'), 'utf8'));
  expect(kept.profiles.find(({ id }: { id: string }) => id === 'two')).toMatchObject({ name: 'At home' });
});

test('exported profiles can be imported elsewhere, and invalid ones are refused with the path', async ({
  launch,
  desktop,
}) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  await (await app.page()).getByTestId('edit-profiles').click();
  const dashboard = await app.dashboard();
  await dashboard.getByTestId('import').click();
  const text = { schema: 1, profiles: [{ id: 'one', name: 'From a colleague', variables: { GOPROXX: 'direct' } }] };
  await dashboard.getByTestId('import-text').fill(JSON.stringify(text));
  await dashboard.getByTestId('import-take').click();
  await expect(dashboard.getByTestId('feedback')).toContainText('profiles.0.variables.GOPROXX');
  const right = { ...text, profiles: [{ ...text.profiles[0], variables: { GOPROXY: 'direct' } }] };
  await dashboard.getByTestId('import-text').fill(JSON.stringify(right));
  await dashboard.getByTestId('import-take').click();
  await expect(dashboard.getByTestId('profile-list')).toContainText('From a colleague');

  await dashboard.getByTestId('import').click();
  const weak = { ...text, profiles: [{ id: 'weak', name: 'Fast', variables: { GOPROXY: 'direct', GOSUMDB: 'off' } }] };
  await dashboard.getByTestId('import-text').fill(JSON.stringify(weak));
  await dashboard.getByTestId('import-take').click();
  await expect(dashboard.getByTestId('import-offered')).toContainText('Turns the checksum database off');
  await dashboard.getByTestId('import-refuse').click();
  await expect(dashboard.getByTestId('profile-list')).not.toContainText('Fast');
  await dashboard.getByTestId('import-take').click();
  await dashboard.getByTestId('import-accept').click();
  await expect(dashboard.getByTestId('profile-list')).toContainText('Fast');
});

test('a change made outside is shown, reverted, and kept as a profile', async ({ launch, desktop, scratch }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  const popover = new PopoverPage(page);
  await expect(popover.profile('one')).toHaveAttribute('aria-checked', 'true');
  const before = readFileSync(scratch.goEnvFile, 'utf8');

  writeFileSync(scratch.goEnvFile, before.replace(/GOPROXY=.*/, 'GOPROXY=https://elsewhere.test'));
  await expect(page.getByTestId('drift')).toContainText('+ https://elsewhere.test', { timeout: 2_000 });
  await expect(popover.profile('one')).toHaveAttribute('aria-checked', 'false');
  await page.getByTestId('drift-revert').click();
  await expect(page.getByTestId('drift')).toBeHidden();
  await expect(popover.profile('one')).toHaveAttribute('aria-checked', 'true');

  writeFileSync(gitConfig(scratch), '[http]\n\tproxy = http://127.0.0.1:3128\n');
  await expect(page.getByTestId('drift')).toContainText('git http.proxy');
  await page.getByTestId('drift-adopt').click();
  await expect(page.getByTestId('drift')).toBeHidden();
  await expect(popover.profile('own-1')).toHaveAttribute('aria-checked', 'true');
});

test('lint finds the comma after a failing entry, and its fix is one click', async ({ launch, desktop, scratch }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  await expect(new PopoverPage(page).head).toHaveAttribute('data-severity', 'healthy');
  await first.setFault({ type: 'status', status: 502 });
  await page.getByTestId('edit-profiles').click();
  const dashboard = await app.dashboard();
  await expect(dashboard.getByTestId('route-one')).toHaveAttribute('data-outcome', 'stops');
  await expect(dashboard.getByTestId('route-two')).toHaveAttribute('data-outcome', 'works');
  await dashboard.getByTestId('fix-comma-after-flaky').click();
  await expect(dashboard.getByTestId('finding-comma-after-flaky')).toBeHidden();
  expect(readFileSync(scratch.goEnvFile, 'utf8')).toContain(`GOPROXY=${url(first)}|${url(second)}`);
  await expect(dashboard.getByTestId('switches')).toContainText('Fix of a finding');
  await dashboard.getByTestId('page-effective').click();
  await expect(dashboard.getByTestId('context-app')).toContainText(`${url(first)}|${url(second)}`);
  await dashboard.getByTestId('page-project').click();
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
  }, scratch.folder);
  await dashboard.getByTestId('preflight-choose').click();
  await expect(dashboard.getByTestId('project-folder')).toHaveText(scratch.folder);
  await expect(dashboard.getByRole('alert')).toContainText('go.mod');
});

test('failover switches to an allowed working profile, notifies, and one undo reverts it', async ({
  launch,
  desktop,
  scratch,
}) => {
  const before = files(scratch);
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  await expect(new PopoverPage(page).head).toHaveAttribute('data-severity', 'healthy');
  await page.getByTestId('edit-profiles').click();
  const dashboard = await app.dashboard();
  await dashboard.getByTestId('failover-on').click();
  await dashboard.getByTestId('allow-two').click();
  await expect(dashboard.getByTestId('allow-two')).toBeChecked();

  await first.setFault({ type: 'drop-request', how: 'fin' });
  const notification = await until('the notification of the switch', () =>
    desktop.notifications.shown.find(({ title }) => title.startsWith('go now uses')),
  );
  expect(notification.body).toContain('switched automatically');
  await expect(dashboard.getByTestId('failed-over')).toContainText('one');
  await expect(dashboard.getByTestId('choose-two')).toContainText('active');
  await dashboard.getByTestId('failover-on').click();
  await dashboard.getByTestId('undo-0').click();
  await expect(dashboard.getByTestId('choose-one')).toContainText('active');
  expect(files(scratch)).toEqual(before);
});
