/**
 * Checks that an end is an end: after `close()` no timer, watcher, socket, worker or child process of the product is left,
 * and no file of its folder changes any more. Only handles that product code (electron/) created count; those of the test
 * and of the lab do not.
 *
 *   const quiet = watchForQuiet(folder);  // before the part is started
 *   await part.close();
 *   await quiet.expectQuiet();
 */
import { type AsyncHook, createHook } from 'node:async_hooks';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Handles that keep something going; requests that are answered are not among them. */
const HANDLES: ReadonlySet<string> = new Set([
  'Timeout',
  'FSEVENTWRAP',
  'STATWATCHER',
  'PROCESSWRAP',
  'PIPEWRAP',
  'TCPSERVERWRAP',
  'TCPWRAP',
  'UDPWRAP',
  'WORKER',
  'FILEHANDLE',
]);

/** A closed handle is released in a later turn of the event loop. */
const RELEASED_WITHIN_MS = 250;

/** How long files are watched: a `go` that was not waited for takes some 100 ms to end and to be written about. */
const FILES_WATCHED_MS = 400;

export interface QuietCheck {
  /** Rejects with what still runs or writes. Ends the check. */
  expectQuiet(): Promise<void>;
  /** Ends the check without a verdict. */
  stop(): void;
}

/** Begins to count handles. `folder` is watched for writes, and marks processes of ours: they have it in their environment. */
export function watchForQuiet(folder: string): QuietCheck {
  const open = new Map<number, string>();
  const hook: AsyncHook = createHook({
    init: (id, type) => {
      if (!HANDLES.has(type)) return;
      const origin = originOf(new Error().stack ?? '');
      if (origin !== null) open.set(id, `${type} of ${origin}`);
    },
    destroy: (id) => {
      open.delete(id);
    },
  });
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 40;
  hook.enable();
  const stop = () => {
    hook.disable();
    Error.stackTraceLimit = stackTraceLimit;
  };
  return {
    stop,
    expectQuiet: async () => {
      try {
        const children = processesWith(folder);
        const before = filesIn(folder);
        for (const end = performance.now() + RELEASED_WITHIN_MS; open.size > 0 && performance.now() < end; ) {
          await delay(10);
        }
        const handles = [...open.values()];
        await delay(FILES_WATCHED_MS);
        const written = changed(before, filesIn(folder));
        const left = [
          ...handles,
          ...children.map((one) => `process ${one}`),
          ...written.map((one) => `write of ${one}`),
        ];
        if (left.length > 0) throw new Error(`not quiet after close:\n${left.join('\n')}`);
      } finally {
        stop();
      }
    },
  };
}

/** The innermost frame in the project, if that is product code; null for the test's and the lab's own handles. */
function originOf(stack: string): string | null {
  for (const line of stack.split('\n')) {
    const place = /\/((?:electron|e2e|shared|build|renderer)\/[\w./-]+\.[cm]?tsx?)[:?]/.exec(line)?.[1];
    if (place === undefined || place === 'e2e/lab/expect-quiet.ts') continue;
    return place.startsWith('electron/') && !/\.test\.ts$/.test(place) ? place : null;
  }
  return null;
}

/** Processes of this system, other than this one, that have the folder in their environment (Linux; elsewhere none). */
function processesWith(folder: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return environment.includes(folder) && command !== '' ? [`${pid} (${command})`] : [];
      } catch {
        return []; // gone, or not ours to read
      }
    });
}

function filesIn(folder: string): ReadonlyMap<string, number> {
  const files = new Map<string, number>();
  const visit = (path: string) => {
    try {
      const stat = statSync(path);
      files.set(path, stat.mtimeMs);
      if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    } catch {
      // Gone in the meantime: the next look will tell.
    }
  };
  visit(folder);
  return files;
}

function changed(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): readonly string[] {
  const written = [...after].filter(([path, at]) => before.get(path) !== at).map(([path]) => path);
  return [...written, ...[...before.keys()].filter((path) => !after.has(path))];
}
