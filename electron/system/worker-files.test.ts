import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveWorker, workerFile } from './worker-files.ts';

test('from the source tree a worker is the TypeScript file of its feature', () => {
  expect(workerFile('probe')).toBe(join(import.meta.dirname, '..', 'probe', 'worker.ts'));
  expect(resolveWorker('history', '/src/electron/system/worker-files.ts')).toBe(
    '/src/electron/history/history-worker.ts',
  );
});

test('from the bundles of the app and of the command line a worker is the bundle in out/main', () => {
  expect(resolveWorker('probe', '/app.asar/out/main/index.cjs')).toBe('/app.asar/out/main/probe-worker.cjs');
  expect(resolveWorker('history', '/app.asar/out/cli/gopherbar.cjs')).toBe('/app.asar/out/main/history-worker.cjs');
});
