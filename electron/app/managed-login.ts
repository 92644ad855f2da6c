/** Start at login where an organization decides it: nobody switches it in a window, so the app makes the system agree. */
import { isManaged } from '../../shared/domain/managed-fields.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { errorMessage } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';
import type { LoginItem } from './login-item.ts';

export class ManagedLogin {
  readonly #item: LoginItem;
  readonly #log: Log;
  /** What was applied last; null = it is not managed, or not yet read. */
  #applied: boolean | null = null;
  /** One change after another. */
  #running: Promise<void> = Promise.resolve();

  constructor(item: LoginItem, log: Log) {
    this.#item = item;
    this.#log = log;
  }

  /**
   * Applies the managed value at the start and whenever it changes; a person's own value is left to the settings. A demo
   * changes nothing of the session.
   */
  follow({ managed, preferences, demo }: Pick<Snapshot, 'managed' | 'preferences' | 'demo'>): void {
    const isApplied = !demo && isManaged('preferences.launchAtLogin', managed);
    const wanted = isApplied ? preferences.launchAtLogin : null;
    if (wanted === this.#applied) return;
    this.#applied = wanted;
    if (wanted !== null) this.#running = this.#running.then(() => this.#apply(wanted));
  }

  /** Resolves when nothing is being changed any more. */
  async close(): Promise<void> {
    await this.#running;
  }

  async #apply(wanted: boolean): Promise<void> {
    try {
      if ((await this.#item.get()) === wanted) return;
      await this.#item.set(wanted);
    } catch (error) {
      this.#log.warn('the managed start at login was not applied', { error: errorMessage(error) });
    }
  }
}
