/** Undoes a switch in a file that has changed since: reverts our values, keeps everything else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitSetting, gitKey, gitValues, isRepeatable, sameValues } from '../../shared/domain/git-setting.ts';
import { DONE, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import { namedVariables } from '../../shared/domain/profile.ts';
import type { GitCommand } from '../toolchain/git-config.ts';
import { envCalls, type GoCommand } from '../toolchain/go-env.ts';
import { type SavedFile, valueIn } from './env-file.ts';
import type { SwitchRecord } from './journal.ts';
import type { Tools } from './tools.ts';

/** Restores the previous values with go or git itself. `before` is the file before the switch. */
export async function undoByKey(
  tools: Tools | null,
  record: SwitchRecord,
  role: 'go' | 'git',
  before: SavedFile,
  onStart: (pid: number) => void,
): Promise<Outcome> {
  const missing = { key: role === 'go' ? 'go-missing' : 'git-missing', params: {} };
  if (role === 'go') {
    return tools === null ? { ok: false, problem: missing } : undoGo(tools.go, record, before, onStart);
  }
  if (tools === null || tools.git === null) return { ok: false, problem: missing };
  return undoGit(tools.git, record, before, onStart);
}

/** Values that the file contained are written, the others removed. */
async function undoGo(
  go: GoCommand,
  record: SwitchRecord,
  before: SavedFile,
  onStart: (pid: number) => void,
): Promise<Outcome> {
  const names = namedVariables(record);
  const former = Object.fromEntries(names.map((name) => [name, valueIn(before, name) ?? '']));
  return each(envCalls(former, go.unknown), (args) => go.change(args, onStart));
}

async function undoGit(
  git: GitCommand,
  record: SwitchRecord,
  before: SavedFile,
  onStart: (pid: number) => void,
): Promise<Outcome> {
  const former = await settingsIn(git, before);
  if (!former.ok) return former;
  const now = await git.read();
  if (!now.ok) return now;
  const calls = record.git.flatMap((setting) => undoSetting(setting, former.value, now.value));
  return each(calls, (args) => git.change(['config', '--global', ...args], onStart));
}

function undoSetting(
  { key, value }: GitSetting,
  former: readonly GitSetting[],
  now: readonly GitSetting[],
): readonly (readonly string[])[] {
  const before = gitValues(former, key);
  const current = gitValues(now, key);
  if (isRepeatable(key) && value !== null) {
    // Only the one value that was added is ours; the others may be newer than the switch.
    const isOurs = !before.includes(value) && current.includes(value);
    return isOurs ? [['--fixed-value', '--unset-all', gitKey(key) ?? key, value]] : [];
  }
  if (sameValues(before, current)) return [];
  return [['--unset-all', key], ...before.map((one) => ['--add', key, one])];
}

/** The managed settings of a saved git file, as git reads them. */
async function settingsIn(git: GitCommand, saved: SavedFile): Promise<Outcome<readonly GitSetting[]>> {
  if (saved === null) return succeeded([]);
  const folder = await mkdtemp(join(tmpdir(), 'gopherbar-git-'));
  try {
    const path = join(folder, 'config');
    await writeFile(path, saved.bytes, { mode: 0o600 });
    return await git.readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function each<T>(calls: readonly T[], run: (call: T) => Promise<Outcome>): Promise<Outcome> {
  for (const call of calls) {
    const done = await run(call);
    if (!done.ok) return done;
  }
  return DONE;
}
