/**
 * One way of idling in a process of its own: `engine FOLDER` = the whole engine without a window, `bare FOLDER` = the same
 * probes in a bare loop. After a warm-up it measures for a while and prints one line of JSON.
 *
 *   node build/bench/idle-child.ts WAY FOLDER INTERVAL-MS WARM-UP-MS MEASURE-MS
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCore } from '../../electron/composition/core.ts';
import { enginePorts } from '../../electron/composition/engine.ts';
import { startEngine } from '../../electron/engine/engine.ts';
import { InlinePool } from '../../electron/probe/inline-pool.ts';
import { SettingsFile } from '../../electron/settings/settings-file.ts';
import type { Clock } from '../../electron/system/clock.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { silentLog } from '../../electron/system/log.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';

const [, , way = '', folder = '', interval = '', warmUp = '', measure = ''] = process.argv;
const intervalMs = Number(interval);
let probes = 0;
/** Timers shorter than a second that were set while nothing was asked of anybody. */
let shortTimers = 0;
let timers = 0;
let probing = 0;

const counting: Clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic(),
  after(delayMs, callback) {
    timers += 1;
    if (delayMs < 1_000 && probing === 0) shortTimers += 1;
    return systemClock.after(delayMs, callback);
  },
};

if (way === 'engine') await runEngine();
else await runBare();
// The real timers are unreferenced: something must keep this process.
const keep = setInterval(() => {}, 60_000);
await pass(Number(warmUp));
const before = { cpu: process.cpuUsage(), probes, timers, shortTimers, switches: switches() };
await pass(Number(measure));
const { user, system } = process.cpuUsage(before.cpu);
clearInterval(keep);
process.stdout.write(
  `${JSON.stringify({
    cpuMs: (user + system) / 1_000,
    probes: probes - before.probes,
    timers: timers - before.timers,
    shortTimers: shortTimers - before.shortTimers,
    wakeups: switches() - before.switches,
    residentMb: process.memoryUsage.rss() / 1e6,
  })}\n`,
);
process.exit();

async function runEngine(): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOTOOLCHAIN: 'local' };
  const ports = await enginePorts(await openCore(folder, env, silentLog));
  const { pool } = ports;
  await startEngine({
    ...ports,
    clock: counting,
    pool: {
      ...pool,
      close: () => pool.close(),
      probe: async (request, signal) => {
        probes += 1;
        probing += 1;
        const result = await pool.probe(request, signal);
        // What follows a result (storing, showing) is its own cost, not idling.
        setImmediate(() => {
          probing -= 1;
        });
        return result;
      },
    },
  });
}

/** A timer an endpoint and the probe, nothing else. */
async function runBare(): Promise<void> {
  const file = await SettingsFile.open(join(folder, 'settings.json'), systemClock);
  const { endpoints, resolver, extraCa } = file.settings;
  const pool = new InlinePool(systemClock);
  const extraCaTexts = extraCa.map((one) => (one.startsWith('-----') ? one : readFileSync(one, 'utf8')));
  const signal = new AbortController().signal;
  for (const [index, endpoint] of endpoints.entries()) {
    const again = () => {
      probes += 1;
      void pool.probe(
        { endpoint, depth: 'light', limits: DEFAULT_LIMITS, network: { resolver, extraCa: extraCaTexts } },
        signal,
      );
    };
    setTimeout(
      () => {
        again();
        setInterval(again, intervalMs);
      },
      (index / endpoints.length) * intervalMs,
    );
  }
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Times this process went to sleep and was woken, all threads: proc(5). */
function switches(): number {
  try {
    return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
