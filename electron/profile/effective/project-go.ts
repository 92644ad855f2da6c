/** What the project at hand asks of Go: the nearest go.work or go.mod upwards (https://go.dev/ref/mod#go-mod-file-go). */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ProjectGo } from '../../../shared/domain/effective.ts';

/** null = the folder is in no module. A go.work above wins over a go.mod nearer by. */
export async function projectGo(folder: string): Promise<ProjectGo | null> {
  return (await nearest(folder, 'go.work')) ?? nearest(folder, 'go.mod');
}

async function nearest(folder: string, name: string): Promise<ProjectGo | null> {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, name);
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) {
      const line = (word: string) => new RegExp(`^\\s*${word}\\s+(\\S+)`, 'm').exec(text)?.[1] ?? null;
      return { file, go: line('go'), toolchain: line('toolchain') };
    }
    if (dirname(at) === at) return null;
  }
}
