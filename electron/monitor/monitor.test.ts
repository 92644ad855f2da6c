import { describe, expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import { DEFAULT_LIMITS, type Endpoint } from '../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { DEFAULT_THRESHOLDS } from '../../shared/domain/status.ts';
import { DAY_MS } from '../../shared/domain/units.ts';
import { EndpointBook, type Observation } from '../engine/endpoint-book.ts';
import type { ProbePool, ProbeRequest } from '../probe/probe-pool.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { breakerOf, type Conditions, INITIAL_CONDITIONS } from '../verdict/cadence.ts';
import { Monitor, type MonitorSettings } from './monitor.ts';

/** The longest that a probe may wait: the default total limit. */
const HANG_MS = DEFAULT_LIMITS.hard.totalMs;

/** A pool whose answers the test decides; each probe takes `tookMs` of fake time. */
class ScriptedPool implements ProbePool {
  readonly started: { id: string; depth: string; at: number }[] = [];
  readonly failing = new Map<string, Cause>();
  /** Endpoints that never answer: their probes end at the total limit. */
  readonly hanging = new Set<string>();
  /** Probes that succeed although their endpoint fails. */
  working: (request: ProbeRequest) => boolean = () => false;
  running = 0;
  mostRunning = 0;
  tookMs = 100;
  /** As a pool does that cannot make its scratch folder. */
  rejecting: (request: ProbeRequest) => boolean = () => false;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    const tookMs = this.hanging.has(request.endpoint.id) ? HANG_MS : this.tookMs;
    if (this.rejecting(request)) return Promise.reject(new Error('no space left'));
    const { endpoint, depth } = request;
    const startedAt = this.#clock.now();
    this.started.push({ id: endpoint.id, depth, at: startedAt });
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    const base = { kind: endpoint.kind, url: endpoint.url, depth, startedAt };
    return new Promise((resolve) => {
      const end = (result: ProbeResult) => {
        this.running -= 1;
        resolve(result);
      };
      const stop = this.#clock.after(tookMs, () => {
        const measured = { ...base, phases: {}, totalMs: tookMs, steps: [], evidence: { url: endpoint.url } };
        const silence = this.hanging.has(endpoint.id) ? 'response-timeout' : undefined;
        const cause = this.working(request) ? undefined : (silence ?? this.failing.get(endpoint.id));
        if (cause === undefined) end({ ...measured, outcome: 'ok', slow: [] });
        else end({ ...measured, outcome: 'failed', failure: { cause, phase: 'response', message: 'no' } });
      });
      signal.addEventListener('abort', () => {
        stop();
        end({ ...base, outcome: 'cancelled' });
      });
    });
  }

  async close(): Promise<void> {}
}

function endpoint(id: string): Endpoint {
  return { id, kind: 'goproxy', name: id, url: `https://${id}.example` };
}

function start(ids: string[]) {
  const clock = new FakeClock();
  const pool = new ScriptedPool(clock);
  const observations: Observation[] = [];
  const warnings: string[] = [];
  let slept = 0;
  let primary: string | null = null;
  let conditions = INITIAL_CONDITIONS;
  let settings: MonitorSettings = {
    endpoints: ids.map(endpoint),
    intervals: { visibleMs: 30_000, hiddenMs: 60_000 },
    thresholds: DEFAULT_THRESHOLDS,
    limits: DEFAULT_LIMITS,
    network: {},
    controls: {},
  };
  const book = new EndpointBook(settings.endpoints, {
    now: () => clock.now(),
    thresholds: () => settings.thresholds,
    forwardProxyOfGo: () => null,
  });
  const monitor = new Monitor(
    {
      clock,
      pool,
      random: () => 0.5,
      conditions: () => conditions,
      settings: () => settings,
      records: () => book.records(),
      record: (id) => book.record(id),
      primary: () => primary,
      log: { warn: (event) => warnings.push(event) },
    },
    {
      onResult: (id, result) => {
        const observation = book.observe(id, result, { isOffline: false, isDrilled: false });
        if (observation !== null) observations.push(observation);
        return observation?.judged ?? true;
      },
      onExperiments: (id, experiments) => book.attachExperiments(id, experiments),
      onChange: () => {},
      onSlept: () => {
        slept += 1;
      },
    },
  );
  monitor.start();
  const statusOf = (id: string) => book.record(id)?.state.status;
  const live = (changed: Conditions) => {
    conditions = changed;
    monitor.followConditions();
  };
  const configure = (change: Partial<MonitorSettings>) => {
    settings = { ...settings, ...change };
    const { added, removed } = book.configure(settings.endpoints);
    monitor.follow(added, removed);
  };
  const wake = () => {
    monitor.stop();
    book.startUnjudgedRound();
    monitor.start();
  };
  const favour = (id: string) => {
    primary = id;
  };
  return {
    clock,
    pool,
    monitor,
    book,
    observations,
    warnings,
    configure,
    statusOf,
    slept: () => slept,
    live,
    wake,
    favour,
  };
}

