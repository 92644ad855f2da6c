/** The keys that open the popover from any program. */
import { globalShortcut } from 'electron';
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import { shortcutText } from '../../shared/domain/shortcut.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { Log } from '../system/log.ts';

export interface GlobalShortcutOptions {
  readonly log: Log;
  readonly onPressed: () => void;
  /** The settings name a shortcut that another program has. */
  readonly onTaken: (problem: Problem) => void;
}

export class GlobalShortcut {
  readonly #options: GlobalShortcutOptions;
  #registered: string | null = null;
  /** Reported as taken: not again with every snapshot. */
  #reported: string | null = null;

  constructor(options: GlobalShortcutOptions) {
    this.#options = options;
  }

  /** Takes what the settings say (null = none). */
  follow(accelerator: string | null): void {
    if (accelerator === this.#reported && accelerator !== null) return;
    this.#reported = null;
    const taken = this.set(accelerator);
    if (taken.ok) return;
    this.#reported = accelerator;
    this.#options.onTaken(taken.problem);
  }

  /** Takes a shortcut instead of the one so far. Problem `shortcut-taken`: another program has it, and the former stays. */
  set(accelerator: string | null): Outcome {
    if (accelerator === this.#registered) return DONE;
    if (accelerator !== null && !this.#register(accelerator)) {
      return failed('shortcut-taken', { shortcut: shortcutText(accelerator, process.platform === 'darwin') });
    }
    this.close();
    this.#registered = accelerator;
    return DONE;
  }

  close(): void {
    if (this.#registered !== null) globalShortcut.unregister(this.#registered);
    this.#registered = null;
  }

  #register(accelerator: string): boolean {
    try {
      return globalShortcut.register(accelerator, this.#options.onPressed);
    } catch (error) {
      // Electron throws for a key that this platform does not have.
      this.#options.log.warn('shortcut-not-registered', { accelerator, detail: String(error) });
      return false;
    }
  }
}
