/** What a command leaves behind, however it ends: no process, no temporary file, no lock, no half-written file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { takeLock } from '../system/exclusive-lock.ts';
import { COMMANDS } from './commands/index.ts';

const root = join(import.meta.dirname, '..', '..');
const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;
/** A command that was asked to end has ended by then, whatever its tools do. */
const ENDS_WITHIN_MS = 8_000;

let lab: Lab;
let proxy: GoproxyServer;
let home: string;
let temporary: string;

beforeAll(async () => {
  lab = await startLab();
  proxy = await lab.proxy({ host: 'plain.lab', transport: 'http' });
});
afterAll(() => lab.close());

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-leftovers-'));
  temporary = join(home, 'tmp');
  for (const name of ['tmp', 'project', 'bin', 'share/gopherbar']) mkdirSync(join(home, name), { recursive: true });
  writeFileSync(join(home, 'goenv'), `GOPROXY=${proxy.url}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
  writeFileSync(
    join(home, 'project', 'go.mod'),
    `module example.test/a\n\ngo 1.19\n\nrequire ${MODULE.replace('@', ' ')}\n`,
  );
  settings({});
});
afterEach(async () => {
  await lab.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function settings(more: Readonly<Record<string, unknown>>): void {
  const variables = { GOPROXY: `${proxy.url}|direct`, GOSUMDB: FIXTURE_SUMDB };
  const content = {
    builtInProfiles: false,
    watchedModules: [],
    endpoints: [{ id: 'plain', url: proxy.url, module: FIXTURE_MODULE }],
    profiles: [{ id: 'one', name: 'One', variables }],
    network: { resolver: lab.dns.address },
    ...more,
  };
  writeFileSync(join(home, 'share', 'gopherbar', 'settings.json'), JSON.stringify(content));
}

/** A `go` that says its version and then hangs, ignoring SIGTERM. */
function hangingGo(): void {
  const go = join(home, 'bin', 'go');
  const script = `#!/bin/sh\ntrap '' TERM\n[ "$1" = version ] && echo go version go1.24.0 linux/amd64 && exit\n: > ${join(home, 'hanging')}\nsleep 300\n`;
  writeFileSync(go, script, { mode: 0o755 });
  settings({ go: { path: go } });
}

function begin(args: readonly string[]): ChildProcess {
  const at = (name: string) => join(home, name);
  return spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'electron/cli/main.ts'), ...args],
    {
      cwd: at('project'),
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TMPDIR: temporary,
        XDG_DATA_HOME: at('share'),
        XDG_CONFIG_HOME: at('config'),
        XDG_CACHE_HOME: at('cache'),
        GOENV: at('goenv'),
        GOPATH: at('gopath'),
        GOCACHE: at('gocache'),
        GOFLAGS: '-modcacherw',
        GOTOOLCHAIN: 'local',
        GIT_CONFIG_GLOBAL: at('gitconfig'),
        LANG: 'C',
        EDITOR: 'true',
      },
    },
  );
}

/** Processes other than this one that have the home in their environment (Linux; elsewhere none). */
function processes(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .flatMap((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(home);
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return isOurs && command !== '' ? [command] : [];
      } catch {
        return []; // gone, or not ours to read
      }
    });
}

