/** The gateway as the app runs it: its process, the settings, the engine's profile, and the real go behind it. */
import { execFile, fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { moduleGraph } from '../../e2e/lab/module-graph.ts';
import { createScratch, type Scratch } from '../../e2e/scratch.ts';
import { until } from '../../e2e/until.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { GatewayService } from '../engine/app-services.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { FromGateway, ToGateway } from '../gateway/gateway-messages.ts';
import type { StartChild } from '../system/child-port.ts';
import { silentLog } from '../system/log.ts';
import { workerFile } from '../system/worker-files.ts';
import { type Core, openCore } from './core.ts';
import { openEngine } from './engine.ts';
import { openGatewayService } from './gateway-service.ts';
import { type GatewaySettings, gatewayCacheFolder } from './gateway-settings.ts';

vi.setConfig({ testTimeout: 60_000 });

const graph = moduleGraph(3, 2_000);
const MODULE = 'graph.test/group0/mod0';
let first: FaultyUpstream;
let second: FaultyUpstream;
let scratch: Scratch;
let core: Core;
let engine: Engine;
let service: GatewayService;
let pids: number[];

beforeAll(async () => {
  first = await FaultyUpstream.start(graph.files, 3);
  second = await FaultyUpstream.start(graph.files, 5);
});
afterAll(async () => {
  await first.close();
  await second.close();
});

beforeEach(async () => {
  pids = [];
  scratch = createScratch();
  writeFileSync(scratch.goEnvFile, `GOSUMDB=${graph.signer.verifier}\nGOPRIVATE=corp.test\n`);
  const endpoints = [first, second].map(({ url }) => ({ url, module: { path: MODULE, version: 'v1.0.0' } }));
  // Probed once: a mirror that the monitor has found to be down is asked last, and then nothing is survived.
  const intervals = { visibleMs: 600_000, hiddenMs: 600_000 };
  const settings = { endpoints, intervals, gateway: { enabled: true }, watchedModules: [], doctor: { resolvers: [] } };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  core = await openCore(scratch.dataFolder, scratch.env, silentLog);
  engine = await openEngine(core);
  service = openGatewayService(core, engine, forked);
});
afterEach(async () => {
  first.reset();
  second.reset();
  await service.close();
  await engine.close();
  await core.close();
  scratch.remove();
});

/** The port's process as a forked Node: what Electron's utility process is in the app. */
const forked: StartChild<ToGateway<GatewaySettings>, FromGateway> = (on) => {
  const child = fork(workerFile('gateway'), [], {
    env: scratch.env,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  if (child.pid !== undefined) pids.push(child.pid);
  child.on('message', (message) => on.message(message as FromGateway));
  child.on('exit', (code) => on.exited(code));
  return {
    post: (message) => void child.send(message, () => {}),
    kill: () => void child.kill('SIGKILL'),
  };
};

const running = () => until('a running gateway', () => service.state().phase === 'running' && service.state().address);

async function download(version: string): Promise<string> {
  const folder = join(scratch.folder, 'project');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'go.mod'), 'module example.test/app\n');
  const env = { ...scratch.env, HTTPS_PROXY: 'http://127.0.0.1:9' };
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', `${MODULE}@${version}`], {
    cwd: folder,
    env,
  });
  return (JSON.parse(stdout) as { Zip: string }).Zip;
}

it('runs as the settings want, points go at it, and survives what the first mirror does', async () => {
  const address = await running();
  await until('the profile', () => engine.snapshot().profiles.some(({ profile }) => profile.id === 'gateway'));
  expect(await engine.profiles.use('gateway')).toEqual({ ok: true });
  const goEnv = readFileSync(scratch.goEnvFile, 'utf8');
  expect(goEnv).toContain(`GOPROXY=${address}|direct`);
  expect(goEnv).toContain('GONOPROXY=corp.test');
  first.shares = { eof: 1 };
  expect(await download('v1.0.0')).toContain(MODULE);
  const state = await until('the report', () => {
    const now = service.state();
    return now.figures.saved > 0 && now.requests.some(({ path }) => path.endsWith('.zip')) && now;
  });
  expect(state.figures.savedThisWeek).toBe(state.figures.saved);
  expect(state.requests.flatMap(({ survived }) => survived)[0]?.upstream).toBe(first.url);
  expect(state.upstreams.map(({ url }) => url)).toEqual([first.url, second.url]);
  // What the walk says of the list is what the upstreams are, not "never measured".
  await until('a walk that ends at the gateway', () => {
    const active = engine.snapshot().profiles.find(({ active }) => active);
    return active?.profile.id === 'gateway' && active.walk.outcome !== 'unproven' && active.walk.endsAt === 0;
  });
});

it('is back on the same port when its process is killed', async () => {
  const address = await running();
  process.kill(pids[0] ?? 0, 'SIGKILL');
  await until('a second process', () => pids.length === 2 && service.state().phase === 'running');
  expect(service.state()).toMatchObject({ address, restarts: 1 });
  expect((await fetch(`${address}/${MODULE}/@v/v1.0.0.info`)).status).toBe(200);
});

