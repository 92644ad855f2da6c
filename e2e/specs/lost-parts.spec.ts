/** Parts of the app die: its pages, Chromium's GPU process. What was open comes back, and the log says what happened. */
import { readFileSync } from 'node:fs';
import type { AppDriver } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import { until } from '../until.ts';

/** Ends the page of a window as a crash would. */
function crash(app: AppDriver, file: string): Promise<void> {
  return app.electron.evaluate(({ BrowserWindow }, name) => {
    const window = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().endsWith(name));
    window?.webContents.forcefullyCrashRenderer();
  }, file);
}

/** Ids of the visible windows that show a page. */
function shown(app: AppDriver, file: string): Promise<readonly number[]> {
  return app.electron.evaluate(
    ({ BrowserWindow }, name) =>
      BrowserWindow.getAllWindows()
        .filter((one) => one.isVisible() && one.webContents.getURL().endsWith(name))
        .map((one) => one.id),
    file,
  );
}

/** False for a process that has ended, reaped or not (proc_pid_stat(5)). */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a dashboard whose page dies is opened again once, and then the person is notified', async ({
  launch,
  desktop,
}) => {
  const app = await launch('--show');
  await (await app.page()).getByTestId('icon-chart').click();
  await (await app.dashboard()).getByTestId('page-doctor').click();
  const [before] = await until('the dashboard', async () => {
    const found = await shown(app, 'dashboard.html');
    return found.length === 1 && found;
  });
  await crash(app, 'dashboard.html');
  const [after] = await until('a new dashboard', async () => {
    const found = await shown(app, 'dashboard.html');
    return found.length === 1 && found[0] !== before && found;
  });
  expect(after).not.toBe(before);
  const page = await until('its page', () =>
    app.electron.windows().find((one) => !one.isClosed() && one.url().endsWith('dashboard.html')),
  );
  // At the page where it was.
  await expect(page.getByTestId('doctor-page')).toBeVisible();
  await crash(app, 'dashboard.html');
  await until('the notification', () => desktop.notifications.shown.some(({ body }) => body.includes('closed twice')));
  expect(await shown(app, 'dashboard.html')).toEqual([]);
  expect(app.log().match(/"event":"window-died","window":"dashboard","reason":"(?:crashed|killed)"/g)).toHaveLength(2);
});

test('a popover whose page dies is there again, with what it showed', async ({ launch }) => {
  const app = await launch('--show');
  await (await app.page()).getByTestId('popover').waitFor();
  const [before] = await shown(app, 'index.html');
  await crash(app, 'index.html');
  await until('a new popover', async () => {
    const found = await shown(app, 'index.html');
    return found.length === 1 && found[0] !== before;
  });
});

test('the app goes on when the GPU process dies', async ({ launch }) => {
  const app = await launch('--show');
  const page = await app.page();
  await page.getByTestId('popover').waitFor();
  const gpu = () =>
    app.electron.evaluate(({ app }) => app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? null);
  // Without a GPU the first process ends by itself and a software one follows: a kill can meet the one that is ending.
  const killed = new Set<number>();
  await until('the log', async () => {
    if (/"event":"process-died","type":"GPU"/.test(app.log())) return true;
    const pid = await gpu();
    if (pid !== null && !killed.has(pid) && isRunning(pid)) process.kill(pid, 'SIGKILL');
    if (pid !== null) killed.add(pid);
    return false;
  });
  await until('another one', async () => {
    const now = await gpu();
    return now !== null && !killed.has(now);
  });
  await page.getByTestId('icon-settings').click();
  await expect(page.getByTestId('popover')).toBeVisible();
});

test('the app goes on when the GPU process dies more often than Chromium allows by itself', async ({ launch }) => {
  const app = await launch('--show');
  await (await app.page()).getByTestId('popover').waitFor();
  const gpu = () =>
    app.electron.evaluate(({ app }) => app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? null);
  for (let death = 1; death <= 8; death += 1) {
    const pid = await until('a GPU process', gpu);
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    await until('another one', async () => ((await gpu()) ?? pid) !== pid);
  }
  expect(app.child.exitCode).toBeNull();
  await expect((await app.page()).getByTestId('popover')).toBeVisible();
});

test('a dashboard whose page cannot be loaded is tried again once, and then the person is notified', async ({
  launch,
  desktop,
}) => {
  const app = await launch('--show');
  const page = await app.page();
  await page.getByTestId('popover').waitFor();
  await app.electron.evaluate(({ session }) => {
    session.defaultSession.webRequest.onBeforeRequest((details, answer) =>
      answer({ cancel: details.url.endsWith('/dashboard.html') }),
    );
  });
  await page.getByTestId('icon-chart').click();
  await until('the notification', () => desktop.notifications.shown.some(({ body }) => body.includes('closed twice')));
  expect(app.log().match(/"event":"window-died","window":"dashboard","reason":"not-loaded: /g)).toHaveLength(2);
  await app.electron.evaluate(({ session }) => session.defaultSession.webRequest.onBeforeRequest(null));
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await page.getByTestId('icon-chart').click();
  await (await app.dashboard()).getByTestId('dashboard').waitFor();
});
