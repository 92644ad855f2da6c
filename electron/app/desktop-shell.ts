/** What the desktop shows of the engine: tray, menu, windows, notifications, theme and language. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { app, clipboard, dialog, nativeTheme, screen, shell } from 'electron';
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { GatewayState, GatewayTransfer } from '../../shared/domain/gateway.ts';
import type { Failure } from '../../shared/domain/outcome.ts';
import type { Language, Snapshot } from '../../shared/domain/snapshot.ts';
import type { UpdateState } from '../../shared/domain/update.ts';
import { shortTransfer, transferText } from '../../shared/messages/gateway-text.ts';
import { chooseLanguage, type Translate, translator } from '../../shared/messages/messages.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { Stop } from '../system/clock.ts';
import type { Handlers } from './answer.ts';
import type { AppOptions } from './app-options.ts';
import { openBridge } from './bridge.ts';
import { DashboardWindow } from './dashboard.ts';
import { GlobalShortcut } from './global-shortcut.ts';
import { createHandlers, type Desktop, type Services } from './handlers.ts';
import { watchIcon } from './icon-watch.ts';
import { LinkDesk, type LinkPorts } from './link-desk.ts';
import { type LoginItem, loginItem } from './login-item.ts';
import { LostWindows, type PageEnd, type WindowName } from './lost-windows.ts';
import { ManagedLogin } from './managed-login.ts';
import { type MenuActions, trayMenu, updateItems } from './menu.ts';
import { movedText, outageText, problemNotification, recoveryText } from './notification-texts.ts';
import { Notifications } from './notifications.ts';
import { Popover } from './popover.ts';
import { TrayIcon } from './tray.ts';
import { traySentence, trayState, trayText } from './tray-state.ts';
import { WindowMemory } from './window-memory.ts';

/** Panes of System Settings (macOS 13 and later); nothing else is ever opened this way. */
const SETTINGS_PANES = {
  'full-disk-access': 'x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles',
  'local-network': 'x-apple.systempreferences:com.apple.preference.security?Privacy_LocalNetwork',
  // The pane is called Menu Bar since macOS 26, Control Center before.
  'menu-bar': 'x-apple.systempreferences:com.apple.ControlCenter-Settings.extension',
} as const;

/** The response of a command. */
type Answer = { readonly ok: true } | Failure;

export class DesktopShell {
  readonly popover: Popover;
  readonly dashboard: DashboardWindow;
  readonly windowMemory: WindowMemory;
  readonly links: LinkDesk;
  readonly #engine: Engine;
  readonly #options: AppOptions;
  readonly #tray: TrayIcon;
  readonly #shortcut: GlobalShortcut;
  readonly #notifications: Notifications;
  readonly #languages: readonly string[];
  readonly #menuActions: MenuActions;
  readonly #stops: readonly Stop[];
  readonly #lost: LostWindows;
  #language: Language = 'en';
  #translate: Translate = translator('en');
  /** What go downloads through the gateway now. */
  readonly #loginItem: LoginItem;
  readonly #managedLogin: ManagedLogin;
  #transfer: GatewayTransfer | null = null;
  /** The version that is installed when the app quits. */
  #stagedVersion: string | null = null;
  #isQuitting = false;

