/**
 * The dashboard: an ordinary window, created when it is opened and destroyed when it is closed. On a Mac its title bar is
 * part of the page, and the app is in the Dock and in ⌘-Tab while it is open.
 */

import {
  app,
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  nativeTheme,
  screen,
  type WebContents,
} from 'electron';
import * as v from 'valibot';
import { BROADCASTS, type BroadcastName, type BroadcastPayload } from '../../shared/contract/channels.ts';
import { BROADCAST_CHANNEL } from '../../shared/contract/wire.ts';
import type { Consultation } from '../../shared/domain/doctor.ts';
import type { GatewayState } from '../../shared/domain/gateway.ts';
import { redactDeep } from '../../shared/domain/secrets.ts';
import type { SettingsPageName } from '../../shared/domain/settings-sections.ts';
import type { DashboardPage, Snapshot } from '../../shared/domain/snapshot.ts';
import type { Traffic } from '../../shared/domain/traffic.ts';
import type { UpdateState } from '../../shared/domain/update.ts';
import { errorMessage } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';
import { APP_ORIGIN, DASHBOARD_PAGE } from './app-protocol.ts';
import { endWithPage, loadPage, type PageEnd } from './lost-windows.ts';
import { webPreferences } from './secure-preferences.ts';
import { reachableBounds, type WindowMemory } from './window-memory.ts';

const SIZE = { width: 1080, height: 760, minWidth: 720, minHeight: 520 };

export interface DashboardOptions {
  readonly preloadFile: string;
  readonly languages: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly memory: WindowMemory;
  snapshot(): Snapshot;
  title(): string;
  onVisible(visible: boolean): void;
  /** Its page has ended by itself; the window is closed. */
  onDied(end: PageEnd, wasVisible: boolean): void;
  readonly log: Log;
}

export class DashboardWindow {
  readonly #options: DashboardOptions;
  #window: BrowserWindow | null = null;
  #wanted: BroadcastPayload<'dashboard.show'> = { endpointId: null, page: null, section: null };

  constructor(options: DashboardOptions) {
    this.#options = options;
  }

  get visible(): boolean {
    return this.#window?.isVisible() === true && !this.#window.isMinimized();
  }

  /** Whether a request comes from the page of this window. */
  owns(contents: WebContents, frame: { readonly url: string; readonly parent: unknown } | null): boolean {
    if (this.#window === null || contents !== this.#window.webContents) return false;
    return frame !== null && frame.parent === null && frame.url.startsWith(`${APP_ORIGIN}/`);
  }

  /** Opens it, or brings it to the front; at a page (null = the last one), on an endpoint or section if one is named. */
  show(endpointId: string | null, page: DashboardPage | null, section: SettingsPageName | null = null): void {
    this.#wanted = { endpointId, page, section };
    if (this.#window === null) {
      this.#create();
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
    this.#tellWanted();
  }

  /** Sends to the page; a hidden page receives it when it becomes visible. */
  update(snapshot: Snapshot): void {
    if (this.visible) this.#send('snapshot.changed', snapshot);
  }

  /** Sends the progress of a diagnosis to the page. */
  consulted(consultation: Consultation): void {
    this.#send('doctor.changed', redactDeep(consultation));
  }

  /** Sends the progress of a trace or a capture to the page. */
  trafficChanged(traffic: Traffic): void {
    this.#send('traffic.changed', redactDeep(traffic));
  }

  /** Sends what the gateway does to the page. */
  gatewayChanged(state: GatewayState): void {
    if (this.visible) this.#send('gateway.changed', redactDeep(state));
  }

  /** Sends the state of updates to the page. */
  updatesChanged(state: UpdateState): void {
    this.#send('updates.changed', state);
  }

  destroy(): void {
    this.#window?.destroy();
  }

  #create(): void {
    const { preloadFile, languages, title, platform, memory } = this.#options;
    const workAreas = screen.getAllDisplays().map((display) => display.workArea);
    const window = new BrowserWindow({
      ...SIZE,
      ...reachableBounds(memory.bounds, workAreas, SIZE),
      show: false,
      title: title(),
      autoHideMenuBar: true,
      ...frameOf(platform),
      webPreferences: webPreferences(preloadFile, languages),
    });
    this.#window = window;
    app.dock?.show().catch((error: unknown) => {
      this.#options.log.warn('not in the Dock', { detail: errorMessage(error) });
    });
    const follow = () => {
      this.#options.onVisible(this.visible);
      this.update(this.#options.snapshot());
    };
    window.once('ready-to-show', () => {
      window.show();
      this.#tellWanted();
    });
    window.on('show', follow);
    window.on('hide', follow);
    window.on('minimize', follow);
    window.on('restore', follow);
    // 'moved' and 'resized' come once, at the end of a drag; Linux has neither.
    const remember = () => memory.remember(window.getNormalBounds());
    window.on('moved', remember);
    window.on('resized', remember);
    if (platform === 'linux') window.on('close', remember);
    window.on('page-title-updated', (event) => event.preventDefault());
    endWithPage(window, () => this.visible, this.#options.onDied);
    window.on('closed', () => {
      app.dock?.hide();
      this.#window = null;
      this.#options.onVisible(false);
    });
    loadPage(window, DASHBOARD_PAGE, () => true, this.#options.onDied);
  }

  #tellWanted(): void {
    this.#send('dashboard.show', this.#wanted);
  }

  #send<N extends BroadcastName>(name: N, payload: BroadcastPayload<N>): void {
    const checked = v.parse(BROADCASTS[name] as v.GenericSchema, payload);
    this.#window?.webContents.send(BROADCAST_CHANNEL, name, checked);
  }
}

/** A Mac's window has its buttons over the sidebar, which shows the system's material. */
function frameOf(platform: NodeJS.Platform): BrowserWindowConstructorOptions {
  if (platform !== 'darwin') return { backgroundColor: nativeTheme.shouldUseDarkColors ? '#242528' : '#f4f4f6' };
  return {
    titleBarStyle: 'hiddenInset',
    trafficLightPosition: { x: 16, y: 18 },
    vibrancy: 'sidebar',
    visualEffectState: 'followWindow',
    backgroundColor: '#00000000',
  };
}
