/** What the command palette offers, and how a typed text narrows it. Pure. */
import type { DashboardPage, Language, Snapshot } from '../../shared/domain/snapshot.ts';
import { inLanguage, type Translate } from '../../shared/messages/messages.ts';
import { PAGES } from './pages.ts';

/** What a chosen entry does. */
export type PaletteAction =
  | { readonly kind: 'page'; readonly page: DashboardPage }
  | { readonly kind: 'profile'; readonly profileId: string }
  | { readonly kind: 'endpoint'; readonly endpointId: string }
  | { readonly kind: 'probe' | 'diagnose' | 'undo' | 'pause' | 'resume' | 'settings-file' };

export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  /** What sort of entry it is, shown at the right. */
  readonly hint: string;
  readonly action: PaletteAction;
}

/** All entries: actions first, then profiles, endpoints and pages. */
export function paletteEntries(snapshot: Snapshot, t: Translate, language: Language): readonly PaletteEntry[] {
  return [
    ...actionEntries(snapshot, t),
    ...snapshot.profiles
      .filter(({ active }) => !active)
      .map(({ profile }) => ({
        id: `profile-${profile.id}`,
        label: t('popover.switch-to', { profile: inLanguage(profile.name, language) }),
        hint: t('popover.profiles'),
        action: { kind: 'profile' as const, profileId: profile.id },
      })),
    ...snapshot.endpoints.map(({ endpoint }) => ({
      id: `endpoint-${endpoint.id}`,
      label: endpoint.name,
      hint: t('popover.endpoints'),
      action: { kind: 'endpoint' as const, endpointId: endpoint.id },
    })),
    ...PAGES.map(({ page }) => ({
      id: `page-${page}`,
      label: t(`dashboard.page-${page}`),
      hint: t('dashboard.pages'),
      action: { kind: 'page' as const, page },
    })),
  ];
}

function actionEntries({ schedule, undo }: Snapshot, t: Translate): PaletteEntry[] {
  const entry = (kind: Exclude<PaletteAction['kind'], 'page' | 'profile' | 'endpoint'>, label: string) => ({
    id: kind,
    label,
    hint: t('dashboard.palette-action'),
    action: { kind },
  });
  return [
    entry('probe', t('popover.probe-now')),
    entry('diagnose', t('popover.diagnose')),
    ...(undo === null ? [] : [entry('undo', t('popover.undo-last'))]),
    schedule.paused === null ? entry('pause', t('popover.pause')) : entry('resume', t('popover.resume')),
    entry('settings-file', t('popover.open-settings-file')),
  ];
}

/** The entries that hold every typed word, those that begin with the text first. */
export function filterEntries(entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return entries;
  const found = entries.filter(({ label, hint }) => {
    const haystack = `${label} ${hint}`.toLocaleLowerCase();
    return words.every((word) => haystack.includes(word));
  });
  const begins = ({ label }: PaletteEntry) => label.toLocaleLowerCase().startsWith(first);
  return [...found.filter(begins), ...found.filter((one) => !begins(one))];
}
