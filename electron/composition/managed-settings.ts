/**
 * Where an organization's settings come from: on macOS the managed preferences that an MDM profile installs for
 * dev.gopherbar.app, elsewhere a JSON file. Only files that root owns and no one else can write are read.
 */
import { stat } from 'node:fs/promises';
import { MAX_SETTINGS_BYTES } from '../../shared/contract/settings-schema.ts';
import { problemOf } from '../../shared/domain/outcome.ts';
import { inRoot, managedPreferences } from '../macos/catalogue.ts';
import { layered, type Managed, managedFrom, UNMANAGED } from '../settings/managed.ts';
import type { ManagedSource } from '../settings/settings-file.ts';
import { errorCode } from '../system/error-facts.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { readRegularFile, unreadDetail } from '../system/read-file.ts';

/** Elsewhere than on macOS; docs/fleet/README.md. */
const MANAGED_FILE = '/etc/gopherbar/managed.json';

/** Where macOS keeps what MDM profiles set; `defaults` and every app read it from here. */
const MAC_FOLDER = '/Library/Managed Preferences';
const MAC_NAME = 'dev.gopherbar.app.plist';

const READ_MS = 10_000;

export interface ManagedSourceOptions {
  readonly platform: NodeJS.Platform;
  readonly runner: ProcessRunner;
  /** `/`, or a test's own folder. */
  readonly root: string;
  /** The person's account name. */
  readonly user: string | undefined;
}

/** The source of this computer. */
export function managedSource({ platform, runner, root, user }: ManagedSourceOptions): ManagedSource {
  if (platform !== 'darwin') {
    const file = inRoot(root, MANAGED_FILE);
    return { paths: [file], read: () => readTrusted(file, () => readJson(file)) };
  }
  // What is set for the person wins over what is set for the computer.
  const ofUser = user !== undefined && /^[\w.-]{1,100}$/.test(user) ? [`${MAC_FOLDER}/${user}/${MAC_NAME}`] : [];
  const paths = [`${MAC_FOLDER}/${MAC_NAME}`, ...ofUser].map((path) => inRoot(root, path));
  const read = async (): Promise<Managed> => {
    const all = await Promise.all(paths.map((path) => readTrusted(path, () => readPlist(path, root, runner))));
    return all.reduce((below, above) => ({
      values: layered(below.values, above.values),
      problem: above.problem ?? below.problem,
    }));
  };
  return { paths, read };
}

/** Whether only an administrator can have written a file. */
export function isAdministrators({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return uid === 0 && (mode & 0o022) === 0;
}

async function readTrusted(file: string, read: () => Promise<Managed>): Promise<Managed> {
  try {
    if (isAdministrators(await stat(file))) return await read();
    return { values: {}, problem: problemOf('managed-not-trusted', { file }) };
  } catch (error) {
    const code = errorCode(error) ?? '';
    return code === 'ENOENT' || code === 'ENOTDIR' ? UNMANAGED : unread(file, code);
  }
}

async function readJson(file: string): Promise<Managed> {
  const found = await readRegularFile(file, MAX_SETTINGS_BYTES);
  return found.ok ? managedFrom(found.bytes, file) : unread(file, unreadDetail(found));
}

async function readPlist(path: string, root: string, runner: ProcessRunner): Promise<Managed> {
  const { file, args } = managedPreferences(path);
  const ended = await runner.run({ file: inRoot(root, file), args, env: { LC_ALL: 'C' }, timeoutMs: READ_MS });
  if (ended.ended === 'exited' && ended.exitCode === 0) return managedFrom(Buffer.from(ended.stdout), path);
  return unread(path, ended.ended === 'exited' ? ended.stdout.trim() || ended.stderr.trim() : ended.ended);
}

function unread(file: string, detail: string): Managed {
  return { values: {}, problem: problemOf('managed-unread', { file, detail }) };
}
