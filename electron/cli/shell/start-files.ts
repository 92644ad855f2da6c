/** The start files of the shells: which one each reads, and how one is changed. */
import { existsSync } from 'node:fs';
import { access, constants, lstat, realpath, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, type Outcome, succeeded } from '../../../shared/domain/outcome.ts';
import { errorDetail } from '../../system/error-facts.ts';
import { type Env, writeFileAtomic } from '../../system/files.ts';
import { readRegularFile, unreadDetail } from '../../system/read-file.ts';
import type { Shell } from '../completion/scripts.ts';
import type { Edit } from './block.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The file that an interactive shell reads. A terminal of macOS opens login shells, in which bash reads the first of three
 * files alone: a new one before the others would hide them.
 */
export function startFile(shell: Shell, platform: NodeJS.Platform, home: string, env: Env): string {
  switch (shell) {
    case 'zsh':
      return join(env.ZDOTDIR?.startsWith('/') ? env.ZDOTDIR : home, '.zshrc');
    case 'fish':
      return join(
        env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(home, '.config'),
        'fish',
        'config.fish',
      );
    case 'bash': {
      if (platform !== 'darwin') return join(home, '.bashrc');
      const files = ['.bash_profile', '.bash_login', '.profile'].map((name) => join(home, name));
      return files.find((file) => existsSync(file)) ?? join(home, '.bash_profile');
    }
  }
}

/** Changes a file through its links, keeping its mode, owner and hard links; resolves with whether it had to. */
export async function editStartFile(path: string, edit: (before: string | null) => Edit): Promise<Outcome<boolean>> {
  try {
    const target = (await lstat(path).catch(() => null)) === null ? null : await realpath(path);
    const before = target === null ? null : await readRegularFile(target, MAX_BYTES);
    if (before !== null && !before.ok) {
      return failed('start-file-not-changed', { file: path, detail: unreadDetail(before) });
    }
    // One letter for each byte, so that no encoding is lost.
    const text = before === null ? null : before.bytes.toString('latin1');
    const next = edit(text);
    if ('damaged' in next) return failed('start-file-damaged', { file: path });
    if ('absent' in next) {
      await unlink(target ?? path);
      return succeeded(true);
    }
    if (next.text === (text ?? '')) return succeeded(false);
    await replace(path, target, Buffer.from(next.text, 'latin1'));
    return succeeded(true);
  } catch (error) {
    return failed('start-file-not-changed', { file: path, detail: errorDetail(error) });
  }
}

async function replace(path: string, target: string | null, bytes: Buffer): Promise<void> {
  if (target === null) return writeFileAtomic(path, bytes, 0o644);
  // A file that its owner made read-only is not replaced behind their back.
  await access(target, constants.W_OK);
  const { mode, nlink, uid } = await stat(target);
  const isOnlyOurs = nlink === 1 && uid === process.geteuid?.();
  return isOnlyOurs ? writeFileAtomic(target, bytes, mode & 0o7777) : writeFile(target, bytes);
}
