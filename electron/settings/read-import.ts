/** Reads a settings file from elsewhere. */
import { MAX_SETTINGS_BYTES, type SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import { failed, type Outcome } from '../../shared/domain/outcome.ts';
import { readRegularFile, unreadDetail } from '../system/read-file.ts';
import { readSettings, tooLarge } from './read-settings.ts';

/**
 * The content of a file. Problems: file-not-read, settings-too-large, settings-newer, settings-import (names the line
 * and the field of its first mistake).
 */
export async function readImport(file: string): Promise<Outcome<SettingsFileContent>> {
  const found = await readRegularFile(file, MAX_SETTINGS_BYTES);
  if (!found.ok && found.why === 'too-large') return { ok: false, problem: tooLarge(file, found.size) };
  if (!found.ok) return failed('file-not-read', { file, detail: unreadDetail(found) });
  const read = readSettings(found.bytes, file);
  // The usual texts say that the file stays in use; this one never was.
  if (read.ok || read.problem.key === 'settings-newer') return read;
  return failed('settings-import', { line: 1, detail: '', ...read.problem.params, file });
}
