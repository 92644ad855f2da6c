/**
 * The popover window: created on first use (or when the app is idle after its start), hidden on blur, destroyed after
 * some minutes hidden, so that an idle Gopherbar has no page in memory.
 */
import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import * as v from 'valibot';
import { BROADCASTS, type BroadcastName, type BroadcastPayload } from '../../shared/contract/channels.ts';
import { BROADCAST_CHANNEL } from '../../shared/contract/wire.ts';
import type { GatewayState } from '../../shared/domain/gateway.ts';
import { redactDeep } from '../../shared/domain/secrets.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { APP_ORIGIN, APP_PAGE } from './app-protocol.ts';
import { endWithPage, loadPage, type PageEnd } from './lost-windows.ts';
import { POPOVER_FIRST_HEIGHT, popoverBounds, type Rectangle } from './popover-bounds.ts';
import { webPreferences } from './secure-preferences.ts';

/** A hidden page costs about 45 MB; after this time it may reload. */
const KEPT_HIDDEN_MS = 5 * MINUTE_MS;

/**
 * The first frame is normally there a few milliseconds after the page. Where the GPU process just failed and is started
 * again, Chromium may never announce one for a hidden window: the page is shown without it then.
 */
const FIRST_FRAME_MS = 500;

/** A click on the tray icon first blurs the popover: a click that follows this soon meant "close". */
const BLUR_CLICK_MS = 250;

export interface PopoverOptions {
  readonly preloadFile: string;
  readonly languages: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** Where the tray icon is, in screen coordinates; zeros when unknown. */
  iconBounds(): Rectangle;
  snapshot(): Snapshot;
  onVisible(visible: boolean): void;
  /** Its page has ended by itself; the window is closed. */
  onDied(end: PageEnd, wasVisible: boolean): void;
}

export class Popover {
  readonly #options: PopoverOptions;
  #window: BrowserWindow | null = null;
  #ready = false;
  #wanted = false;
  #height = POPOVER_FIRST_HEIGHT;
  #view: BroadcastPayload<'view.show'> | null = null;
  #blurredAt = Number.NEGATIVE_INFINITY;
  /** The press on the icon that has not ended yet began while the popover was open. */
  #pressedWhileOpen = false;
  #stopExpiry: Stop = () => {};
  #stopWaiting: Stop = () => {};

  constructor(options: PopoverOptions) {
    this.#options = options;
  }

  get visible(): boolean {
    return this.#window?.isVisible() ?? false;
  }

