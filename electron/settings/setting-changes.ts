/** The values in which two states of the settings differ, for a person to read. Pure. */
import type { SettingChange } from '../../shared/contract/settings-change.ts';
import { hideSecrets } from '../../shared/domain/secrets.ts';

/** Longer values are cut: a whole list of endpoints is not read in one line. */
const MAX_VALUE = 300;

/**
 * Each value that differs, by its dotted name; entries of lists by their id or address, wherever they stand. Secrets are
 * hidden: a value whose secret alone differs reads the same before and after.
 */
export function changedValues(before: unknown, after: unknown, at: readonly string[] = []): readonly SettingChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const a = fieldsOf(before);
  const b = fieldsOf(after);
  const key = hideSecrets(at.join('.'));
  if (a === null || b === null) return [{ key, before: shown(before), after: shown(after) }];
  const names = [...new Set([...b.keys(), ...a.keys()])];
  const changes = names.flatMap((name) => changedValues(a.get(name), b.get(name), [...at, name]));
  // The same entries in another order, or one of them twice.
  return changes.length > 0 ? changes : [{ key, before: shown(before), after: shown(after) }];
}

/** The parts of an object, or of a list whose entries have names; null = one value. */
function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const named = value.map((one) => [nameOf(one), one] as const);
  const map = new Map(named.flatMap(([name, one]) => (name === null ? [] : [[name, one] as const])));
  return map.size === value.length ? map : null;
}

function nameOf(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { id, url } = entry as { readonly id?: unknown; readonly url?: unknown };
  const name = id ?? url;
  return typeof name === 'string' ? name : null;
}

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  const text = hideSecrets(JSON.stringify(value));
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
