/** An update in the packaged app: from the settings page to the started new version. The round trip runs with the packaged app only. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type AppDriver, launchApp } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import { program, UpdateServer } from '../lab/update-server.ts';
import { until } from '../until.ts';

async function openUpdates(app: AppDriver): Promise<Page> {
  await (await app.page()).getByTestId('icon-chart').click();
  const page = await app.dashboard();
  await page.getByTestId('page-settings').click();
  await page.getByTestId('section-updates').click();
  return page;
}

const settingsWith = (feeds: readonly string[]) => JSON.stringify({ updates: { feeds }, endpoints: [] });

test('is offered, checked, installed on request and started @packaged', async ({ scratch, desktop }) => {
  const appImage = join(scratch.folder, 'Gopherbar.AppImage');
  writeFileSync(appImage, 'the running version', { mode: 0o755 });
  const started = join(scratch.folder, 'started');
  const [first, second] = [new UpdateServer(), new UpdateServer()];
  await Promise.all([first.start(), second.start()]);
  // The first one's file is not what it publishes.
  first.sent = program('exit 1');
  second.published = second.sent = program(`[ -n "$APPIMAGE_EXIT_AFTER_INSTALL" ] || echo yes > ${started}`);
  writeFileSync(join(scratch.dataFolder, 'settings.json'), settingsWith([first.url, second.url]));
  const app = await launchApp({ ...scratch.env, ...desktop.env, APPIMAGE: appImage });
  const page = await openUpdates(app);
  await expect(page.getByTestId('update-status')).toHaveText('Gopherbar 0.1.0; not checked since it was started.');
  await page.getByTestId('update-check').click();
  await expect(page.getByTestId('update-status')).toHaveText(
    '0.2.0 is ready and will be installed when Gopherbar quits.',
  );
  await expect(page.getByTestId('update-notes')).toContainText('Switches twice as fast');
  await expect(page.getByTestId('update-servers')).toContainText('sent a file that is not the published one');
  expect(readFileSync(appImage, 'utf8')).toBe('the running version');
  await page.getByTestId('update-install').click();
  await until('the end of the app', () => app.child.exitCode !== null, 20_000);
  expect(readFileSync(appImage).equals(second.sent)).toBe(true);
  await until('the start of the new version', () => readFileSync(started, { flag: 'a+' }).length > 0);
  await Promise.all([first.close(), second.close()]);
});

test('is not offered by a copy that cannot replace itself', async ({ launch }) => {
  const app = await launch();
  const page = await openUpdates(app);
  await expect(page.getByTestId('update-status')).toContainText('This copy of Gopherbar does not update itself');
  await expect(page.getByTestId('update-check')).toHaveCount(0);
});
