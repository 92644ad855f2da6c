/**
 * The engine with as many endpoints as the settings take, every fourth of which hangs: until each has been judged, and what
 * the snapshot, its way over IPC and the dashboard's query cost meanwhile. Real sockets, threads and history.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { openCore } from '../../electron/composition/core.ts';
import { enginePorts } from '../../electron/composition/engine.ts';
import { startEngine } from '../../electron/engine/engine.ts';
import { silentLog } from '../../electron/system/log.ts';
import type { BenchOptions } from './bench-options.ts';

const FIGURES = join(import.meta.dirname, '..', '..', 'docs', 'figures', 'endpoints.json');
const GOAL = { judgedWithinMs: 60_000, snapshotBytesEach: 6_000, dashboardMs: 1_000, loopP99Ms: 100 } as const;
const HANGING = 4;
/** Readings of the snapshot and the dashboard after all have been judged, one a second. */
const READINGS = 30;

/** Runs it once, and names the goals that were missed. */
export async function benchEndpoints({ quick }: BenchOptions): Promise<void> {
  const count = quick ? 40 : 200;
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-endpoints-'));
  const lab = await startLab();
  const healthy = await lab.proxy({ host: 'healthy.lab', transport: 'http' });
  const silent = await lab.proxy({ host: 'silent.lab', transport: 'http' });
  await silent.setFault({ type: 'drop-request', how: 'hang' });
  const endpoints = Array.from({ length: count }, (_, index) => {
    const { url } = index % HANGING === 0 ? silent : healthy;
    return { id: `e${index}`, url, module: FIXTURE_MODULE };
  });
  const settings = { builtInProfiles: false, watchedModules: [], endpoints, network: { resolver: lab.dns.address } };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOPATH: join(folder, 'go') };
  const core = await openCore(folder, env, silentLog);
  const loop = monitorEventLoopDelay({ resolution: 5 });
  const began = performance.now();
  const engine = await startEngine({ ...(await enginePorts(core)), hasNetworkPath: () => true });
  try {
    loop.enable();
    engine.probing.setVisible(true);
    const open = () => engine.snapshot().endpoints.filter(({ status }) => status !== 'up' && status !== 'down').length;
    while (open() > 0 && performance.now() - began < 4 * GOAL.judgedWithinMs) await delay(100);
    const judgedMs = performance.now() - began;
    const readings: {
      readonly ipcMs: number;
      readonly bytes: number;
      readonly dashboardMs: number;
      readonly rows: number;
    }[] = [];
    for (let i = 0; i < (quick ? 3 : READINGS); i++) {
      await delay(1_000);
      const snapshot = engine.snapshot();
      const [ipcMs, message] = await timed(async () => serialize(snapshot));
      const [copyMs] = await timed(async () => deserialize(message));
      const [dashboardMs, dashboard] = await timed(() => engine.history.dashboard());
      readings.push({ ipcMs: ipcMs + copyMs, bytes: message.length, dashboardMs, rows: serialize(dashboard).length });
    }
    loop.disable();
    const worst = (of: (one: (typeof readings)[number]) => number) =>
      Math.round(Math.max(...readings.map(of)) * 10) / 10;
    const figures = {
      endpoints: count,
      hanging: Math.ceil(count / HANGING),
      judgedMs: Math.round(judgedMs),
      unjudged: open(),
      snapshotBytes: worst(({ bytes }) => bytes),
      ipcMs: worst(({ ipcMs }) => ipcMs),
      dashboardBytes: worst(({ rows }) => rows),
      dashboardMs: worst(({ dashboardMs }) => dashboardMs),
      loopP99Ms: Math.round(loop.percentile(99) / 1e5) / 10,
      loopWorstMs: Math.round(loop.max / 1e5) / 10,
    };
    const missed = [
      ...(figures.unjudged > 0 || judgedMs > GOAL.judgedWithinMs ? ['judgedWithinMs'] : []),
      ...(figures.snapshotBytes > GOAL.snapshotBytesEach * count ? ['snapshotBytesEach'] : []),
      ...(figures.dashboardMs > GOAL.dashboardMs ? ['dashboardMs'] : []),
      ...(figures.loopP99Ms > GOAL.loopP99Ms ? ['loopP99Ms'] : []),
    ];
    console.table([figures]);
    console.log(missed.length === 0 ? 'every goal met' : `goals missed: ${missed.join(', ')}`);
    if (!quick) save({ ...figures, missed });
  } finally {
    await engine.close();
    await core.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function timed<T>(act: () => Promise<T>): Promise<readonly [number, T]> {
  const began = performance.now();
  const value = await act();
  return [performance.now() - began, value];
}

function save(figures: object): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const head = { date: new Date().toISOString().slice(0, 10), commit, seed: null, readings: READINGS, goal: GOAL };
  writeFileSync(FIGURES, `${JSON.stringify({ ...head, ...figures }, null, 2)}\n`);
}
