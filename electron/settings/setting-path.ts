/** Settings by their dotted names, such as `intervals.visibleMs` or `endpoints.0.url`. Pure. */
import { SETTINGS_ENTRIES, type SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import { sectionsOf, settingsFrom } from './effective-settings.ts';

/** A part of the settings: JSON. */
export type SettingValue = unknown;

/** The settings in use in the form of the file: its values over the defaults. */
export function settingsInUse(content: SettingsFileContent): Readonly<Record<string, SettingValue>> {
  const { preferences, profileOrder, demo } = settingsFrom(content);
  return { preferences, ...sectionsOf(content), profiles: content.profiles ?? [], profileOrder, demo };
}

/** Names of the settings, or of the fields of a section; null = it has none that are known. */
export function knownNames(path: readonly string[]): readonly string[] | null {
  const [section, ...rest] = path;
  if (section === undefined) return Object.keys(SETTINGS_ENTRIES).filter((name) => !name.startsWith('$'));
  let schema: unknown = Object.hasOwn(SETTINGS_ENTRIES, section)
    ? SETTINGS_ENTRIES[section as keyof typeof SETTINGS_ENTRIES]
    : undefined;
  for (const name of rest) schema = entriesOf(schema)?.[name];
  const entries = entriesOf(schema);
  return entries === null ? null : Object.keys(entries);
}

/** The fields of an object's schema, below what wraps it. */
function entriesOf(schema: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof schema !== 'object' || schema === null) return null;
  if ('wrapped' in schema) return entriesOf(schema.wrapped);
  if ('entries' in schema) return schema.entries as Readonly<Record<string, unknown>>;
  if ('pipe' in schema && Array.isArray(schema.pipe)) {
    for (const part of schema.pipe) {
      if (part !== schema && entriesOf(part) !== null) return entriesOf(part);
    }
  }
  return null;
}

/** The first name of a path that is no setting, with the names that are; null when all are known. */
export function unknownName(
  path: readonly string[],
): { readonly name: string; readonly known: readonly string[] } | null {
  for (const [i, name] of path.entries()) {
    const known = knownNames(path.slice(0, i));
    if (known === null) return null;
    if (!known.includes(name)) return { name, known };
  }
  return null;
}

/** The value at a path; undefined = there is none. */
export function valueAt(value: SettingValue, path: readonly string[]): SettingValue {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

/** The same with another value at a path; undefined removes it. Sections that become empty are removed, too. */
export function withValue(value: SettingValue, path: readonly string[], next: SettingValue): SettingValue {
  const [name, ...rest] = path;
  if (name === undefined) return next;
  const inner = withValue(valueAt(value, [name]), rest, next);
  if (Array.isArray(value)) {
    const at = Number(name);
    return inner === undefined ? value.filter((_, i) => i !== at) : value.with(at, inner);
  }
  const fields = typeof value === 'object' && value !== null ? value : {};
  const { [name]: _, ...others } = fields as Record<string, unknown>;
  const isGone = inner === undefined || (rest.length > 0 && next === undefined && isEmpty(inner));
  return isGone ? others : { ...fields, [name]: inner };
}

function isEmpty(value: SettingValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** Every value by its dotted name; lists are one value. */
export function flatSettings(
  value: Readonly<Record<string, SettingValue>>,
  before = '',
): readonly (readonly [string, SettingValue])[] {
  return Object.entries(value).flatMap(([name, one]) => {
    const key = `${before}${name}`;
    if (typeof one !== 'object' || one === null || Array.isArray(one))
      return one === undefined ? [] : [[key, one] as const];
    return flatSettings(one as Readonly<Record<string, SettingValue>>, `${key}.`);
  });
}

/** What was typed as a value: JSON where it is JSON, a text otherwise. */
export function readValue(text: string): SettingValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
