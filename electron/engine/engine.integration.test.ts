import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type QuietCheck, watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { type Core, openCore } from '../composition/core.ts';
import { enginePorts } from '../composition/engine.ts';
import { silentLog } from '../system/log.ts';
import { startEngine } from './engine.ts';
import type { Engine } from './engine-api.ts';

/** The engine over real parts: real sockets to the lab, real SQLite, the real go in a scratch environment. */

let folder: string;
let lab: Lab;
let first: GoproxyServer;
let second: GoproxyServer;
let engine: Engine;
let core: Core;
let announced: Announcement[];
let quiet: QuietCheck;

const CAFE = { id: '0123456789ab', description: 'wlan0 · 192.0.2.0/24', isHotspot: false };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gopherbar-engine-'));
  lab = await startLab();
  first = await lab.proxy({ host: 'first.lab', transport: 'http' });
  second = await lab.proxy({ host: 'second.lab', transport: 'http' });
  const settings = {
    builtInProfiles: false,
    endpoints: [first, second].map(({ url, host }) => ({ id: host, url, module: FIXTURE_MODULE })),
    profiles: [
      { id: 'one', name: 'One', variables: { GOPROXY: `${first.url},${second.url}`, GOSUMDB: FIXTURE_SUMDB } },
      { id: 'two', name: 'Two', variables: { GOPROXY: `${second.url}|direct`, GOSUMDB: FIXTURE_SUMDB } },
    ],
    intervals: { visibleMs: 200, hiddenMs: 200 },
    network: { resolver: lab.dns.address },
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  await writeFile(join(folder, 'goenv'), `# mine\nGOPROXY=${first.url},${second.url}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
  announced = [];
  quiet = watchForQuiet(folder);
  engine = await start();
});

afterEach(async () => {
  await engine.close();
  await core.close();
  await quiet.expectQuiet();
  await lab.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function start(): Promise<Engine> {
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOPATH: join(folder, 'go') };
  core = await openCore(folder, env, silentLog, { oneShot: true });
  const started = await startEngine({
    ...(await enginePorts(core)),
    hasNetworkPath: () => true,
    machineFacts: async () => ({}),
    random: () => 0.5,
    network: { read: async () => CAFE, watch: () => () => {} },
    costs: () => ({ cpuMs: 0, residentBytes: 0, wakeups: 0 }),
    environment: async () => ({ goflags: '', proxies: [] }),
    effective: async () => ({ contexts: [], builds: [], gos: [], project: null }),
    preflight: async (folder) => ({ ok: false, problem: { key: 'no-project', params: { folder } } }),
  });
  started.onAnnouncement((announcement) => announced.push(announcement));
  return started;
}

/** Waits until the snapshot is as wanted; fails with the last one. */
function until(what: string, holds: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const give = (snapshot: Snapshot) => {
      if (!holds(snapshot)) return;
      clearTimeout(timer);
      stop();
      resolve(snapshot);
    };
    const timer = setTimeout(() => {
      stop();
      const { verdict, alert, go } = engine.snapshot();
      reject(new Error(`never came: ${what}; ${JSON.stringify({ verdict, alert, go })}`));
    }, 8_000);
    const stop = engine.subscribe(give);
    give(engine.snapshot());
  });
}

describe('the engine', () => {
  it('reports an outage once, switches the real go, undoes it to the byte and reports the recovery once', async () => {
    const before = await readFile(join(folder, 'goenv'));
    const healthy = await until('healthy', ({ verdict, go }) => verdict.severity === 'healthy' && go.state === 'found');
    expect(healthy.profiles.map(({ active }) => active)).toEqual([true, false]);

    await first.setFault({ type: 'drop-request', how: 'fin' });
    const down = await until('down', ({ alert }) => alert !== null);
    expect(down.verdict).toMatchObject({ name: 'upstream-outage', severity: 'down', cause: 'eof-no-response' });
    expect(down.alert).toMatchObject({ endpointId: 'first.lab', remedyProfileId: 'two' });

    expect(await engine.profiles.use('two')).toEqual({ ok: true });
    expect(await readFile(join(folder, 'goenv'), 'utf8')).toContain(`GOPROXY=${second.url}|direct`);
    const switched = await until('switched', ({ verdict }) => verdict.severity === 'healthy');
    expect(switched.profiles.map(({ active }) => active)).toEqual([false, true]);

    expect(await engine.profiles.undo()).toMatchObject({ ok: true });
    expect(await readFile(join(folder, 'goenv'))).toEqual(before);
    await until('down again', ({ verdict }) => verdict.severity === 'down');

    await first.setFault(null);
    await until('recovered', ({ verdict }) => verdict.severity === 'healthy');
    expect(announced.map(({ kind }) => kind)).toEqual(['outage', 'recovery']);
  });

  it('records once what another program changed while the app was closed', async () => {
    await until('go', ({ go }) => go.state === 'found');
    expect(await engine.profiles.use('two')).toEqual({ ok: true });
    const restarted = async () => {
      await engine.close();
      await core.close();
      engine = await start();
      await until('the change', ({ drift }) => drift !== null);
      const now = Date.now();
      const { events } = await engine.history.chart('first.lab', now - 3_600_000, now + 1);
      return events.filter(({ kind }) => kind === 'go-settings-changed').map(({ detail }) => detail);
    };
    await engine.close();
    await core.close();
    await writeFile(join(folder, 'goenv'), `GOPROXY=${first.url}|direct\nGOSUMDB=${FIXTURE_SUMDB}\n`);
    engine = await start();
    await until('the change', ({ drift }) => drift !== null);
    expect(await restarted()).toEqual(['GOPROXY']);
    expect(await restarted()).toEqual(['GOPROXY']);
  });

  it('finds history and the open incident again after a restart, and reports nothing twice', async () => {
    await until('healthy', ({ verdict }) => verdict.severity === 'healthy');
    await first.setFault({ type: 'drop-request', how: 'fin' });
    await until('down', ({ alert }) => alert !== null);
    await engine.close();
    announced = [];

    engine = await start();
    const painted = engine.snapshot();
    expect(painted.endpoints[0]).toMatchObject({ status: 'down', cause: 'eof-no-response' });
    expect(painted.endpoints[0]?.strip.some(({ outcome }) => outcome === 'failed')).toBe(true);
    await until('the card', ({ alert }) => alert !== null);
    await first.setFault(null);
    await until('recovered', ({ verdict }) => verdict.severity === 'healthy');
    expect(announced.map(({ kind }) => kind)).toEqual(['recovery']);
    const detail = await engine.history.detail('first.lab');
    expect(detail?.incidents[0]).toMatchObject({ severity: 'down', cause: 'eof-no-response' });
    expect(detail?.incidents[0]?.endedAt).not.toBeNull();
  });

  it('stops probing while paused and goes on afterwards', async () => {
    await until('healthy', ({ verdict }) => verdict.severity === 'healthy');
    engine.probing.pauseFor(null);
    expect(engine.snapshot().verdict.severity).toBe('paused');
    const asked = first.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(first.requests.length).toBeLessThanOrEqual(asked + 1);
    engine.probing.resume();
    await vi.waitFor(() => expect(first.requests.length).toBeGreaterThan(asked), 5_000);
  });

  it('runs a drill: detected, reported, over, measured, and nothing of it is left', async () => {
    const goenv = await readFile(join(folder, 'goenv'));
    await until('healthy', ({ verdict, go }) => verdict.severity === 'healthy' && go.state === 'found');
    const asked = first.requests.length;
    expect(engine.drill.start()).toEqual({ ok: true });
    expect(engine.drill.start()).toMatchObject({ ok: false, problem: { key: 'drill-running' } });
    const card = await until('the card', ({ alert }) => alert !== null);
    expect(card.alert).toMatchObject({ endpointId: 'first.lab', drill: true });
    await until('over', ({ drill, verdict }) => drill === null && verdict.severity === 'healthy');
    expect(announced.map(({ kind }) => kind)).toEqual(['outage', 'recovery']);
    expect(announced[1]).toMatchObject({ recovery: { drill: true } });

    const { drills, incidents, uptime } = await engine.history.dashboard();
    expect(drills[0]).toMatchObject({ outcome: 'done', selfTest: 'ok', endpointId: 'first.lab', switchMs: null });
    const { detectMs, notifyMs, recoverMs } = drills[0] ?? {};
    expect([detectMs, notifyMs, recoverMs].every((ms) => typeof ms === 'number' && ms > 0)).toBe(true);
    expect(detectMs).toBeLessThanOrEqual(notifyMs ?? 0);
    // Marked, and no downtime of anybody.
    expect(incidents[0]).toMatchObject({ endpointId: 'first.lab', severity: 'down', drill: true });
    expect(uptime[0]).toMatchObject({ outages: 0, day: 1 });
    expect(first.requests.length).toBeGreaterThanOrEqual(asked);
    expect(await readFile(join(folder, 'goenv'))).toEqual(goenv);
  });

  it('tries switches on copies while a drill runs: failover and a click leave the real go alone', async () => {
    const goenv = await readFile(join(folder, 'goenv'));
    const preferences = { ...engine.snapshot().preferences, failover: true, failoverProfiles: ['two'] };
    expect(await engine.preferences.set(preferences)).toEqual({ ok: true });
    await until('healthy', ({ verdict, go }) => verdict.severity === 'healthy' && go.state === 'found');
    expect(engine.drill.start()).toEqual({ ok: true });
    await until('the card', ({ alert }) => alert?.drill === true);
    expect(await engine.profiles.use('two')).toMatchObject({ ok: false, problem: { key: 'drill-practised' } });
    expect(await readFile(join(folder, 'goenv'))).toEqual(goenv);
    await until('over', ({ drill, verdict }) => drill === null && verdict.severity === 'healthy');
    const { drills } = await engine.history.dashboard();
    expect(drills[0]).toMatchObject({ outcome: 'done', switchMs: expect.any(Number) });
    expect(engine.snapshot()).toMatchObject({ switches: [], failedOverFrom: null, switching: false });
    expect(announced.map(({ kind }) => kind)).toEqual(['outage', 'recovery']);
    expect(await readFile(join(folder, 'goenv'))).toEqual(goenv);
    expect(await engine.profiles.use('two')).toEqual({ ok: true });
  });

  it('ends a drill at once when asked to, and needs something that works to practise with', async () => {
    await until('healthy', ({ verdict, go }) => verdict.severity === 'healthy' && go.state === 'found');
    engine.drill.start();
    await until('waiting', ({ drill }) => drill?.step === 'waiting' || drill?.step === 'detected');
    engine.drill.cancel();
    expect(engine.snapshot().drill).toBeNull();
    await until('well', ({ verdict, endpoints }) => verdict.severity === 'healthy' && endpoints[0]?.status === 'up');
    expect((await engine.history.dashboard()).drills[0]).toMatchObject({ outcome: 'cancelled' });
    await first.setFault({ type: 'drop-request', how: 'fin' });
    await until('down', ({ verdict }) => verdict.severity === 'down');
    expect(engine.drill.start()).toMatchObject({ ok: false, problem: { key: 'drill-not-now' } });
  });

  it('draws an endpoint over an hour, with its outage', async () => {
    await until('healthy', ({ verdict }) => verdict.severity === 'healthy');
    await first.setFault({ type: 'drop-request', how: 'fin' });
    await until('down', ({ alert }) => alert !== null);
    const now = Date.now();
    const chart = await engine.history.chart('first.lab', now - 3_600_000, now + 1);
    const last = chart.columns.filter(({ n }) => n > 0).at(-1);
    expect(last?.failed).toBeGreaterThan(0);
    expect(chart.columns.some(({ p50, phases }) => p50 !== null && phases.connect !== undefined)).toBe(true);
    expect(chart.incidents.at(-1)).toMatchObject({ severity: 'down', endedAt: null, verdict: 'upstream-outage' });
    expect(chart.events.map(({ kind }) => kind)).toContain('started');
    // It shows what there is: no empty hour before the first measurement.
    expect(chart.since).toBeGreaterThan(now - 120_000);
    expect(chart.from).toBe(chart.to - 5 * 60_000);
    expect(chart.gaps).toEqual([]);
    expect((await engine.history.dashboard()).uptime[0]?.since).toBe(chart.since);
  });

  it('knows the network by the name it was given, and probes rarely where it costs', async () => {
    const { schedule } = await until('the network', ({ network }) => network?.id === CAFE.id);
    expect(await engine.preferences.setNetwork({ name: '  Café  ', metered: true })).toEqual({ ok: true });
    const { network } = engine.snapshot();
    expect(network).toMatchObject({ name: 'Café', metered: true });
    expect(engine.snapshot().schedule.intervalMs).toBe(schedule.intervalMs * 4);
    expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')).networks).toEqual([
      { id: CAFE.id, name: 'Café', metered: true },
    ]);
    await engine.preferences.setNetwork({ metered: false });
    expect(engine.snapshot().network).toMatchObject({ name: 'Café', metered: false });
  });

  it('measures what its probes cost', async () => {
    await until('healthy', ({ verdict }) => verdict.severity === 'healthy');
    const { probesToday, bytesToday, bytesPerDay } = engine.history.meter();
    expect(probesToday).toBeGreaterThan(0);
    // A request and its answer, headers and all.
    expect(bytesToday / probesToday).toBeGreaterThan(200);
    expect(bytesToday / probesToday).toBeLessThan(50_000);
    expect(bytesPerDay).toBe(300_000_000);
  });
});
