/**
 * The app's start: claims the desktop, builds the real adapters, starts the engine, shows it. Nothing else.
 * Called as `Gopherbar --cli …` (by the launcher of the installed `gopherbar` command) it is the command line instead.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { claim, giveWay, start } from './app/app.ts';
import { appUpdater } from './app/app-updater.ts';
import { utilityStarter } from './app/utility-child.ts';
import { openControl } from './composition/control.ts';
import { openCore } from './composition/core.ts';
import { dataPaths } from './composition/data-paths.ts';
import { openDoctor } from './composition/doctor.ts';
import { openEngine } from './composition/engine.ts';
import { openGatewayService } from './composition/gateway-service.ts';
import { openMetricsService } from './composition/metrics.ts';
import { openPolicy } from './composition/policy.ts';
import { openSettings } from './composition/settings-service.ts';
import { openTraffic } from './composition/traffic.ts';
import { openUpdates } from './composition/updates.ts';
import { takeLock } from './system/exclusive-lock.ts';
import { dataFolder } from './system/files.ts';
import { streamLog } from './system/log.ts';
import { readLowPower } from './system/low-power.ts';
import { workerFile } from './system/worker-files.ts';

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
  const core = await openCore(folder, env, log);
  const engine = await openEngine(core);
  const services = {
    engine,
    doctor: await openDoctor(core),
    policy: openPolicy(core),
    traffic: openTraffic(core),
    settings: openSettings(core, engine),
    gateway: openGatewayService(core, engine, utilityStarter(workerFile('gateway'), 'Gopherbar Gateway')),
    updates: openUpdates(core, engine, appUpdater(core)),
  };
  const metrics = openMetricsService(core, engine);
  const control = await openControl(core, engine);
  await start(services, {
    outFolder: join(import.meta.dirname, '..'),
    settingsFile: paths.settings,
    clock: core.clock,
    log,
    env,
    isLowPower: () => readLowPower(core.runner, env, process.platform),
    close: async () => {
      const { doctor, traffic, settings, gateway, updates } = services;
      await control.close();
      await Promise.all([doctor, traffic, settings, gateway, metrics, updates].map((service) => service.close()));
      await engine.close();
      await core.close();
      lock.release();
    },
    openAtStart: process.argv.includes('--show'),
  });
}
