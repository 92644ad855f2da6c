/** A private module's path reaches no proxy, checksum database or other resolver, whatever command names it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { DnsServer } from '../../e2e/lab/dns-server.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { until } from '../../e2e/until.ts';
import type { Language } from '../../shared/domain/snapshot.ts';
import { openCore } from '../composition/core.ts';
import { openEngine } from '../composition/engine.ts';
import { type Clock, systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';

const SECRET = 'git.corp.invalid/team/secret-project';
const VERSION = 'v1.2.3';

let lab: Lab;
let inForce: GoproxyServer;
let other: GoproxyServer;
let database: GoproxyServer;
/** A resolver that only the doctor asks. */
let resolver: DnsServer;
let home: string;

beforeAll(async () => {
  lab = await startLab();
  resolver = await DnsServer.start();
  inForce = await lab.proxy({ host: 'in-force.lab', transport: 'http' });
  other = await lab.proxy({ host: 'other.lab', transport: 'http' });
  database = await lab.proxy({ host: 'database.lab', transport: 'http' });
});
afterAll(async () => {
  await resolver.close();
  await lab.close();
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-private-'));
  for (const { requests } of [inForce, other, database]) requests.length = 0;
  lab.dns.asked.length = 0;
  resolver.asked.length = 0;
  goEnv({ GOPRIVATE: 'git.corp.invalid' });
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  const settings = {
    builtInProfiles: false,
    endpoints: [inForce, other].map((one) => ({ id: one.host, url: url(one), module: FIXTURE_MODULE })),
    profiles: [{ id: 'public', name: 'Public', variables: { GOPROXY: url(other), GOPRIVATE: '' } }],
    network: { resolver: lab.dns.address },
    doctor: { resolvers: [`udp://${resolver.address}`] },
    limits: { hard: { dialMs: 500, tlsMs: 500, headerMs: 800, totalMs: 2_000 } },
    watchedModules: [SECRET, FIXTURE_MODULE.path],
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

const url = ({ port }: GoproxyServer) => `http://127.0.0.1:${port}`;

function goEnv(more: Readonly<Record<string, string>>): void {
  const variables = { GOPROXY: url(inForce), GOSUMDB: `${FIXTURE_SUMDB} ${url(database)}`, ...more };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(home, 'goenv'), lines.join(''));
}

const env = () => ({
  PATH: process.env.PATH,
  HOME: home,
  GOENV: join(home, 'goenv'),
  GOTOOLCHAIN: 'local',
  GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
});

const gopherbar = (args: readonly string[], language: Language = 'en') =>
  new MemoryTerminal({ env: env(), folder: home, language }).run(args);

/** Requests of these servers that name the module. */
function heard(...servers: readonly GoproxyServer[]): readonly string[] {
  return servers.flatMap(({ host, requests }) =>
    requests.filter(({ path }) => decodeURIComponent(path).includes('secret-project')).map(({ path }) => host + path),
  );
}

const asked = (...servers: readonly GoproxyServer[]) => servers.flatMap(({ requests }) => requests).length;

const COMMANDS: readonly (readonly string[])[] = [
  ['why', SECRET],
  ['why', `${SECRET}@${VERSION}`],
  ['why', `${SECRET}@${VERSION}`, '--profile', 'public'],
  ['doctor', `${SECRET}@${VERSION}`],
  ['doctor', SECRET],
  ['verify', `${SECRET}@${VERSION}`],
  ['verify', `${SECRET}@${VERSION}`, '--direct'],
  ['lag', SECRET],
  ['lag', FIXTURE_MODULE.path, SECRET],
  ['canary', `${SECRET}@${VERSION}`, '--profile', 'public'],
];

describe.each([
  ['GOPRIVATE', { GOPRIVATE: 'git.corp.invalid' }],
  ['GONOPROXY and GONOSUMDB', { GONOPROXY: '*.corp.invalid', GONOSUMDB: '*.corp.invalid' }],
  ['GOPRIVATE with the database off', { GOPRIVATE: 'git.corp.invalid/team', GOSUMDB: 'off' }],
])('matched by %s', (_, variables) => {
  it.each(COMMANDS)('%s %s %s %s', { timeout: 60_000 }, async (...args) => {
    goEnv(variables);
    const { code, out, err } = await gopherbar(args.filter((one) => one !== undefined));
    expect(code, out + err).toBe(1);
    expect(heard(inForce, other, database)).toEqual([]);
    expect(lab.dns.asked.filter((name) => name.includes('golang'))).toEqual([]);
  });
});

it('with GONOPROXY=none the proxies that go uses may hear of it, and no others', { timeout: 60_000 }, async () => {
  goEnv({ GOPRIVATE: 'git.corp.invalid', GONOPROXY: 'none' });
  for (const args of COMMANDS) await gopherbar(args);
  expect(heard(other, database)).toEqual([]);
  expect(heard(inForce)).not.toEqual([]);
});

it('only the system resolver is asked for the host of a private module', { timeout: 60_000 }, async () => {
  await gopherbar(['doctor', `${SECRET}@${VERSION}`]);
  expect(resolver.asked).not.toContain('git.corp.invalid');
  await gopherbar(['doctor', 'https://git.corp.invalid']);
  expect(resolver.asked).toContain('git.corp.invalid');
});

it('a module that is not in the checksum database by GONOSUMDB is looked up in none', async () => {
  goEnv({ GONOSUMDB: 'git.corp.invalid' });
  const { out } = await gopherbar(['verify', `${SECRET}@${VERSION}`]);
  expect(out).toMatch(/not asked/);
  expect(heard(inForce, other)).not.toEqual([]);
  expect(heard(database)).toEqual([]);
});

it('says why in both languages, and asks after all with --even-private', async () => {
  expect((await gopherbar(['verify', `${SECRET}@${VERSION}`])).err).toContain('--even-private');
  expect((await gopherbar(['verify', `${SECRET}@${VERSION}`], 'zh-CN')).err).toMatch(/私有.*--even-private/);
  expect((await gopherbar(['lag', SECRET], 'zh-CN')).err).toMatch(/私有.*--even-private/);
  expect(asked(inForce, other, database)).toBe(0);
  await gopherbar(['verify', `${SECRET}@${VERSION}`, '--even-private']);
  expect(heard(inForce)).not.toEqual([]);
  expect(heard(database)).not.toEqual([]);
  await gopherbar(['lag', SECRET, '--even-private']);
  expect(heard(other).join()).toContain('@v/list');
});

it('without go it is unknown what is private, so no mirror is asked', async () => {
  const { code, err } = await new MemoryTerminal({ env: { ...env(), PATH: '/nowhere' } }).run(['lag', SECRET]);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('--even-private') });
  expect(heard(inForce, other)).toEqual([]);
});

/** The first comparison is made at once instead of after a minute. */
const soon: Clock = {
  ...systemClock,
  after: (delayMs, callback) => systemClock.after(delayMs === 60_000 ? 1 : delayMs, callback),
};

it('the app compares mirrors by public modules only, and says which it leaves out', async () => {
  const core = await openCore(join(home, '.local', 'share', 'gopherbar'), env(), silentLog, {
    clock: soon,
    oneShot: true,
  });
  const engine = await openEngine(core);
  const lists = () => other.requests.filter(({ path }) => path.endsWith('/@v/list'));
  await until('a comparison', () => lists().length > 0 && engine.snapshot().notices.length > 0);
  expect(engine.snapshot().notices).toContainEqual({ key: 'watched-module-private', params: { modules: SECRET } });
  await engine.close();
  await core.close();
  expect(heard(inForce, other, database)).toEqual([]);
});