  constructor(services: Services, options: AppOptions) {
    const { engine, doctor, traffic, gateway, updates } = services;
    this.#engine = engine;
    this.#options = options;
    this.#lost = new LostWindows(options.clock, options.log);
    this.#languages = app.getPreferredSystemLanguages();
    const platform = process.platform;
    this.#loginItem = loginItem(platform, app, options.env, process.execPath);
    this.#managedLogin = new ManagedLogin(this.#loginItem, options.log);
    this.#notifications = new Notifications({ log: options.log, onOpen: () => this.popover.show({ view: 'alert' }) });
    this.#tray = new TrayIcon(
      {
        iconFolder: join(options.outFolder, 'icons'),
        platform,
        onPress: () => this.popover.pressed(),
        onClick: () => this.popover.toggle(),
      },
      trayState(engine.snapshot()),
    );
    this.#shortcut = new GlobalShortcut({
      log: options.log,
      onPressed: () => this.popover.toggle(),
      onTaken: (problem) => this.#notifications.show(problemNotification(problem, this.#translate)),
    });
    this.popover = new Popover({
      preloadFile: join(options.outFolder, 'preload', 'index.cjs'),
      languages: this.#languages,
      platform,
      clock: options.clock,
      iconBounds: () => this.#tray.bounds(),
      snapshot: () => engine.snapshot(),
      onVisible: () => this.#followVisible(),
      onDied: (end, wasVisible) => this.#died('popover', end, wasVisible),
    });
    const { clock, log } = options;
    this.windowMemory = new WindowMemory(join(dirname(options.settingsFile), 'window.json'), { clock, log });
    void this.windowMemory.load();
    this.dashboard = new DashboardWindow({
      preloadFile: join(options.outFolder, 'preload', 'index.cjs'),
      languages: this.#languages,
      platform,
      memory: this.windowMemory,
      snapshot: () => engine.snapshot(),
      title: () => this.#translate('dashboard.window-title'),
      onVisible: () => this.#followVisible(),
      onDied: (end, wasVisible) => this.#died('dashboard', end, wasVisible),
      log,
    });
    this.links = new LinkDesk(this.#linkPorts(services));
    const handlers = createHandlers(services, this.#desktop(), options.settingsFile);
    this.#menuActions = this.#createMenuActions(handlers);
    this.#stops = [
      openBridge(
        handlers,
        (event) =>
          this.popover.owns(event.sender, event.senderFrame) || this.dashboard.owns(event.sender, event.senderFrame),
        options.log,
      ),
      engine.subscribe((snapshot) => this.#follow(snapshot)),
      doctor.onChange((consultation) => this.dashboard.consulted(consultation)),
      traffic.onChange((now) => this.dashboard.trafficChanged(now)),
      gateway.onChange((state) => this.#gatewayChanged(state)),
      updates.onChange((state) => this.#updatesChanged(state)),
      engine.onAnnouncement((announcement) => this.#announce(announcement)),
      ...(platform === 'darwin' ? [this.#watchIcon()] : []),
    ];
    app.once('before-quit', () => {
      this.#isQuitting = true;
    });
    this.#follow(engine.snapshot());
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#shortcut.close();
    this.#notifications.close();
    this.popover.destroy();
    this.dashboard.destroy();
    this.#tray.destroy();
    await this.#managedLogin.close();
  }

  /** An icon that macOS hides is reported once: with the window, since a person may not know where else the app is. */
  #watchIcon(): Stop {
    return watchIcon({
      clock: this.#options.clock,
      bounds: () => this.#tray.bounds(),
      displays: () => screen.getAllDisplays(),
      onDisplaysChanged: (callback) => {
        screen.on('display-metrics-changed', callback);
        screen.on('display-added', callback);
        screen.on('display-removed', callback);
        return () => {
          screen.off('display-metrics-changed', callback);
          screen.off('display-added', callback);
          screen.off('display-removed', callback);
        };
      },
      onShown: () => this.windowMemory.setIconReported(false),
      onHidden: () => {
        this.#options.log.warn('the icon is hidden', { bounds: JSON.stringify(this.#tray.bounds()) });
        if (this.windowMemory.iconReported) return;
        this.windowMemory.setIconReported(true);
        const text = problemNotification({ key: 'icon-hidden', params: {} }, this.#translate);
        this.#notifications.show({ ...text, action: this.#translate('notification.open-menu-bar') }, () =>
          shell.openExternal(SETTINGS_PANES['menu-bar']),
        );
        this.dashboard.show(null, null);
      },
    });
  }

  #follow(snapshot: Snapshot): void {
    const { language, theme } = snapshot.preferences;
    const chosen = chooseLanguage(language, this.#languages);
    if (chosen !== this.#language) {
      this.#language = chosen;
      this.#translate = translator(chosen);
    }
    if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
    this.#shortcut.follow(snapshot.preferences.shortcut);
    this.#managedLogin.follow(snapshot);
    this.#showTray(snapshot);
    this.popover.update(snapshot);
    this.dashboard.update(snapshot);
  }

  #showTray(snapshot: Snapshot): void {
    const t = this.#translate;
    const download = this.#transfer === null ? '' : `\n${transferText(shortTransfer(this.#transfer), t)}`;
    this.#tray.update({
      state: trayState(snapshot),
      tooltip: `Gopherbar — ${traySentence(snapshot, t)}${download}`,
      text: trayText(snapshot, t),
      menu: [
        ...updateItems(this.#stagedVersion, t, this.#menuActions),
        ...trayMenu(snapshot, this.#language, t, this.#menuActions),
      ],
    });
  }

  /** A window that was seen comes back once; the engine goes on in any case. */
  #died(name: WindowName, end: PageEnd, wasVisible: boolean): void {
    // Quitting ends a page that is still loading; opened again, its window would keep the app from ending.
    if (this.#isQuitting) return;
    const next = this.#lost.died(name, end, wasVisible);
    if (next === 'tell') {
      this.#notifications.show(problemNotification({ key: 'window-died', params: {} }, this.#translate));
    }
    // Not while the window that died is being destroyed.
    if (next === 'reopen')
      setImmediate(() => (name === 'popover' ? this.popover.show(null) : this.dashboard.show(null, null)));
  }

  #gatewayChanged(state: GatewayState): void {
    this.#transfer = state.transfers[0] ?? null;
    this.popover.gatewayChanged(state);
    this.dashboard.gatewayChanged(state);
    this.#showTray(this.#engine.snapshot());
  }

  #updatesChanged(state: UpdateState): void {
    this.dashboard.updatesChanged(state);
    const staged = state.phase === 'staged' ? (state.next?.version ?? null) : null;
    if (staged === this.#stagedVersion) return;
    this.#stagedVersion = staged;
    this.#showTray(this.#engine.snapshot());
  }

  /** Probes are more frequent while a window is visible. */
  #followVisible(): void {
    this.#engine.probing.setVisible(this.popover.visible || this.dashboard.visible);
  }

  #announce(announcement: Announcement): void {
    const snapshot = this.#engine.snapshot();
    if (!snapshot.preferences.notifications) return;
    const t = this.#translate;
    if (announcement.kind === 'recovery') {
      this.#notifications.announce('recovery', recoveryText(announcement.recovery, snapshot, t), () => {});
      return;
    }
    if (announcement.kind === 'moved') {
      // An outage's notification stays: it says why.
      const text = movedText(announcement, snapshot, this.#language, t);
      this.#notifications.show(text, () => this.#menuActions.undo());
      return;
    }
    const { remedyProfileId } = announcement.alert;
    const text = outageText(announcement.alert, snapshot, this.#language, t, announcement.kind === 'reminder');
    this.#notifications.announce(announcement.kind, text, () => {
      if (remedyProfileId !== null) this.#menuActions.switchTo(remedyProfileId);
    });
  }

  #linkPorts({ engine, doctor }: Services): LinkPorts {
    return {
      snapshot: () => engine.snapshot(),
      plan: (profileId) => engine.profiles.plan(profileId),
      use: (profileId) => engine.profiles.use(profileId),
      diagnose: (target) => {
        const started = doctor.start(target, null);
        if (started.ok) this.dashboard.show(null, 'doctor');
        return started;
      },
      confirm: async ({ title: message, detail, yes, no }) => {
        app.focus({ steal: true });
        const buttons = [yes, no];
        const asked = { type: 'question' as const, message, detail, buttons, defaultId: 1, cancelId: 1 };
        return (await dialog.showMessageBox(asked)).response === 0;
      },
      say: async (message) => {
        app.focus({ steal: true });
        await dialog.showMessageBox({ type: 'warning', message });
      },
      translate: () => this.#translate,
      language: () => this.#language,
    };
  }

  #desktop(): Desktop {
    return {
      writeClipboard: (text) => clipboard.writeText(text),
      openPath: (path) => shell.openPath(path),
      resizePopover: (height) => this.popover.resize(height),
      hidePopover: () => this.popover.hide(),
      openDashboard: (endpointId, page, section) => this.dashboard.show(endpointId, page, section),
      chooseFolder: async () => {
        const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openDirectory'] });
        return canceled ? null : (filePaths[0] ?? null);
      },
      openFile: async () => {
        const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openFile'] });
        return canceled ? null : (filePaths[0] ?? null);
      },
      chooseFile: async (name) => {
        const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name });
        return canceled || filePath === undefined || filePath === '' ? null : filePath;
      },
      openSettings: (pane) => void shell.openExternal(SETTINGS_PANES[pane]),
      writeFile: (path, text) => writeFile(path, text),
      translate: () => this.#translate,
      language: () => this.#language,
      testNotification: () => {
        const t = this.#translate;
        const text = { title: t('notification.test-title'), body: t('notification.test-body'), action: null };
        return this.#notifications.show(text) !== null;
      },
      startsAtLogin: () => this.#loginItem.get(),
      version: () => app.getVersion(),
      commit: () => readFile(join(this.#options.outFolder, 'commit'), 'utf8').catch(() => ''),
      licences: async () => JSON.parse(await readFile(join(this.#options.outFolder, 'licences.json'), 'utf8')),
      setLaunchAtLogin: (enabled) => this.#loginItem.set(enabled),
      setShortcut: (accelerator) => this.#shortcut.set(accelerator),
      // After the response is sent: quitting destroys the page that requested it.
      quit: () => setImmediate(() => app.quit()),
    };
  }

  /** The menu sends the same requests as the windows. */
  #createMenuActions(handlers: Handlers): MenuActions {
    /** A failed command of the menu has no window: its problem becomes a notification. */
    const report = async (command: Answer | Promise<Answer>) => {
      const outcome = await command;
      this.#tray.resetMenu();
      if (!outcome.ok) this.#notifications.show(problemNotification(outcome.problem, this.#translate));
    };
    return {
      probeNow: () => void report(handlers['probe.now']({ endpointId: null })),
      pause: (minutes) => void report(handlers['monitor.pause']({ minutes })),
      resume: () => void report(handlers['monitor.resume'](null)),
      switchTo: (profileId) => void report(handlers['profile.use']({ profileId })),
      undo: () => void report(handlers['profile.undo']({})),
      open: () => this.popover.show({ view: 'overview' }),
      openDashboard: () => this.dashboard.show(null, null),
      openSettings: () => this.popover.show({ view: 'settings' }),
      openSettingsFile: () => void report(handlers['settings.open'](null)),
      update: () => void report(handlers['updates.install'](null)),
      quit: () => void report(handlers['app.quit'](null)),
    };
  }
}
