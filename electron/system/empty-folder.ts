/**
 * An empty folder for tools that read their working directory: one per process, removed when it exits. Those of processes
 * that were killed are removed by the next one.
 */
import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from './error-facts.ts';

const PREFIX = 'gopherbar-empty-';
const OWN_NAME = /^gopherbar-empty-(\d+)-\w+$/;

let folder: string | null = null;

/** Its path. Throws the system's error when it cannot be created. */
export function emptyFolder(): string {
  if (folder !== null) return folder;
  removeAbandoned(tmpdir());
  const made = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}

/** Only empty folders go: nothing of anybody's is lost when a process number was used again. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(OWN_NAME.exec(name)?.[1] ?? 0);
    if (pid === 0 || isRunning(pid)) continue;
    try {
      rmdirSync(join(parent, name));
    } catch {
      // Somebody else's, or gone.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
