/**
 * `npm run bench -- gateway`: CPU and latency of the gateway process beside nginx proxy_pass, nginx proxy_cache and a bare TCP
 * splice, interleaved, all before one nginx origin on loopback. CPU is that of the measured process alone, from /proc.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zip } from '../../e2e/lab/other-zip.ts';
import type { BenchOptions } from './bench-options.ts';
import { load } from './gateway/load.ts';
import { findNginx, type MeasuredServer, origin, proxy, reachable } from './gateway/nginx.ts';
import { median, pairedRatio } from './rounds.ts';

const root = join(import.meta.dirname, '..', '..');
const FIGURES = join(root, 'docs', 'figures', 'gateway-cost.json');
/** /proc counts CPU in these (getconf CLK_TCK, 100 on every Linux). */
const TICK_MICROS = 10_000;
const ZIP_BYTES = 5_000_000;
const CONNECTIONS = 8;
/** Different ones, more than are asked for at once. */
const ZIPS = 20;
/** CPU against proxy_pass, zip rates a CPU second, and µs of the median over proxy_pass with one connection. */
const GOAL = { smallMiss: 4, smallHit: 1.6, cachedZip: 1.4, zipOfSplice: 0.55, p50Over: 120, memoryGrowth: 1.1 };

/** What one way cost: a small file in µs of CPU, or a zip in MB a CPU second. */
type Measured = Map<string, number[]>;

