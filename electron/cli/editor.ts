/** The person's editor, and a private copy of a text in it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { MAX_SETTINGS_BYTES } from '../../shared/contract/settings-schema.ts';
import { DAY_MS } from '../../shared/domain/units.ts';
import type { Env } from '../system/files.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { type FileRead, readRegularFile } from '../system/read-file.ts';

/**
 * Program and arguments of $VISUAL, $EDITOR or vi. Words may stand in quotes; nothing else of a shell is understood, and
 * no shell is run.
 */
export function editorCommand(env: Env): readonly [string, ...string[]] {
  const text = [env.VISUAL, env.EDITOR].find((one) => one !== undefined && one.trim() !== '') ?? 'vi';
  const words = [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  const [file = 'vi', ...args] = words;
  return [file, ...args];
}

/** How an editor ended; `detail` is for a person. */
export type Edited = { readonly ok: true } | { readonly ok: false; readonly detail: string };

/** A text in a folder that only the person can read, until `remove` is called. */
export class EditedCopy {
  readonly path: string;
  readonly #folder: string;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.path = join(folder, name);
  }

  /** Rejects with the system's error. */
  static async of(name: string, text: string, env: Env): Promise<EditedCopy> {
    const copy = new EditedCopy(await mkdtemp(join(env.TMPDIR ?? tmpdir(), 'gopherbar-edit-')), basename(name));
    await writeFile(copy.path, text, { mode: 0o600 });
    return copy;
  }

  /** Opens the editor, and resolves when it has ended. */
  async edit(runner: ProcessRunner, env: Env): Promise<Edited> {
    const [file, ...args] = editorCommand(env);
    // Ctrl-C in an editor is a key of its own: only the editor decides when it ends.
    const ended = await runner.run({ file, args: [...args, this.path], env, terminal: true, timeoutMs: DAY_MS });
    switch (ended.ended) {
      case 'not-started':
        return { ok: false, detail: `${file}: ${ended.message}` };
      case 'killed':
        return { ok: false, detail: `${file}: ${ended.signalName ?? ended.by}` };
      case 'exited':
        return ended.exitCode === 0 ? { ok: true } : { ok: false, detail: `${file}: exit ${ended.exitCode}` };
    }
  }

  read(): Promise<FileRead> {
    return readRegularFile(this.path, MAX_SETTINGS_BYTES);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
