/** The sections of the settings page, and which of them a search finds. Pure. */
import { SETTINGS_PAGES, type SettingsPageName } from '../../../shared/domain/settings-sections.ts';
import type { MessageKey, Translate } from '../../../shared/messages/messages.ts';

/** What a section shows, for the search. */
const TEXTS: Readonly<Record<SettingsPageName, readonly MessageKey[]>> = {
  general: [
    'settings.language',
    'settings.theme',
    'settings.tray-text',
    'settings.notifications',
    'settings.quiet-hours',
    'settings.reminder',
    'settings.drill-every',
    'settings.launch',
    'settings.shortcut',
  ],
  endpoints: [
    'settings.field-url',
    'settings.field-key',
    'settings.field-target',
    'settings.field-criticality',
    'settings.limits-own',
    'settings.kind-goproxy',
    'settings.kind-sumdb',
  ],
  profiles: ['settings.built-in', 'settings.profiles-page'],
  probing: [
    'settings.intervals',
    'settings.thresholds',
    'settings.limits-soft-title',
    'settings.limits-hard-title',
    'settings.bytes',
    'settings.watched',
  ],
  network: ['settings.resolver', 'settings.doctor-resolvers', 'settings.extra-ca', 'settings.network'],
  gateway: [
    'settings.gateway-on',
    'settings.gateway-port',
    'settings.gateway-upstreams',
    'settings.gateway-cache-size',
    'settings.gateway-containers',
    'settings.gateway-unverified',
  ],
  tools: ['settings.programs', 'settings.git-note', 'settings.go-looking'],
  privacy: ['settings.hosts', 'settings.passwords'],
  data: [
    'settings.folder',
    'settings.file',
    'settings.size',
    'settings.metrics',
    'settings.export',
    'settings.import',
    'settings.reset',
  ],
  updates: ['settings.updates-on', 'settings.updates-feeds', 'settings.updates-check'],
  about: ['settings.licences', 'settings.diagnostics', 'settings.costs', 'settings.version'],
};

/** The sections in whose title or texts every typed word occurs; all for an empty search. */
export function findSections(text: string, t: Translate): readonly SettingsPageName[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return SETTINGS_PAGES.filter((section) => {
    const all = [t(`settings.section-${section}`), ...TEXTS[section].map((key) => t(key)), section]
      .join(' ')
      .toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** What the sections of an imported file are called. */
export const IMPORT_SECTION_TEXTS = [
  ['preferences', 'settings.section-general'],
  ['endpoints', 'settings.section-endpoints'],
  ['networks', 'settings.networks-other'],
  ['bytesPerDay', 'settings.bytes'],
  ['watchedModules', 'settings.watched'],
  ['builtInProfiles', 'settings.built-in'],
  ['intervals', 'settings.intervals'],
  ['thresholds', 'settings.thresholds'],
  ['limits', 'settings.limits'],
  ['network', 'settings.resolver'],
  ['trust', 'settings.extra-ca'],
  ['doctor', 'settings.doctor-resolvers'],
  ['gateway', 'settings.section-gateway'],
  ['metrics', 'settings.metrics'],
  ['updates', 'settings.section-updates'],
  ['profiles', 'settings.section-profiles'],
  ['profileOrder', 'settings.profile-order'],
] as const;

/** The sections of the file that a page shows. */
const SHOWN: Readonly<Record<SettingsPageName, readonly string[]>> = {
  general: ['preferences'],
  endpoints: ['endpoints'],
  profiles: ['profiles', 'builtInProfiles'],
  probing: ['intervals', 'thresholds', 'limits', 'bytesPerDay', 'watchedModules'],
  network: ['network', 'doctor', 'trust'],
  gateway: ['gateway'],
  tools: ['go', 'git'],
  updates: ['updates'],
  privacy: [],
  data: ['metrics'],
  about: [],
};

/** The managed values that a page shows, by their dotted names. */
export function lockedOn(page: SettingsPageName, locked: readonly string[]): readonly string[] {
  return locked.filter((key) => SHOWN[page].some((section) => key === section || key.startsWith(`${section}.`)));
}