  /** Whether a request comes from the page of the popover itself: its window, its main frame, our origin. */
  owns(contents: WebContents, frame: { readonly url: string; readonly parent: unknown } | null): boolean {
    if (this.#window === null || contents !== this.#window.webContents) return false;
    return frame !== null && frame.parent === null && frame.url.startsWith(`${APP_ORIGIN}/`);
  }

  /** Loads the page without showing it, so that the first opening is immediate. */
  prepare(): void {
    if (this.#window !== null) return;
    this.#create();
    this.#expireLater();
  }

  /**
   * The mouse went down on the icon (macOS). That takes the focus from an open popover, which closes; the click that ends
   * the press, however long it is held, must not open it again.
   */
  pressed(): void {
    this.#pressedWhileOpen = this.visible || this.#hasJustBlurred();
  }

  toggle(): void {
    const closes = this.visible || this.#pressedWhileOpen || this.#hasJustBlurred();
    this.#pressedWhileOpen = false;
    if (closes) this.hide();
    else this.show(null);
  }

  /** Shows the popover, and in it a view (null = what it showed last). */
  show(view: BroadcastPayload<'view.show'> | null): void {
    this.#view = view;
    this.#wanted = true;
    this.#stopExpiry();
    if (this.#window === null) this.#create();
    else if (this.#ready) this.#reveal(this.#window);
  }

  hide(): void {
    this.#wanted = false;
    if (this.visible) this.#window?.hide();
  }

  #hasJustBlurred(): boolean {
    return this.#options.clock.monotonic() - this.#blurredAt <= BLUR_CLICK_MS;
  }

  /** The height the page requests, CSS px. */
  resize(height: number): void {
    this.#height = height;
    if (this.#window !== null) this.#place(this.#window);
  }

  /** Sends to the page; a hidden page receives it when it is shown, so that it is idle until then. */
  update(snapshot: Snapshot): void {
    if (this.visible) this.#send('snapshot.changed', snapshot);
  }

  /** Sends what the gateway does to the page. */
  gatewayChanged(state: GatewayState): void {
    if (this.visible) this.#send('gateway.changed', redactDeep(state));
  }

  destroy(): void {
    this.#stopExpiry();
    this.#window?.destroy();
  }

  #create(): void {
    const { platform, preloadFile, languages } = this.#options;
    const window = new BrowserWindow({
      ...popoverBounds(this.#options.iconBounds(), this.#display(), this.#height),
      show: false,
      frame: false,
      resizable: false,
      movable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      title: 'Gopherbar',
      backgroundColor: this.#background(),
      // A panel floats over full-screen apps without replacing their menu bar.
      ...(platform === 'darwin'
        ? { type: 'panel', vibrancy: 'popover' as const, visualEffectState: 'active' as const }
        : {}),
      webPreferences: webPreferences(preloadFile, languages),
    });
    this.#window = window;
    this.#ready = false;
    window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
    const ready = () => {
      if (this.#window !== window || this.#ready) return;
      this.#ready = true;
      if (this.#wanted) this.#reveal(window);
    };
    window.once('ready-to-show', ready);
    window.webContents.once('did-finish-load', () => {
      this.#stopWaiting = this.#options.clock.after(FIRST_FRAME_MS, ready);
    });
    window.on('show', () => this.#options.onVisible(true));
    window.on('hide', () => {
      this.#options.onVisible(false);
      this.#expireLater();
    });
    window.on('blur', () => {
      if (!window.isVisible()) return;
      this.#blurredAt = this.#options.clock.monotonic();
      this.hide();
    });
    // A crashed or hanging page is discarded; the next opening creates a new one.
    endWithPage(window, () => this.visible, this.#options.onDied);
    window.on('closed', () => {
      this.#window = null;
      this.#ready = false;
      this.#wanted = false;
      this.#stopExpiry();
      this.#stopWaiting();
      this.#options.onVisible(false);
    });
    // A failed load has no page to show, and 'ready-to-show' never comes.
    loadPage(window, APP_PAGE, () => this.#wanted, this.#options.onDied);
  }

  #reveal(window: BrowserWindow): void {
    this.#place(window);
    window.setBackgroundColor(this.#background());
    this.#send('snapshot.changed', this.#options.snapshot());
    if (this.#view !== null) this.#send('view.show', this.#view);
    this.#view = null;
    window.show();
    window.focus();
  }

  #place(window: BrowserWindow): void {
    window.setBounds(popoverBounds(this.#options.iconBounds(), this.#display(), this.#height));
  }

  /** The display in use: that of the icon, or of the pointer. */
  #display(): { bounds: Rectangle; workArea: Rectangle } {
    const icon = this.#options.iconBounds();
    const known = icon.width > 0 && icon.height > 0;
    return screen.getDisplayNearestPoint(known ? { x: icon.x, y: icon.y } : screen.getCursorScreenPoint());
  }

  /** Shown before the page has painted: the material on macOS, else the page's own background. */
  #background(): string {
    if (this.#options.platform === 'darwin') return '#00000000';
    return nativeTheme.shouldUseDarkColors ? '#1c1d20' : '#ffffff';
  }

  #expireLater(): void {
    this.#stopExpiry();
    this.#stopExpiry = this.#options.clock.after(KEPT_HIDDEN_MS, () => {
      if (!this.visible) this.#window?.destroy();
    });
  }

  #send<N extends BroadcastName>(name: N, payload: BroadcastPayload<N>): void {
    const checked = v.parse(BROADCASTS[name] as v.GenericSchema, payload);
    this.#window?.webContents.send(BROADCAST_CHANNEL, name, checked);
  }
}