/** Temporary files, half-written files, and locks that are still held (the file of a lock stays). */
function files(): readonly string[] {
  const below = (folder: string) =>
    readdirSync(join(home, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(home, folder, name));
  const isHeld = (path: string) => {
    const lock = takeLock(path);
    lock?.release();
    return lock === null;
  };
  const ours = below('share').filter((path) => /\.tmp$|intent/.test(path) || (path.endsWith('.lock') && isHeld(path)));
  return [...below('tmp'), ...ours];
}

async function expectNothingLeft(): Promise<void> {
  // A killed child is reaped in a later moment.
  await expect.poll(processes, { timeout: 2_000 }).toEqual([]);
  expect(files()).toEqual([]);
}

/** One call of every command that ends by itself. */
const CALLS: readonly (readonly string[])[] = [
  ['probe', 'URL', '--module', MODULE],
  ['canary', MODULE],
  ['lag'],
  ['explain', 'go.mod'],
  ['capture', 'go.mod'],
  ['doctor', 'plain'],
  ['policy', 'read'],
  ['policy', 'parse', 'go.mod'],
  ['policy', 'decide', 'go.mod'],
  ['verify', MODULE],
  ['trace', MODULE],
  ['gateway', 'stats'],
  ['gateway', 'clear'],
  ['watch', '--for', '1'],
  ['status', '--probe'],
  ['history'],
  ['since'],
  ['config', 'list'],
  ['config', 'get', 'intervals.visibleMs'],
  ['config', 'set', 'intervals.visibleMs', '20000'],
  ['config', 'unset', 'intervals.visibleMs'],
  ['config', 'path'],
  ['config', 'check'],
  ['config', 'edit'],
  ['config', 'export'],
  ['config', 'import', 'settings.json'],
  ['export'],
  ['profiles'],
  ['use', 'one'],
  ['undo'],
  ['diff'],
  ['why', MODULE],
  ['lint'],
  ['prefetch', '.', '--upstream', 'URL'],
  ['preflight'],
  ['effective'],
  ['hosts'],
  ['ci', '--', 'go', 'version'],
  ['mcp'],
  ['completion', 'bash'],
  ['shell', 'init', 'zsh'],
  ['shell', 'install', 'bash'],
  ['shell', 'uninit', 'bash'],
  ['shell', 'hint'],
  ['check', MODULE],
  ['init', 'ci', 'github'],
];

const called = (args: readonly string[]) => begin(args.map((one) => (one === 'URL' ? proxy.url : one)));

it('has a call of every command', () => {
  // `gateway run` never ends by itself: see below.
  const names = COMMANDS.map(({ declaration }) => declaration.name).filter((name) => name !== 'gateway run');
  const without = names.filter((name) => !CALLS.some((args) => args.join(' ').startsWith(name.replace(/ read$/, ''))));
  expect(without).toEqual([]);
});

describe('leaves nothing behind', () => {
  it.each(CALLS.map((args) => [args.join(' '), args] as const))(
    '%s',
    async (_, args) => {
      const child = called(args);
      child.stdout?.resume();
      child.stderr?.resume();
      child.stdin?.end();
      await once(child, 'close');
      await expectNothingLeft();
    },
    30_000,
  );

  it.each(
    [['lint'], ['profiles'], ['status'], ['watch', '--for', '20']].map((args) => [args.join(' '), args] as const),
  )(
    '%s, whose reader has gone',
    async (_, args) => {
      await proxy.setFault({ type: 'drop-request', how: 'fin' });
      const child = called(args);
      child.stdout?.destroy();
      child.stderr?.resume();
      child.stdin?.end();
      await once(child, 'close');
      await expectNothingLeft();
    },
    30_000,
  );

  const waiting: readonly (readonly [string, readonly string[], () => Promise<void>])[] = [
    [
      'a probe that hangs',
      ['probe', 'URL', '--module', MODULE],
      () => proxy.setFault({ type: 'drop-request', how: 'hang' }),
    ],
    ['a canary whose go hangs', ['canary', MODULE], async () => hangingGo()],
    ['lint, while go hangs', ['lint'], async () => hangingGo()],
    ['a diagnosis, while go hangs', ['doctor', 'plain'], async () => hangingGo()],
    ['a trace whose go hangs', ['trace', MODULE], async () => hangingGo()],
    ['a switch whose go hangs', ['use', 'one'], async () => hangingGo()],
    ['a step that ignores signals', ['ci', '--', 'sh', '-c', "trap '' TERM; echo begun; sleep 300"], async () => {}],
    ['watch', ['watch'], async () => {}],
    ['the gateway', ['gateway', 'run', '--port', '0', '--upstream', 'URL'], async () => {}],
  ];
  const rows = waiting.flatMap(([name, args, prepare]) =>
    (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => [name, signal, args, prepare] as const),
  );
  it.each(rows)(
    '%s at %s',
    async (_, signal, args, prepare) => {
      await prepare();
      const requests = proxy.requests.length;
      const child = called(args);
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text));
      const closed = once(child, 'close');
      const isBusy = () => existsSync(join(home, 'hanging')) || proxy.requests.length > requests || said !== '';
      await expect.poll(isBusy, { timeout: 15_000 }).toBe(true);
      child.kill(signal);
      const since = performance.now();
      await closed;
      expect(performance.now() - since).toBeLessThan(ENDS_WITHIN_MS);
      await expectNothingLeft();
    },
    40_000,
  );
});
