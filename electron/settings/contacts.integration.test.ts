/** In a network of its own, no command looks up a name that `gopherbar hosts` does not list. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runInNamespace } from '../../e2e/lab/namespace.ts';
import { hostOf } from '../../shared/domain/host.ts';
import { COMMANDS as COMMAND_LIST } from '../cli/commands/index.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'e2e', 'lab', 'ask-in-namespace.ts');
const MODULE = 'source.example/hello@v1.1.0';
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-hosts-'));
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  const settings = {
    builtInProfiles: false,
    endpoints: [
      { id: 'one', url: 'https://endpoint.example' },
      { id: 'two', url: 'https://192.0.2.77' },
    ],
    profiles: [{ id: 'p', name: 'P', variables: { GOPROXY: 'https://profile.example|direct' } }],
    doctor: { resolvers: [] },
    limits: { hard: { dialMs: 500, tlsMs: 500, headerMs: 500, totalMs: 1_500 } },
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

async function ask(goenv: string, commands: readonly (readonly string[])[]) {
  writeFileSync(join(home, 'goenv'), goenv);
  const env = { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local' };
  const { output } = await runInNamespace([process.execPath, SCRIPT, JSON.stringify(commands)], {
    hosts: {},
    env,
    folder: home,
    limitMs: 130_000,
  });
  const line = output.split('\n').find((one) => one.startsWith('[{'));
  if (line === undefined) throw new Error(output);
  return JSON.parse(line) as readonly {
    readonly out: string;
    readonly asked: readonly string[];
    readonly connected: readonly string[];
  }[];
}

const COMMANDS = [
  ['hosts', '--json'],
  ['profiles'],
  ['diff', 'p'],
  ['effective'],
  ['lint'],
  ['status', '--probe'],
  ['doctor'],
  ['doctor', MODULE],
  ['why', MODULE],
  ['why', MODULE, '--profile', 'p'],
  ['verify', MODULE],
  ['lag', 'source.example/hello'],
  ['canary', MODULE],
  ['history'],
] as const;

it.each([
  ['go’s defaults', ''],
  ['a list and a database of one’s own', 'GOPROXY=https://go.example,direct\nGOSUMDB=sum.golang.google.cn\n'],
  ['the database off', 'GOPROXY=https://go.example\nGOSUMDB=off\n'],
])('with %s', { timeout: 240_000 }, async (_, goenv) => {
  const [hosts, ...others] = await ask(goenv, COMMANDS);
  const listed = (JSON.parse(hosts?.out ?? '').hosts as readonly { readonly host: string }[]).map(({ host }) =>
    hostOf(host),
  );
  expect(hosts?.asked).toEqual([]);
  // The module's own host is named by the person.
  const known = new Set([...listed, 'source.example']);
  for (const [i, { asked }] of others.entries()) {
    expect(
      asked.filter((name) => !known.has(name)),
      COMMANDS[i + 1]?.join(' '),
    ).toEqual([]);
  }
  expect(new Set(others.flatMap(({ asked }) => asked)).size).toBeGreaterThan(2);
});

/** How each command is called here; without an entry, a new command fails the test. */
const CALLS: Readonly<Record<string, readonly string[] | null>> = {
  status: ['--probe'],
  doctor: [MODULE],
  since: [],
  explain: ['log'],
  check: ['--file', 'modules.txt'],
  profiles: [],
  use: ['p'],
  undo: [],
  diff: ['p'],
  // Each ends after one request, or is asked for none: these serve until they are ended.
  'gateway run': null,
  mcp: null,
  'gateway stats': [],
  'gateway clear': [],
  prefetch: ['project'],
  probe: ['endpoint.example'],
  why: [MODULE],
  verify: [MODULE],
  canary: [MODULE],
  lag: ['source.example/hello'],
  trace: [MODULE, '--timeout', '5'],
  capture: ['--file', 'log'],
  // Reads macOS, and asks for a password.
  'policy read': null,
  'policy parse': ['--command', 'pfctl -sr', 'log'],
  'policy decide': ['--rules', 'log', '--to', '192.0.2.1:443'],
  preflight: ['project'],
  effective: [],
  lint: ['--vulnerabilities'],
  'config list': [],
  'config get': ['intervals.visibleMs'],
  'config set': ['preferences.theme', 'dark'],
  'config unset': ['preferences.theme'],
  'config path': [],
  'config check': [],
  // Opens an editor.
  'config edit': null,
  'config export': ['exported.json'],
  'config import': ['exported.json'],
  hosts: [],
  completion: ['bash'],
  watch: ['--for', '2'],
  history: [],
  export: [],
  ci: ['--', 'go', 'mod', 'download', MODULE],
  'init ci': ['github'],
  'shell init': ['zsh'],
  'shell install': ['bash'],
  'shell uninit': ['bash'],
  'shell hint': [],
};

it('every command goes to no address by itself, and looks up no name that is not listed', {
  timeout: 400_000,
}, async () => {
  const names = COMMAND_LIST.map(({ declaration }) => declaration.name);
  expect(Object.keys(CALLS).toSorted()).toEqual([...names].toSorted());
  mkdirSync(join(home, 'project'));
  writeFileSync(
    join(home, 'project', 'go.mod'),
    `module m.example\n\ngo 1.19\n\nrequire ${MODULE.replace('@', ' ')}\n`,
  );
  writeFileSync(join(home, 'log'), 'pass out all\n');
  writeFileSync(join(home, 'modules.txt'), `${MODULE}\n`);
  const played = names.flatMap((name) => {
    const args = CALLS[name] ?? null;
    return args === null ? [] : [[...name.split(' '), ...args]];
  });
  const half = Math.ceil(played.length / 3);
  const parts = [played.slice(0, half), played.slice(half, 2 * half), played.slice(2 * half)];
  const [hosts] = await ask('', [['hosts', '--json']]);
  const listed = (JSON.parse(hosts?.out ?? '').hosts as readonly { readonly host: string }[]).map(({ host }) =>
    hostOf(host),
  );
  const known = new Set([...listed, 'source.example']);
  const connectedTo = new Set<string>();
  for (const part of parts) {
    for (const [i, { asked, connected }] of (await ask('', part)).entries()) {
      for (const one of connected) connectedTo.add(one);
      const unlisted = [...asked, ...connected].filter((one) => !known.has(one));
      expect(unlisted, part[i]?.join(' ')).toEqual([]);
    }
  }
  // What is listed by its address was gone to: the recording sees it.
  expect([...connectedTo]).toEqual(['192.0.2.77']);
});
