/**
 * `npm run bench -- history`: what ninety days of ten endpoints every 30 s cost to keep and to ask, against a table with
 * a row for each beat (Uptime Kuma's published schema), in one run. A full run writes docs/figures/history.json.
 *
 *   node build/bench/history.ts [--quick | --days N]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { Sample } from '../../shared/domain/result.ts';
import { DAY_MS, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';
import { HeartbeatLayout, type Layout, PackedLayout } from './history-layouts.ts';
import { median } from './rounds.ts';
import { syntheticTicks } from './synthetic-samples.ts';

export interface HistoryBenchOptions {
  /** A week, nothing written. */
  readonly quick: boolean;
  /** Days of history; 90 when absent, which alone writes figures. */
  readonly days?: number | undefined;
}

const LIFE = { seed: 1, endpoints: 10, intervalMs: 30_000, jitter: 0.1, start: Date.UTC(2026, 0, 1) };
const TICKS_AN_HOUR = HOUR_MS / LIFE.intervalMs;
const FULL_DAYS = 90;
const CHART_POINTS = 400;
const QUERY_ROUNDS = 5;
const STATS_DAYS = 30;

/** What one layout cost. */
interface Cost {
  bytesPerSample: number;
  /** Over the last day, stored live. */
  insertCpuMicros: number;
  /** Bytes handed to write(2) a sample, log and checkpoints included; null where /proc does not tell. */
  writtenBytes: number | null;
  /** Median, warm: one endpoint. */
  stripMs: number;
  /** Median, warm: all endpoints. */
  chartMs: number;
  /** p50, p95 and uptime of 30 days; median, warm: all endpoints. */
  statsMs: number;
}

