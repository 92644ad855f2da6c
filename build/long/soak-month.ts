/**
 * One month of one seed through the real engine in fake time: real monitor, reducers, SQLite history and alerts; only the
 * probe port plays a script (month.ts), and there is no window.
 */

import { startEngine } from '../../electron/engine/engine.ts';
import { openHistory } from '../../electron/history/open-history.ts';
import type { ProbePool, ProbeRequest } from '../../electron/probe/probe-pool.ts';
import { FakeClock } from '../../electron/system/fake-clock.ts';
import { silentLog } from '../../electron/system/log.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Cause } from '../../shared/domain/cause.ts';
import { DEFAULT_LIMITS, type Endpoint } from '../../shared/domain/endpoint.ts';
import { DONE, failed, succeeded } from '../../shared/domain/outcome.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { DEFAULT_PREFERENCES } from '../../shared/domain/snapshot.ts';
import { DEFAULT_THRESHOLDS } from '../../shared/domain/status.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import { chanceFrom, drawMonth, EVENING_FACTOR, isEvening, LOSS, type Month, type Outage, type Span } from './month.ts';

const ENDPOINTS = 10;
const INTERVAL_MS = 30_000;

/** Figures of one month. */
export interface MonthFigures {
  readonly seed: number;
  readonly days: number;
  readonly outages: number;
  readonly missed: number;
  /** Notifications without an outage. */
  readonly falseAlerts: number;
  /** What should not have happened, for debugging. */
  readonly oddities: readonly string[];
  /** The most notifications that one outage caused. */
  readonly mostPerOutage: number;
  /** From the beginning of each outage (or from waking) to its notification, ms; of total and of scattered failures. */
  readonly toAlertMs: readonly DurationMs[];
  readonly toAlertScatteredMs: readonly DurationMs[];
  readonly recoveries: number;
  readonly probes: number;
}

/** Plays a month; `from` is the same for every seed. */
export async function playMonth(seed: number, days: number): Promise<MonthFigures> {
  const from = Date.UTC(2026, 5, 1);
  const month = drawMonth(seed, days, from);
  const clock = new FakeClock(from);
  const pool = new MonthPool(clock, month, seed);
  const endpoints = Array.from({ length: ENDPOINTS }, (_, n) => endpointOf(n));
  const chance = chanceFrom(seed + 1_000);
  const engine = await startEngine({
    clock,
    pool,
    history: await openHistory({ file: ':memory:', clock }),
    settings: {
      current: () => ({
        monitor: {
          endpoints,
          intervals: { visibleMs: INTERVAL_MS, hiddenMs: INTERVAL_MS },
          thresholds: DEFAULT_THRESHOLDS,
          limits: DEFAULT_LIMITS,
          network: {},
          controls: {},
        },
        profiles: [],
        preferences: { ...DEFAULT_PREFERENCES, language: 'en' },
        watchedModules: [],
        doctorResolvers: [],
        statusFeeds: false,
        managed: [],
        updateFeeds: [],
        metricsCollector: null,
        networks: [],
        bytesPerDay: { usual: null, metered: null },
        gateway: { address: null, upstreams: [] },
        demo: false,
        problem: null,
        forwardProxyOfGo: () => null,
      }),
      setPreferences: async () => DONE,
      setNetwork: async () => DONE,
      saveProfile: async () => DONE,
      deleteProfile: async () => DONE,
      orderProfiles: async () => DONE,
      allowProgram: async () => DONE,
      watch: () => () => {},
    },
    go: {
      recover: async () => null,
      read: async () => ({
        state: 'found',
        path: '/usr/bin/go',
        version: 'go1.26.0',
        envFile: '/dev/null',
        effective: { GOPROXY: `${endpoints[0]?.url},direct`, GOSUMDB: 'sum.golang.org' },
        set: [],
        unknown: [],
        git: [],
        overrides: [],
        checkedAt: from,
      }),
      apply: async () => DONE,
      undo: async () => succeeded('exactly'),
      undoable: async () => succeeded([]),
      plan: async () => failed('go-missing'),
      drift: async () => null,
      accept: async () => {},
      revert: async () => DONE,
      watch: async () => () => {},
      close: async () => {},
    },
    hasNetworkPath: () => true,
    machineFacts: async () => ({}),
    environment: async () => ({ goflags: '', proxies: [] }),
    effective: async () => ({ contexts: [], builds: [], gos: [], project: null }),
    preflight: async (folder) => failed('no-project', { folder }),
    random: chance,
    listVersions: async ({ id }) => ({ endpointId: id, versions: null, latest: null }),
    network: { read: async () => null, watch: () => () => {} },
    costs: () => ({ cpuMs: 0, residentBytes: 0, wakeups: 0 }),
    selfTest: async () => 'not-run',
    log: silentLog,
  });
  const heard: { readonly at: EpochMs; readonly announcement: Announcement }[] = [];
  engine.onAnnouncement((announcement) => heard.push({ at: clock.now(), announcement }));

  const marks = [
    ...month.sleeps.map((sleep) => ({ at: sleep.from, sleep })),
    ...month.networkChanges.map(({ to }) => ({ at: to, sleep: null })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, sleep } of marks) {
    await clock.advance(Math.max(0, at - clock.now()));
    if (sleep === null) {
      engine.power.wake();
      continue;
    }
    if (sleep.announced) engine.power.suspend();
    clock.jump(Math.max(0, sleep.to - clock.now()));
    if (sleep.announced) engine.power.wake();
  }
  await clock.advance(Math.max(0, month.to - clock.now()));
  await engine.close();
  return figuresOf(seed, days, month, heard, pool.probes);
}

