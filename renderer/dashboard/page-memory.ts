/** The page shown last, kept in the window's own storage. */
import { DASHBOARD_PAGES } from '../../shared/domain/snapshot.ts';
import type { PageMemory } from './dashboard-store.ts';

const KEY = 'dashboard-page';

/** A page that no longer exists counts as none. */
export function pageMemory(storage: Pick<Storage, 'getItem' | 'setItem'>): PageMemory {
  return {
    read() {
      const stored = storage.getItem(KEY);
      return DASHBOARD_PAGES.find((page) => page === stored) ?? null;
    },
    write: (page) => storage.setItem(KEY, page),
  };
}