export async function benchGateway({ quick }: BenchOptions): Promise<void> {
  const nginx = findNginx();
  if (nginx === null || process.platform !== 'linux') {
    console.error('bench gateway needs Linux with nginx: apt-get install nginx-light');
    process.exitCode = 1;
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-bench-'));
  const servers: MeasuredServer[] = [];
  try {
    const folder = (name: string) => {
      mkdirSync(join(scratch, name));
      return join(scratch, name);
    };
    const own = folder('origin');
    for (let i = 0; i < ZIPS; i += 1) writeZip(join(own, 'tree'), i);
    const up = await origin(nginx, own, await freePort());
    servers.push(up);
    const pass = await proxy(nginx, folder('pass'), up.port, false, await freePort());
    servers.push(pass);
    const cache = await proxy(nginx, folder('cache'), up.port, true, await freePort());
    servers.push(cache);
    const splice = await spliceTo(up.port);
    servers.push(splice);
    const gateway = await gatewayTo(up.port, folder('home'), 500_000_000);
    servers.push(gateway);
    // Its cache holds two zips: every one that is asked for is a new one.
    const forgetful = await gatewayTo(up.port, folder('home2'), 2.5 * ZIP_BYTES);
    servers.push(forgetful);
    const measured = await rounds({ pass, cache, splice, gateway, forgetful }, quick);
    const memory = await memoryOver(forgetful, quick ? 0.2 : 2);
    report(measured, memory, quick);
  } finally {
    for (const server of servers) server.close();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Ways = Readonly<Record<'pass' | 'cache' | 'splice' | 'gateway' | 'forgetful', MeasuredServer>>;

async function rounds(ways: Ways, quick: boolean): Promise<Measured> {
  const measured: Measured = new Map();
  const small = quick ? 1_000 : 2_000;
  const zips = quick ? 20 : 40;
  const note = (name: string, value: number) => measured.set(name, [...(measured.get(name) ?? []), value]);
  const smallOf = async (name: string, server: MeasuredServer, pathOf: (i: number) => string) => {
    const paths = Array.from({ length: small }, (_, i) => pathOf(i));
    const before = cpuMicros(server.pid);
    await load(server.port, paths, CONNECTIONS);
    note(`${name} µs`, (cpuMicros(server.pid) - before) / small);
    const alone = await load(
      server.port,
      Array.from({ length: small / 4 }, (_, i) => pathOf(small + i)),
      1,
    );
    note(`${name} p50`, median(alone.micros));
  };
  const zipsOf = async (name: string, server: MeasuredServer, pathOf: (i: number) => string) => {
    const before = cpuMicros(server.pid);
    const paths = Array.from({ length: zips }, (_, i) => pathOf(i));
    const { bytes } = await load(server.port, paths, CONNECTIONS);
    note(`${name} MB/s`, bytes / Math.max(1, cpuMicros(server.pid) - before));
  };
  for (let round = -1; round < (quick ? 2 : 5); round += 1) {
    const id = round + 1;
    await smallOf('pass', ways.pass, (i) => `/bench.test/p${id}/m${i}/@v/v1.0.0.info`);
    await smallOf('miss', ways.gateway, (i) => `/bench.test/r${id}/m${i}/@v/v1.0.0.info`);
    await smallOf('hit', ways.gateway, () => `/bench.test/hit/@v/v1.0.0.info`);
    await smallOf('cache', ways.cache, () => `/bench.test/hit/@v/v1.0.0.info`);
    await zipsOf('pass zip', ways.pass, () => zipPath(0));
    await zipsOf('cached zip', ways.gateway, () => zipPath(0));
    await zipsOf('nginx cached zip', ways.cache, () => zipPath(0));
    await zipsOf('splice zip', ways.splice, () => zipPath(0));
    await zipsOf('new zip', ways.forgetful, zipPath);
    // The first round compiles and fills caches.
    if (round < 0) measured.clear();
  }
  return measured;
}

/** Peak memory after a tenth of so many GB of new zips, and after all of them, MB. */
async function memoryOver(gateway: MeasuredServer, gigabytes: number): Promise<{ early: number; late: number }> {
  const paths = Array.from({ length: Math.round((gigabytes * 1e9) / ZIP_BYTES) }, (_, i) => zipPath(i));
  const tenth = Math.ceil(paths.length / 10);
  await load(gateway.port, paths.slice(0, tenth), CONNECTIONS);
  const early = peakMb(gateway.pid);
  await load(gateway.port, paths.slice(tenth), CONNECTIONS);
  return { early, late: peakMb(gateway.pid) };
}

function report(measured: Measured, memory: { early: number; late: number }, quick: boolean): void {
  const of = (name: string) => measured.get(name) ?? [];
  const rows = [...measured].map(([way, values]) => ({ way, median: rounded(median(values)) }));
  const over = median(of('miss p50').map((value, i) => value - (of('pass p50')[i] ?? 0)));
  const ratios = {
    smallMiss: rounded(pairedRatio(of('miss µs'), of('pass µs'))),
    smallHit: rounded(pairedRatio(of('hit µs'), of('pass µs'))),
    cachedZip: rounded(pairedRatio(of('cached zip MB/s'), of('pass zip MB/s'))),
    zipOfSplice: rounded(pairedRatio(of('cached zip MB/s'), of('splice zip MB/s'))),
    newZipOfSplice: rounded(pairedRatio(of('new zip MB/s'), of('splice zip MB/s'))),
    p50Over: Math.round(over),
    memoryGrowth: rounded(memory.late / memory.early),
  };
  const met = {
    smallMiss: ratios.smallMiss <= GOAL.smallMiss,
    smallHit: ratios.smallHit <= GOAL.smallHit,
    cachedZip: ratios.cachedZip >= GOAL.cachedZip,
    zipOfSplice: ratios.zipOfSplice >= GOAL.zipOfSplice,
    p50Over: ratios.p50Over <= GOAL.p50Over,
    memoryGrowth: ratios.memoryGrowth <= GOAL.memoryGrowth,
  };
  console.log(`The gateway beside nginx; medians of ${of('miss µs').length} interleaved rounds\n`);
  console.table(rows);
  for (const [name, isMet] of Object.entries(met)) {
    const key = name as keyof typeof met;
    console.log(`${name}: ${ratios[key]} (goal ${GOAL[key]}: ${isMet ? 'met' : 'MISSED'})`);
  }
  console.log(`peak memory: ${memory.early} MB after a tenth of the zips, ${memory.late} MB after all`);
  if (quick) return;
  const head = {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    seed: null,
  };
  const figures = { ...head, goal: GOAL, ratios, met, peakMb: memory, rows };
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
}

/** A module of one file that is stored as it is: what is measured is moving and hashing. */
function writeZip(tree: string, i: number): void {
  const line = `// ${'0123456789abcdef'.repeat(8)}\n`;
  const text = line.repeat(Math.ceil(ZIP_BYTES / line.length)).slice(0, ZIP_BYTES);
  const file = join(tree, zipPath(i));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, zip([[`bench.test/zip${i}@v1.0.0/a.go`, text]]));
}

/** Of the i-th request for a zip; they repeat. */
function zipPath(i: number): string {
  return `/bench.test/zip${i % ZIPS}/@v/v1.0.0.zip`;
}

async function spliceTo(to: number): Promise<MeasuredServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'gateway', 'splice.ts'), String(port), String(to)]);
  await reachable(child, port);
  return { pid: child.pid ?? 0, port, close: () => void child.kill() };
}

/** The gateway as the command starts it; checksums are off, since nobody signs these files. */
async function gatewayTo(to: number, home: string, cacheBytes: number): Promise<MeasuredServer> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', 'gateway', '--port', String(port)],
      ...['--upstream', `http://127.0.0.1:${to}`, '--sumdb', 'off', '--cache-size', String(cacheBytes)],
    ],
    { cwd: root, env: { PATH: process.env.PATH, HOME: home, GOENV: 'off', GOTOOLCHAIN: 'local' }, stdio: 'ignore' },
  );
  await reachable(child, port);
  return { pid: child.pid ?? 0, port, close: () => void child.kill() };
}

function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

function peakMb(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
