/**
 * Settings that an organization manages: they come from a place that only an administrator can write, and win over the
 * person's own. Lists are managed as a whole, objects field by field. Pure.
 */
import { SETTINGS_ENTRIES, type SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import { type Failure, failed, type Outcome, problemOf, succeeded } from '../../shared/domain/outcome.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { readSettings } from './read-settings.ts';
import { flatSettings, type SettingValue, valueAt, withValue } from './setting-path.ts';

/** Managed values, and what is wrong with where they come from. */
export interface Managed {
  readonly values: SettingsFileContent;
  readonly problem: Problem | null;
}

export const UNMANAGED: Managed = { values: {}, problem: null };

/** Where a value comes from; managed wins over the person's, which wins over the default. */
export type SettingSource = 'managed' | 'person' | 'default';

/** Not settings, or never an administrator's to choose. */
const NEVER_MANAGED: ReadonlySet<string> = new Set(['$schema', 'schema', 'demo', 'profileOrder', 'networks']);

/** The values of a managed file; one with a mistake manages nothing and is named, with line and field. */
export function managedFrom(bytes: Uint8Array, file: string): Managed {
  const read: Outcome<SettingsFileContent> = readSettings(bytes, file);
  if (!read.ok) return { values: {}, problem: mistake(read, file) };
  const known = Object.entries(read.value).filter(
    ([name]) => Object.hasOwn(SETTINGS_ENTRIES, name) && !NEVER_MANAGED.has(name),
  );
  return { values: Object.fromEntries(known), problem: null };
}

function mistake({ problem }: Failure, file: string): Problem {
  return problemOf('managed-invalid', { line: 1, detail: problem.key, ...problem.params, file });
}

/** The settings in use: managed values over the person's, in the form of the file. */
export function layered(person: SettingsFileContent, managed: SettingsFileContent): SettingsFileContent {
  return over(person, managed) as SettingsFileContent;
}

function over(below: SettingValue, above: SettingValue): SettingValue {
  if (above === undefined) return below;
  if (!isObject(below) || !isObject(above)) return above;
  const names = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...names].map((name) => [name, over(below[name], above[name])]));
}

function isObject(value: SettingValue): value is Readonly<Record<string, SettingValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The dotted names of all managed values. */
export function lockedKeys(managed: SettingsFileContent): readonly string[] {
  return flatSettings(managed).map(([key]) => key);
}

/** Where the value at a path comes from; `managed` also when only a part of it is. */
export function sourceOf(
  path: readonly string[],
  person: SettingsFileContent,
  managed: SettingsFileContent,
): SettingSource {
  const key = path.join('.');
  const isManaged = lockedKeys(managed).some((one) => one === key || isBelow(key, one) || isBelow(one, key));
  if (isManaged) return 'managed';
  return valueAt(person, path) === undefined ? 'default' : 'person';
}

function isBelow(key: string, parent: string): boolean {
  return key.startsWith(`${parent}.`);
}

/**
 * The person's settings after a change. A window sends whole sections: the managed values in them stay out of the file.
 * Problem: setting-managed, for another value in the place of a managed one.
 */
export function personsChange(
  before: SettingsFileContent,
  after: SettingsFileContent,
  managed: SettingsFileContent,
): Outcome<SettingsFileContent> {
  let next: SettingValue = after;
  for (const key of lockedKeys(managed)) {
    const wished = textAt(after, key);
    if (wished === textAt(before, key)) continue;
    if (wished !== textAt(managed, key)) return failed('setting-managed', { field: key });
    next = kept(before, next, key);
  }
  return succeeded(next as SettingsFileContent);
}

/** The same with the person's value at a managed one. */
export function kept(before: SettingsFileContent, after: SettingValue, key: string): SettingValue {
  const path = key.split('.');
  return withValue(after, path, valueAt(before, path));
}

/** The managed values for which the person's file has another value, which has no effect. */
export function overruledKeys(person: SettingsFileContent, managed: SettingsFileContent): readonly string[] {
  return lockedKeys(managed).filter((key) => {
    const own = textAt(person, key);
    return own !== undefined && own !== textAt(managed, key);
  });
}

function textAt(content: SettingsFileContent, key: string): string | undefined {
  return JSON.stringify(valueAt(content, key.split('.')));
}
