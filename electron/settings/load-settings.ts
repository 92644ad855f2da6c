/** The settings file as it lies on disk. */
import { stat } from 'node:fs/promises';
import { MAX_SETTINGS_BYTES, type SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { readRegularFile, unreadDetail } from '../system/read-file.ts';
import { readSettings, tooLarge } from './read-settings.ts';

interface Loaded {
  /** null where it cannot be used. */
  readonly content: SettingsFileContent | null;
  readonly problem: Problem | null;
  /** As it is; '' where there is none. */
  readonly text: string;
  readonly isMissing: boolean;
}

/** Reads and checks a file; `whenMissing` is the content of one that is not there. */
export async function loadSettings(path: string, whenMissing: SettingsFileContent | null = {}): Promise<Loaded> {
  const file = await readRegularFile(path, MAX_SETTINGS_BYTES);
  if (file.ok) {
    const read = readSettings(file.bytes, path);
    const base = { text: file.bytes.toString('utf8'), isMissing: false };
    return read.ok
      ? { ...base, content: read.value, problem: null }
      : { ...base, content: null, problem: read.problem };
  }
  if (file.why === 'missing') return { content: whenMissing, problem: null, text: '', isMissing: true };
  if (file.why === 'too-large') {
    const text = `${file.size} bytes`;
    return { content: null, problem: tooLarge(path, file.size), text, isMissing: false };
  }
  const params = { file: path, detail: unreadDetail(file) };
  return { content: null, problem: { key: 'settings-not-readable', params }, text: '', isMissing: false };
}

/** Tells a folder from another one in its place, whose inode may be the same; null where there is none. */
export async function folderIdentity(path: string): Promise<string | null> {
  const facts = await stat(path).catch(() => null);
  return facts === null ? null : `${facts.dev} ${facts.ino} ${facts.birthtimeMs}`;
}
