/** The tray icon: shape, tooltip and menu follow the snapshot; left click opens the popover, right click the menu. */
import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { Rectangle } from './popover-bounds.ts';
import type { TrayState } from './tray-state.ts';

/** Never changes: with another one the icon would lose its place. */
const ICON_ID = '6f1b6f0e-3d0f-4b6a-9c55-8d0f5f2c6a41';

export interface TrayOptions {
  /** Folder of `<state>Template.png` (macOS, with @2x) and `<state>.png` (elsewhere). */
  readonly iconFolder: string;
  readonly platform: NodeJS.Platform;
  /** The mouse went down on the icon (macOS only); a click follows when it goes up. */
  onPress(): void;
  onClick(): void;
}

export interface TrayView {
  readonly state: TrayState;
  readonly tooltip: string;
  /** Beside the icon, macOS only; empty = none. */
  readonly text: string;
  readonly menu: MenuItemConstructorOptions[];
}

export class TrayIcon {
  readonly #options: TrayOptions;
  readonly #tray: Tray;
  #state: TrayState;
  #tooltip = '';
  #text = '';
  #menu: MenuItemConstructorOptions[] = [];
  #menuText = '';

  constructor(options: TrayOptions, state: TrayState) {
    this.#options = options;
    this.#state = state;
    // On a Mac the identifier is the name under which the system keeps where the icon was dragged to.
    this.#tray = options.platform === 'darwin' ? new Tray(this.#image(state), ICON_ID) : new Tray(this.#image(state));
    this.#tray.setIgnoreDoubleClickEvents(true);
    this.#tray.on('click', (event) => {
      // On a Mac, Ctrl-click is the right click of a one-button mouse; Option-click is there because macOS 27 may keep
      // right clicks from status items.
      if ((event.ctrlKey || event.altKey) && options.platform === 'darwin') this.#popUp();
      else options.onClick();
    });
    this.#tray.on('mouse-down', () => options.onPress());
    this.#tray.on('right-click', () => this.#popUp());
  }

  /** Zeros where the desktop does not report it (Linux). */
  bounds(): Rectangle {
    return this.#tray.getBounds();
  }

  /** Shows a view. Unchanged parts are not set again: every change is drawn by another process. */
  update(view: TrayView): void {
    if (view.state !== this.#state) {
      this.#state = view.state;
      this.#tray.setImage(this.#image(view.state));
    }
    if (view.tooltip !== this.#tooltip) {
      this.#tooltip = view.tooltip;
      this.#tray.setToolTip(view.tooltip);
    }
    if (view.text !== this.#text && this.#options.platform === 'darwin') {
      this.#text = view.text;
      // Digits of one width: the icons beside it keep their places when a latency changes.
      this.#tray.setTitle(view.text === '' ? '' : ` ${view.text}`, { fontType: 'monospacedDigit' });
    }
    this.#menu = view.menu;
    const menuText = JSON.stringify(view.menu);
    if (menuText === this.#menuText) return;
    this.#menuText = menuText;
    this.resetMenu();
  }

  /**
   * Sets the desktop's menu again. Linux needs it beforehand (it has no pop-up), and a selected radio item marks
   * itself even when the switch then fails; on macOS a set menu would take the left click.
   */
  resetMenu(): void {
    if (this.#options.platform === 'darwin') return;
    this.#tray.setContextMenu(Menu.buildFromTemplate(this.#menu));
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #popUp(): void {
    if (this.#options.platform === 'linux') return; // the desktop opens the menu it was given
    this.#tray.popUpContextMenu(Menu.buildFromTemplate(this.#menu));
  }

  #image(state: TrayState): Electron.NativeImage {
    const name = this.#options.platform === 'darwin' ? `${state}Template.png` : `${state}.png`;
    return nativeImage.createFromPath(join(this.#options.iconFolder, name));
  }
}
