/** The tray's native menu: short, with every function. Pure: the template as a function of the snapshot. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Language, Snapshot } from '../../shared/domain/snapshot.ts';
import { inLanguage, type Translate } from '../../shared/messages/messages.ts';
import { traySentence } from './tray-state.ts';

/** The actions of the menu's items. */
export interface MenuActions {
  probeNow(): void;
  /** null = until resumed. */
  pause(minutes: number | null): void;
  resume(): void;
  switchTo(profileId: string): void;
  undo(): void;
  open(): void;
  openDashboard(): void;
  openSettings(): void;
  openSettingsFile(): void;
  /** Installs the staged update. */
  update(): void;
  quit(): void;
}

/** The menu of a snapshot, in the language of `t`. */
export function trayMenu(
  snapshot: Snapshot,
  language: Language,
  t: Translate,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const separator = { type: 'separator' } as const;
  return [
    { label: traySentence(snapshot, t), enabled: false },
    separator,
    { label: t('menu.probe-now'), click: actions.probeNow },
    pauseItem(snapshot, t, actions),
    separator,
    { label: t('menu.profiles'), submenu: profileItems(snapshot, language, t, actions) },
    ...undoItem(snapshot, language, t, actions),
    separator,
    { label: t('menu.open'), click: actions.open },
    { label: t('menu.dashboard'), click: actions.openDashboard },
    { label: t('menu.settings'), click: actions.openSettings },
    { label: t('menu.settings-file'), click: actions.openSettingsFile },
    separator,
    { label: t('menu.quit'), click: actions.quit },
  ];
}

/** The first items while an update is staged. */
export function updateItems(
  version: string | null,
  t: Translate,
  { update }: Pick<MenuActions, 'update'>,
): MenuItemConstructorOptions[] {
  return version === null ? [] : [{ label: t('menu.update', { version }), click: update }, { type: 'separator' }];
}

function pauseItem(snapshot: Snapshot, t: Translate, actions: MenuActions): MenuItemConstructorOptions {
  if (snapshot.schedule.paused !== null) return { label: t('menu.resume'), click: actions.resume };
  return {
    label: t('menu.pause'),
    submenu: [
      { label: t('menu.pause-hour'), click: () => actions.pause(60) },
      { label: t('menu.pause-day'), click: () => actions.pause(24 * 60) },
      { label: t('menu.pause-open'), click: () => actions.pause(null) },
    ],
  };
}

function profileItems(
  snapshot: Snapshot,
  language: Language,
  t: Translate,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const enabled = snapshot.go.state === 'found' && !snapshot.switching;
  const items: MenuItemConstructorOptions[] = snapshot.profiles.map(({ profile, active }) => ({
    label: inLanguage(profile.name, language),
    type: 'radio',
    checked: active,
    enabled,
    click: () => actions.switchTo(profile.id),
  }));
  // A radio group always shows one item as selected: when none of ours is, name the actual setting.
  const byHand = snapshot.go.state === 'found' && !snapshot.profiles.some((one) => one.active);
  if (byHand) items.unshift({ label: t('menu.changed-by-hand'), type: 'radio', checked: true, enabled: false });
  return items;
}

function undoItem(
  snapshot: Snapshot,
  language: Language,
  t: Translate,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  if (snapshot.undo === null) return [];
  const from = snapshot.profiles.find((one) => one.profile.id === snapshot.undo?.from);
  const label =
    from === undefined ? t('menu.undo-by-hand') : t('menu.undo', { profile: inLanguage(from.profile.name, language) });
  return [{ label, enabled: !snapshot.switching, click: actions.undo }];
}
