/** electron-updater in Electron: which copies of the app can replace themselves, and how one is replaced. */
import { app, session } from 'electron';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import type { Log } from '../system/log.ts';
import { FeedUpdater } from '../updates/updater.ts';
import { forwardProxyIn } from './system-proxy.ts';

/** What the updater needs of the app. */
interface UpdaterPorts {
  readonly env: Env;
  readonly clock: Clock;
  readonly log: Log;
}

/** The updater of the running app: of the installed app on a Mac, of an AppImage on Linux. */
export function appUpdater({ env, clock, log }: UpdaterPorts) {
  const feeds = new FeedUpdater(async () => (await import('electron-updater')).autoUpdater, clock, log);
  const isSupported = app.isPackaged && (process.platform === 'darwin' || env.APPIMAGE !== undefined);
  return {
    version: app.getVersion(),
    isSupported,
    offer: feeds.offer.bind(feeds),
    download: feeds.download.bind(feeds),
    installOnQuit: (enabled: boolean) => feeds.installOnQuit(enabled),
    install: () =>
      void feeds.updater().then((updater) => {
        // On a Mac the system starts the new version once this one has ended.
        if (process.platform === 'darwin') {
          updater.quitAndInstall();
          return;
        }
        let file = env.APPIMAGE;
        updater.on('appimage-filename-updated', (path) => {
          file = path;
        });
        // The file has been replaced by then: electron-updater listens to the same event since the download. Its own way
        // starts the new version before this one has ended, which would only wake this one.
        app.once('quit', () => app.relaunch(file === undefined ? {} : { execPath: file }));
        app.quit();
      }),
    // Downloads go through the session of electron-updater, which has the system's proxies.
    forwardProxyFor: async (url: string) => forwardProxyIn(await session.defaultSession.resolveProxy(url)),
  };
}
