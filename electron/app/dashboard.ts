/** The dashboard: an ordinary window, made when it is opened and given up when it is closed. */
import { BrowserWindow, nativeTheme, type WebContents } from 'electron';
import * as v from 'valibot';
import { BROADCASTS, type BroadcastName, type BroadcastPayload } from '../../shared/contract/channels.ts';
import { BROADCAST_CHANNEL } from '../../shared/contract/wire.ts';
import type { Consultation } from '../../shared/domain/doctor.ts';
import type { DashboardPage, Snapshot } from '../../shared/domain/snapshot.ts';
import type { Traffic } from '../../shared/domain/traffic.ts';
import { APP_ORIGIN, DASHBOARD_PAGE } from './app-protocol.ts';
import { webPreferences } from './secure-preferences.ts';

const SIZE = { width: 1080, height: 760, minWidth: 720, minHeight: 520 };

export interface DashboardOptions {
  readonly preloadFile: string;
  readonly languages: readonly string[];
  snapshot(): Snapshot;
  title(): string;
  onVisible(visible: boolean): void;
}

export class DashboardWindow {
  readonly #options: DashboardOptions;
  #window: BrowserWindow | null = null;
  #wanted: { readonly endpointId: string | null; readonly page: DashboardPage } = { endpointId: null, page: 'history' };

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

  /** Opens it, or brings it to the front; at a page, on an endpoint if one is named. */
  show(endpointId: string | null, page: DashboardPage): void {
    this.#wanted = { endpointId, page };
    if (this.#window === null) {
      this.#create();
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
    this.#tellWanted();
  }

  /** Tells the page; a page nobody sees is told when it is seen. */
  update(snapshot: Snapshot): void {
    if (this.visible) this.#send('snapshot.changed', snapshot);
  }

  /** Tells the page how a consultation goes on. */
  consulted(consultation: Consultation): void {
    this.#send('doctor.changed', consultation);
  }

  /** Tells the page how a trace or a capture goes on. */
  trafficChanged(traffic: Traffic): void {
    this.#send('traffic.changed', traffic);
  }

  destroy(): void {
    this.#window?.destroy();
  }

  #create(): void {
    const { preloadFile, languages, title } = this.#options;
    const window = new BrowserWindow({
      ...SIZE,
      show: false,
      title: title(),
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#232427' : '#f5f5f7',
      webPreferences: webPreferences(preloadFile, languages),
    });
    this.#window = window;
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
    window.on('page-title-updated', (event) => event.preventDefault());
    window.webContents.on('render-process-gone', () => window.destroy());
    window.on('closed', () => {
      this.#window = null;
      this.#options.onVisible(false);
    });
    window.loadURL(DASHBOARD_PAGE).catch(() => window.destroy());
  }

  #tellWanted(): void {
    this.#send('dashboard.show', this.#wanted);
  }

  #send<N extends BroadcastName>(name: N, payload: BroadcastPayload<N>): void {
    const checked = v.parse(BROADCASTS[name] as v.GenericSchema, payload);
    this.#window?.webContents.send(BROADCAST_CHANNEL, name, checked);
  }
}
