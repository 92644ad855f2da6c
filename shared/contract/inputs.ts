/** Schemas of what windows send. */
import * as v from 'valibot';
import type { Expected } from '../domain/expected.ts';
import { parseQuietHours } from '../domain/quiet-hours.ts';
import { isShortcut } from '../domain/shortcut.ts';
import { DRILL_DAYS, LANGUAGES, REMINDER_HOURS, TRAY_TEXTS } from '../domain/snapshot.ts';
import { list } from './schemas/parts.ts';

/** `22:00-08:00`. */
export const quietHoursSchema = v.pipe(
  v.string(),
  v.check((text) => parseQuietHours(text) !== null, 'quiet-hours' satisfies Expected),
);

/** An accelerator such as `Alt+Command+G`, of the keys that may be taken from other programs. */
export const shortcutSchema = v.pipe(v.string(), v.maxLength(60), v.check(isShortcut, 'shortcut' satisfies Expected));

/** A partial Preferences; unknown keys are refused. */
export const preferencesChangeSchema = v.strictObject({
  language: v.optional(v.picklist(['system', ...LANGUAGES])),
  theme: v.optional(v.picklist(['system', 'light', 'dark'])),
  notifications: v.optional(v.boolean()),
  launchAtLogin: v.optional(v.boolean()),
  shortcut: v.optional(v.nullable(shortcutSchema)),
  quietHours: v.optional(v.nullable(quietHoursSchema)),
  reminderHours: v.optional(v.picklist(REMINDER_HOURS)),
  welcomed: v.optional(v.boolean()),
  drillEveryDays: v.optional(v.picklist(DRILL_DAYS)),
  trayText: v.optional(v.picklist(TRAY_TEXTS)),
  failover: v.optional(v.boolean()),
  failoverProfiles: v.optional(v.pipe(list(v.pipe(v.string(), v.maxLength(100))), v.maxLength(100))),
});
