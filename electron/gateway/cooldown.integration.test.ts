/** The cooldown behind the real go: what is listed, what is refused and with which words, and what is let through. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { type RunningGateway, runGo, startGateway } from '../../build/long/gateway-go.ts';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { makeModule } from '../../e2e/lab/module-graph.ts';
import { DatabaseSigner, databaseFiles } from '../../e2e/lab/signed-database.ts';
import { leafOf, rootOf } from '../../e2e/lab/sums.ts';
import { DAY_MS } from '../../shared/domain/units.ts';

vi.setConfig({ testTimeout: 60_000 });

const OLD = 'cool.test/widget';
const NEW = 'cool.test/newborn';
const signer = new DatabaseSigner('sum.cool.test');
const source = { 'a.go': 'package a\n' };
// Authors date all of them 2024: their word must not count.
const made = [
  makeModule(OLD, 'v1.0.0', [], source),
  makeModule(OLD, 'v1.0.1', [], source),
  makeModule(OLD, 'v1.1.0', [], source),
  makeModule(OLD, 'v1.2.0', [], source),
  makeModule(NEW, 'v1.0.0', [], source),
];
const records = made.map(({ record }) => record);
const files = new Map([
  ...made.flatMap((one) => [...one.files]),
  ...databaseFiles(signer, records),
  [`${OLD}/@v/list`, Buffer.from('v1.0.0\nv1.0.1\nv1.1.0\nv1.2.0\n')],
  // What a branch names.
  [`${OLD}/@v/main.info`, made[3]?.files.get(`${OLD}/@v/v1.2.0.info`) ?? Buffer.alloc(0)],
]);
const project = new Map([['go.mod', 'module project.test/main\n\ngo 1.19\n']]);

let upstream: FaultyUpstream;
let home: string;
let vulnerabilities: string;
let running: RunningGateway[] = [];

beforeAll(async () => {
  upstream = await FaultyUpstream.start(files);
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-cooldown-'));
  vulnerabilities = join(home, 'vulnerabilities');
  mkdirSync(vulnerabilities);
  put('GO-2030-0001.json', [{ introduced: '0' }, { fixed: '9.9.9' }]);
});
afterEach(async () => {
  for (const one of running) expect(await one.stop()).toBe(0);
  running = [];
  upstream.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});
afterAll(() => upstream.close());

/** An entry of the vulnerability database about the module. */
function put(name: string, events: readonly object[]): void {
  const affected = [{ package: { name: OLD, ecosystem: 'Go' }, ranges: [{ type: 'SEMVER', events }] }];
  writeFileSync(join(vulnerabilities, name), JSON.stringify({ id: name.replace('.json', ''), affected }));
}

const historyFile = () => join(home, '.local', 'share', 'gopherbar', 'signed-heads', `${signer.name}.json`);

/** Heads of the database as they were seen: how many days ago, and how many records it held. */
function seen(...heads: readonly (readonly [days: number, size: number])[]): void {
  const leaves = records.map(({ path, version, zip, mod }) =>
    leafOf(`${path} ${version} ${zip}\n${path} ${version}/go.mod ${mod}\n`),
  );
  const kept = heads.map(([days, size]) => ({
    at: Date.now() - days * DAY_MS,
    note: signer.note(size, rootOf(leaves.slice(0, size))),
  }));
  mkdirSync(dirname(historyFile()), { recursive: true });
  writeFileSync(historyFile(), JSON.stringify({ schema: 1, heads: kept }));
}

async function gateway(...args: readonly string[]): Promise<RunningGateway> {
  const own = ['--port', '0', '--cache', join(home, 'cache'), '--sumdb', signer.verifier, '--upstream', upstream.url];
  const env = { GOVULNDB: pathToFileURL(vulnerabilities).href };
  const one = await startGateway([...own, ...args], home, env);
  running.push(one);
  return one;
}

const decisions = (one: RunningGateway) =>
  one
    .events()
    .filter(({ event }) => event === 'cooldown')
    .map(({ decision, module }) => `${decision} ${module}`);

