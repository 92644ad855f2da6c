/**
 * The desktop app around the engine, and the only folder that uses Electron.
 *
 *   tray · menu        the icon's shape, tooltip and native menu, as functions of the snapshot
 *   popover            the one window; its page is served by app-protocol and kept in its place by hardening
 *   bridge · handlers  the contract's main side
 *   notifications      an outage once, its end once
 *   power · login-item events of the machine, and the login item of the session
 *
 * `claim` runs before the engine is built (a second start must touch nothing), `start` after.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, Menu, type MenuItemConstructorOptions, nativeTheme, powerMonitor, protocol, session } from 'electron';
import type { Engine } from '../engine/engine-api.ts';
import type { Stop } from '../system/clock.ts';
import type { AppOptions } from './app-options.ts';
import { APP_SCHEME, serveFolder } from './app-protocol.ts';
import { DesktopShell } from './desktop-shell.ts';
import type { Services } from './handlers.ts';
import { hardenContents, hardenSession } from './hardening.ts';
import { LINK_SCHEME, linkIn } from './link.ts';
import { followPower } from './power.ts';

/** Time limit for the engine to end; then the process exits anyway. */
const CLOSE_LIMIT_MS = 5_000;

/** The popover is prepared when the start is over: the first probe round matters more. */
const PREPARE_AFTER_MS = 2_000;

/**
 * Makes this process the only Gopherbar of its data folder. False = another one runs (it has been asked to show itself)
 * and this one must end now. Must be called before Electron is ready.
 */
export function claim(dataFolder: string): boolean {
  // Chromium's own files (caches, empty cookies) are separate from settings and history.
  const chromium = join(dataFolder, 'electron');
  mkdirSync(chromium, { recursive: true, mode: 0o700 });
  app.setPath('userData', chromium);
  if (!app.requestSingleInstanceLock()) return false;
  app.dock?.hide();
  // Chromium ends the whole app at the sixth death of its GPU process ("GPU process isn't usable. Goodbye.",
  // content/browser/gpu/gpu_data_manager_impl_private.cc). What watches in the background must outlive a bad driver.
  app.commandLine.appendSwitch('disable-gpu-process-crash-limit');
  // Elsewhere than on a Mac, Chromium fetches dictionaries for its spell checker from its vendor as soon as a session
  // exists, whatever pages and session say.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP *.gvt1.com ~NOTFOUND');
  // A link may be what starts the app: macOS sends it before Electron is ready.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    followLink(url);
  });
  // Not for a program that is run from its sources: it would stay registered when they are gone.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
  hardenContents();
  return true;
}

/** The menu bar while the dashboard is in front: its Window menu has ⌘W and ⌘M. */
const MAC_MENU: MenuItemConstructorOptions[] = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }];

/** Links that were opened before the app could follow them; the first is enough. */
const early: string[] = [];
let followLink = (url: string): void => {
  if (early.length === 0) early.push(url);
};

/** Ends this process at once: for the start that `claim` refused. */
export function giveWay(): void {
  app.exit(0);
}

/** Shows the engine until the app quits. Resolves when the tray icon exists. */
export async function start(rooms: Services, options: AppOptions): Promise<void> {
  const { engine } = rooms;
  const { clock, log } = options;
  let shell: DesktopShell | null = null;
  const close = async () => {
    await options.close();
    await shell?.windowMemory.close();
  };
  endTogether({ ...options, close });
  await app.whenReady();
  hardenSession(session.defaultSession);
  protocol.handle(APP_SCHEME, serveFolder(join(options.outFolder, 'renderer')));
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate(MAC_MENU) : null);
  nativeTheme.themeSource = engine.snapshot().preferences.theme;

  const desk = new DesktopShell(rooms, options);
  shell = desk;
  const stops: Stop[] = [
    () => desk.close(),
    followPower(powerMonitor, {
      suspend: () => engine.power.suspend(),
      wake: () => engine.power.wake(),
      lock: () => desk.popover.hide(),
      supply: () => void sendPower(engine, options),
    }),
    clock.after(0, () => void sendPower(engine, options)),
    clock.after(PREPARE_AFTER_MS, () => desk.popover.prepare()),
  ];
  logLostProcesses(options);
  app.on('second-instance', (_event, args) => {
    const link = linkIn(args);
    if (link === null) desk.popover.show(null);
    else followLink(link);
  });
  const first = linkIn(process.argv);
  if (first !== null) followLink(first);
  followLink = (url) =>
    void desk.links.follow(url).catch((error) => log.error('link failed', { message: String(error) }));
  for (const url of early.splice(0)) followLink(url);
  app.on('activate', () => desk.popover.show(null));
  app.once('will-quit', () => {
    for (const stop of stops) stop();
  });
  if (options.openAtStart) desk.popover.show(null);
  // The first start says where the app is; nothing else would.
  if (!engine.snapshot().preferences.welcomed) desk.dashboard.show(null, null);
  log.info('app ready', { electron: process.versions.electron ?? null });
}

/**
 * Chromium starts its GPU process and services again by itself, and draws without a GPU when that keeps failing. Pages and
 * the gateway are logged by who runs them.
 */
function logLostProcesses({ log }: AppOptions): void {
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    if (reason !== 'clean-exit') log.error('process-died', { type, reason, exitCode, service: serviceName ?? null });
  });
}

/** On battery and in Low Power Mode probes are less frequent. */
async function sendPower(engine: Engine, { isLowPower }: AppOptions): Promise<void> {
  const lowPower = await isLowPower();
  engine.power.set({ onBattery: powerMonitor.isOnBatteryPower(), lowPower });
}

/** On every quit (menu, signal, session) the engine ends first; closing the window does not quit the app. */
function endTogether({ clock, log, close }: AppOptions): void {
  let ended = false;
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    const limit = new Promise<'late'>((resolve) => clock.after(CLOSE_LIMIT_MS, () => resolve('late')));
    Promise.race([close(), limit])
      .then((how) => {
        if (how === 'late') log.warn('the engine did not end in time');
      })
      .catch((error) => log.error('the engine ended badly', { message: String(error) }))
      .finally(() => {
        ended = true;
        // In a separate turn: within the refused quit (a signal has no JavaScript below it, so promises settle
        // at once) the second one closes the windows and is then dropped together with the first.
        setImmediate(() => app.quit());
      });
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}
