/** Schemas of what windows send. */
import * as v from 'valibot';
import { LANGUAGES } from '../domain/snapshot.ts';

/** A partial Preferences; unknown keys are refused. */
export const preferencesChangeSchema = v.strictObject({
  language: v.optional(v.picklist(['system', ...LANGUAGES])),
  theme: v.optional(v.picklist(['system', 'light', 'dark'])),
  notifications: v.optional(v.boolean()),
  launchAtLogin: v.optional(v.boolean()),
});
