/**
 * How true the timings of a probe are: against servers that hold one phase back for a known time, beside curl and
 * blackbox_exporter, in interleaved rounds. The error is what was measured less what was held; TCP is held by nobody.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { InlinePool } from '../../electron/probe/inline-pool.ts';
import type { ProbePool } from '../../electron/probe/probe-pool.ts';
import { WorkerPool } from '../../electron/probe/worker-pool.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { workerFile } from '../../electron/system/worker-files.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { PhaseTimings } from '../../shared/domain/result.ts';
import type { BenchOptions } from './main.ts';
import { median } from './rounds.ts';
import { curlTimings, startBlackbox } from './timing-peers.ts';
import type { TimingServers } from './timing-server.ts';

const DELAYS_MS = [50, 100, 200] as const;
const HOST = 'timing.lab';
const FIGURES = join(import.meta.dirname, '..', '..', 'docs', 'figures', 'timing.json');

const PHASES = ['dns', 'connect', 'tls', 'response', 'body'] as const;
type Held = (typeof PHASES)[number];

/** Goals, ms: median and 95th percentile. TLS is held against curl instead: a handshake takes time by itself. */
const GOAL = { median: 1.5, p95: 3 };

type Client = (held: Held, ms: number) => Promise<number | null>;

interface Row {
  readonly client: string;
  readonly phase: Held;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Runs the bench and prints its table; a full run also writes the figures. */
export async function benchTiming({ quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 2 : 15;
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-timing-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'timing-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const inline = new InlinePool(systemClock);
  const worker = new WorkerPool(workerFile('probe'), systemClock);
  const servers = await firstLine(child.stdout);
  const blackbox = quick ? null : await startBlackbox(servers.ca, scratch);
  try {
    const caFile = join(scratch, 'ca.pem');
    writeFileSync(caFile, servers.ca);
    const clients: Record<string, Client> = {
      probe: probing(inline, servers),
      'probe in a worker thread': probing(worker, servers),
      curl: async (held, ms) =>
        held === 'dns' ? null : (await curlTimings(urlOf(servers, held, ms, '127.0.0.1'), caFile))[held],
    };
    if (blackbox !== null) {
      clients.blackbox_exporter = async (held, ms) =>
        held === 'dns' ? null : (await blackbox.measure(urlOf(servers, held, ms, '127.0.0.1')))[held];
    }
    const rows = await errorsOf(clients, rounds);
    const blocked = await blockedRatio(probing(worker, servers), quick ? 3 : 15);
    const crowd = await crowdError(worker, servers, quick ? 1 : 5);
    print(rows, rounds, blocked, crowd);
    if (!quick)
      writeFigures({
        rounds,
        delaysMs: DELAYS_MS,
        goal: GOAL,
        rows,
        blockedTimesUnblocked: blocked,
        tenLookupsP95Ms: crowd,
      });
  } finally {
    blackbox?.stop();
    await inline.close();
    await worker.close();
    child.stdin.end();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<TimingServers> {
  for await (const line of createInterface({ input: stream })) return JSON.parse(line) as TimingServers;
  throw new Error('the timing servers ended before they listened');
}

/** Where a phase is held back; TCP and names are shown at a server that holds nothing. */
function urlOf(servers: TimingServers, held: Held, ms: number, host: string): string {
  const scheme = held === 'tls' ? 'https' : 'http';
  const ports = { tls: servers.tls[ms], response: servers.headers[ms], body: servers.body[ms] };
  const port = held === 'dns' || held === 'connect' ? servers.plain : ports[held];
  return `${scheme}://${host}:${port}`;
}

function probing(pool: ProbePool, servers: TimingServers): Client {
  return async (held, ms) => {
    const host = held === 'dns' ? HOST : '127.0.0.1';
    const phases = await probe(
      pool,
      urlOf(servers, held, ms, host),
      servers,
      held === 'dns' ? servers.dns[ms] : undefined,
    );
    return phases[held] ?? null;
  };
}

async function probe(pool: ProbePool, url: string, servers: TimingServers, dnsPort?: number): Promise<PhaseTimings> {
  const resolver = dnsPort === undefined ? undefined : `127.0.0.1:${dnsPort}`;
  const result = await pool.probe(
    {
      endpoint: { id: 'bench', kind: 'goproxy', name: 'bench', url },
      depth: 'light',
      limits: DEFAULT_LIMITS,
      network: { extraCa: [servers.ca], resolver },
    },
    new AbortController().signal,
  );
  if (result.outcome !== 'ok') throw new Error(JSON.stringify(result));
  return result.phases;
}

/** Error of each client and phase over all delays: it does not grow with the delay, so that they may be joined. */
async function errorsOf(clients: Readonly<Record<string, Client>>, rounds: number): Promise<readonly Row[]> {
  const errors = new Map<string, number[]>();
  for (let round = -1; round < rounds; round += 1) {
    for (const phase of PHASES) {
      for (const ms of phase === 'connect' ? ([0] as const) : DELAYS_MS) {
        for (const [client, measure] of Object.entries(clients)) {
          const measured = await measure(phase, ms);
          if (measured === null || round < 0) continue;
          const key = `${client}|${phase}`;
          errors.set(key, [...(errors.get(key) ?? []), measured - ms]);
        }
      }
    }
  }
  return [...errors].map(([key, values]) => {
    const [client = '', phase] = key.split('|') as [string, Held];
    return { client, phase, medianMs: round(median(values)), p95Ms: round(percentile(values, 0.95)) };
  });
}

/** Median of what a worker measures while the main thread is busy 80 of every 250 ms, times the same while it is not. */
async function blockedRatio(measure: Client, rounds: number): Promise<number> {
  const quiet: number[] = [];
  const busy: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    for (const phase of ['dns', 'tls', 'response', 'body'] as const) {
      quiet.push((await measure(phase, 100)) ?? 0);
      const blocking = setInterval(() => spin(80), 250);
      busy.push((await measure(phase, 100)) ?? 0);
      clearInterval(blocking);
    }
  }
  return round(median(busy) / median(quiet));
}

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Ten look-ups of 100 ms at once: none may wait for another. */
async function crowdError(pool: ProbePool, servers: TimingServers, rounds: number): Promise<number> {
  const errors: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const url = urlOf(servers, 'dns', 100, HOST);
    const all = await Promise.all(Array.from({ length: 10 }, () => probe(pool, url, servers, servers.dns[100])));
    errors.push(...all.map(({ dns = 0 }) => dns - 100));
  }
  return round(percentile(errors, 0.95));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function print(rows: readonly Row[], rounds: number, blocked: number, crowd: number): void {
  console.log(`Measured less held, ms; ${rounds} interleaved rounds at ${DELAYS_MS.join(', ')} ms\n`);
  console.log(`${'client'.padEnd(28)}${'phase'.padEnd(10)}${'median'.padStart(8)}${'p95'.padStart(8)}  goal`);
  for (const row of rows) {
    const { client, phase, medianMs, p95Ms } = row;
    console.log(
      `${client.padEnd(28)}${phase.padEnd(10)}${medianMs.toFixed(2).padStart(8)}${p95Ms.toFixed(2).padStart(8)}  ${verdict(row, rows)}`,
    );
  }
  console.log(
    `\nmain thread busy 80 of 250 ms: ${blocked.toFixed(3)} × (goal 1.2: ${blocked <= 1.2 ? 'met' : 'MISSED'})`,
  );
  console.log(`ten look-ups of 100 ms at once: p95 ${crowd.toFixed(2)} ms (goal 5: ${crowd <= 5 ? 'met' : 'MISSED'})`);
}

function verdict({ client, phase, medianMs, p95Ms }: Row, rows: readonly Row[]): string {
  if (!client.startsWith('probe')) return '';
  if (phase === 'tls') {
    const curl = rows.find((row) => row.client === 'curl' && row.phase === 'tls');
    return curl === undefined ? '' : `not above curl's: ${medianMs <= curl.medianMs ? 'met' : 'MISSED'}`;
  }
  return medianMs <= GOAL.median && p95Ms <= GOAL.p95 ? 'met' : 'MISSED';
}

function writeFigures(figures: object): void {
  const head = {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    seed: null,
  };
  mkdirSync(dirname(FIGURES), { recursive: true });
  writeFileSync(FIGURES, `${JSON.stringify({ ...head, ...figures }, null, 2)}\n`);
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