describe.each(goToolchains().map((one) => [one.version, one.path] as const))('%s', (_version, go) => {
  const ask = (one: RunningGateway, ...args: readonly string[]) =>
    runGo(go, args, project, { GOPROXY: one.goproxy, GOSUMDB: signer.verifier });

  it('leaves young versions out of the list and of @latest, and refuses them with the rule', async () => {
    // v1.1.0 was recorded between 5 and 3 days ago, v1.2.0 after that.
    seen([10, 2], [5, 2], [3, 3]);
    const one = await gateway('--cooldown', '7');
    // Through a pipe or a comma `go` would fetch from the source what is held back.
    expect(one.goproxy).toBe(one.url);
    expect(await ask(one, 'list', '-m', '-versions', OLD)).toMatchObject({ output: `${OLD} v1.0.0 v1.0.1\n` });
    expect(await ask(one, 'list', '-m', `${OLD}@latest`)).toMatchObject({ output: `${OLD} v1.0.1\n` });
    expect(await ask(one, 'mod', 'download', `${OLD}@v1.0.1`)).toMatchObject({ code: 0, output: '' });
    for (const query of ['v1.1.0', 'v1.2.0', 'main']) {
      const { code, output } = await ask(one, 'mod', 'download', `${OLD}@${query}`);
      expect(code).toBe(1);
      expect(output).toContain('403 Forbidden');
      expect(output).toContain('held back by the cooldown of the Gopherbar gateway');
      expect(output).toContain('younger than 7 days');
    }
    const { output } = await ask(one, 'mod', 'download', `${OLD}@v1.1.0`);
    expect(output).toContain('at least 3 days 0 hours and at most 5 days 0 hours');
    // `go` asks for these two only where there is no list, and then for the files of the version they name.
    const latest = await fetch(`${one.url}/${OLD}/@latest`);
    expect(await latest.json()).toMatchObject({ Version: 'v1.0.1' });
    expect((await fetch(`${one.url}/${OLD}/@v/main.info`)).status).toBe(403);
    const newborn = await ask(one, 'list', '-m', `${NEW}@latest`);
    expect(newborn.output).toContain('held back by the cooldown');
    expect(upstream.asked.filter((path) => /v1\.[12]\.0\.(?:mod|zip)$/.test(path))).toEqual([]);
    expect(decisions(one)).toEqual(expect.arrayContaining([`held ${OLD}@v1.1.0`, `held ${NEW}@v1.0.0`]));
  });

  it('holds nothing back when it is off, when the days have passed, or by exception', async () => {
    seen([10, 2], [8, 4]);
    const all = `${OLD} v1.0.0 v1.0.1 v1.1.0 v1.2.0\n`;
    const off = await gateway();
    expect(off.goproxy).toBe(`${off.url}|direct`);
    expect((await ask(off, 'list', '-m', `${NEW}@latest`)).output).toBe(`${NEW} v1.0.0\n`);
    const seven = await gateway('--cooldown', '7');
    expect((await ask(seven, 'list', '-m', '-versions', OLD)).output).toBe(all);
    expect((await ask(seven, 'mod', 'download', `${NEW}@v1.0.0`)).code).toBe(1);
    const except = await gateway('--cooldown', '7', '--cooldown-except', 'other.test,cool.test/new*');
    expect(await ask(except, 'mod', 'download', `${NEW}@v1.0.0`)).toMatchObject({ code: 0, output: '' });
  });

  it('lets a young version through that fixes a known vulnerability, and that one alone', async () => {
    seen([10, 2]);
    put('GO-2030-0002.json', [{ introduced: '0' }, { fixed: '1.1.0' }]);
    const one = await gateway('--cooldown', '7');
    expect((await ask(one, 'list', '-m', '-versions', OLD)).output).toBe(`${OLD} v1.0.0 v1.0.1 v1.1.0\n`);
    expect(await ask(one, 'mod', 'download', `${OLD}@v1.1.0`)).toMatchObject({ code: 0, output: '' });
    expect(decisions(one)).toContain(`fix ${OLD}@v1.1.0`);
  });

  it('serves what it cannot date, and reports that', async () => {
    // The first head held these already: they may be of any age above two days.
    seen([2, 3]);
    const one = await gateway('--cooldown', '7', '--nosumdb', NEW);
    expect((await ask(one, 'list', '-m', '-versions', OLD)).output).toBe(`${OLD} v1.0.0 v1.0.1 v1.1.0\n`);
    await runGo(go, ['mod', 'download', `${NEW}@v1.0.0`], project, { GOPROXY: one.url, GOSUMDB: 'off' });
    expect(decisions(one)).toEqual(expect.arrayContaining([`undated ${OLD}@v1.1.0`, `undated ${NEW}@v1.0.0`]));
  });
});

it('keeps a signed head from the start on, also while nothing is asked for', async () => {
  const began = Date.now();
  await gateway('--cooldown', '1');
  const heads = () => {
    try {
      return JSON.parse(readFileSync(historyFile(), 'utf8')).heads as { at: number; note: string }[];
    } catch {
      return [];
    }
  };
  await expect.poll(heads).toHaveLength(1);
  const [head] = heads();
  expect(head?.at).toBeGreaterThanOrEqual(began);
  expect(head?.note).toBe(files.get(`sumdb/${signer.name}/latest`)?.toString());
});

it('refuses a cooldown that no history reaches back to', async () => {
  await expect(gateway('--cooldown', '91')).rejects.toThrow('the longest is 90');
});
