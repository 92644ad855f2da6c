/**
 * `npm run long -- dashboards [--opens N]`: the dashboard is opened and closed 100 times in the built app. After the first
 * tenth, neither the main process's heap after a garbage collection nor the memory that all processes hold (PSS,
 * proc_pid_smaps(5)) may grow. Linux only; exit 1 when one does. Writes docs/figures/dashboards.json.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { family, launchApp } from '../../e2e/app-driver.ts';
import { startSessionBus } from '../../e2e/desktop/session-bus.ts';
import { ownTray } from '../../e2e/desktop/status-notifier.ts';
import { startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { createScratch } from '../../e2e/scratch.ts';
import { build } from '../build.mjs';
import { ensureRuntime } from '../electron-runtime.mjs';
import { Acts } from './app-soak-acts.ts';

const { values } = parseArgs({
  options: { opens: { type: 'string', default: '100' }, 'no-figures': { type: 'boolean', default: false } },
});
const opens = Number(values.opens);
/** What a heap or the pages of processes may differ by between two quiet moments: a share. */
const NOISE = { heap: 0.05, pss: 0.08 };

interface Reading {
  readonly opened: number;
  /** Of the main process after a collection, MB. */
  readonly heapMb: number;
  /** Of all processes, MB. */
  readonly pssMb: number;
  readonly handles: number;
}

if (process.platform !== 'linux') {
  console.error('dashboards: Linux only, for what it reads of /proc');
  process.exitCode = 2;
} else if (!process.env.DISPLAY) {
  const screen = ['-a', '-s', '-screen 0 1440x900x24', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.exitCode = spawnSync('xvfb-run', screen, { stdio: 'inherit' }).status ?? 1;
} else {
  process.exitCode = (await play()) ? 0 : 1;
}

async function play(): Promise<boolean> {
  process.env.ELECTRON_OVERRIDE_DIST_PATH ??= (await ensureRuntime()).dist;
  await build({ e2e: true });
  const scratch = createScratch();
  const session = await startSessionBus();
  const tray = await ownTray(session.bus);
  const lab = await startLab();
  const proxy = await lab.proxy({ host: 'plain.lab', transport: 'http' });
  const settings = {
    builtInProfiles: false,
    watchedModules: [],
    endpoints: [{ id: 'plain', url: proxy.url, module: FIXTURE_MODULE }],
    controls: [],
    network: { resolver: lab.dns.address },
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  const bus = { DBUS_SESSION_BUS_ADDRESS: session.address, DBUS_SYSTEM_BUS_ADDRESS: session.address };
  const app = await launchApp({ ...scratch.env, ...bus }, ['--show', '--js-flags=--expose-gc']);
  const readings: Reading[] = [];
  try {
    const acts = new Acts(app, await tray.item());
    for (let opened = 1; opened <= opens; opened += 1) {
      await acts.openAndCloseDashboard();
      if (opened % Math.max(1, Math.floor(opens / 10)) !== 0) continue;
      await delay(1_000);
      const heapBytes = await app.electron.evaluate(() => {
        (globalThis as unknown as { gc(): void }).gc();
        return process.memoryUsage().heapUsed;
      });
      const pids = family(app.child.pid ?? 0);
      const reading = {
        opened,
        heapMb: rounded(heapBytes / 1e6),
        pssMb: rounded(pids.map(pssMb).reduce((sum, one) => sum + one, 0)),
        handles: Number(execFileSync('sh', ['-c', `ls /proc/${app.child.pid}/fd | wc -l`], { encoding: 'utf8' })),
      };
      console.log(JSON.stringify(reading));
      readings.push(reading);
    }
  } finally {
    await app.quit();
    await lab.close();
    await session.close();
    scratch.remove();
  }
  return judged(readings);
}

/** The best of the first three readings against the best of the last three: a page that ends late is no growth. */
function judged(readings: readonly Reading[]): boolean {
  const least = (some: readonly Reading[], of: (one: Reading) => number) => Math.min(...some.map(of));
  const growth = (of: (one: Reading) => number) => least(readings.slice(-3), of) / least(readings.slice(1, 4), of) - 1;
  const grown = { heap: rounded(growth((one) => one.heapMb)), pss: rounded(growth((one) => one.pssMb)) };
  const isFlat = grown.heap <= NOISE.heap && grown.pss <= NOISE.pss;
  console.log(`${isFlat ? 'flat' : 'GROWS'}: heap ${grown.heap * 100} %, memory of all processes ${grown.pss * 100} %`);
  if (!values['no-figures'])
    writeFileSync(
      join(import.meta.dirname, '..', '..', 'docs', 'figures', 'dashboards.json'),
      `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), commit: commit(), opens, allowed: NOISE, grown, readings }, null, 2)}\n`,
    );
  return isFlat;
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}

/** 0 for a process that has ended. */
function pssMb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
