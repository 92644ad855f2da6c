/** In a network of its own, no command looks up a name that `gopherbar hosts` does not list. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runInNamespace } from '../../e2e/lab/namespace.ts';
import { hostOf } from '../../shared/domain/host.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'e2e', 'lab', 'ask-in-namespace.ts');
const MODULE = 'source.example/hello@v1.1.0';
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-hosts-'));
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  const settings = {
    builtInProfiles: false,
    endpoints: [{ id: 'one', url: 'https://endpoint.example' }],
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
  const { output } = await runInNamespace([process.execPath, SCRIPT, JSON.stringify(commands)], { hosts: {}, env });
  const line = output.split('\n').find((one) => one.startsWith('[{'));
  if (line === undefined) throw new Error(output);
  return JSON.parse(line) as readonly { readonly out: string; readonly asked: readonly string[] }[];
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
])('with %s', { timeout: 90_000 }, async (_, goenv) => {
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