describe('the monitor', () => {
  it('probes every endpoint soon after the start and then once an interval', async () => {
    const { clock, pool } = start(['a', 'b']);
    await clock.advance(5_000);
    expect(pool.started.map((probe) => probe.id)).toEqual(['a', 'b']);
    await clock.advance(10 * 60_000);
    expect(pool.started.length).toBeGreaterThanOrEqual(20);
    expect(pool.started.length).toBeLessThanOrEqual(22);
  });

  it('probes twice as often while a window shows', async () => {
    const { clock, pool, monitor } = start(['a']);
    monitor.setVisible(true);
    await clock.advance(10 * 60_000);
    expect(pool.started.length).toBeGreaterThanOrEqual(19);
    expect(pool.started.length).toBeLessThanOrEqual(22);
  });

  it('never measures with more than three probes at once', async () => {
    const { clock, pool, monitor } = start(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    pool.tookMs = 200;
    monitor.probeSoon(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    await clock.advance(120_000);
    expect(pool.mostRunning).toBe(3);
    expect(new Set(pool.started.map((probe) => probe.id)).size).toBe(7);
  });

  it('keeps its rhythm for a year: no drift, no overlap, no starvation', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const { clock, pool, monitor, configure } = start(ids);
    pool.tookMs = 400;
    const hour = 60 * 60_000;
    configure({ intervals: { visibleMs: hour, hiddenMs: hour } });
    await clock.advance(365 * 24 * hour);
    expect(pool.mostRunning).toBeLessThanOrEqual(3);
    for (const id of ids) {
      const times = pool.started.filter((probe) => probe.id === id).length;
      // 400 ms a probe are part of each round.
      expect(times).toBeGreaterThanOrEqual(8_755);
      expect(times).toBeLessThanOrEqual(8_762);
    }
    await monitor.close();
    expect(clock.pending).toBe(0);
  }, 60_000);

  it('experiments once on a confirmed outage, and carries the outcome on until it is over', async () => {
    const { clock, pool, book, configure } = start(['a']);
    configure({ controls: { forwardProxy: 'http://127.0.0.1:7890' } });
    await clock.advance(1_000);
    pool.failing.set('a', 'connect-refused');
    pool.working = ({ network }) => network.forwardProxy !== undefined;
    await clock.advance(70_000);
    const seen = () => book.records()[0]?.last?.evidence.experiments;
    expect(seen()).toMatchObject([{ variable: 'through-proxy', tries: 3, unchanged: 0, changed: 3 }]);
    const count = pool.started.length;
    await clock.advance(61_000);
    expect(seen()).toHaveLength(1);
    expect(pool.started.length - count).toBeLessThanOrEqual(2);
    pool.failing.clear();
    await clock.advance(15 * 60_000);
    expect(seen()).toBeUndefined();
  });

  it('logs an experiment that breaks off, and goes on without it', async () => {
    const { clock, pool, configure, statusOf, warnings } = start(['a']);
    configure({ controls: { forwardProxy: 'http://127.0.0.1:7890' } });
    await clock.advance(1_000);
    pool.failing.set('a', 'connect-refused');
    pool.rejecting = ({ network }) => network.forwardProxy !== undefined;
    await clock.advance(70_000);
    expect([statusOf('a'), warnings]).toEqual(['down', ['experiments failed']]);
  });

  it('leaves a dead endpoint in peace and says so', async () => {
    const { clock, pool, book } = start(['a']);
    pool.failing.set('a', 'connect-refused');
    await clock.advance(60 * 60_000);
    const { reachability } = book.records()[0]?.health ?? {};
    expect(reachability === undefined ? null : breakerOf(reachability)).toBe('open');
    expect(pool.started.length).toBeLessThan(30);
  });

  it('confirms an outage within seconds instead of intervals', async () => {
    const { clock, pool, statusOf } = start(['a']);
    await clock.advance(1_000);
    pool.failing.set('a', 'eof-no-response');
    await clock.advance(61_000);
    expect(statusOf('a')).toBe('up');
    await clock.advance(6_000);
    expect(statusOf('a')).toBe('down');
  });

  it('confirms a recovery within seconds', async () => {
    const { clock, pool, statusOf } = start(['a']);
    pool.failing.set('a', 'eof-no-response');
    await clock.advance(10_000);
    expect(statusOf('a')).toBe('down');
    pool.failing.clear();
    await clock.advance(63_000);
    expect(statusOf('a')).toBe('up');
  });

  it('looks closer at the first failure and hourly, and only then', async () => {
    const { clock, pool } = start(['a']);
    await clock.advance(30 * 60_000);
    expect(pool.started.filter((probe) => probe.depth === 'full')).toHaveLength(1);
    pool.failing.set('a', 'eof-no-response');
    await clock.advance(10 * 60_000);
    expect(pool.started.filter((probe) => probe.depth === 'full')).toHaveLength(2);
  });

  it('does not judge the first failure after waking, and looks again soon', async () => {
    const { clock, pool, wake, observations, statusOf } = start(['a']);
    await clock.advance(1_000);
    pool.failing.set('a', 'dns-no-such-host');
    wake();
    await clock.advance(1_000);
    expect(observations.at(-1)).toMatchObject({ judged: false });
    pool.failing.clear();
    await clock.advance(3_000);
    expect(observations.at(-1)).toMatchObject({ judged: true });
    expect(statusOf('a')).toBe('up');
  });

  it('cancels what runs when it stops, and counts it as nothing', async () => {
    const { clock, pool, monitor, observations } = start(['a']);
    await clock.advance(10);
    expect(pool.running).toBe(1);
    monitor.stop();
    await clock.advance(10 * 60_000);
    expect(pool.running).toBe(0);
    expect(observations).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('goes on after waking in the middle of a probe', async () => {
    const { clock, pool, wake } = start(['a']);
    await clock.advance(10);
    wake();
    await clock.advance(1_000);
    expect(pool.started).toHaveLength(2);
    await clock.advance(10 * 60_000);
    expect(pool.started.length).toBeGreaterThan(10);
  });

  it('notices that the machine slept and does not probe into the dark', async () => {
    const { clock, pool, slept } = start(['a']);
    await clock.advance(5_000);
    const before = pool.started.length;
    clock.jump(3 * 3_600_000);
    await clock.advance(1_000);
    expect(slept()).toBe(1);
    expect(pool.started).toHaveLength(before);
  });

  it('probes on demand at full depth, even while stopped', async () => {
    const { clock, pool, monitor } = start(['a', 'b']);
    await clock.advance(5_000);
    monitor.stop();
    const done = monitor.probeNow(['b']);
    await clock.advance(200);
    await done;
    expect(pool.started.at(-1)).toMatchObject({ id: 'b', depth: 'full' });
  });

  it('calls an endpoint unknown when its worker was lost, never an old green', async () => {
    const { clock, pool, statusOf } = start(['a']);
    await clock.advance(5_000);
    expect(statusOf('a')).toBe('up');
    pool.failing.set('a', 'probe-worker-lost');
    await clock.advance(61_000);
    expect(statusOf('a')).toBe('unknown');
  });

  it('takes new endpoints up and lets old ones go', async () => {
    const { clock, pool, book, configure } = start(['a', 'b']);
    await clock.advance(5_000);
    configure({ endpoints: [endpoint('b'), endpoint('c')] });
    const from = pool.started.length;
    await clock.advance(10 * 60_000);
    expect(new Set(pool.started.slice(from).map((probe) => probe.id))).toEqual(new Set(['b', 'c']));
    expect(book.records().map((one) => one.endpoint.id)).toEqual(['b', 'c']);
  });

  it('goes on when the pool rejects: unknown at first, up when it answers again', async () => {
    const { clock, pool, statusOf } = start(['a', 'b', 'c', 'd']);
    pool.rejecting = () => true;
    await clock.advance(60_000);
    expect(statusOf('a')).toBe('unknown');
    pool.rejecting = () => false;
    await clock.advance(120_000);
    expect(['a', 'b', 'c', 'd'].map(statusOf)).toEqual(['up', 'up', 'up', 'up']);
  });

  it('does not wait for hours after the clock was set back', async () => {
    const { clock, pool, monitor } = start(['a']);
    monitor.setVisible(true);
    await clock.advance(120_000);
    clock.jump(-3 * 3_600_000);
    monitor.setVisible(false);
    const before = pool.started.length;
    await clock.advance(5 * 60_000);
    expect(pool.started.length).toBeGreaterThanOrEqual(before + 4);
  });

  it('asks what go asks first before what was queued earlier', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const { clock, pool, monitor, favour } = start(ids);
    await clock.advance(20_000);
    favour('g');
    pool.tookMs = 10_000;
    const from = pool.started.length;
    monitor.probeSoon(ids);
    await clock.advance(11_000);
    expect(pool.started.slice(from, from + 4).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'g']);
  });

  it('keeps its rhythm over a day: no drift, no overlap, no starvation', async () => {
    const { clock, pool } = start(['a', 'b', 'c', 'd', 'e']);
    await clock.advance(DAY_MS);
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      const times = pool.started.filter((probe) => probe.id === id).map((probe) => probe.at);
      const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(54_000);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(67_000);
    }
  });

  it('rests when the day’s bytes are spent, and goes on as usual soon after there are more', async () => {
    const { clock, pool, live } = start(['a']);
    await clock.advance(5_000);
    live({ ...INITIAL_CONDITIONS, spent: 1 });
    await clock.advance(60 * 60_000);
    const rested = pool.started.length;
    expect(rested).toBeLessThanOrEqual(2);
    live(INITIAL_CONDITIONS);
    await clock.advance(10 * 60_000);
    expect(pool.started.length).toBeGreaterThan(rested + 5);
  });

  it('asks other hosts at once whether they can be reached, and takes back what began with their silence', async () => {
    const { clock, pool, monitor, book, statusOf } = start(['a', 'b', 'c', 'd']);
    await clock.advance(120_000);
    for (const id of ['a', 'b', 'c', 'd']) pool.failing.set(id, 'connect-unreachable');
    const before = pool.started.length;
    const since = clock.now();
    await clock.advance(66_000);
    expect(new Set(pool.started.slice(before, before + 4).map(({ id }) => id)).size).toBe(4);
    expect(pool.started[before + 3]?.at).toBeLessThan((pool.started[before]?.at ?? 0) + 3_000);
    expect(statusOf('a')).toBe('down');
    pool.failing.clear();
    monitor.probeSoon(book.discardFailuresSince(since));
    expect(statusOf('a')).toBe('unknown');
    await clock.advance(5_000);
    expect(statusOf('a')).toBe('up');
  });

  it('asks twice as often what go asks first', async () => {
    const { clock, pool, favour } = start(['a', 'b']);
    favour('a');
    await clock.advance(60 * 60_000);
    const of = (id: string) => pool.started.filter((probe) => probe.id === id).length;
    expect(of('a') / of('b')).toBeGreaterThan(1.8);
  });

  it('judges 200 endpoints within a minute although every fourth hangs until its limit', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `e${index}`);
    const { clock, pool, statusOf } = start(ids);
    const hanging = ids.filter((_, index) => index % 4 === 0);
    for (const id of hanging) pool.hanging.add(id);
    await clock.advance(60_000);
    expect(ids.filter((id) => statusOf(id) !== (pool.hanging.has(id) ? 'down' : 'up'))).toEqual([]);
  });

  it('confirms an outage as soon among 150 that hang as alone', async () => {
    const confirmedAfter = async (others: number) => {
      const ids = ['a', ...Array.from({ length: others }, (_, index) => `e${index}`)];
      const { clock, pool, statusOf, favour } = start(ids);
      favour('a');
      await clock.advance(120_000);
      for (const id of ids.slice(1)) pool.hanging.add(id);
      await clock.advance(60_000);
      pool.failing.set('a', 'eof-no-response');
      const since = clock.now();
      while (statusOf('a') !== 'down' && clock.now() - since < 300_000) await clock.advance(500);
      return clock.now() - since;
    };
    // The regular interval decides when the first failure is seen; the rest are queueing and confirmation.
    expect(await confirmedAfter(150)).toBeLessThanOrEqual((await confirmedAfter(0)) + 15_000 + 2_000);
  });

  it('probes other endpoints while canaries download', async () => {
    const { clock, pool, configure } = start([]);
    const canaries = ['x', 'y', 'z'].map((id): Endpoint => ({ ...endpoint(id), kind: 'module' }));
    configure({ endpoints: [...canaries, endpoint('a')] });
    for (const { id } of canaries) pool.hanging.add(id);
    await clock.advance(1_000);
    expect(pool.started.map(({ id }) => id)).toEqual(['x', 'y', 'a']);
  });
});
