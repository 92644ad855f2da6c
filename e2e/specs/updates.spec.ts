/** An update in the packaged app: from the settings page to the started new version. The round trip runs with the packaged app only. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type AppDriver, launchApp } from '../app-driver.ts';
import { type Desktop, expect, test } from '../fixtures.ts';
import { program, UpdateServer } from '../lab/update-server.ts';
import type { Scratch } from '../scratch.ts';
import { until } from '../until.ts';

async function openUpdates(app: AppDriver): Promise<Page> {
  await (await app.page()).getByTestId('icon-chart').click();
  const page = await app.dashboard();
  await page.getByTestId('page-settings').click();
  await page.getByTestId('section-updates').click();
  return page;
}

const RUNNING = 'the running version';

/** Two servers, the first of which sends another file than it publishes, and an app that is an AppImage. */
async function startOutdated(scratch: Scratch, desktop: Desktop) {
  const appImage = join(scratch.folder, 'Gopherbar.AppImage');
  writeFileSync(appImage, RUNNING, { mode: 0o755 });
  const started = join(scratch.folder, 'started');
  const [first, second] = [new UpdateServer(), new UpdateServer()];
  await Promise.all([first.start(), second.start()]);
  first.sent = program('exit 1');
  second.published = second.sent = program(`[ -n "$APPIMAGE_EXIT_AFTER_INSTALL" ] || echo yes > ${started}`);
  const settings = { updates: { feeds: [first.url, second.url] }, endpoints: [] };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  const app = await launchApp({ ...scratch.env, ...desktop.env, APPIMAGE: appImage });
  const page = await openUpdates(app);
  await expect(page.getByTestId('update-status')).toHaveText('Gopherbar 0.1.0; not checked since it was started.');
  await page.getByTestId('update-check').click();
  const status = page.getByTestId('update-status');
  await expect(status).toHaveText('0.2.0 is ready and will be installed when Gopherbar quits.');
  expect(readFileSync(appImage, 'utf8')).toBe(RUNNING);
  return {
    app,
    page,
    isReplaced: () => readFileSync(appImage).equals(second.sent),
    isStarted: () => existsSync(started),
    close: () => Promise.all([first.close(), second.close()]),
  };
}

test('is offered, checked, installed on request and started @packaged', async ({ scratch, desktop }) => {
  const { app, page, isReplaced, isStarted, close } = await startOutdated(scratch, desktop);
  await expect(page.getByTestId('update-notes')).toContainText('Switches twice as fast');
  await expect(page.getByTestId('update-servers')).toContainText('Sent a file that is not the published one');
  await page.getByTestId('update-install').click();
  await until('the end of the app', () => app.child.exitCode !== null, 20_000);
  expect(isReplaced()).toBe(true);
  await until('the start of the new version', isStarted);
  await close();
});

test('is installed when the app quits, and not started @packaged', async ({ scratch, desktop }) => {
  const { app, isReplaced, isStarted, close } = await startOutdated(scratch, desktop);
  await app.quit();
  expect(isReplaced()).toBe(true);
  expect(isStarted()).toBe(false);
  await close();
});

test('is not offered by a copy that cannot replace itself', async ({ launch }) => {
  const app = await launch();
  const page = await openUpdates(app);
  await expect(page.getByTestId('update-status')).toContainText('This copy of Gopherbar does not update itself');
  await expect(page.getByTestId('update-check')).toHaveCount(0);
});
