import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChecksumDatabase, sumRecord } from '../../e2e/lab/checksum-database.ts';
import { type QuietCheck, watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { type Log, silentLog } from '../system/log.ts';
import { workerFile } from '../system/worker-files.ts';
import { InlinePool } from './inline-pool.ts';
import type { ProbePool, ProbeRequest } from './probe-pool.ts';
import { WorkerPool } from './worker-pool.ts';

let lab: Lab;
let server: GoproxyServer;
let scratch: string;
let quiet: QuietCheck;
const pools: ProbePool[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'gopherbar-worker-'));
  quiet = watchForQuiet(scratch);
  lab = await startLab();
  server = await lab.proxy({ host: 'proxy.lab', transport: 'h2' });
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  await lab.reset();
});
afterAll(async () => {
  await quiet.expectQuiet();
  await lab.close();
  rmSync(scratch, { recursive: true });
});

function workerPool(file = workerFile('probe'), clock = systemClock, log = silentLog): WorkerPool {
  const pool = new WorkerPool(file, clock, log);
  pools.push(pool);
  return pool;
}

/** A worker that does something else than probing. */
function oddWorker(name: string, source: string): string {
  const file = join(scratch, `${name}.mjs`);
  writeFileSync(file, `import { parentPort } from 'node:worker_threads';\n${source}\n`);
  return file;
}

function request(): ProbeRequest {
  return {
    endpoint: { id: 'lab', kind: 'goproxy', name: 'lab', url: server.url, module: FIXTURE_MODULE },
    depth: 'full',
    limits: DEFAULT_LIMITS,
    network: { resolver: lab.dns.address, extraCa: [lab.authority.ca] },
  };
}

const never = () => new AbortController().signal;

/** A result without what differs from run to run. */
function timeless(result: ProbeResult): unknown {
  const drop = new Set(['startedAt', 'durationMs', 'totalMs', 'phases', 'bytes']);
  return JSON.parse(JSON.stringify(result, (key, value) => (drop.has(key) ? undefined : value)));
}

function cause(result: ProbeResult): string {
  return result.outcome === 'failed' ? result.failure.cause : result.outcome;
}

