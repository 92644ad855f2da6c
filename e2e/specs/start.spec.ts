/** The app starts, appears in the tray, isolates its page, and exits completely. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { family, isAlive, spawnApp } from '../app-driver.ts';
import { flatten } from '../desktop/status-notifier.ts';
import { expect, test } from '../fixtures.ts';
import { until } from '../until.ts';

test('a tray icon with a tooltip appears, and a click on it opens and closes the popover', async ({
  launch,
  desktop,
}) => {
  const app = await launch();
  const tray = await desktop.tray.item();
  expect(await tray.tooltip()).toMatch(/^Gopherbar — ./);
  await tray.activate();
  await until('the popover', app.popoverIsVisible);
  const bounds = await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(bounds).toMatchObject({ width: 380 });
  expect(bounds?.height).toBeLessThanOrEqual(720);
  await tray.activate();
  await until('the popover to close', async () => !(await app.popoverIsVisible()));
});

test('the menu reaches the popover, the settings, probing, pausing, profiles and the exit', async ({
  launch,
  desktop,
}) => {
  const app = await launch();
  const tray = await desktop.tray.item();
  const labels = flatten(await tray.menu()).map((item) => item.label);
  for (const label of ['Probe now', 'Pause probing', 'Use profile', 'Open Gopherbar', 'Settings…', 'Quit Gopherbar']) {
    expect(labels).toContain(label);
  }
  await tray.choose('Open Gopherbar');
  await until('the popover', app.popoverIsVisible);
});

test('the popover closes when it loses the focus', async ({ launch, desktop }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  await until('the popover', app.popoverIsVisible);
  await app.electron.evaluate(({ BrowserWindow }) => void BrowserWindow.getAllWindows()[0]?.blur());
  await until('the popover to close', async () => !(await app.popoverIsVisible()));
});

test('the page has no Node, no inline code, no way out and no net', async ({ launch, desktop }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  await page.waitForLoadState();
  expect(page.url()).toBe('app://gopherbar/index.html');

  const globals = ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer'];
  expect(await page.evaluate((names) => names.filter((name) => name in globalThis), globals)).toEqual([]);
  expect(
    await page.evaluate(() => Object.keys((globalThis as unknown as { gopherbar: object }).gopherbar).sort()),
  ).toEqual(['on', 'platform', 'request', 'systemLanguages']);

  let visits = 0;
  const server = createServer((_request, response) => {
    visits++;
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const opened = await page.evaluate((url) => window.open(url) === null, outside);
  const fetched = await page.evaluate(
    (url) =>
      fetch(url).then(
        () => 'fetched',
        () => 'refused',
      ),
    outside,
  );
  await page.evaluate(
    (url) =>
      new Promise((resolve) => {
        const image = new Image();
        image.onload = image.onerror = resolve;
        image.src = url;
      }),
    outside,
  );
  const inline = await page.evaluate(() => {
    const script = document.createElement('script');
    try {
      script.textContent = 'document.body.dataset.inline = "ran"';
      document.head.append(script);
    } catch {
      // Trusted types refuse the assignment itself.
    }
    return document.body.dataset.inline ?? 'refused';
  });
  await page.evaluate((url) => {
    location.href = url;
  }, outside);
  // The denied navigation has no event of its own; a reload after it shows that the page is still ours.
  const reloaded = await page.reload();
  server.close();
  expect({ opened, fetched, inline, visits }).toEqual({
    opened: true,
    fetched: 'refused',
    inline: 'refused',
    visits: 0,
  });
  expect(page.url()).toBe('app://gopherbar/index.html');
  expect(reloaded?.headers()['content-security-policy']).toContain("default-src 'none'");
  expect(app.electron.windows()).toHaveLength(1);
});

test('a bad payload returns a problem, and a page other than the popover gets no response', async ({
  launch,
  desktop,
}) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  const ask = (name: string, input: unknown) =>
    page.evaluate(
      ([name, input]) => {
        type Api = { request(name: unknown, input: unknown): Promise<unknown> };
        return (globalThis as unknown as { gopherbar: Api }).gopherbar.request(name, input);
      },
      [name, input] as const,
    );
  const refused = { ok: false, problem: { key: 'bad-request', params: {} } };
  expect(await ask('profile.use', { profileId: 7 })).toEqual(refused);
  expect(await ask('shell.run', 'id')).toEqual(refused);
  expect(await ask('snapshot.get', null)).toMatchObject({ verdict: {} });

  const stranger = await app.electron.evaluate(async ({ app, BrowserWindow }) => {
    const preload = `${app.getAppPath()}/out/preload/index.cjs`;
    const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    await window.loadURL('app://gopherbar/index.html');
    const request = 'window.gopherbar.request("snapshot.get", null).then(() => "answered", (error) => String(error))';
    const end = await window.webContents.executeJavaScript(request);
    window.destroy();
    return String(end);
  });
  expect(stranger).toContain('refused');
});

test('a second start shows the first one and ends', async ({ launch, desktop, scratch }) => {
  const app = await launch();
  await desktop.tray.item();
  const [code] = await once(spawnApp({ ...scratch.env, ...desktop.env }), 'exit');
  expect(code).toBe(0);
  await until('the popover of the first', app.popoverIsVisible);
});

for (const way of ['its menu', 'SIGTERM', 'SIGINT'] as const) {
  test(`quitting by ${way} leaves no process behind`, async ({ scratch, desktop }) => {
    // Without the driver: a debugger that is attached would be waited for.
    const app = spawnApp({ ...scratch.env, ...desktop.env });
    const tray = await desktop.tray.item();
    await tray.activate();
    // Main, two zygotes, network and the popover's page at least.
    const processes = await until('the app to be up', () => {
      const all = family(app.pid ?? 0);
      return all.length >= 5 && all;
    });
    if (way === 'its menu') await tray.choose('Quit Gopherbar');
    else app.kill(way);
    await until('every process to end', () => !processes.some(isAlive));
    // The kernel knows before Node tells us.
    expect(await until('its exit code', () => app.exitCode !== null && String(app.exitCode))).toBe('0');
  });
}
