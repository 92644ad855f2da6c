/** The settings of a data folder, apart from the core: `gopherbar status` needs no more of it than these. */
import { userInfo } from 'node:os';
import { type ManagedSource, SettingsFile } from '../settings/settings-file.ts';
import type { Clock } from '../system/clock.ts';
import { errorDetail } from '../system/error-facts.ts';
import type { Env } from '../system/files.ts';
import type { Log } from '../system/log.ts';
import { ForeignFolderError, privateFolder } from '../system/private-files.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { toolRoot } from '../system/tool-root.ts';
import { dataPaths } from './data-paths.ts';
import { managedSource } from './managed-settings.ts';

interface SettingsFileNeeds {
  readonly log: Log;
  readonly clock: Clock;
  /** As in SettingsFileOptions. */
  readonly owned: boolean;
  /** Where an organization's settings come from; this computer's unless given. */
  readonly managed?: ManagedSource | undefined;
}

/**
 * Makes the data folder private and reads its settings. Rejects with ForeignFolderError when the folder belongs to
 * another user.
 */
export async function openSettingsFile(
  folder: string,
  env: Env,
  { log, clock, owned, managed }: SettingsFileNeeds,
): Promise<SettingsFile> {
  const open = await privateFolder(folder).catch((error: unknown) => {
    if (error instanceof ForeignFolderError) throw error;
    // Full or read-only: each file reports that when it is written.
    log.warn('data folder not made', { folder, detail: errorDetail(error) });
    return [];
  });
  if (open.length > 0) log.warn('data folder open to others', { files: open.join(' ') });
  const runner = new SystemProcessRunner(clock);
  const ofComputer = () =>
    managedSource({ platform: process.platform, runner, root: toolRoot(env), user: accountName() });
  return SettingsFile.open(dataPaths(folder).settings, clock, { log, owned, managed: managed ?? ofComputer() });
}

/** By the system, not by a variable that anyone can set; undefined for an account without a name. */
function accountName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
