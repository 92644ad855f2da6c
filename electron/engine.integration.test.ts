import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GoproxyServer } from '../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../e2e/lab/tree.ts';
import type { Snapshot } from '../shared/domain/snapshot.ts';
import { engineSettings, goControl } from './adapters.ts';
import { type Announcement, type Engine, startEngine } from './engine.ts';
import { openHistory } from './history/open-history.ts';
import { InlinePool } from './probe/inline-pool.ts';
import { SettingsFile } from './settings/settings-file.ts';
import { systemClock } from './system/clock.ts';
import { silentLog } from './system/log.ts';

/** The engine over real parts: real sockets to the lab, real SQLite, the real go in a scratch environment. */

let folder: string;
let lab: Lab;
let first: GoproxyServer;
let second: GoproxyServer;
let engine: Engine;
let told: Announcement[];

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
  told = [];
  engine = await start();
});

afterEach(async () => {
  await engine.close();
  await lab.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Engine> {
  const file = await SettingsFile.open(join(folder, 'settings.json'), systemClock);
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOPATH: join(folder, 'go') };
  const started = await startEngine({
    clock: systemClock,
    pool: new InlinePool(systemClock),
    history: await openHistory({ file: join(folder, 'history.sqlite'), clock: systemClock }),
    settings: {
      current: () => engineSettings(file),
      setPreferences: (change) => file.setPreferences(change),
      watch: (listener) => file.watch(() => listener(engineSettings(file))),
    },
    go: goControl(file, folder, env),
    hasNetworkPath: () => true,
    random: () => 0.5,
    log: silentLog,
  });
  started.onAnnouncement((announcement) => told.push(announcement));
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
  it('tells an outage once, switches the real go, undoes it to the byte and tells the recovery once', async () => {
    const before = await readFile(join(folder, 'goenv'));
    const healthy = await until('healthy', ({ verdict }) => verdict.severity === 'healthy');
    expect(healthy.profiles.map(({ active }) => active)).toEqual([true, false]);

    await first.setFault({ type: 'drop-request', how: 'fin' });
    const down = await until('down', ({ alert }) => alert !== null);
    expect(down.verdict).toMatchObject({ name: 'upstream-outage', severity: 'down', cause: 'eof-no-response' });
    expect(down.alert).toMatchObject({ endpointId: 'first.lab', remedyProfileId: 'two' });

    expect(await engine.useProfile('two')).toEqual({ ok: true });
    expect(await readFile(join(folder, 'goenv'), 'utf8')).toContain(`GOPROXY=${second.url}|direct`);
    const switched = await until('switched', ({ verdict }) => verdict.severity === 'healthy');
    expect(switched.profiles.map(({ active }) => active)).toEqual([false, true]);

    expect(await engine.undo()).toMatchObject({ ok: true });
    expect(await readFile(join(folder, 'goenv'))).toEqual(before);
    await until('down again', ({ verdict }) => verdict.severity === 'down');

    await first.setFault(null);
    await until('recovered', ({ verdict }) => verdict.severity === 'healthy');
    expect(told.map(({ kind }) => kind)).toEqual(['outage', 'recovery']);
  });

  it('finds history and the open incident again after a restart, and tells nothing twice', async () => {
    await until('healthy', ({ verdict }) => verdict.severity === 'healthy');
    await first.setFault({ type: 'drop-request', how: 'fin' });
    await until('down', ({ alert }) => alert !== null);
    await engine.close();
    told = [];

    engine = await start();
    const painted = engine.snapshot();
    expect(painted.endpoints[0]).toMatchObject({ status: 'down', cause: 'eof-no-response' });
    expect(painted.endpoints[0]?.strip.some(({ outcome }) => outcome === 'failed')).toBe(true);
    await until('the card', ({ alert }) => alert !== null);
    await first.setFault(null);
    await until('recovered', ({ verdict }) => verdict.severity === 'healthy');
    expect(told.map(({ kind }) => kind)).toEqual(['recovery']);
    const detail = await engine.detail('first.lab');
    expect(detail?.incidents[0]).toMatchObject({ severity: 'down', cause: 'eof-no-response' });
    expect(detail?.incidents[0]?.endedAt).not.toBeNull();
  });

  it('stops probing while paused and goes on afterwards', async () => {
    await until('healthy', ({ verdict }) => verdict.severity === 'healthy');
    engine.pause(null);
    expect(engine.snapshot().verdict.severity).toBe('paused');
    const asked = first.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(first.requests.length).toBeLessThanOrEqual(asked + 1);
    engine.resume();
    await vi.waitFor(() => expect(first.requests.length).toBeGreaterThan(asked), 5_000);
  });
});
