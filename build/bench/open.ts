/**
 * `npm run bench -- open`: from the engine's start to the snapshot that the popover paints first, with a year of
 * history and
 * with none, in interleaved rounds. Opening the popover later reads nothing: its snapshot is in memory. A full run
 * writes
 * docs/figures/open.json.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openCore } from '../../electron/composition/core.ts';
import { openEngine } from '../../electron/composition/engine.ts';
import { silentLog } from '../../electron/system/log.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/units.ts';
import type { BenchOptions } from './bench-options.ts';
import { PackedLayout } from './history-layouts.ts';
import { median } from './rounds.ts';
import { syntheticTicks } from './synthetic-samples.ts';

const ENDPOINTS = 10;
const INTERVAL_MS = 30_000;

/** Runs the bench and prints its ratio. */
export async function benchOpen({ quick }: BenchOptions): Promise<void> {
  const days = quick ? 10 : 365;
  const rounds = quick ? 5 : 15;
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-open-'));
  try {
    const full = folderIn(scratch, 'full');
    const empty = folderIn(scratch, 'empty');
    fill(join(full, 'history.sqlite'), days);
    const times = { full: [] as number[], empty: [] as number[] };
    await startMs(full);
    await startMs(empty);
    for (let round = 0; round < rounds; round += 1) {
      times.full.push(await startMs(full));
      times.empty.push(await startMs(empty));
    }
    const [withHistory, without] = [median(times.full), median(times.empty)];
    const figures = {
      days,
      historyMb: Math.round(statSync(join(full, 'history.sqlite')).size / 1e5) / 10,
      firstSnapshotMs: { withHistory: Math.round(withHistory * 10) / 10, without: Math.round(without * 10) / 10 },
      ratio: Math.round((withHistory / without) * 100) / 100,
    };
    console.log(`start to first snapshot, ${days} days of ${ENDPOINTS} endpoints against none`);
    console.log(JSON.stringify(figures, null, 2));
    if (quick) return;
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    const report = { date: new Date().toISOString().slice(0, 10), commit, rounds, ...figures };
    writeFileSync(join(import.meta.dirname, '../../docs/figures/open.json'), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Unreachable endpoints: only the start is measured. */
function folderIn(scratch: string, name: string): string {
  const folder = mkdtempSync(join(scratch, `${name}-`));
  const endpoints = Array.from({ length: ENDPOINTS }, (_, i) => ({ id: `proxy-${i}`, url: 'http://127.0.0.1:9' }));
  writeFileSync(
    join(folder, 'settings.json'),
    JSON.stringify({ builtInProfiles: false, endpoints, watchedModules: [] }),
  );
  return folder;
}

function fill(file: string, days: number): void {
  const start = Math.floor((Date.now() - days * DAY_MS) / HOUR_MS) * HOUR_MS;
  const layout = new PackedLayout(file, start);
  const life = { seed: 1, endpoints: ENDPOINTS, intervalMs: INTERVAL_MS, jitter: 0.1, start };
  for (const tick of syntheticTicks(life, Math.floor((days * DAY_MS) / INTERVAL_MS))) layout.insert(tick);
  layout.close();
}

async function startMs(folder: string): Promise<number> {
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOTOOLCHAIN: 'local' };
  const began = performance.now();
  const core = await openCore(folder, env, silentLog);
  const engine = await openEngine(core);
  engine.snapshot();
  const took = performance.now() - began;
  await engine.close();
  await core.close();
  return took;
}