function figuresOf(
  seed: number,
  days: number,
  { outages, sleeps }: Month,
  heard: readonly { readonly at: EpochMs; readonly announcement: Announcement }[],
  probes: number,
): MonthFigures {
  const alerts = heard.filter(({ announcement }) => announcement.kind === 'outage');
  const ofOutage = (outage: Outage) => alerts.filter(({ at }) => at >= outage.from && at <= outage.to + MINUTE_MS);
  const toAlert = (share: (outage: Outage) => boolean) =>
    outages.filter(share).flatMap((outage) => {
      const first = ofOutage(outage)[0];
      return first === undefined ? [] : [first.at - beganFor(outage, sleeps)];
    });
  const wrong = alerts.filter((alert) => !outages.some((outage) => ofOutage(outage).includes(alert)));
  return {
    seed,
    days,
    outages: outages.length,
    missed: outages.filter((outage) => ofOutage(outage).length === 0).length,
    falseAlerts: wrong.length,
    oddities: [
      ...wrong.map((alert) => `false: ${said(alert)}`),
      ...outages.flatMap((outage) => {
        const reports = ofOutage(outage);
        return reports.length === 1
          ? []
          : [`reported ${reports.length} times: ${JSON.stringify(outage)} ${reports.map(said).join(' ')}`];
      }),
    ],
    mostPerOutage: Math.max(0, ...outages.map((outage) => ofOutage(outage).length)),
    toAlertMs: toAlert(({ share }) => share === 1),
    toAlertScatteredMs: toAlert(({ share }) => share < 1),
    recoveries: heard.length - alerts.length,
    probes,
  };
}

function said({ at, announcement }: { readonly at: EpochMs; readonly announcement: Announcement }): string {
  return `${new Date(at).toISOString()} ${JSON.stringify(announcement)}`;
}

/** No notification can be sent while the machine sleeps. */
function beganFor({ from }: Outage, sleeps: readonly Span[]): EpochMs {
  return sleeps.find((sleep) => sleep.from <= from && sleep.to > from)?.to ?? from;
}

function endpointOf(n: number): Endpoint {
  const name = `proxy-${n}.example`;
  return { id: name, kind: 'goproxy', name, url: `https://${name}` };
}

/** Answers as the month has it. */
class MonthPool implements ProbePool {
  probes = 0;
  readonly #clock: FakeClock;
  readonly #month: Month;
  readonly #chance: () => number;

  constructor(clock: FakeClock, month: Month, seed: number) {
    this.#clock = clock;
    this.#month = month;
    this.#chance = chanceFrom(seed + 2_000);
  }

  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> {
    this.probes += 1;
    const { endpoint, depth } = request;
    const startedAt = this.#clock.now();
    const failure = this.#failureOf(endpoint, startedAt);
    const totalMs = failure === 'connect-timeout' ? 5_000 : this.#latency(endpoint, startedAt);
    const base = { kind: endpoint.kind, url: endpoint.url, depth, startedAt };
    return new Promise((resolve) => {
      const stop = this.#clock.after(totalMs, () => {
        const phases = { dns: totalMs * 0.1, connect: totalMs * 0.2, tls: totalMs * 0.4, response: totalMs * 0.3 };
        const measured = { ...base, phases, totalMs, steps: [], evidence: { url: endpoint.url } };
        if (failure === null) resolve({ ...measured, outcome: 'ok', slow: [] });
        else
          resolve({ ...measured, outcome: 'failed', failure: { cause: failure, phase: 'response', message: failure } });
      });
      signal.addEventListener('abort', () => {
        stop();
        resolve({ ...base, outcome: 'cancelled' });
      });
    });
  }

  async close(): Promise<void> {}

  #failureOf({ id }: Endpoint, at: EpochMs): Cause | null {
    const { networkChanges, vpnFlaps, outages } = this.#month;
    if (isWithin(networkChanges, at)) return 'connect-unreachable';
    if (isWithin(vpnFlaps, at)) return 'connect-unreachable';
    const outage = outages.find(({ from, to }) => at >= from && at < to);
    if (id === 'proxy-0.example' && outage !== undefined && this.#chance() < outage.share) return outage.cause;
    return this.#chance() < (isEvening(at) ? LOSS.evening : LOSS.day) ? 'connect-timeout' : null;
  }

  /** Log-normal around a host's own median. */
  #latency({ id }: Endpoint, at: EpochMs): DurationMs {
    const median = 60 + 20 * Number(/\d+/.exec(id)?.[0] ?? 0);
    const normal = Math.sqrt(-2 * Math.log(1 - this.#chance())) * Math.cos(2 * Math.PI * this.#chance());
    return median * Math.exp(0.25 * normal) * (isEvening(at) ? EVENING_FACTOR : 1);
  }
}

function isWithin(spans: readonly Span[], at: EpochMs): boolean {
  return spans.some(({ from, to }) => at >= from && at < to);
}
