/**
 * Where the files of our worker threads and processes are: beside the source while Node runs the TypeScript itself (command line
 * from the source tree, tests), and in `out/main` once bundled (app, installed command line).
 */
import { join } from 'node:path';

/** Path under electron/ and name of the bundle in out/main. */
const WORKERS = {
  probe: { source: join('probe', 'worker.ts'), bundle: 'probe-worker.cjs' },
  history: { source: join('history', 'history-worker.ts'), bundle: 'history-worker.cjs' },
  gateway: { source: join('composition', 'gateway-child.ts'), bundle: 'gateway-process.cjs' },
  traffic: { source: join('traffic', 'reader-worker.ts'), bundle: 'traffic-worker.cjs' },
} as const;

export type WorkerName = keyof typeof WORKERS;

/** Absolute path of a worker's file, as `new Worker` takes it; inside app.asar when packaged. */
export function workerFile(name: WorkerName): string {
  return resolveWorker(name, import.meta.filename);
}

/** The same for a module at `here`: this file in the source tree, or the bundle it became part of. */
export function resolveWorker(name: WorkerName, here: string): string {
  const worker = WORKERS[name];
  // Either electron/system/worker-files.ts, or out/main/index.cjs, or out/cli/gopherbar.cjs.
  const parent = join(here, '..', '..');
  return here.endsWith('.ts') ? join(parent, worker.source) : join(parent, 'main', worker.bundle);
}
