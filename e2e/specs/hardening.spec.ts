/** Attacks of a compromised page, tried from inside the real page. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from '../fixtures.ts';

test('both windows run without Node, isolated, sandboxed and without developer tools', async ({ launch, desktop }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  await (await app.page()).getByTestId('edit-profiles').click();
  await app.dashboard();
  const preferences = await app.electron.evaluate(({ BrowserWindow, webContents }) =>
    BrowserWindow.getAllWindows().map(({ webContents: { id } }) => {
      const contents = webContents.fromId(id);
      contents?.openDevTools();
      // Not in Electron's types, but documented for tests (docs/api/web-contents.md).
      const read = contents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } = read.getLastWebPreferences();
      const devTools = contents?.isDevToolsOpened() ?? true;
      return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag: webviewTag ?? false, devTools };
    }),
  );
  expect(preferences.length).toBeGreaterThanOrEqual(2);
  for (const one of preferences) {
    expect(one).toEqual({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
    });
  }
});

test('a page gets no permission', async ({ launch, desktop }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  const states = await page.evaluate(async () => {
    const names = [
      'geolocation',
      'notifications',
      'camera',
      'microphone',
      'midi',
      'clipboard-read',
      'persistent-storage',
    ];
    const asked = names.map((name) =>
      navigator.permissions.query({ name: name as PermissionName }).then(
        ({ state }) => state,
        () => 'refused',
      ),
    );
    return Promise.all(asked);
  });
  expect(states.filter((state) => state === 'granted')).toEqual([]);
  const media = await page.evaluate(() =>
    navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      (error: Error) => error.name,
    ),
  );
  expect(media).not.toBe('granted');
});

test('a page reaches no host over WebRTC', async ({ launch, desktop }) => {
  const stun = createSocket('udp4');
  let datagrams = 0;
  stun.on('message', () => datagrams++);
  stun.bind(0, '127.0.0.1');
  await once(stun, 'listening');
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  const outcome = await page.evaluate(async (port) => {
    try {
      const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
      connection.createDataChannel('x');
      await connection.setLocalDescription(await connection.createOffer());
      // Gathering ends with or without candidates.
      await new Promise<void>((resolve) => {
        connection.addEventListener('icegatheringstatechange', () => {
          if (connection.iceGatheringState === 'complete') resolve();
        });
        if (connection.iceGatheringState === 'complete') resolve();
      });
      connection.close();
      return 'gathered';
    } catch (error) {
      return String(error);
    }
  }, stun.address().port);
  stun.close();
  expect({ datagrams, outcome }).toMatchObject({ datagrams: 0 });
});

test('a page downloads nothing', async ({ launch, desktop, scratch }) => {
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  const started = app.electron.evaluate(
    ({ session }) =>
      new Promise<boolean>((resolve) => {
        session.defaultSession.once('will-download', (event) => resolve(event.defaultPrevented));
      }),
  );
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'app://gopherbar/index.html';
    link.download = 'page.html';
    document.body.append(link);
    link.click();
  });
  expect(await started).toBe(true);
  const folder = `${scratch.env.HOME}/Downloads`;
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});
