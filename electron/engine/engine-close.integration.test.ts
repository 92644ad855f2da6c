/** The end of the engine at awkward moments: nothing of it may run or write afterwards. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type QuietCheck, watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { failed } from '../../shared/domain/outcome.ts';
import { openCore } from '../composition/core.ts';
import { enginePorts } from '../composition/engine.ts';
import { openHistory } from '../history/open-history.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import { startEngine } from './engine.ts';
import type { Engine } from './engine-api.ts';

let folder: string;
let lab: Lab;
let proxy: GoproxyServer;
let quiet: QuietCheck;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gopherbar-close-'));
  lab = await startLab();
  proxy = await lab.proxy({ host: 'first.lab', transport: 'http' });
  const settings = {
    builtInProfiles: false,
    endpoints: [{ id: 'first', url: proxy.url, module: FIXTURE_MODULE }],
    profiles: [
      { id: 'one', name: 'One', variables: { GOPROXY: proxy.url, GOSUMDB: FIXTURE_SUMDB } },
      { id: 'two', name: 'Two', variables: { GOPROXY: `${proxy.url}|direct`, GOSUMDB: FIXTURE_SUMDB } },
    ],
    intervals: { visibleMs: 200, hiddenMs: 200 },
    network: { resolver: lab.dns.address },
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  await writeFile(join(folder, 'goenv'), `GOPROXY=${proxy.url}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
  quiet = watchForQuiet(folder);
});

afterEach(async () => {
  quiet.stop();
  await lab.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The real go behind a program that takes its time, as shims of version managers do. */
async function slowGo(seconds: number): Promise<string> {
  const go = join(folder, 'slow-go');
  await writeFile(go, `#!/bin/sh\nsleep ${seconds}\nexec go "$@"\n`);
  await chmod(go, 0o755);
  return go;
}

async function start(goPath?: string): Promise<Engine> {
  if (goPath !== undefined) {
    const path = join(folder, 'settings.json');
    const settings = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...settings, go: { path: goPath } }));
  }
  const env = { PATH: process.env.PATH, HOME: folder, GOENV: join(folder, 'goenv'), GOPATH: join(folder, 'go') };
  const core = await openCore(folder, env, silentLog, { oneShot: true });
  return startEngine({
    ...(await enginePorts(core)),
    hasNetworkPath: () => true,
    machineFacts: async () => ({}),
    random: () => 0.5,
    listVersions: async ({ id }) => ({ endpointId: id, versions: null, latest: null }),
    network: { read: async () => null, watch: () => () => {} },
    costs: () => ({ cpuMs: 0, residentBytes: 0, wakeups: 0 }),
    environment: async () => ({ goflags: '', proxies: [] }),
    effective: async () => ({ contexts: [], builds: [], gos: [], project: null }),
    preflight: async (project) => failed('no-project', { folder: project }),
    selfTest: async () => 'not-run',
  });
}

it.each([0, 50, 250, 700])('ends %i ms after the start, while a slow go is being read', async (ms) => {
  const engine = await start(await slowGo(0.3));
  await delay(ms);
  const begun = performance.now();
  await engine.close();
  // The reading is cancelled, not waited for.
  expect(performance.now() - begun).toBeLessThan(2_000);
  await quiet.expectQuiet();
});

it('carries a switch to its end, and its event into the history', async () => {
  const engine = await start(await slowGo(0.1));
  await vi.waitFor(() => expect(engine.snapshot().go.state).toBe('found'), 10_000);
  const switching = engine.profiles.use('two');
  await vi.waitFor(() => expect(engine.snapshot().switching).toBe(true));
  await engine.close();
  expect(await switching).toMatchObject({ ok: true });
  expect(await readFile(join(folder, 'goenv'), 'utf8')).toContain(`${proxy.url}|direct`);
  await quiet.expectQuiet();
  const { store } = await openHistory({ file: join(folder, 'history.sqlite'), clock: systemClock });
  const events = await store.events(0, Date.now() + 1, 20);
  await store.close();
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['switched', 'stopped']));
});

it('ends in the middle of a drill', async () => {
  const engine = await start();
  await vi.waitFor(() => expect(engine.snapshot().verdict.severity).toBe('healthy'), 10_000);
  expect(engine.drill.start()).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(engine.snapshot().drill?.step).not.toBe('self-test'), 10_000);
  await engine.close();
  await quiet.expectQuiet();
});

it('ends while servers hang', async () => {
  await proxy.setFault({ type: 'drop-request', how: 'hang' });
  const engine = await start();
  await vi.waitFor(() => expect(engine.snapshot().endpoints[0]?.probing).toBe(true), 10_000);
  await engine.close();
  await quiet.expectQuiet();
});

it('accepts no command after its end', async () => {
  const engine = await start();
  await vi.waitFor(() => expect(engine.snapshot().go.state).toBe('found'), 10_000);
  await engine.close();
  expect(await engine.profiles.use('two')).toMatchObject({ ok: false });
  engine.power.wake();
  engine.probing.resume();
  await quiet.expectQuiet();
});
