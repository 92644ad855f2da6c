/**
 * What a light probe costs: CPU time against the barest Node can do (floors.ts) and against curl, over HTTP/1.1 and
 * HTTP/2, one at a time, every connection fresh. The goal is that of the worker, where the app probes.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as tls from 'node:tls';
import { InlinePool } from '../../electron/probe/inline-pool.ts';
import type { ProbePool } from '../../electron/probe/probe-pool.ts';
import { WorkerPool } from '../../electron/probe/worker-pool.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { silentLog } from '../../electron/system/log.ts';
import { workerFile } from '../../electron/system/worker-files.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { BenchOptions } from './bench-options.ts';
import { curlOneProcess, curlProcessEach, hasCurl } from './curl.ts';
import { http1Floor, http2Floor } from './floors.ts';
import { GOALS } from './goals.ts';
import { interleave, type MeasuredWay, median, pairedRatio, type Way } from './rounds.ts';

const HOST = 'localhost';
const INFO = '/golang.org/x/text/@v/v0.3.0.info';
const FIGURES = join(import.meta.dirname, '..', '..', 'docs', 'figures', 'probe.json');

interface Ports {
  readonly http1: number;
  readonly http2: number;
  readonly ca: string;
}

interface Row {
  readonly way: string;
  readonly protocol: 'http/1.1' | 'h2';
  readonly cpuMicros: number;
  readonly wallMs: number;
  /** Times the CPU of the floor of the same protocol. */
  readonly timesFloor: number;
}

/** Runs the bench and prints its table; a full run also writes the figures. */
export async function benchProbe({ quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 3 : 11;
  const count = quick ? 50 : 300;
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-bench-'));
  const server = spawn(process.execPath, [join(import.meta.dirname, 'probe-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const inline = new InlinePool(systemClock);
  const worker = new WorkerPool(workerFile('probe'), systemClock, silentLog);
  try {
    const ports = await firstLine(server.stdout);
    const caFile = join(scratch, 'ca.pem');
    writeFileSync(caFile, ports.ca);
    const ways = [...waysOf('http/1.1', ports, caFile, inline, worker), ...waysOf('h2', ports, caFile, inline, worker)];
    const rows = rowsOf(await interleave(ways, rounds, count));
    print(rows, rounds, count);
    if (!quick) writeFigures(rows, rounds, count);
  } finally {
    await inline.close();
    await worker.close();
    server.stdin.end();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<Ports> {
  for await (const line of createInterface({ input: stream })) return JSON.parse(line) as Ports;
  throw new Error('the bench server ended before it listened');
}

const NAMES = {
  floor: 'raw floor',
  probe: 'probe',
  worker: 'probe in a worker thread',
  curl: 'curl, one process a probe',
  curls: 'curl, one process for all',
} as const;

function waysOf(
  protocol: Row['protocol'],
  ports: Ports,
  caFile: string,
  inline: ProbePool,
  worker: ProbePool,
): readonly Way[] {
  const port = protocol === 'h2' ? ports.http2 : ports.http1;
  const base = `https://${HOST}:${port}`;
  const target = { host: HOST, port, path: INFO, context: floorContext(ports.ca) };
  const floor = protocol === 'h2' ? http2Floor : http1Floor;
  const name = (way: keyof typeof NAMES) => `${protocol} ${NAMES[way]}`;
  const ways: Way[] = [
    { name: name('floor'), run: (times) => repeat(times, () => floor(target)) },
    { name: name('probe'), run: (times) => repeat(times, () => probe(inline, base, protocol, ports.ca)) },
    { name: name('worker'), run: (times) => repeat(times, () => probe(worker, base, protocol, ports.ca)) },
  ];
  if (!hasCurl()) return ways;
  const http = protocol === 'h2' ? '2' : '1.1';
  const url = `${base}${INFO}`;
  ways.push({ name: name('curl'), share: 0.1, run: (times) => curlProcessEach(url, caFile, http, times) });
  // Over HTTP/2 one curl process would keep its connection: not the same work.
  if (protocol === 'http/1.1') ways.push({ name: name('curls'), run: (times) => curlOneProcess(url, caFile, times) });
  return ways;
}

/** The same roots as a probe's: looking an issuer up among 150 costs more than among one. */
function floorContext(ca: string): tls.SecureContext {
  return tls.createSecureContext({ ca: [...tls.rootCertificates, ...tls.getCACertificates('system'), ca] });
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<undefined> {
  for (let i = 0; i < times; i += 1) await work();
}

async function probe(pool: ProbePool, url: string, protocol: Row['protocol'], ca: string): Promise<void> {
  const result = await pool.probe(
    {
      endpoint: { id: 'bench', kind: 'goproxy', name: 'bench', url },
      depth: 'light',
      limits: DEFAULT_LIMITS,
      network: { extraCa: [ca] },
    },
    new AbortController().signal,
  );
  if (result.outcome !== 'ok' || result.protocol !== protocol) throw new Error(JSON.stringify(result));
}

function rowsOf(measured: readonly MeasuredWay[]): readonly Row[] {
  return measured.map(({ name, cpuMicros, wallMs }) => {
    const protocol = name.startsWith('h2 ') ? 'h2' : 'http/1.1';
    const floor = measured.find((one) => one.name === `${protocol} ${NAMES.floor}`);
    return {
      way: name.slice(protocol.length + 1),
      protocol,
      cpuMicros: Math.round(median(cpuMicros)),
      wallMs: round(median(wallMs)),
      timesFloor: round(pairedRatio(cpuMicros, floor?.cpuMicros ?? [])),
    };
  });
}

function print(rows: readonly Row[], rounds: number, count: number): void {
  console.log(`CPU of one light probe, every connection fresh; medians of ${rounds} interleaved rounds of ${count}\n`);
  console.log(
    `${'protocol'.padEnd(10)}${'way'.padEnd(28)}${'CPU µs'.padStart(8)}${'× floor'.padStart(9)}${'ms'.padStart(8)}`,
  );
  for (const { protocol, way, cpuMicros, timesFloor, wallMs } of rows) {
    const numbers = `${String(cpuMicros).padStart(8)}${timesFloor.toFixed(2).padStart(9)}${wallMs.toFixed(2).padStart(8)}`;
    console.log(`${protocol.padEnd(10)}${way.padEnd(28)}${numbers}`);
  }
  const probes = rows.filter(({ way }) => way === NAMES.worker);
  console.log('');
  for (const { protocol, timesFloor } of probes) {
    console.log(
      `${protocol}: ${timesFloor.toFixed(2)} × the floor, goal ${GOALS.probeTimesFloor}: ${timesFloor <= GOALS.probeTimesFloor ? 'met' : 'MISSED'}`,
    );
  }
}

function writeFigures(rows: readonly Row[], rounds: number, count: number): void {
  const figures = {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    seed: null,
    rounds,
    count,
    rows,
  };
  mkdirSync(dirname(FIGURES), { recursive: true });
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
