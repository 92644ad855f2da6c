/** Watches single files that other programs write, replace or create later. */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Stop } from './clock.ts';
import { errorCode } from './error-facts.ts';

/** `go env -w` and editors write in several steps: report when they have finished. */
const SETTLE_MS = 150;

/** Interval of looking for a missing or removed folder. */
const LOOK_AGAIN_MS = 5_000;

/** Calls back after any of the files was written, replaced, created or removed. Never throws. */
export function watchFiles(paths: readonly string[], clock: Clock, onChange: () => void): Stop {
  let stopSettling: Stop = () => {};
  const changed = () => {
    stopSettling();
    stopSettling = clock.after(SETTLE_MS, onChange);
  };
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    const names = folders.get(dirname(path)) ?? new Set<string>();
    folders.set(dirname(path), names.add(basename(path)));
  }
  const stops = [...folders].map(([folder, names]) => watchFolder(folder, names, clock, changed));
  return () => {
    stopSettling();
    for (const stop of stops) stop();
  };
}

/** Watches the folder: replacing a file would end a watch of the file itself. */
function watchFolder(folder: string, names: ReadonlySet<string>, clock: Clock, changed: () => void): Stop {
  let watcher: FSWatcher | null = null;
  let stopTimer: Stop = () => {};
  const listen = (isAgain: boolean) => {
    try {
      watcher = watch(folder, (kind, name) => {
        if (name === null || names.has(name)) changed();
        // The folder itself was moved or removed.
        else if (kind === 'rename' && name === basename(folder)) lost();
      });
      watcher.on('error', lost);
      watcher.unref();
      if (isAgain) changed();
    } catch (error) {
      // More watches than the system gives (inotify(7), ENOSPC): then the file is looked at from time to time.
      if (isAgain && errorCode(error) !== 'ENOENT') changed();
      lost();
    }
  };
  const lost = () => {
    watcher?.close();
    watcher = null;
    stopTimer();
    stopTimer = clock.after(LOOK_AGAIN_MS, () => listen(true));
  };
  listen(false);
  return () => {
    stopTimer();
    watcher?.close();
  };
}
