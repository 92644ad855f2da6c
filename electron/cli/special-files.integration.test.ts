/**
 * Pipes, devices, folders, loops of links and files of 10 GB stand where a file is expected: every command ends at once,
 * names the file, and neither reads nor replaces it. The home folder has a data folder that was open to everyone.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-special-'));
  mkdirSync(join(home, 'share', 'gopherbar', 'profile'), { recursive: true });
  mkdirSync(join(home, 'project'));
  writeFileSync(settings(), JSON.stringify({ builtInProfiles: false, endpoints: [], profiles: PROFILES }));
  writeFileSync(join(home, 'capture.pcap'), Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'));
});
// `go` leaves a process behind that writes its own statistics.
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

const PROFILES = [{ id: 'one', name: 'One', variables: { GOPROXY: 'off' } }];
const data = (...names: string[]) => join(home, 'share', 'gopherbar', ...names);
const settings = () => data('settings.json');

const KINDS = {
  fifo: (path: string) => void execFileSync('mkfifo', [path]),
  device: (path: string) => symlinkSync('/dev/zero', path),
  folder: (path: string) => void mkdirSync(path),
  'loop of links': (path: string) => {
    symlinkSync(`${path}.loop`, path);
    symlinkSync(path, `${path}.loop`);
  },
  '10 GB': (path: string) => {
    writeFileSync(path, '');
    truncateSync(path, 10 * 1024 ** 3);
  },
} as const;

function gopherbar(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_DATA_HOME: join(home, 'share'),
    GOENV: join(home, 'goenv'),
    GOTOOLCHAIN: 'local',
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
  return new MemoryTerminal({ env, folder: join(home, 'project') }).run(args);
}

interface Place {
  readonly file: () => string;
  readonly command: () => readonly string[];
  /** Whether the command must name the file; others do without it. */
  readonly names: boolean;
  /** What the file system has in its place is removed by the product when it can hold no state: never here. */
  readonly kinds?: readonly (keyof typeof KINDS)[];
}

/** Logs of any size are read, piece by piece; a lock holds nothing. */
const NOT_LARGE = ['fifo', 'device', 'folder', 'loop of links'] as const;

const any = () => join(home, 'given');
const PLACES: Readonly<Record<string, Place>> = {
  'settings.json': { file: settings, command: () => ['profiles'], names: true },
  'settings.json, changed': { file: settings, command: () => ['status'], names: false },
  'go env file': { file: () => join(home, 'goenv'), command: () => ['use', 'one'], names: true },
  'git config': {
    file: () => join(home, 'gitconfig'),
    command: () => ['use', 'one'],
    names: false,
    kinds: ['device', 'folder', 'loop of links', '10 GB'],
  },
  'journal of switches': { file: () => data('profile', 'switches.json'), command: () => ['use', 'one'], names: true },
  'intent of a switch': { file: () => data('profile', 'intent.json'), command: () => ['use', 'one'], names: true },
  'lock of switches': {
    file: () => data('profile', 'switch.lock'),
    command: () => ['use', 'one'],
    names: true,
    kinds: NOT_LARGE,
  },
  // One that holds no database is set aside, and named to who reads the log.
  history: {
    file: () => data('history.sqlite'),
    command: () => ['history', '--since', '1h'],
    names: true,
    kinds: ['fifo', 'device', 'folder'],
  },
  'audit trail': { file: () => data('audit.json'), command: () => ['hosts'], names: false },
  'tree heads': { file: () => data('tree-heads.json'), command: () => ['status'], names: false },
  netrc: { file: () => join(home, '.netrc'), command: () => ['hosts'], names: false },
  'probe --ca': { file: any, command: () => ['probe', 'http://127.0.0.1:9', '--ca', any()], names: true },
  'verify --go-sum': { file: any, command: () => ['verify', 'a.test/b@v1.0.0', '--go-sum', any()], names: true },
  'go.sum of the folder': {
    file: () => join(home, 'project', 'go.sum'),
    command: () => ['verify', 'a.test/b@v1.0.0'],
    names: true,
  },
  'capture --keylog': {
    file: any,
    command: () => ['capture', '--file', join(home, 'capture.pcap'), '--keylog', any()],
    names: true,
  },
  'capture --file': { file: any, command: () => ['capture', '--file', any()], names: true },
  'trace --file': { file: any, command: () => ['trace', '--file', any()], names: true },
  'explain FILE': { file: any, command: () => ['explain', any()], names: true, kinds: NOT_LARGE },
  'policy parse': { file: any, command: () => ['policy', 'parse', '--command', 'pfctl -s info', any()], names: true },
};

/** Much more than any of these commands needs. */
const LIMIT_MS = 8_000;

describe.each(Object.entries(PLACES))('%s', (_, { file, command, names, kinds }) => {
  it.each(kinds ?? (Object.keys(KINDS) as (keyof typeof KINDS)[]))('%s', async (kind) => {
    rmSync(file(), { force: true });
    KINDS[kind](file());
    const before = lstatSync(file()).ino;
    const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), LIMIT_MS).unref());
    const memory = process.memoryUsage().rss;
    const done = await Promise.race([gopherbar(...command()), late]);
    if (done === 'late') throw new Error('did not end');
    expect(process.memoryUsage().rss - memory).toBeLessThan(800 * 1024 * 1024);
    if (names) expect(`${done.out}${done.err}`).toContain(file().split('/').at(-1));
    expect(lstatSync(file()).ino).toBe(before);
  });
});

it('an extra certificate of the settings', async () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    const path = join(home, `ca-${kind.replaceAll(' ', '-')}`);
    make(path);
    writeFileSync(settings(), JSON.stringify({ endpoints: [], trust: { extraCa: [path] } }));
    const { out, err } = await gopherbar('status');
    expect(`${kind}: ${out}${err}`).toContain(path);
  }
});

it('a data folder that was open to everyone is its owner’s alone after the first command', async () => {
  chmodSync(data(), 0o777);
  chmodSync(settings(), 0o666);
  await gopherbar('use', 'one');
  await gopherbar('history', '--since', '1h');
  const modes = [
    dirname(settings()),
    ...readdirSync(data(), { recursive: true }).map((name) => data(String(name))),
  ].map((path) => [path, (statSync(path).mode & 0o077).toString(8), statSync(path).isDirectory()]);
  // A folder within is reached through its parent only.
  expect(modes.filter(([, others, isFolder]) => others !== '0' && isFolder === false)).toEqual([]);
  expect((statSync(data()).mode & 0o777).toString(8)).toBe('700');
});

it('a link in the place of the backup is replaced, not followed', async () => {
  const victim = join(home, 'victim');
  writeFileSync(victim, 'untouched');
  symlinkSync(victim, `${settings()}.bak`);
  writeFileSync(settings(), JSON.stringify({ endpoints: [], profiles: PROFILES, preferences: { language: 'en' } }));
  await gopherbar('use', 'one', '--allow-program');
  expect(lstatSync(victim).size).toBe('untouched'.length);
});
