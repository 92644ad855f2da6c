/** Every state of the gallery by name. */
import type { Make } from '../parts.ts';
import { HEALTHY_STATES } from './healthy.ts';
import { kinds } from './kinds.ts';
import { OFFLINE_STATES } from './offline.ts';
import { OUTAGE_STATES } from './outage.ts';
import { SETTINGS_STATES } from './settings.ts';
import { SWITCHING_STATES } from './switching.ts';

export const STATES: Readonly<Record<string, Make>> = {
  ...HEALTHY_STATES,
  ...OUTAGE_STATES,
  ...OFFLINE_STATES,
  ...SWITCHING_STATES,
  ...SETTINGS_STATES,
  kinds,
};
