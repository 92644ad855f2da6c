/** Problems of the app itself (settings file, history, byte budget) that a person sees and dismisses; one of a kind. */
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { HistoryOpening } from '../history/history-store.ts';

export class Notices {
  #list: readonly Problem[] = [];

  get list(): readonly Problem[] {
    return this.#list;
  }

  /** Adds a notice in place of an older one of its kind. */
  add(notice: Problem): void {
    this.#list = [...this.#list.filter(({ key }) => key !== notice.key), notice];
  }

  remove(key: string): void {
    this.#list = this.#list.filter((one) => one.key !== key);
  }

  dismiss(): void {
    this.#list = [];
  }
}

/** What a person should know about how the history was opened; null = nothing. */
export function historyNotice({ state, setAsidePath, waiting }: HistoryOpening): Problem | null {
  if (setAsidePath === null) return waiting?.problem ?? null;
  return { key: state === 'newer' ? 'history-newer' : 'history-set-aside', params: { file: setAsidePath } };
}
