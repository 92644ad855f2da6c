/**
 * Preflight against the real go, old and newer: where it says a module comes from is where `go mod download` gets it.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { goToolchains } from '../../../build/go-toolchains.ts';
import type { GoproxyServer } from '../../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../../e2e/lab/tree.ts';
import type { Preflight } from '../../../shared/domain/preflight.ts';
import type { GoVariables } from '../../../shared/domain/profile.ts';
import { preflight } from './preflight.ts';

const run = promisify(execFile);
const { path, version } = FIXTURE_MODULE;
let lab: Lab;
let first: GoproxyServer;
let second: GoproxyServer;
let folder: string;

beforeAll(async () => {
  lab = await startLab();
  first = await lab.proxy({ host: 'first.lab', transport: 'http' });
  second = await lab.proxy({ host: 'second.lab', transport: 'http' });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-preflight-'));
});
afterEach(async () => {
  await lab.reset();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
afterAll(() => lab.close());

function files(texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const MOD = `module my.test/app\n\ngo 1.16\n\nrequire ${path} ${version}\n`;
const SUM = `${path} ${version} h1:x=\n${path} ${version}/go.mod h1:x=\n`;

function url(server: GoproxyServer): string {
  return `http://127.0.0.1:${server.port}`;
}

async function look(variables: GoVariables, more: { at?: string; version?: string; down?: GoproxyServer } = {}) {
  const go = {
    state: 'found',
    path: 'go',
    version: more.version ?? 'go1.19.8',
    envFile: '',
    effective: { GOSUMDB: 'off', ...variables },
    set: [],
    unknown: [],
    git: [],
    overrides: [],
    checkedAt: 0,
  } as const;
  const done = await preflight(join(folder, more.at ?? ''), null, {
    go,
    moduleCache: join(folder, 'cache'),
    lookUp: async (host) => (host === 'inside.example.org' ? ['10.1.2.3'] : null),
    measure: async () => (entry) => {
      const server = [first, second].find((one) => url(one) === entry);
      if (server === undefined) return null;
      const isDown = server === more.down;
      const cause = isDown ? ('http-server-error' as const) : null;
      return { endpointId: server.host, status: isDown ? 'down' : 'up', cause, latencyMs: 20 };
    },
  });
  if (!done.ok) throw new Error(JSON.stringify(done.problem));
  return done.value;
}

function keys({ problems }: Preflight): readonly string[] {
  // The lab's module is below .test, which is never a public name.
  return problems.map(({ key }) => key).filter((key) => key !== 'leak');
}

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s agrees', (_version, toolchain) => {
  async function download(GOPROXY: string): Promise<boolean> {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GOENV: 'off',
      GOSUMDB: 'off',
      GOTOOLCHAIN: 'local',
      GOPROXY,
      GOFLAGS: '-modcacherw',
      GOMODCACHE: join(folder, 'cache'),
    };
    // Outside of the project: its go.sum is made up.
    return run(toolchain.path, ['mod', 'download', `${path}@${version}`], { cwd: tmpdir(), env }).then(
      () => true,
      () => false,
    );
  }

  it.each([
    ['a list that works', ',', false, 'fetched'],
    ['a comma after a failing entry', ',', true, 'fails'],
    ['a pipe after a failing entry', '|', true, 'falls-back'],
  ])('about %s', async (_name, separator, isDown, fate) => {
    files({ 'go.mod': MOD, 'go.sum': SUM });
    if (isDown) await first.setFault({ type: 'status', status: 500 });
    const list = `${url(first)}${separator}${url(second)}`;
    const seen = await look({ GOPROXY: list }, isDown ? { down: first } : {});
    expect(seen.missing).toMatchObject([{ path, version, part: 'zip', fate }]);
    expect(await download(list)).toBe(fate !== 'fails');
    if (fate === 'fails') return;
    expect(await look({ GOPROXY: list })).toMatchObject({ cached: 1, missing: [] });
  });
});

it('fetches a private module directly, or leaks it when it is not declared private', async () => {
  const inside = 'inside.example.org/team/lib';
  files({ 'go.mod': `module my.test/app\nrequire ${inside} v1.0.0\n`, 'go.sum': `${inside} v1.0.0 h1:x=\n` });
  const GOPROXY = url(first);
  const leaking = await look({ GOPROXY });
  expect(leaking.missing).toMatchObject([{ leaksTo: 'proxy' }]);
  expect(leaking.problems).toMatchObject([{ key: 'leak', command: 'go env -w GOPRIVATE=inside.example.org' }]);
  const listed = await look({ GOPROXY, GOPRIVATE: 'inside.example.org' });
  expect(listed.missing).toMatchObject([{ leaksTo: null, from: 'direct', fate: 'unknown' }]);
  const half = await look({ GOPROXY, GONOPROXY: 'inside.example.org', GOSUMDB: 'sum.golang.org' });
  expect(half.missing).toMatchObject([{ leaksTo: 'sumdb' }]);
});

it('reads workspaces, replacements, vendor folders and projects without go.sum', async () => {
  const GOPROXY = url(first);
  files({
    'go.work': 'go 1.18\nuse (\n\t./a\n\t./b\n)\n',
    'a/go.mod': `module a.test/a\ngo 1.18\nrequire (\n\t${path} ${version}\n\ta.test/b v1.0.0\n)\n`,
    'a/go.sum': SUM,
    'b/go.mod': 'module a.test/b\ngo 1.18\nreplace gone.test/x => ../gone\n',
    'b/deep/x.go': 'package x\n',
  });
  const work = await look({ GOPROXY }, { at: 'b/deep' });
  expect(work.modules).toEqual(['a.test/a', 'a.test/b']);
  expect(work.missing.map((one) => one.path)).toEqual([path]);
  expect(keys(work)).toEqual(['replace-missing']);
  rmSync(join(folder, 'go.work'));
  files({ 'go.mod': MOD });
  expect(keys(await look({ GOPROXY }))).toEqual(['no-go-sum']);
  files({
    'go.mod': `${MOD}require other.test/y v1.2.0\nrequire local.test/z v0.1.0\nreplace local.test/z => ./z\n`,
    'go.sum': SUM,
    'z/go.mod': 'module local.test/z\n',
  });
  const unsummed = await look({ GOPROXY });
  expect(unsummed.problems.filter(({ key }) => key === 'not-in-go-sum')).toEqual([
    {
      key: 'not-in-go-sum',
      severity: 'error',
      command: 'go mod tidy',
      params: { count: 1, modules: 'other.test/y@v1.2.0', file: join(folder, 'go.sum') },
    },
  ]);
  files({ 'go.mod': MOD });
  files({ 'vendor/modules.txt': `# ${path} ${version}\n`, 'go.sum': SUM });
  const vendored = await look({ GOPROXY });
  expect([vendored.missing, keys(vendored)]).toEqual([[], ['vendor']]);
});

describe.each(goToolchains())(
  'the go and toolchain lines, as $version reads them',
  ({ path: goPath, version: own }) => {
    it.each([
      ['go 1.19\n'],
      ['go 1.21.0\n'],
      ['go 1.19\n\ntoolchain go1.21.0\n'],
      ['go 1.21.0\n\ntoolchain go1.99\n'],
      ['go 1.99\n'],
    ])('%j', async (lines) => {
      files({ 'go.mod': `module a.test\n\n${lines}` });
      const env = { HOME: folder, PATH: '/usr/bin:/bin', GOPROXY: 'off', GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=mod' };
      const failure = await run(goPath, ['list', '-m'], { cwd: folder, env }).then(
        () => null,
        (error: { stderr: string }) => error.stderr,
      );
      const expected =
        failure === null
          ? []
          : /must match format|unknown directive/.test(failure)
            ? ['go-line-unreadable']
            : /is a language version/.test(failure)
              ? ['toolchain-line-language']
              : ['toolchain-fetched'];
      const found = await look({ GOPROXY: url(first), GOTOOLCHAIN: 'auto' }, { version: own });
      expect([...new Set(keys(found))]).toEqual(expected);
    });
  },
);

it('finds a toolchain that has to be fetched first, or is refused', async () => {
  const GOPROXY = url(first);
  files({ 'go.mod': 'module a.test\ngo 1.99\n' });
  const version = 'go1.24.4';
  expect(keys(await look({ GOPROXY, GOTOOLCHAIN: 'auto' }, { version }))).toEqual(['toolchain-fetched']);
  expect(keys(await look({ GOPROXY, GOTOOLCHAIN: 'local' }, { version }))).toEqual(['toolchain-refused']);
  expect(keys(await look({ GOPROXY, GOTOOLCHAIN: 'auto' }))).toEqual([]);
});

it.each([
  ['no project', {}, 'no-project'],
  ['a broken go.mod', { 'go.mod': 'module a.test\n<<<<<<< HEAD\n' }, 'project-file-broken'],
  ['a workspace that names a missing folder', { 'go.work': 'use ./gone\n' }, 'project-file-missing'],
])('says what is wrong with %s', async (_name, texts, key) => {
  files(texts);
  await expect(look({ GOPROXY: url(first) })).rejects.toThrow(key);
});
