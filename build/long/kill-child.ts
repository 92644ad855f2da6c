/**
 * Records samples through the worker store as fast as it acknowledges them, until it is killed. Each line on stdout is
 * a tick that was acknowledged, as JSON. The clock is the samples' own, so that hours close many times a second.
 *
 *   node build/long/kill-child.ts FILE SEED START
 */
import { openWorkerHistory } from '../../electron/history/worker-history.ts';
import { silentLog } from '../../electron/system/log.ts';
import { workerFile } from '../../electron/system/worker-files.ts';
import { syntheticTicks } from '../bench/synthetic-samples.ts';

const [file = '', seed = '0', start = '0'] = process.argv.slice(2);
let now = Number(start);
const { store } = await openWorkerHistory({
  file,
  clock: { now: () => now },
  workerFile: workerFile('history'),
  log: silentLog,
});
const life = { seed: Number(seed), endpoints: 10, intervalMs: 30_000, jitter: 0.1, start: now };
for (const tick of syntheticTicks(life, Number.MAX_SAFE_INTEGER)) {
  now = tick.at(-1)?.at ?? now;
  await store.record(tick);
  process.stdout.write(`${JSON.stringify(tick)}\n`);
}
