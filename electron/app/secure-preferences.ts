/** The web preferences of every window. */
import type { WebPreferences } from 'electron';
import { LANGUAGES_ARGUMENT } from '../../shared/contract/wire.ts';

/**
 * A page has no Node, no access to the preload's world, no developer tools, and no spell checker, whose dictionaries
 * Chromium would download.
 */
const SECURE_PREFERENCES: Readonly<WebPreferences> = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  webSecurity: true,
  spellcheck: false,
  devTools: false,
};

/** Secure preferences with our preload script, which receives the system's languages. */
export function webPreferences(preloadFile: string, languages: readonly string[]): WebPreferences {
  return {
    ...SECURE_PREFERENCES,
    preload: preloadFile,
    additionalArguments: [`${LANGUAGES_ARGUMENT}${languages.join(',')}`],
  };
}
