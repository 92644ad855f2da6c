/**
 * What the current project requires of Go: the nearest go.work or go.mod upwards
 * (https://go.dev/ref/mod#go-mod-file-go).
 */
import { dirname, join } from 'node:path';
import type { ProjectGo } from '../../../shared/domain/effective.ts';
import { readTextIfRegular } from '../../system/read-file.ts';
import { MAX_MOD_FILE_BYTES } from '../preflight/go-mod.ts';

/** null = the folder is in no module. A go.work in a parent folder wins over a closer go.mod. */
export async function projectGo(folder: string): Promise<ProjectGo | null> {
  return (await nearest(folder, 'go.work')) ?? nearest(folder, 'go.mod');
}

async function nearest(folder: string, name: string): Promise<ProjectGo | null> {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, name);
    const text = await readTextIfRegular(file, MAX_MOD_FILE_BYTES);
    if (text !== null) return { file, go: directive(text, 'go'), toolchain: directive(text, 'toolchain') };
    if (dirname(at) === at) return null;
  }
}

/** The first argument of a directive. Spaces only: `\s` would rescan every run of empty lines (quadratic). */
function directive(text: string, word: string): string | null {
  return new RegExp(`^[ \\t]*${word}[ \\t]+(\\S+)`, 'm').exec(text)?.[1] ?? null;
}