describe('probing in a worker thread', () => {
  it('says the same as probing in this one', async () => {
    const pool = workerPool();
    for (const fault of [null, { type: 'status', status: 503 }] as const) {
      await server.setFault(fault);
      const here = await new InlinePool(systemClock).probe(request(), never());
      expect(timeless(await pool.probe(request(), never()))).toEqual(timeless(here));
    }
  });

  it('runs several probes at once and cancels one of them', async () => {
    const pool = workerPool();
    await server.setFault({ type: 'delay-headers', ms: 150 });
    const controller = new AbortController();
    const before = server.requests.length;
    const probes = [
      pool.probe(request(), never()),
      pool.probe(request(), controller.signal),
      pool.probe(request(), never()),
    ];
    await expect.poll(() => server.requests.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(before + 3);
    controller.abort();
    expect((await Promise.all(probes)).map(cause)).toEqual(['ok', 'cancelled', 'ok']);
  });

  it('calls a probe lost when the worker dies, and starts a new worker for the next', async () => {
    const dies = oddWorker('dies', "parentPort.on('message', () => { throw new Error('boom'); });");
    const pool = workerPool(dies);
    for (let i = 0; i < 2; i += 1) {
      const result = await pool.probe(request(), never());
      expect(cause(result)).toBe('probe-worker-lost');
      if (result.outcome === 'failed') expect(result.failure.message).toContain('boom');
    }
  });

  it('calls a probe lost when the worker file is missing', async () => {
    expect(cause(await workerPool(join(scratch, 'missing.mjs')).probe(request(), never()))).toBe('probe-worker-lost');
  });

  it('lets a slow line take all its steps, each within the deadline', async () => {
    const filler = (count: number) => Array.from({ length: count }, (_, i) => `example.test/filler v0.0.${i} h1:\n`);
    const module = { path: 'example.test/m', version: 'v1.0.0' };
    // Three levels of tiles: a full probe of such a tree has a dozen steps.
    const database = await ChecksumDatabase.start([sumRecord(module.path, module.version), ...filler(66_000)]);
    const endpoint = { id: 'x', kind: 'sumdb', name: 'x', url: database.url, key: database.key, module } as const;
    const pool = workerPool();
    const ask = (depth: 'light' | 'full', totalMs: number, treeHead?: string) => {
      const limits = { ...DEFAULT_LIMITS, hard: { ...DEFAULT_LIMITS.hard, totalMs } };
      return pool.probe({ endpoint, depth, limits, network: {}, treeHead }, never());
    };
    const before = await ask('light', 10_000);
    database.setRecords((all) => [...all, ...filler(600)]);
    database.delayMs = 400;
    const began = performance.now();
    const result = await ask('full', 1_200, before.outcome === 'ok' ? before.evidence.treeHead : undefined);
    await database.close();
    expect(cause(result)).toBe('ok');
    expect(result.outcome === 'ok' ? result.steps.length : 0).toBeGreaterThan(9);
    // Longer than the silence that counts as lost.
    expect(performance.now() - began).toBeGreaterThan(2 * 1_200);
  });

  it('waits as long as steps end, however many there are', async () => {
    const clock = new FakeClock();
    const speaks = oddWorker(
      'speaks',
      `parentPort.on('message', ({ id, request }) => {
        if (id === 1) return;
        parentPort.postMessage({ type: 'step', id: 1 });
        parentPort.postMessage({ type: 'result', id, result: { outcome: 'cancelled', kind: 'goproxy', url: '', depth: 'full', startedAt: 0 } });
      });`,
    );
    const pool = workerPool(speaks, clock);
    const { totalMs } = DEFAULT_LIMITS.hard;
    const slow = pool.probe(request(), never());
    for (let step = 0; step < 20; step += 1) {
      await clock.advance(2 * totalMs - 1);
      // Its result comes after the word that a step of the slow one has ended.
      expect(cause(await pool.probe(request(), never()))).toBe('cancelled');
    }
    await clock.advance(2 * totalMs);
    expect(cause(await slow)).toBe('probe-worker-lost');
  });

  it('calls a probe lost after twice the deadline of a step in silence', async () => {
    const clock = new FakeClock();
    const pool = workerPool(oddWorker('silent', "parentPort.on('message', () => {});"), clock);
    let result: ProbeResult | null = null;
    const running = pool.probe(request(), never()).then((value) => {
      result = value;
    });
    await clock.advance(2 * DEFAULT_LIMITS.hard.totalMs - 1);
    expect(result).toBeNull();
    await clock.advance(1);
    await running;
    expect(result === null ? null : cause(result)).toBe('probe-worker-lost');
    expect(clock.pending).toBe(0);
  });

  it('ends what runs as cancelled when it is closed', async () => {
    const pool = workerPool();
    await server.setFault({ type: 'drop-request', how: 'hang' });
    const before = server.requests.length;
    const running = pool.probe(request(), never());
    await expect.poll(() => server.requests.length, { timeout: 10_000 }).toBeGreaterThan(before);
    await pool.close();
    expect(cause(await running)).toBe('cancelled');
  });

  it('closes only when a thread that it replaced has ended, and logs the loss', async () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const log: Log = { ...silentLog, error: (event, facts) => lines.push(`${event} ${String(facts?.worker)}`) };
    // It ends 300 ms late: a thread in the middle of a synchronous call does.
    const file = oddWorker(
      'busy',
      `const busy = new Int32Array(new SharedArrayBuffer(4));
      parentPort.on('message', () => { Atomics.wait(busy, 0, 0, 300); });`,
    );
    const local = watchForQuiet(scratch);
    const pool = workerPool(file, clock, log);
    const running = pool.probe(request(), never());
    await clock.advance(2 * DEFAULT_LIMITS.hard.totalMs);
    expect(cause(await running)).toBe('probe-worker-lost');
    await pool.close();
    await local.expectQuiet();
    expect(lines).toEqual(['worker-lost probe']);
    expect(cause(await pool.probe(request(), never()))).toBe('cancelled');
  });
});
