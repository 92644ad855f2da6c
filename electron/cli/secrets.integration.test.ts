/** A password stands in every place that can hold one; no output, no file, no answer to a window and no text shows it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { until } from '../../e2e/until.ts';
import { problemText, translator } from '../../shared/messages/messages.ts';
import { type Core, openCore } from '../composition/core.ts';
import { openEngine } from '../composition/engine.ts';
import type { Env } from '../system/files.ts';
import type { Log } from '../system/log.ts';

const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;
/** Part of every password; the `@` before it is not escaped. */
const CANARY = 'c4n4ry';
const password = (place: string) => `p@${CANARY}-${place}`;

let lab: Lab;
let server: GoproxyServer;
let home: string;

beforeAll(async () => {
  lab = await startLab();
  server = await lab.proxy({ host: 'server.lab', transport: 'http' });
});
afterAll(() => lab.close());

const at = (place: string, port = server.port) => `http://me:${password(place)}@127.0.0.1:${port}`;
const settingsFile = () => join(home, '.local', 'share', 'gopherbar', 'settings.json');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-secrets-'));
  mkdirSync(join(home, '.local', 'share', 'gopherbar'), { recursive: true });
  mkdirSync(join(home, 'project'));
  const git = [
    { key: 'http.proxy', value: at('git-proxy') },
    { key: `url.${at('git-key')}/.insteadOf`, value: 'https://git.example/' },
  ];
  const query = `http://127.0.0.1:${server.port}?token=${CANARY}-query`;
  const settings = {
    builtInProfiles: false,
    endpoints: [
      { id: 'plain', url: at('endpoint'), module: FIXTURE_MODULE },
      { id: 'query', url: query, module: FIXTURE_MODULE },
      { id: 'forward', kind: 'forward-proxy', url: at('forward', 1), target: `http://127.0.0.1:${server.port}` },
    ],
    profiles: [
      { id: 'one', name: 'One', variables: { GOPROXY: `${at('profile')}|direct`, GOSUMDB: 'off' }, git },
      { id: 'two', name: 'Two', variables: { GOPROXY: query } },
    ],
    network: { resolver: lab.dns.address },
    doctor: { resolvers: [] },
    limits: { hard: { dialMs: 500, tlsMs: 500, headerMs: 800, totalMs: 2_000 } },
    intervals: { visibleMs: 5_000, hiddenMs: 5_000 },
  };
  writeFileSync(settingsFile(), JSON.stringify(settings), { mode: 0o600 });
  const sumdb = `${FIXTURE_SUMDB} ${at('sumdb')}/sumdb/sum.example.test`;
  writeFileSync(join(home, 'goenv'), `GOPROXY=${at('goenv')},direct\nGOSUMDB=${sumdb}\n`);
  writeFileSync(join(home, '.netrc'), `machine 127.0.0.1 login me password ${CANARY}-netrc\n`, { mode: 0o600 });
  writeFileSync(join(home, 'credentials'), `http://me:${CANARY}-helper@127.0.0.1\n`, { mode: 0o600 });
  writeFileSync(
    join(home, 'gitconfig'),
    `[http]\n\tproxy = ${at('own-git')}\n[url "${at('own-key')}/"]\n\tinsteadOf = https://own.example/\n[credential]\n\thelper = store --file ${join(home, 'credentials')}\n`,
  );
  writeFileSync(join(home, 'project', 'go.mod'), `module a.test/b\n\ngo 1.19\n\nrequire ${MODULE.replace('@', ' ')}\n`);
  writeFileSync(join(home, 'log.txt'), `go: ${MODULE}: Get "${at('log')}/x?token=${CANARY}-log": EOF\n`);
});
afterEach(async () => {
  await lab.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function environment(more: Env = {}): Env {
  return {
    PATH: process.env.PATH,
    HOME: home,
    GOENV: join(home, 'goenv'),
    GOTOOLCHAIN: 'local',
    GOPATH: join(home, 'go'),
    GOAUTH: `netrc;git ${join(home, 'project')}`,
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    HTTPS_PROXY: at('environment', 1),
    ...more,
  };
}

const gopherbar = (args: readonly string[], more: Env = {}) =>
  new MemoryTerminal({ env: environment(more), folder: join(home, 'project') }).run(args);

/** Fails with the place where a password stands, in plain or as Basic credentials or percent-encoded. */
function expectClean(text: string, what: string): void {
  const decoded = text.replace(
    /[A-Za-z0-9+/]{16,}={0,2}/g,
    (word) => `${word} ${Buffer.from(word, 'base64').toString('latin1')}`,
  );
  const found = decoded.indexOf(CANARY);
  expect(found < 0 ? '' : decoded.slice(Math.max(0, found - 120), found + 40), what).toBe('');
}

const COMMANDS: readonly (readonly string[])[] = [
  ['status'],
  ['status', '--json'],
  ['status', '--probe'],
  ['status', '--probe', '--json'],
  ['profiles'],
  ['profiles', '--json'],
  ['diff', 'one'],
  ['diff', 'one', '--json'],
  ['diff', 'two', '--json'],
  ['use', 'one'],
  ['undo'],
  ['effective'],
  ['effective', '--json'],
  ['lint'],
  ['lint', '--json'],
  ['why', FIXTURE_MODULE.path],
  ['why', MODULE, '--json'],
  ['why', MODULE, '--profile', 'one', '--json'],
  ['verify', MODULE],
  ['verify', MODULE, '--json'],
  ['lag', FIXTURE_MODULE.path, '--json'],
  ['preflight', '--json'],
  ['preflight', '--profile', 'one'],
  ['hosts'],
  ['canary', MODULE, '--json'],
  ['canary', MODULE, '--profile', 'one', '--json'],
  ['trace', MODULE],
  ['trace', MODULE, '--json'],
  ['doctor'],
  ['doctor', '--json'],
  ['doctor', '--md'],
  ['doctor', '--md', '--unredacted'],
  ['doctor', MODULE, '--json', '--unredacted'],
  ['explain', 'LOG'],
  ['explain', 'LOG', '--json'],
  ['history', '--json'],
  ['watch', '--for', '1'],
];

/** Overridden by the environment, a switch is refused with both values. */
const SITUATIONS: readonly (readonly [string, () => Env])[] = [
  ['as the files say', () => ({})],
  ['with GOPROXY in the environment', () => ({ GOPROXY: `${at('loud')},direct` })],
];

describe.each(SITUATIONS)('%s', (_, more) => {
  it.each(COMMANDS.map((args) => [args] as const))('%j', { timeout: 60_000 }, async (args) => {
    const wanted = args.map((one) => (one === 'LOG' ? join(home, 'log.txt') : one));
    const { out, err } = await gopherbar(wanted, more());
    expect(out + err).not.toBe('');
    expectClean(out + err, args.join(' '));
    expectCleanFiles();
  });

  it('a failing proxy is reported without its password', { timeout: 60_000 }, async () => {
    await server.setFault({ type: 'refuse' });
    for (const args of [
      ['probe', at('argument'), '--json'],
      ['probe', at('argument'), '--experiments'],
      ['doctor', '--json'],
    ]) {
      const { out, err } = await gopherbar(args, more());
      expectClean(out + err, args.join(' '));
    }
  });
});

/** Files that have to hold a password are the owner's alone; the others hold none. */
function expectCleanFiles(): void {
  const own = ['goenv', '.netrc', 'gitconfig', 'credentials', 'log.txt'];
  const needed = ['settings.json', 'settings.json.bak', 'switches.json', 'intent.json'];
  for (const path of filesBelow(home)) {
    const name = path.split('/').at(-1) ?? '';
    if (own.includes(relative(home, path))) continue;
    const text = readFileSync(path, 'latin1');
    if (!text.includes(CANARY)) continue;
    expect(needed, `${path} holds a password`).toContain(name);
    expect((statSync(path).mode & 0o777).toString(8), path).toBe('600');
  }
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const path = join(folder, one.name);
    return one.isDirectory() ? filesBelow(path) : one.isFile() ? [path] : [];
  });
}

