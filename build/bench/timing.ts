/**
 * How true the timings of a probe are: against servers that hold one phase back for a known time, beside curl and
 * blackbox_exporter, in interleaved rounds. The error is the measured time less the delay set; TCP has no set delay.
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
import { silentLog } from '../../electron/system/log.ts';
import { workerFile } from '../../electron/system/worker-files.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { PhaseTimings } from '../../shared/domain/result.ts';
import type { BenchOptions } from './bench-options.ts';
import { hasCurl } from './curl.ts';
import { median } from './rounds.ts';
import { type Blackbox, curlTimings, startBlackbox } from './timing-peers.ts';
import type { TimingServers } from './timing-server.ts';

const DELAYS_MS = [50, 100, 200] as const;
const HOST = 'timing.lab';
const FIGURES = join(import.meta.dirname, '..', '..', 'docs', 'figures', 'timing.json');

const PHASES = ['dns', 'connect', 'tls', 'response', 'body'] as const;
type Held = (typeof PHASES)[number];

/** Goals, ms: median and 95th percentile. TLS is compared with curl instead: a handshake takes time of its own. */
const GOAL = { median: 1.5, p95: 3 };
const GOAL_BLOCKED = 1.2;
const GOAL_CROWD_MS = 5;

const INLINE = 'probe';
const WORKER = 'probe in a worker thread';
const CURL = 'curl';

type Client = (held: Held, ms: number) => Promise<number | null>;

interface Row {
  readonly client: string;
  readonly phase: Held;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly samples: number;
  /** Median at each delay: the evidence that the error does not grow with it, so that the delays may be joined. */
  readonly medianMsAt: Readonly<Record<number, number>>;
}

/** Errors of a client with the main thread free and blocked; `all` is the sum over the phases of one round. */
interface Blocked {
  readonly client: string;
  /** Median error while blocked, times the same while free, of `all`: single phases err too little to divide by. */
  readonly timesFree: number;
  readonly phases: Readonly<Record<string, { readonly freeMs: Spread; readonly blockedMs: Spread }>>;
}

interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** Runs the bench and prints its table; a full run also writes the figures. */
export async function benchTiming({ quick }: BenchOptions): Promise<void> {
  const rounds = quick ? 3 : 15;
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-timing-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'timing-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const inline = new InlinePool(systemClock);
  const worker = new WorkerPool(workerFile('probe'), systemClock, silentLog);
  let blackbox: Blackbox | null = null;
  try {
    const servers = await firstLine(child.stdout);
    const caFile = join(scratch, 'ca.pem');
    writeFileSync(caFile, servers.ca);
    blackbox = await startBlackbox(caFile, scratch, { download: !quick });
    const own = { [INLINE]: probing(inline, servers), [WORKER]: probing(worker, servers) };
    const clients = { ...own, ...peersOf(servers, caFile, blackbox) };
    const rows = await errorsOf(clients, rounds);
    const blocked = await errorsWhileBlocked(own, rounds);
    const crowd = await crowdError(worker, servers, quick ? 1 : 5);
    print(rows, rounds, blocked, crowd);
    if (!quick) {
      const goals = { ...GOAL, blocked: GOAL_BLOCKED, tenLookupsP95Ms: GOAL_CROWD_MS };
      writeFigures({ rounds, delaysMs: DELAYS_MS, goals, rows, blocked, tenLookupsP95Ms: crowd });
    }
  } finally {
    blackbox?.stop();
    await inline.close();
    await worker.close();
    child.stdin.end();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The peers that can be had here; who cannot is named. Neither can be pointed at a DNS server: no `dns` of theirs. */
function peersOf(servers: TimingServers, caFile: string, blackbox: Blackbox | null): Readonly<Record<string, Client>> {
  const peers: Record<string, Client> = {};
  const curl = hasCurl();
  if (curl)
    peers[CURL] = async (held, ms) =>
      held === 'dns' ? null : (await curlTimings(urlOf(servers, held, ms, HOST), caFile, '127.0.0.1'))[held];
  if (blackbox !== null)
    peers.blackbox_exporter = async (held, ms) =>
      held === 'dns' ? null : (await blackbox.measure(urlOf(servers, held, ms, '127.0.0.1')))[held];
  if (!curl) console.log('without curl: it is not installed');
  if (blackbox === null) console.log('without blackbox_exporter: it cannot be had here');
  return peers;
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

/** Error of each client and phase, over all delays and at each. The first round warms up. */
async function errorsOf(clients: Readonly<Record<string, Client>>, rounds: number): Promise<readonly Row[]> {
  const errors: { readonly client: string; readonly phase: Held; readonly ms: number; readonly error: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    for (const phase of PHASES) {
      for (const ms of phase === 'connect' ? ([0] as const) : DELAYS_MS) {
        for (const [client, measure] of Object.entries(clients)) {
          const measured = await measure(phase, ms);
          if (measured !== null && round >= 0) errors.push({ client, phase, ms, error: measured - ms });
        }
      }
    }
  }
  return PHASES.flatMap((phase) =>
    Object.keys(clients).flatMap((client) => {
      const cells = errors.filter((one) => one.client === client && one.phase === phase);
      if (cells.length === 0) return [];
      const { median: medianMs, p95: p95Ms } = spreadOf(cells.map(({ error }) => error));
      const medianAt = (delay: number) => median(cells.filter(({ ms }) => ms === delay).map(({ error }) => error));
      const delays = [...new Set(cells.map(({ ms }) => ms))];
      const medianMsAt = Object.fromEntries(delays.map((ms) => [ms, round(medianAt(ms))]));
      return [{ client, phase, medianMs, p95Ms, samples: cells.length, medianMsAt }];
    }),
  );
}

const BLOCKED_PHASES = ['dns', 'tls', 'response', 'body'] as const;
const BLOCKED_DELAY_MS = 100;

/**
 * Errors while the main thread is free, and while it is busy 80 of every 250 ms, in turns. The worker's must not
 * change; those of the probe inside the blocked thread are the control: they must, or nothing was blocked.
 */
async function errorsWhileBlocked(
  clients: Readonly<Record<string, Client>>,
  rounds: number,
): Promise<readonly Blocked[]> {
  const measured = Object.keys(clients).map((client) => ({ client, free: [] as Errors[], blocked: [] as Errors[] }));
  for (let i = 0; i < rounds; i += 1) {
    for (const { client, free, blocked } of measured) {
      const measure = clients[client] as Client;
      free.push(await errorsOfRound(measure));
      // Each round begins elsewhere in the rhythm, or the same phase would always be hit.
      const stop = block((i / rounds) * 250);
      blocked.push(await errorsOfRound(measure));
      if (stop() === 0) throw new Error('the main thread was never blocked: the figure would mean nothing');
    }
  }
  return measured.map(({ client, free, blocked }) => {
    const phases = Object.fromEntries(
      (['all', ...BLOCKED_PHASES] as const).map((phase) => {
        const spread = (of: readonly Errors[]) => spreadOf(of.map((errors) => errors[phase] ?? 0));
        return [phase, { freeMs: spread(free), blockedMs: spread(blocked) }];
      }),
    );
    const { all } = phases;
    const timesFree = all === undefined ? Number.NaN : round(all.blockedMs.median / all.freeMs.median);
    return { client, timesFree, phases };
  });
}

type Errors = Readonly<Record<string, number>>;

async function errorsOfRound(measure: Client): Promise<Errors> {
  const errors: Record<string, number> = { all: 0 };
  for (const phase of BLOCKED_PHASES) {
    const error = ((await measure(phase, BLOCKED_DELAY_MS)) ?? Number.NaN) - BLOCKED_DELAY_MS;
    errors[phase] = error;
    errors.all = (errors.all ?? 0) + error;
  }
  return errors;
}

/** Keeps this thread busy 80 of every 250 ms, first after `firstMs`, until stopped, which returns how often it was. */
function block(firstMs: number): () => number {
  let times = 0;
  let timer: NodeJS.Timeout;
  const busy = () => {
    times += 1;
    timer = setTimeout(busy, 250);
    spin(80);
  };
  timer = setTimeout(busy, firstMs);
  return () => {
    clearTimeout(timer);
    return times;
  };
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

function spreadOf(values: readonly number[]): Spread {
  return { median: round(median(values)), p95: round(percentile(values, 0.95)) };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function print(rows: readonly Row[], rounds: number, blocked: readonly Blocked[], crowd: number): void {
  console.log(`MeasuredWay less held, ms; ${rounds} interleaved rounds at ${DELAYS_MS.join(', ')} ms\n`);
  console.log(`${'client'.padEnd(28)}${'phase'.padEnd(10)}${'median'.padStart(8)}${'p95'.padStart(8)}  goal`);
  for (const row of rows) {
    const { client, phase, medianMs, p95Ms } = row;
    console.log(`${client.padEnd(28)}${phase.padEnd(10)}${columns([medianMs, p95Ms])}  ${verdict(row, rows)}`);
  }
  console.log(`\nThe same at ${BLOCKED_DELAY_MS} ms, main thread free and busy 80 of every 250 ms\n`);
  const heads = ['free', 'p95', 'busy', 'p95'].map((head) => head.padStart(8)).join('');
  console.log(`${'client'.padEnd(28)}${'phase'.padEnd(10)}${heads}`);
  for (const { client, phases } of blocked) {
    for (const [phase, { freeMs, blockedMs }] of Object.entries(phases)) {
      const numbers = columns([freeMs.median, freeMs.p95, blockedMs.median, blockedMs.p95]);
      console.log(`${client.padEnd(28)}${phase.padEnd(10)}${numbers}`);
    }
  }
  const times = blocked.find(({ client }) => client === WORKER)?.timesFree ?? Number.NaN;
  const met = (is: boolean) => (is ? 'met' : 'MISSED');
  console.log(
    `\nworker, busy main thread: ${times.toFixed(2)} × the error (goal ${GOAL_BLOCKED}: ${met(times <= GOAL_BLOCKED)})`,
  );
  console.log(
    `ten look-ups of 100 ms at once: p95 ${crowd.toFixed(2)} ms (goal ${GOAL_CROWD_MS}: ${met(crowd <= GOAL_CROWD_MS)})`,
  );
}

function columns(values: readonly number[]): string {
  return values.map((value) => value.toFixed(2).padStart(8)).join('');
}

function verdict({ client, phase, medianMs, p95Ms }: Row, rows: readonly Row[]): string {
  if (client !== INLINE && client !== WORKER) return '';
  if (phase === 'tls') {
    const curl = rows.find((row) => row.client === CURL && row.phase === 'tls');
    if (curl === undefined) return "not above curl's: not known";
    return `not above curl's: ${medianMs <= curl.medianMs && p95Ms <= curl.p95Ms ? 'met' : 'MISSED'}`;
  }
  return `≤ ${GOAL.median}, p95 ≤ ${GOAL.p95}: ${medianMs <= GOAL.median && p95Ms <= GOAL.p95 ? 'met' : 'MISSED'}`;
}

/** Without a seed: nothing here is drawn by lot. */
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
