/**
 * The app's start: claims the desktop, builds the real adapters, starts the engine, shows it. Nothing else.
 * Called as `Gopherbar --cli …` (by the launcher of the installed `gopherbar` command) it is the command line instead.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { claim, giveWay, start } from './app/app.ts';
import { openDoctor } from './composition/doctor.ts';
import { openPorts } from './composition/engine.ts';
import { openPolicy } from './composition/policy.ts';
import { dataPaths } from './composition/settings.ts';
import { openTraffic } from './composition/traffic.ts';
import { startEngine } from './engine/engine.ts';
import { systemClock } from './system/clock.ts';
import { takeLock } from './system/exclusive-lock.ts';
import { dataFolder } from './system/files.ts';
import { streamLog } from './system/log.ts';

const log = streamLog(process.stderr);
const { env } = process;
const folder = dataFolder(process.platform, env);

if (process.argv.includes('--cli')) {
  // A bundle of its own: the app's start does not read the command line's code.
  createRequire(import.meta.url)('../cli/gopherbar.cjs');
} else if (claim(folder)) {
  void run().catch((error: unknown) => {
    log.error('start failed', { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exit(1);
  });
} else {
  giveWay();
}

async function run(): Promise<void> {
  const paths = dataPaths(folder);
  const lock = takeLock(paths.engineLock);
  // A `gopherbar watch` in some terminal: two engines would probe twice and write the same history.
  if (lock === null)
    throw new Error('another Gopherbar engine (gopherbar watch) is running: end it, then start the app');
  const ports = await openPorts(folder, env, log);
  const engine = await startEngine(ports);
  await start(
    {
      engine,
      doctor: await openDoctor(folder, env, ports.pool, log),
      policy: await openPolicy(folder, env),
      traffic: await openTraffic(folder, env),
    },
    {
      outFolder: join(import.meta.dirname, '..'),
      settingsFile: paths.settings,
      clock: systemClock,
      log,
      env,
      openAtStart: process.argv.includes('--show'),
    },
  );
}