/** Runs the bench and prints its table. */
export async function run({ quick, days: wanted }: HistoryBenchOptions): Promise<void> {
  const days = wanted ?? (quick ? 7 : FULL_DAYS);
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-bench-history-'));
  try {
    const files = { packed: join(folder, 'packed.sqlite'), heartbeat: join(folder, 'heartbeat.sqlite') };
    const layouts = {
      packed: new PackedLayout(files.packed, LIFE.start),
      heartbeat: new HeartbeatLayout(files.heartbeat),
    };
    const { samples, live, now } = fill(layouts, days);
    const queries = { packed: ask(layouts.packed, days, now), heartbeat: ask(layouts.heartbeat, days, now) };
    const offBy = worstError(layouts.packed, now);
    for (const layout of Object.values(layouts)) layout.close();
    const cost = (name: keyof typeof layouts): Cost => ({
      bytesPerSample: statSync(files[name]).size / samples,
      ...live[name],
      ...queries[name],
    });
    report(days, samples, cost('packed'), cost('heartbeat'), offBy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Live = Pick<Cost, 'insertCpuMicros' | 'writtenBytes'>;

interface Filled {
  readonly samples: number;
  readonly live: { readonly packed: Live; readonly heartbeat: Live };
  readonly now: EpochMs;
}

/** All but the last day in the quickest way each layout has, the last day live, an hour of one, an hour of the other. */
function fill(layouts: { readonly packed: Layout; readonly heartbeat: Layout }, days: number): Filled {
  const meters = { packed: new Meter(), heartbeat: new Meter() };
  let hour: (readonly Sample[])[] = [];
  let samples = 0;
  let now = LIFE.start;
  let hours = 0;
  for (const tick of syntheticTicks(LIFE, days * 24 * TICKS_AN_HOUR)) {
    hour.push(tick);
    samples += tick.length;
    now = tick.at(-1)?.at ?? now;
    if (hour.length < TICKS_AN_HOUR) continue;
    const isLive = ++hours > (days - 1) * 24;
    for (const name of ['packed', 'heartbeat'] as const) {
      const ticks = hour;
      const insertAll = () => {
        for (const one of ticks) layouts[name].insert(one);
      };
      if (isLive) meters[name].measure(ticks.flat().length, insertAll);
      else layouts[name].grow(ticks);
    }
    hour = [];
  }
  return { samples, now, live: { packed: meters.packed.perSample(), heartbeat: meters.heartbeat.perSample() } };
}

/** Adds up CPU and written bytes of pieces of work. */
class Meter {
  #cpuMicros = 0;
  #written: number | null = 0;
  #samples = 0;

  measure(samples: number, work: () => void): void {
    const written = writtenBytes();
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    const after = writtenBytes();
    this.#cpuMicros += user + system;
    this.#written =
      this.#written === null || written === null || after === null ? null : this.#written + after - written;
    this.#samples += samples;
  }

  perSample(): Live {
    return {
      insertCpuMicros: this.#cpuMicros / this.#samples,
      writtenBytes: this.#written === null ? null : this.#written / this.#samples,
    };
  }
}

/** Bytes this process has handed to write(2) so far; Linux only. */
function writtenBytes(): number | null {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return null;
  }
}

function ask(layout: Layout, days: number, now: EpochMs): Pick<Cost, 'stripMs' | 'chartMs' | 'statsMs'> {
  const ids = Array.from({ length: LIFE.endpoints }, (_, index) => `proxy-${index}`);
  const strip = () => {
    for (const id of ids) layout.strip(id, now);
  };
  const chart = () => {
    for (const id of ids) layout.chart(id, now - days * DAY_MS, now, CHART_POINTS);
  };
  const stats = () => {
    for (const id of ids) layout.stats(id, now - STATS_DAYS * DAY_MS, now);
  };
  return { stripMs: warm(strip) / ids.length, chartMs: warm(chart), statsMs: warm(stats) };
}

/** Median of some runs after as many that warm up. */
function warm(query: () => void): number {
  for (let round = 0; round < QUERY_ROUNDS; round++) query();
  const times = Array.from({ length: QUERY_ROUNDS }, () => {
    const began = performance.now();
    query();
    return performance.now() - began;
  });
  return median(times);
}

/** How far our p50, p95 and uptime are off the exact ones, as the largest share. */
function worstError(packed: PackedLayout, now: EpochMs): number {
  const errors = Array.from({ length: LIFE.endpoints }, (_, index) => {
    const span = [`proxy-${index}`, now - STATS_DAYS * DAY_MS, now] as const;
    const [ours, exact] = [packed.stats(...span), packed.exactStats(...span)];
    return (['p50', 'p95', 'uptime'] as const).map((key) => Math.abs(ours[key] / exact[key] - 1));
  });
  return Math.max(...errors.flat());
}

function report(days: number, samples: number, packed: Cost, heartbeat: Cost, offBy: number): void {
  const ratio = (key: keyof Cost) => (packed[key] ?? Number.NaN) / (heartbeat[key] ?? Number.NaN);
  const names = {
    bytesPerSample: 'bytes a sample',
    insertCpuMicros: 'CPU µs a sample, live',
    writtenBytes: 'bytes written a sample, live',
    statsMs: `p50, p95, uptime of ${STATS_DAYS} days, ${LIFE.endpoints} endpoints, ms`,
    stripMs: '24 h strip of an endpoint, ms',
    chartMs: `${days}-day chart of ${LIFE.endpoints} endpoints, ms`,
  } as const satisfies Record<keyof Cost, string>;
  console.log(`${samples} samples, ${days} days`);
  for (const [key, name] of Object.entries(names) as [keyof Cost, string][]) {
    const [ours, theirs] = [packed[key]?.toFixed(2) ?? '–', heartbeat[key]?.toFixed(2) ?? '–'];
    console.log(`${name.padEnd(40)} ${ours.padStart(10)} ${theirs.padStart(10)}   1/${(1 / ratio(key)).toFixed(1)}`);
  }
  console.log(`p50, p95 and uptime are off by ${(offBy * 100).toFixed(2)} % at most`);
  if (days < FULL_DAYS) return;
  const root = join(import.meta.dirname, '..', '..');
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const figures = { date, commit, seed: LIFE.seed, days, samples, worstErrorPercent: offBy * 100, packed, heartbeat };
  const rounded = JSON.stringify(
    figures,
    (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value),
    2,
  );
  writeFileSync(join(root, 'docs', 'figures', 'history.json'), `${rounded}\n`);
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, days: { type: 'string' } } });
  await run({ quick: values.quick, days: values.days === undefined ? undefined : Number(values.days) });
}
