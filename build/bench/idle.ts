/**
 * `npm run bench -- idle`: what the engine costs while nothing is shown: ten endpoints every 30 s, beside a bare loop of
 * the same probes, both at the same time, so that they meet the same weather. A full run writes docs/figures/idle.json.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import type { BenchOptions } from './bench-options.ts';
import { GOALS } from './goals.ts';
import { median } from './rounds.ts';

const ENDPOINTS = 10;

interface Idle {
  readonly cpuMs: number;
  readonly probes: number;
  readonly timers: number;
  readonly shortTimers: number;
  readonly wakeups: number;
  readonly residentMb: number;
}

/** Runs the bench and prints its table. */
export async function benchIdle({ quick }: BenchOptions): Promise<void> {
  const intervalMs = quick ? 3_000 : 30_000;
  const warmUpMs = quick ? 6_000 : 65_000;
  const measureMs = quick ? 12_000 : 240_000;
  const rounds = 1;
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-idle-'));
  const lab = await startLab();
  const proxies = await Promise.all(
    Array.from({ length: ENDPOINTS }, (_, i) => lab.proxy({ host: `p${i}.lab`, transport: 'h1' })),
  );
  const settings = {
    builtInProfiles: false,
    watchedModules: [],
    endpoints: proxies.map(({ host, url }) => ({ id: host, url, module: FIXTURE_MODULE })),
    intervals: { visibleMs: intervalMs, hiddenMs: intervalMs },
    network: { resolver: lab.dns.address },
    trust: { extraCa: [lab.authority.ca] },
  };
  const measured: Record<'engine' | 'bare', Idle[]> = { engine: [], bare: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const play = async (way: 'engine' | 'bare') => {
        const folder = join(scratch, `${way}-${round}`);
        mkdirSync(folder);
        writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
        writeFileSync(join(folder, 'goenv'), `GOPROXY=${proxies[0]?.url},direct\n`);
        measured[way].push(await child(way, folder, intervalMs, warmUpMs, measureMs));
      };
      await Promise.all([play('engine'), play('bare')]);
    }
  } finally {
    await lab.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  const perProbe = (way: 'engine' | 'bare') => measured[way].map(({ cpuMs, probes }) => (cpuMs * 1_000) / probes);
  const engine = median(perProbe('engine'));
  const bare = median(perProbe('bare'));
  const of = (key: keyof Idle) => median(measured.engine.map((one) => one[key]));
  const minutes = measureMs / 60_000;
  const figures = {
    microsPerProbe: { engine: Math.round(engine), bare: Math.round(bare) },
    ratio: Math.round((engine / bare) * 100) / 100,
    cpuSecondsPerHour: Math.round((of('cpuMs') / measureMs) * 3_600 * 100) / 100,
    wakeupsPerMinute: Math.round(of('wakeups') / minutes),
    timersPerMinute: Math.round(of('timers') / minutes),
    idleTimersBelowOneSecond: of('shortTimers'),
    residentMb: Math.round(of('residentMb')),
  };
  console.log(
    `idle, ${ENDPOINTS} endpoints every ${intervalMs / 1_000} s (goals: ratio ≤ ${GOALS.idleTimesBare}, ${GOALS.wakeupsPerMinute} wake-ups a minute)`,
  );
  console.log(JSON.stringify(figures, null, 2));
  if (quick) return;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const report = { date: new Date().toISOString().slice(0, 10), commit, rounds, measureMs, ...figures };
  writeFileSync(join(import.meta.dirname, '../../docs/figures/idle.json'), `${JSON.stringify(report, null, 2)}\n`);
}

async function child(
  way: string,
  folder: string,
  intervalMs: number,
  warmUpMs: number,
  measureMs: number,
): Promise<Idle> {
  const script = join(import.meta.dirname, 'idle-child.ts');
  const args = [intervalMs, warmUpMs, measureMs].map(String);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, way, folder, ...args],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '128' } },
  );
  return JSON.parse(stdout) as Idle;
}
