/** The backup that a drill tests: a switch and its undo on copies must leave every byte as it was. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Profile } from '../../shared/domain/profile.ts';
import type { DrillReport } from '../../shared/domain/timeline.ts';
import { errorCode } from '../system/error-facts.ts';

/** Switching and undo as electron/profile does them, over a chosen Go environment file. */
export interface SwitchAndUndo {
  apply(profile: Profile, from: string | null): Promise<{ readonly ok: boolean }>;
  undo(): Promise<{ readonly ok: boolean }>;
}

export interface SelfTestFiles {
  /** The real files; null = there is none yet. Only read. */
  readonly settingsFile: string | null;
  readonly goEnvFile: string | null;
}

/**
 * Copies both files, switches the copy of the Go environment to a profile and back, restores the settings from their
 * copy, and compares. Never rejects; `not-run` when there is no `go` to switch with.
 */
export async function selfTest(
  files: SelfTestFiles,
  profile: Profile | null,
  switchingOver: (goEnvFile: string, folder: string) => SwitchAndUndo | null,
): Promise<DrillReport['selfTest']> {
  const scratch = await mkdtemp(join(tmpdir(), 'gopherbar-drill-'));
  try {
    const goEnv = join(scratch, 'goenv');
    const before = await copyOf(files.goEnvFile, goEnv);
    const switching = profile === null ? null : switchingOver(goEnv, join(scratch, 'profile'));
    if (profile === null || switching === null) return 'not-run';
    const settingsKept = await restores(files.settingsFile, scratch);
    const applied = await switching.apply(profile, null);
    const undone = applied.ok ? await switching.undo() : applied;
    const after = await readFile(goEnv).catch(() => null);
    const isSame = before === null ? after === null || after.length === 0 : after?.equals(before) === true;
    return applied.ok && undone.ok && isSame && settingsKept ? 'ok' : 'failed';
  } catch {
    return 'failed';
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => {});
  }
}

/** The bytes of a file, copied; null when there is none. */
async function copyOf(file: string | null, target: string): Promise<Buffer | null> {
  if (file === null) return null;
  try {
    await copyFile(file, target);
    return await readFile(target);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** A backup of the settings that is restored over a spoilt copy holds every byte. */
async function restores(file: string | null, scratch: string): Promise<boolean> {
  const backup = join(scratch, 'settings.backup');
  const before = await copyOf(file, backup);
  if (before === null) return true;
  const copy = join(scratch, 'settings.json');
  await writeFile(copy, before.subarray(0, before.length >> 1));
  await copyFile(backup, copy);
  return (await readFile(copy)).equals(before);
}
