/**
 * Many probes at once: CPU, 99th percentile and memory at 1, 100 and 1000 in flight, beside the barest Node can do; each
 * crowd in a fresh process, every server answer held until all have asked.
 */
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LabAuthority } from '../../e2e/lab/certificates.ts';
import type { BenchOptions } from './bench-options.ts';
import { GOALS } from './goals.ts';
import { median, pairedRatio } from './rounds.ts';

const FIGURES = join(import.meta.dirname, '..', '..', 'docs', 'figures', 'crowd.json');
const INFO = JSON.stringify({ Version: 'v0.3.0', Time: '2017-12-14T13:08:43Z' });

/** Requests before the crowd, so that code is compiled and roots are read. */
const WARM_UP = 200;

interface Crowd {
  readonly cpuMicros: number;
  readonly p99Ms: number;
  readonly peakKb: number;
}

/** Runs the bench and prints its table; a full run also writes the figures. */
export async function benchCrowd({ quick }: BenchOptions): Promise<void> {
  const sizes = quick ? [1, 50] : [1, 100, 1_000];
  const rounds = quick ? 1 : 5;
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-crowd-'));
  const authority = await LabAuthority.create();
  const caFile = join(scratch, 'ca.pem');
  writeFileSync(caFile, authority.ca);
  const server = https.createServer(await authority.leaf('good', ['localhost', '127.0.0.1']));
  const gate = new Gate(server);
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2_000 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const measured = new Map<string, Crowd[]>();
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const size of sizes) {
        for (const way of ['floor', 'probe']) {
          gate.expect(size);
          const key = `${way} ${size}`;
          measured.set(key, [...(measured.get(key) ?? []), await child(way, size, port, caFile)]);
        }
      }
    }
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  report(measured, sizes, rounds, quick);
}

/** Holds answers back until the whole crowd has asked; those that warm the client up before are let through. */
class Gate {
  readonly #held: (() => void)[] = [];
  #wanted = 0;
  #warming = 0;

  constructor(server: https.Server) {
    server.on('request', (_, response) => {
      const answer = () => void response.end(INFO);
      if (this.#warming > 0) {
        this.#warming -= 1;
        answer();
        return;
      }
      this.#held.push(answer);
      if (this.#held.length === this.#wanted) for (const one of this.#held.splice(0)) one();
    });
  }

  expect(count: number): void {
    this.#wanted = count;
    this.#warming = WARM_UP;
    this.#held.length = 0;
  }
}

async function child(way: string, size: number, port: number, caFile: string): Promise<Crowd> {
  const file = join(import.meta.dirname, 'crowd-child.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    file,
    way,
    String(size),
    String(port),
    caFile,
    String(WARM_UP),
  ]);
  return JSON.parse(stdout) as Crowd;
}

function report(
  measured: ReadonlyMap<string, readonly Crowd[]>,
  sizes: readonly number[],
  rounds: number,
  quick: boolean,
): void {
  const of = (way: string, size: number, field: keyof Crowd) =>
    (measured.get(`${way} ${size}`) ?? []).map((one) => one[field]);
  const [smallest = 1] = sizes;
  const largest = sizes.at(-1) ?? 1;
  const kbInFlight = (way: string) =>
    (median(of(way, largest, 'peakKb')) - median(of(way, smallest, 'peakKb'))) / (largest - smallest);
  const rows = sizes.map((size) => ({
    size,
    cpuTimesFloor: round(pairedRatio(of('probe', size, 'cpuMicros'), of('floor', size, 'cpuMicros'))),
    p99TimesFloor: round(pairedRatio(of('probe', size, 'p99Ms'), of('floor', size, 'p99Ms'))),
    p99Ms: round(median(of('probe', size, 'p99Ms'))),
    peakMb: round(median(of('probe', size, 'peakKb')) / 1_024),
    floorPeakMb: round(median(of('floor', size, 'peakKb')) / 1_024),
  }));
  const memory = { probe: round(kbInFlight('probe')), floor: round(kbInFlight('floor')) };
  console.log(`Many at once; medians of ${rounds} interleaved rounds\n`);
  console.table(rows);
  console.log(
    `KB a probe in flight: ${memory.probe} (floor ${memory.floor}; goal ${GOALS.kbInFlight}: ${memory.probe <= GOALS.kbInFlight ? 'met' : 'MISSED'})`,
  );
  const p99 = rows.at(-1)?.p99TimesFloor ?? 0;
  console.log(
    `p99 at ${largest}: ${p99} × the floor (goal ${GOALS.p99TimesFloor}: ${p99 <= GOALS.p99TimesFloor ? 'met' : 'MISSED'})`,
  );
  if (quick) return;
  const head = {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    seed: null,
  };
  mkdirSync(dirname(FIGURES), { recursive: true });
  writeFileSync(FIGURES, `${JSON.stringify({ ...head, rounds, kbInFlight: memory, rows }, null, 2)}\n`);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
