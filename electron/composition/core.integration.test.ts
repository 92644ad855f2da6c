/** The services over one core: a change of the settings file reaches all of them, and none loses what another writes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { defaultTools, installTcpdump, installTools } from '../../e2e/lab/mac-tools.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { silentLog } from '../system/log.ts';
import { type Core, openCore } from './core.ts';
import { openDoctor } from './doctor.ts';
import { enginePorts, openEngine } from './engine.ts';
import { openPolicy } from './policy.ts';
import { openTraffic } from './traffic.ts';

let lab: Lab;
let home: string;
let folder: string;
let core: Core;

beforeAll(async () => {
  lab = await startLab();
  // The real process runner plays recorded outputs of macOS's tools from a folder, as the build for tests does.
  vi.stubGlobal('__GOPHERBAR_E2E__', true);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await lab.close();
});
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-core-'));
  folder = join(home, 'data');
  mkdirSync(folder);
  installTools(join(home, 'mac'), defaultTools(), 'accepted');
  installTcpdump(join(home, 'mac'), Buffer.from('capture'));
  write({ endpoints: [{ id: 'one', url: 'http://127.0.0.1:9' }], doctor: { resolvers: [] } });
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    GOENV: join(home, 'goenv'),
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
    GOTOOLCHAIN: 'local',
    GOPHERBAR_TOOL_ROOT: join(home, 'mac'),
  };
  core = await openCore(folder, env, silentLog);
});
afterEach(async () => {
  await core.close();
  await lab.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function write(settings: object): void {
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ builtInProfiles: false, ...settings }));
}

it('every service follows the settings file', async () => {
  const engine = await openEngine(core);
  const doctor = await openDoctor(core);
  const policy = openPolicy(core);
  const traffic = openTraffic(core);
  const proxy = await lab.proxy({ host: 'fresh.lab', transport: 'h2' });
  const endpoint = { id: 'fresh', kind: 'goproxy' as const, name: 'fresh', url: proxy.url };
  const versions = async () => {
    const ports = await enginePorts(core);
    return (await ports.listVersions(endpoint, FIXTURE_MODULE.path, AbortSignal.timeout(5_000))).versions;
  };
  expect(engine.snapshot().profiles).toEqual([]);
  expect(doctor.dohProfile()).toBeNull();
  expect(await traffic.plan(['fresh.lab'], 1)).toMatchObject({ ok: false });
  expect(await versions()).toBeNull();

  const noGo = join(home, 'no-go');
  writeFileSync(join(home, 'ca.pem'), lab.authority.ca);
  write({
    endpoints: [endpoint],
    profiles: [{ id: 'new', name: 'New', variables: { GOPROXY: 'off' } }],
    network: { resolver: lab.dns.address },
    trust: { extraCa: [join(home, 'ca.pem')] },
    go: { path: noGo },
    doctor: { resolvers: ['https://doh.example/dns-query'] },
  });
  await vi.waitFor(() => expect(engine.snapshot().profiles).toMatchObject([{ profile: { id: 'new' } }]), 5_000);

  expect(doctor.dohProfile()).toContain('https://doh.example/dns-query');
  expect(await traffic.plan(['fresh.lab'], 1)).toMatchObject({
    ok: true,
    command: expect.stringContaining('127.0.0.1'),
  });
  expect(await versions()).toContain(FIXTURE_MODULE.version);
  expect((await policy.read(false)).paths).toMatchObject([{ endpoint: 'fresh.lab', address: '127.0.0.1' }]);
  const broken = { key: 'go-broken', params: { path: noGo } };
  expect(await engine.profiles.plan('new')).toMatchObject({ ok: false, problem: broken });
  traffic.trace(`${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`, false);
  await vi.waitFor(() => expect(traffic.current()).toMatchObject({ problem: broken }), 5_000);

  await Promise.all([doctor.close(), traffic.close()]);
  await engine.close();
}, 30_000);

it('administrator prompts of every service get into the audit trail', async () => {
  const policy = openPolicy(core);
  const traffic = openTraffic(core);
  // A second process, as the command line is one.
  const other = await openCore(folder, core.env, silentLog, { oneShot: true });
  const otherPolicy = openPolicy(other);
  const recording = traffic.record(['127.0.0.1'], 1);
  await Promise.all([
    recording,
    ...Array.from({ length: 10 }, () => policy.flushDns()),
    ...Array.from({ length: 10 }, () => otherPolicy.flushDns()),
    policy.read(true),
  ]);
  await vi.waitFor(() => expect(traffic.current()?.endedAt).not.toBeNull(), 10_000);
  await traffic.close();
  await other.close();
  const uses = (await policy.uses()).map(({ command }) => command);
  const count = (word: string) => uses.filter((command) => command.includes(word)).length;
  expect([count('dscacheutil'), count('pfctl'), count('tcpdump')]).toEqual([20, 1, 1]);
}, 30_000);

it('a damaged file is kept, and reported to later subscribers', async () => {
  writeFileSync(join(folder, 'audit.json'), '[{"at":1,');
  const policy = openPolicy(core);
  await policy.flushDns();
  expect(await policy.uses()).toHaveLength(1);
  const problems: Problem[] = [];
  core.problems.subscribe((problem) => problems.push(problem));
  expect(problems.map(({ key }) => key)).toEqual(['file-damaged']);
  expect(readFileSync(String(problems[0]?.params.aside), 'utf8')).toBe('[{"at":1,');
});

it('an unreadable switch journal is a problem, not an empty one', async () => {
  mkdirSync(join(folder, 'profile', 'switches.json'), { recursive: true });
  const unreadable = { ok: false, problem: { key: 'file-not-readable' } };
  expect(await core.go.undoable()).toMatchObject(unreadable);
  expect(await core.go.undo()).toMatchObject(unreadable);
  const engine = await openEngine(core);
  await vi.waitFor(
    () => expect(engine.snapshot().notices.map(({ key }) => key)).toContain('file-not-readable'),
    10_000,
  );
  await engine.close();
}, 30_000);

it('opens no history and no thread for what needs none, and closes all it opened', async () => {
  await core.go.undoable();
  expect(() => readFileSync(core.paths.history)).toThrow('ENOENT');
  const { store } = await core.history();
  await (await core.pool()).probe(
    {
      endpoint: { id: 'x', kind: 'goproxy', name: 'x', url: 'http://127.0.0.1:9' },
      depth: 'light',
      limits: core.settings().monitor.limits,
      network: {},
    },
    AbortSignal.timeout(5_000),
  );
  await core.close();
  await expect(store.latest()).rejects.toMatchObject({ code: 'closed' });
}, 30_000);
