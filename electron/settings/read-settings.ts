/** From the bytes of a settings file to settings or a problem. Pure. */
import * as v from 'valibot';
import { failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { errorMessage } from '../system/error-facts.ts';
import { MAX_SETTINGS_BYTES, SETTINGS_SCHEMA, type SettingsFileContent, settingsFileSchema } from './schema.ts';

/** Reads a settings file's bytes; `file` is named in problems. */
export function readSettings(bytes: Uint8Array, file: string): Outcome<SettingsFileContent> {
  if (bytes.length > MAX_SETTINGS_BYTES) return { ok: false, problem: tooLarge(file, bytes.length) };
  let json: unknown;
  try {
    // Windows editors add a BOM; fatal: damaged bytes must not turn into replacement characters.
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return failed('settings-not-json', { file, detail: errorMessage(error) });
  }
  const version = typeof json === 'object' && json !== null && 'schema' in json ? json.schema : SETTINGS_SCHEMA;
  if (typeof version === 'number' && version > SETTINGS_SCHEMA) {
    return failed('settings-newer', { file, version, known: SETTINGS_SCHEMA });
  }
  const parsed = v.safeParse(settingsFileSchema, json);
  if (parsed.success) return succeeded(parsed.output);
  return failed('settings-invalid', { file, detail: describe(parsed.issues) });
}

/** The problem with a file of this many bytes. */
export function tooLarge(file: string, size: number): Problem {
  return { key: 'settings-too-large', params: { file, size, limit: MAX_SETTINGS_BYTES } };
}

/** The first three errors, each with its path: `endpoints.0.url: …`. */
function describe(issues: readonly v.BaseIssue<unknown>[]): string {
  const lines = issues.slice(0, 3).map((issue) => `${v.getDotPath(issue) ?? '(top)'}: ${issue.message}`);
  return issues.length > 3 ? `${lines.join('; ')}; …` : lines.join('; ');
}