describe('the app', () => {
  const logged: string[] = [];
  const note = (...parts: readonly unknown[]) => void logged.push(JSON.stringify(parts));
  const log: Log = { info: note, warn: note, error: note } as unknown as Log;
  let core: Core;

  async function running(more: Env) {
    core = await openCore(join(home, '.local', 'share', 'gopherbar'), environment(more), log, { oneShot: true });
    const engine = await openEngine(core);
    await until('a first result', () => engine.snapshot().go.state === 'found' && engine.snapshot().endpoints[0]?.last);
    return engine;
  }

  it.each(SITUATIONS)('shows no password in a snapshot, plan or problem, %s', { timeout: 60_000 }, async (_, more) => {
    const engine = await running(more());
    const seen: unknown[] = [engine.snapshot()];
    engine.onAnnouncement((one) => seen.push(one));
    const done = await engine.profiles.use('one');
    seen.push(done, done.ok ? '' : problemText(translator('en'), done.problem), await engine.profiles.effective(null));
    seen.push(
      engine.snapshot(),
      engine.profiles.routes(FIXTURE_MODULE.path, 'public'),
      await engine.history.contacts(),
    );
    seen.push(await engine.profiles.lint().then((all) => all.map(({ params }) => params)));
    await engine.close();
    await core.close();
    for (const one of seen) expectClean(JSON.stringify(one), 'shown');
    expectClean(logged.join('\n'), 'the log');
    expectCleanFiles();
  });

  it('a profile that was edited in a window keeps its password, unless its server was changed', async () => {
    const engine = await running({});
    const shown = engine.snapshot().profiles.find(({ profile }) => profile.id === 'one')?.profile;
    if (shown === undefined) throw new Error('no profile');
    const { GOPROXY = '' } = shown.variables;
    expect(GOPROXY).toMatch(/^http:\/\/me:xxxxx@/);
    const edited = { ...shown, name: 'Renamed', variables: { ...shown.variables, GOPROXY: `${GOPROXY},off` } };
    expect(await engine.profiles.save(edited)).toMatchObject({ ok: true });
    const kept = JSON.parse(readFileSync(settingsFile(), 'utf8')).profiles[0];
    expect(kept.name).toBe('Renamed');
    expect(kept.variables.GOPROXY).toBe(`${at('profile')}|direct,off`);
    expect(kept.git[0].value).toBe(at('git-proxy'));
    expect(kept.git[1].key).toContain(password('git-key'));
    const moved = { ...shown, variables: { GOPROXY: GOPROXY.replace('127.0.0.1', 'evil.example') } };
    expect(await engine.profiles.save(moved)).toMatchObject({ ok: false, problem: { key: 'profile-secret-hidden' } });
    expect(readFileSync(settingsFile(), 'utf8')).not.toContain('evil.example');
    await engine.close();
    await core.close();
  }, 60_000);
});

it('the passwords are where they were put', () => {
  const env = environment();
  const proxy = execFileSync('git', ['config', '--global', 'http.proxy'], { env: { ...process.env, ...env } });
  expect(String(proxy)).toContain(CANARY);
});
