/** What a setting from elsewhere would weaken; the value stands behind it. Pure. */
import type { ImportWeakening } from '../domain/weakenings.ts';
import type { Translate } from './messages.ts';

/** Ends with a colon, or is continued by the value. */
export function weakeningText(t: Translate, key: ImportWeakening['key']): string {
  switch (key) {
    case 'extra-ca':
    case 'resolver':
    case 'gateway-unverified':
    case 'gateway-containers':
    case 'gateway-cooldown':
    case 'update-server':
    case 'metrics-collector':
      return t(`settings.weakens-${key}`);
    default:
      return t(`profiles.weakens-${key}`);
  }
}
