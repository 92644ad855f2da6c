/** From the bytes of a settings file to settings or a problem. Pure. */
import * as v from 'valibot';
import { mistakeOf } from '../../shared/contract/mistake.ts';
import {
  MAX_SETTINGS_BYTES,
  SETTINGS_SCHEMA,
  type SettingsFileContent,
  settingsFileSchema,
} from '../../shared/contract/settings-schema.ts';
import { failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { errorMessage } from '../system/error-facts.ts';
import { lineOf, parseText } from './settings-text.ts';

/** Reads a settings file's bytes; `file` is named in problems. */
export function readSettings(bytes: Uint8Array, file: string): Outcome<SettingsFileContent> {
  if (bytes.length > MAX_SETTINGS_BYTES) return { ok: false, problem: tooLarge(file, bytes.length) };
  let text: string;
  try {
    // Windows editors add a BOM; fatal: damaged bytes must not turn into replacement characters.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    return failed('settings-not-json', { file, detail: errorMessage(error), line: 1 });
  }
  const parsed = parseText(text);
  if ('mistake' in parsed) return failed('settings-not-json', { file, ...parsed.mistake });
  return checkSettings(parsed.value, text, file);
}

/** Checks a value against the schema; lines are those of `text`. */
export function checkSettings(value: unknown, text: string, file: string): Outcome<SettingsFileContent> {
  const version = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : SETTINGS_SCHEMA;
  if (typeof version === 'number' && version > SETTINGS_SCHEMA) {
    return failed('settings-newer', { file, version, known: SETTINGS_SCHEMA });
  }
  const checked = v.safeParse(settingsFileSchema, value);
  if (checked.success) return succeeded(checked.output);
  const [first] = checked.issues;
  const path = first.path?.map(({ key }) => key as string | number) ?? [];
  return failed('settings-invalid', {
    file,
    line: lineOf(text, path),
    ...mistakeOf(first),
    more: checked.issues.length - 1,
  });
}

/** The problem with a file of this many bytes. */
export function tooLarge(file: string, size: number): Problem {
  return { key: 'settings-too-large', params: { file, size, limit: MAX_SETTINGS_BYTES } };
}
