/** What every e2e test starts from: a scratch home, a private desktop, and a way to start the app in them. */
import { test as base } from '@playwright/test';
import { type AppDriver, launchApp } from './app-driver.ts';
import { type Notifications, ownNotifications } from './desktop/notifications.ts';
import { type SessionBus, startSessionBus } from './desktop/session-bus.ts';
import { ownTray, type Tray } from './desktop/status-notifier.ts';
import { createScratch, type Scratch } from './scratch.ts';

export interface Desktop {
  readonly notifications: Notifications;
  readonly tray: Tray;
  /** The environment that leads an app to this desktop. */
  readonly env: Readonly<Record<string, string>>;
}

interface Fixtures {
  readonly scratch: Scratch;
  /** D-Bus stand-ins for tray and notifications; tests that use it are skipped elsewhere than on Linux. */
  readonly desktop: Desktop;
  /** Starts the app; it is ended after the test. Arguments are appended to its command line. */
  readonly launch: (...extraArgs: string[]) => Promise<AppDriver>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know what a fixture depends on
  scratch: async ({}, use) => {
    const scratch = createScratch();
    await use(scratch);
    scratch.remove();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  desktop: async ({}, use) => {
    test.skip(process.platform !== 'linux', 'tray and notifications are watched over D-Bus');
    const session: SessionBus = await startSessionBus();
    const tray = await ownTray(session.bus);
    const notifications = await ownNotifications(session.bus);
    // No system bus: the machine's own power and network services are none of a test's business.
    const env = { DBUS_SESSION_BUS_ADDRESS: session.address, DBUS_SYSTEM_BUS_ADDRESS: session.address };
    await use({ tray, notifications, env });
    await session.close();
  },
  launch: async ({ scratch, desktop }, use, testInfo) => {
    const running: AppDriver[] = [];
    await use(async (...extraArgs) => {
      const driver = await launchApp({ ...scratch.env, ...desktop.env }, extraArgs);
      running.push(driver);
      return driver;
    });
    for (const driver of running) {
      await driver.quit().catch(() => driver.child.kill('SIGKILL'));
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('app log', { body: driver.log(), contentType: 'text/plain' });
      }
    }
  },
});

export { expect } from '@playwright/test';
