/** The pages of the window in the sidebar's groups, with their icons. */
import type { DashboardPage } from '../../shared/domain/snapshot.ts';
import type { IconName } from '../common/shapes.tsx';

export interface PageEntry {
  readonly page: DashboardPage;
  readonly icon: IconName;
}

export const PAGE_GROUPS = [
  {
    group: 'watch',
    entries: [
      { page: 'history', icon: 'pulse' },
      { page: 'traffic', icon: 'arrows' },
    ],
  },
  {
    group: 'fix',
    entries: [
      { page: 'doctor', icon: 'stethoscope' },
      { page: 'gateway', icon: 'shield' },
      { page: 'policy', icon: 'display' },
    ],
  },
  {
    group: 'set-up',
    entries: [
      { page: 'profiles', icon: 'bookmark' },
      { page: 'effective', icon: 'sliders' },
      { page: 'project', icon: 'folder' },
      { page: 'settings', icon: 'settings' },
    ],
  },
] as const satisfies readonly { readonly group: string; readonly entries: readonly PageEntry[] }[];

/** All pages in the order of the sidebar: that of the keys ⌘1 to ⌘9. */
export const PAGES: readonly PageEntry[] = PAGE_GROUPS.flatMap(({ entries }) => [...entries]);
