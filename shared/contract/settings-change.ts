/**
 * What the settings window sees of the settings file, and what it may change in it. A window never names a program or a
 * file to read: those come from a picker of the main process (`settings.choose`).
 */
import * as v from 'valibot';
import { IMPORT_WEAKENING_KEYS } from '../domain/weakenings.ts';
import { cause, list, problem, texts } from './schemas/parts.ts';
import { SETTINGS_ENTRIES, settingsFileSchema } from './settings-schema.ts';

/** Sections that the settings window changes as a whole; preferences, profiles and their order have requests of their own. */
export const SETTINGS_SECTIONS = [
  'endpoints',
  'networks',
  'bytesPerDay',
  'watchedModules',
  'builtInProfiles',
  'intervals',
  'thresholds',
  'limits',
  'network',
  'trust',
  'go',
  'git',
  'doctor',
  'gateway',
  'metrics',
  'updates',
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

/** New values of sections; null = the default again. Absent sections stay as they are. */
export const settingsPatchSchema = v.strictObject({
  endpoints: clearable(SETTINGS_ENTRIES.endpoints),
  networks: clearable(SETTINGS_ENTRIES.networks),
  bytesPerDay: clearable(SETTINGS_ENTRIES.bytesPerDay),
  watchedModules: clearable(SETTINGS_ENTRIES.watchedModules),
  builtInProfiles: clearable(SETTINGS_ENTRIES.builtInProfiles),
  intervals: clearable(SETTINGS_ENTRIES.intervals),
  thresholds: clearable(SETTINGS_ENTRIES.thresholds),
  limits: clearable(SETTINGS_ENTRIES.limits),
  network: clearable(SETTINGS_ENTRIES.network),
  trust: clearable(SETTINGS_ENTRIES.trust),
  go: clearable(SETTINGS_ENTRIES.go),
  git: clearable(SETTINGS_ENTRIES.git),
  doctor: clearable(SETTINGS_ENTRIES.doctor),
  gateway: clearable(SETTINGS_ENTRIES.gateway),
  metrics: clearable(SETTINGS_ENTRIES.metrics),
  updates: clearable(SETTINGS_ENTRIES.updates),
});
export type SettingsPatch = v.InferOutput<typeof settingsPatchSchema>;

function clearable<const S extends v.GenericSchema>({ wrapped }: { readonly wrapped: S }) {
  return v.optional(v.nullable(wrapped));
}

/** The file as the window shows it, passwords hidden. */
export const settingsViewSchema = v.object({
  file: v.string(),
  /** Names this state of the file; a change says which one it was made on. */
  revision: v.string(),
  /** What is wrong with the file; nothing can be changed meanwhile. */
  problem: v.nullable(problem),
  canUndo: v.boolean(),
  /** The sections over their defaults, in the form of the file. */
  values: settingsFileSchema,
  /** Ids of the endpoints, in their order. */
  endpointIds: texts,
  /** Dotted names of the values that an organization manages: they cannot be changed. */
  locked: texts,
  /** Sections that the file itself sets. */
  set: texts,
  /** Size of settings and history, bytes. */
  bytes: v.object({ settings: v.number(), history: v.number() }),
  folder: v.string(),
  /** Whether the session starts the app; null = not known. */
  startsAtLogin: v.nullable(v.boolean()),
  version: v.string(),
  /** The commit that the app was built from, with a + when files differed from it; empty when not known. */
  commit: v.string(),
});
export type SettingsView = v.InferOutput<typeof settingsViewSchema>;

/** The result of trying an endpoint that is not saved yet. */
export const trialSchema = v.object({
  outcome: v.picklist(['ok', 'failed', 'cancelled']),
  /** ms; of a success. */
  latencyMs: v.nullable(v.number()),
  cause: v.nullable(cause),
});
export type Trial = v.InferOutput<typeof trialSchema>;

const importWeakeningSchema = v.object({ key: v.picklist(IMPORT_WEAKENING_KEYS), value: v.string() });

/** A value that differs, by its dotted name, as JSON without secrets; null = not set. */
const settingChangeSchema = v.object({
  key: v.string(),
  before: v.nullable(v.string()),
  after: v.nullable(v.string()),
});
export type SettingChange = v.InferOutput<typeof settingChangeSchema>;

/** What an import would change. */
export const importPreviewSchema = v.object({
  file: v.string(),
  /** Sections whose values differ. */
  sections: texts,
  changes: list(settingChangeSchema),
  weakenings: list(importWeakeningSchema),
  /** Programs that the file names: left out. */
  leftOut: texts,
  /** Managed values that the file has another value for: left out. */
  locked: texts,
  /** Fields whose secrets are neither in the file nor known here. */
  missing: texts,
});
export type ImportPreview = v.InferOutput<typeof importPreviewSchema>;

/** The first proxy of each profile on this network, and the profile to use. */
export const mirrorTestSchema = v.object({
  mirrors: list(
    v.object({
      profileId: v.string(),
      host: v.string(),
      /** ms; null = it failed, or its content was wrong. */
      latencyMs: v.nullable(v.number()),
      cause: v.nullable(cause),
    }),
  ),
  recommended: v.nullable(v.string()),
});
export type MirrorTest = v.InferOutput<typeof mirrorTestSchema>;

/** The libraries in the app. `licence` is an SPDX identifier. */
export const licencesSchema = list(
  v.object({ name: v.string(), version: v.string(), licence: v.string(), text: v.string() }),
);
export type Licences = v.InferOutput<typeof licencesSchema>;