it('names who has its port, and takes the other one that it offers', async () => {
  const address = await running();
  const port = Number(new URL(address).port);
  expect(await service.enable(false)).toEqual({ ok: true });
  await until('its end', () => service.state().phase === 'off');
  const squatter = await listenOn(port);
  await service.enable(true);
  const taken = await until('the owner', () => service.state().phase === 'port-taken' && service.state());
  expect(taken.problem).toMatchObject({ key: 'gateway-port-owner', params: { port: String(port) } });
  expect(taken.otherPort).not.toBe(port);
  expect(await service.useOtherPort()).toEqual({ ok: true });
  await until('the other port', () => service.state().address === `http://127.0.0.1:${taken.otherPort}`);
  await running();
  squatter.close();
});

it('keeps its profile while go points at it, and says that it is off', async () => {
  const address = await running();
  await until('the profile', () => engine.snapshot().profiles.some(({ profile }) => profile.id === 'gateway'));
  await engine.profiles.use('gateway');
  await service.enable(false);
  await until('its end', () => service.state().phase === 'off');
  await expect(fetch(`${address}/${MODULE}/@v/list`)).rejects.toThrow();
  await until(
    'the active profile',
    () => engine.snapshot().profiles.find(({ active }) => active)?.profile.id === 'gateway',
  );
  expect(await engine.profiles.undo()).toEqual({ ok: true });
  expect(service.clear()).toMatchObject({ ok: false, problem: { key: 'gateway-not-running' } });
});

it('empties its cache when it is asked to', async () => {
  const address = await running();
  expect((await fetch(`${address}/${MODULE}/@v/v1.0.0.zip`)).status).toBe(200);
  await until('a cached file', () => service.state().figures.files > 0);
  expect(service.clear()).toEqual({ ok: true });
  await until('an empty cache', () => service.state().figures.files === 0);
});

it('fetches a project ahead, so that it builds while every mirror is gone', async () => {
  await running();
  await until('the profile', () => engine.snapshot().profiles.some(({ profile }) => profile.id === 'gateway'));
  await engine.profiles.use('gateway');
  const folder = join(scratch.folder, 'ahead');
  mkdirSync(folder);
  const project = `module example.test/app\n\nrequire ${MODULE} v1.0.0\n\nrequire corp.test/secret v1.0.0\n`;
  writeFileSync(join(folder, 'go.mod'), project);
  const before = await service.readiness(folder);
  expect(before).toMatchObject({ ok: true, value: { missing: [`${MODULE}@v1.0.0`, 'corp.test/secret@v1.0.0'] } });
  const steps: number[] = [];
  service.onChange(({ prefetch }) => prefetch !== null && steps.push(prefetch.done));
  // A private module is never fetched through the gateway.
  expect(await service.prefetch(folder)).toMatchObject({ ok: true, value: { missing: ['corp.test/secret@v1.0.0'] } });
  expect(service.state().prefetch).toBeNull();
  first.shares = { eof: 1 };
  second.shares = { eof: 1 };
  expect(await download('v1.0.0')).toContain(MODULE);
  expect([...first.asked, ...second.asked].some((path) => path.includes('corp.test'))).toBe(false);
});

it('rejects a folder that is not a project by name, and fetches nothing while it is off', async () => {
  await running();
  expect(await service.readiness(scratch.folder)).toMatchObject({ ok: false, problem: { key: 'no-project' } });
  await service.enable(false);
  await until('its end', () => service.state().phase === 'off');
  const folder = join(scratch.folder, 'off');
  mkdirSync(folder);
  writeFileSync(join(folder, 'go.mod'), `module example.test/app\n\nrequire ${MODULE} v1.0.0\n`);
  expect(await service.prefetch(folder)).toMatchObject({ ok: false, problem: { key: 'gateway-not-running' } });
  expect(await service.readiness(folder)).toMatchObject({ ok: true, value: { needed: 1 } });
});

it('says so when it cannot keep its port for the next start', async () => {
  await running();
  const port = join(gatewayCacheFolder(process.platform, scratch.env), '.gopherbar', 'port');
  await until('the kept port', () => existsSync(port));
  const problems: Problem[] = [];
  core.problems.subscribe((problem) => problems.push(problem));
  await service.enable(false);
  await until('the end', () => service.state().phase === 'off');
  rmSync(port);
  mkdirSync(port);
  await service.enable(true);
  await running();
  await until('the problem', () => problems.some(({ key }) => key === 'gateway-port-not-kept'));
});

it('leaves nothing behind when it is closed', async () => {
  const quiet = watchForQuiet(scratch.dataFolder);
  const again = openGatewayService(core, engine, forked);
  await until('it runs', () => again.state().phase === 'running' || again.state().phase === 'port-taken');
  await again.close();
  await service.close();
  await engine.close();
  await core.close();
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
  await quiet.expectQuiet();
});

function listenOn(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
