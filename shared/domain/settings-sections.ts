/** The sections of the settings page, in their order. */
export const SETTINGS_PAGES = [
  'general',
  'endpoints',
  'profiles',
  'probing',
  'network',
  'gateway',
  'tools',
  'privacy',
  'data',
  'updates',
  'about',
] as const;
export type SettingsPageName = (typeof SETTINGS_PAGES)[number];
