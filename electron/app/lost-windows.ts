/** What happens when the page of a window dies: it is opened again once; one that keeps dying stays closed, with a word. */
import type { BrowserWindow } from 'electron';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';

/** A window of the app. */
export type WindowName = 'popover' | 'dashboard';

/** Why a page ended (electronjs.org/docs/latest/api/structures/render-process-gone-details). */
export interface PageEnd {
  readonly reason: string;
  /** null for a page that does not respond. */
  readonly exitCode: number | null;
}

/** Ends a window with its page: when that crashed or does not respond, and says whether it was visible then. */
export function endWithPage(
  window: BrowserWindow,
  isVisible: () => boolean,
  onDied: (end: PageEnd, wasVisible: boolean) => void,
): void {
  const die = (end: PageEnd) => {
    const wasVisible = isVisible();
    window.destroy();
    onDied(end, wasVisible);
  };
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => die({ reason, exitCode }));
  window.on('unresponsive', () => die({ reason: 'unresponsive', exitCode: null }));
}

/**
 * Loads a page into its window. One that cannot be loaded ends the window as a death does; `isWanted` says whether a person
 * waits for it.
 */
export function loadPage(
  window: BrowserWindow,
  url: string,
  isWanted: () => boolean,
  onDied: (end: PageEnd, wasVisible: boolean) => void,
): void {
  window.loadURL(url).catch((error: unknown) => {
    // Closed while it was loading: that was wanted.
    if (window.isDestroyed()) return;
    const wasWanted = isWanted();
    window.destroy();
    onDied({ reason: `not-loaded: ${errorMessage(error)}`, exitCode: null }, wasWanted);
  });
}

/** Two deaths within this time are one fault that reopening does not fix. */
const AGAIN_MS: DurationMs = 60_000;

export class LostWindows {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #diedAt = new Map<WindowName, number>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Logs the death and says what to do. A hidden window is created again when it is opened. */
  died(name: WindowName, { reason, exitCode }: PageEnd, wasVisible: boolean): 'nothing' | 'reopen' | 'tell' {
    this.#log.error('window-died', { window: name, reason, exitCode });
    const now = this.#clock.monotonic();
    const before = this.#diedAt.get(name);
    this.#diedAt.set(name, now);
    if (!wasVisible) return 'nothing';
    return before !== undefined && now - before < AGAIN_MS ? 'tell' : 'reopen';
  }
}
