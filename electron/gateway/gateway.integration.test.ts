/** The gateway as a process of its own, the real go old and new, and upstreams that fail, lie and lag. */

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { type RunningGateway, runGo, startGateway } from '../../build/long/gateway-go.ts';
import { killRounds } from '../../build/long/gateway-kills.ts';
import { FaultyUpstream, serve } from '../../e2e/lab/faulty-upstream.ts';
import { startLab } from '../../e2e/lab/lab.ts';
import { makeModule, moduleGraph } from '../../e2e/lab/module-graph.ts';
import { databaseFiles } from '../../e2e/lab/signed-database.ts';
import { FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';

// Each test starts several processes.
vi.setConfig({ testTimeout: 90_000 });

const graph = moduleGraph(4, 2_000);
const { signer } = graph;
const MODULE = 'graph.test/group0/mod0';
const DATABASE = `sumdb/${signer.name}`;
let first: FaultyUpstream;
let second: FaultyUpstream;
let home: string;
const running: RunningGateway[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-gateway-'));
  first = await FaultyUpstream.start(graph.files, 3);
  second = await FaultyUpstream.start(graph.files, 5);
});
afterEach(async () => {
  for (const one of running.splice(0)) expect(await one.stop()).toBe(0);
  for (const one of [first, second]) {
    one.reset();
    one.files = graph.files;
  }
});
afterAll(async () => {
  await first.close();
  await second.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

let count = 0;
async function gateway(args: readonly string[] = []): Promise<RunningGateway> {
  count += 1;
  const upstreams = ['--upstream', first.url, '--upstream', second.url];
  const own = ['--port', '0', '--cache', join(home, `cache-${count}`), '--sumdb', signer.verifier];
  const one = await startGateway([...own, ...upstreams, ...args], home);
  running.push(one);
  return one;
}

/** Answers some paths otherwise. */
function instead(of: RegExp, answer: (request: IncomingMessage, response: ServerResponse, path: string) => void) {
  return (request: IncomingMessage, response: ServerResponse, path: string) => {
    if (!of.test(path)) return false;
    answer(request, response, path);
    return true;
  };
}
const say =
  (status: number, text: string, type = 'text/plain') =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': type }).end(text);
const incidents = (one: RunningGateway) => one.events().filter(({ event }) => event === 'incident');

describe.each(goToolchains().map((one) => [one.version, one.path] as const))('%s', (_version, go) => {
  const download = (one: RunningGateway, ...what: readonly string[]) =>
    runGo(go, ['mod', 'download', ...what], graph.project, { GOPROXY: one.goproxy, GOSUMDB: signer.verifier });

  it('downloads everything through two healthy upstreams, and once more from the cache alone', async () => {
    const one = await gateway();
    const cold = await download(one);
    expect(cold.output).toBe('');
    first.override = second.override = () => true;
    const warm = await download(one);
    expect(warm).toMatchObject({ code: 0, goSum: cold.goSum });
    expect(one.env.GOPROXY).toBe(`${one.url}|direct`);
  });

  it('survives upstreams that close, cut, stall and are rude', async () => {
    first.shares = { eof: 0.3, cut: 0.3, rude: 0.2 };
    second.shares = { eof: 0.2, cut: 0.2, rude: 0.2 };
    const one = await gateway();
    expect(await download(one)).toMatchObject({ code: 0, output: '' });
  });

  it.each(['zip', 'mod'])('refuses a tampered %s, reports it, and takes the honest one', async (kind) => {
    const { files } = makeModule(MODULE, 'v1.0.0', ['graph.test/group1/mod1 v1.0.0'], { 'evil.go': 'package mod\n' });
    const body = kind === 'zip' ? files.get(`${MODULE}/@v/v1.0.0.zip`) : Buffer.from(`module ${MODULE}\n\n// more\n`);
    first.override = instead(new RegExp(`mod0/@v/v1.0.0.${kind}$`), (request, response) =>
      serve(request, response, body),
    );
    const one = await gateway();
    expect(await download(one)).toMatchObject({ code: 0, output: '' });
    expect(incidents(one)).toMatchObject([
      {
        kind: 'mismatch',
        upstream: first.url,
        module: `${MODULE}@v1.0.0`,
        got: expect.stringMatching(/^h1:/),
        want: graph.records[0]?.[kind === 'zip' ? 'zip' : 'mod'],
      },
    ]);
  });

  it('refuses a forged note, the signed record of another module, and a forked tree', async () => {
    const lookup = new RegExp(`${DATABASE}/lookup/${MODULE}@`);
    const record = graph.files.get(`${DATABASE}/lookup/${MODULE}@v1.0.0`)?.toString() ?? '';
    const other = graph.files.get(`${DATABASE}/lookup/graph.test/group1/mod1@v1.0.0`)?.toString() ?? '';
    const forged = record.replace(/\n([A-Za-z0-9+/]{43}=)\n/, `\n${'A'.repeat(43)}=\n`);
    const forkRecords = graph.records.map((one) => ({ ...one, zip: one.mod }));
    const fork = databaseFiles(signer, forkRecords).get(`${DATABASE}/lookup/${MODULE}@v1.0.0`)?.toString() ?? '';
    for (const [text, kind] of [
      [forged, 'signature'],
      [other, 'wrong-module'],
      [fork, 'fork'],
    ] as const) {
      const one = await gateway();
      // The true tree is seen first.
      expect(await download(one, 'graph.test/group2/mod2@v1.0.0')).toMatchObject({ code: 0 });
      first.override = instead(lookup, say(200, text));
      expect(await download(one), kind).toMatchObject({ code: 0, output: '' });
      expect(incidents(one)).toMatchObject([{ kind, upstream: first.url, module: `${MODULE}@v1.0.0` }]);
      first.reset();
    }
  });

  it('takes nothing from upstreams that answer with a page, or with 403 to everybody', async () => {
    for (const answer of [say(200, '<!DOCTYPE html><p>Sign in</p>', 'text/html'), say(403, 'go away', 'text/html')]) {
      first.override = instead(/./, answer);
      const one = await gateway();
      expect(await download(one)).toMatchObject({ code: 0, output: '' });
    }
  });

  it('passes a blocked module on with its text, and asks no other upstream', async () => {
    first.override = instead(/mod0\//, say(403, 'module mod0 is blocked for security reasons'));
    const one = await gateway();
    await download(one, 'graph.test/group1/mod1@v1.0.0');
    second.asked.length = 0;
    first.asked.length = 0;
    const blocked = await runGo(go, ['list', '-m', `${MODULE}@v1.0.0`], graph.project, {
      GOPROXY: one.url,
      GOSUMDB: signer.verifier,
    });
    expect(blocked.code).toBe(1);
    expect(blocked.output).toContain('module mod0 is blocked for security reasons');
    expect(second.asked.filter((path) => path.includes('mod0'))).toEqual([]);
    expect(first.asked.filter((path) => path.endsWith('mod0/@v/v1.0.0.info'))).toHaveLength(1);
  });

  it('finds a version that only one mirror has, and lists only what an upstream delivers', async () => {
    const newer = makeModule(MODULE, 'v1.1.0', [], { 'mod.go': 'package mod\n' });
    const records = [...graph.records, newer.record];
    const list = `${MODULE}/@v/list`;
    second.files = new Map([
      ...graph.files,
      ...newer.files,
      ...databaseFiles(signer, records),
      [list, Buffer.from('v1.0.0\nv1.1.0\n')],
    ]);
    first.override = instead(/mod0\/@v\/list$/, say(200, 'v1.0.0\nv1.9.9\n'));
    const one = await gateway();
    const env = { GOPROXY: one.goproxy, GOSUMDB: signer.verifier };
    const versions = await runGo(go, ['list', '-m', '-versions', MODULE], graph.project, env);
    expect(versions.output.trim()).toBe(`${MODULE} v1.0.0 v1.1.0`);
    const latest = await runGo(go, ['list', '-m', `${MODULE}@latest`], graph.project, env);
    expect(latest.output.trim()).toBe(`${MODULE} v1.1.0`);
    const got = await runGo(go, ['mod', 'download', '-json', `${MODULE}@v1.1.0`], graph.project, env);
    expect(JSON.parse(got.output)).toMatchObject({ Version: 'v1.1.0', Sum: newer.record.zip });
  });

  it('lets no upstream hear of private modules or what leads to them', async () => {
    const one = await gateway(['--private', 'git.corp.test/team/secret,*.inside.test', '--nosumdb', MODULE]);
    const env = { GOPROXY: one.url, GOSUMDB: signer.verifier };
    for (const path of ['git.corp.test/team/secret/pkg', 'git.corp.test/team', 'x.inside.test/a']) {
      const got = await runGo(go, ['list', '-m', `${path}@latest`], graph.project, env);
      expect(got.output).toMatch(/404 Not Found/);
    }
    await runGo(go, ['mod', 'download', `${MODULE}@v1.0.0`], graph.project, { ...env, GONOSUMDB: MODULE });
    const asked = [...first.asked, ...second.asked];
    expect(asked.filter((path) => /corp|inside/.test(path))).toEqual([]);
    expect(asked.filter((path) => path.includes('lookup') && path.includes('mod0@'))).toEqual([]);
    expect(one.env).toMatchObject({
      GONOPROXY: 'git.corp.test/team/secret,*.inside.test',
      GONOSUMDB: `git.corp.test/team/secret,*.inside.test,${MODULE}`,
    });
  });

  it('serves what is there when it is offline, to another process as well, and leaves a tree for file://', async () => {
    const one = await gateway();
    const { goSum } = await download(one);
    const folder = join(home, `cache-${count}`);
    const other = await gateway(['--cache', folder, '--offline']);
    first.asked.length = 0;
    second.asked.length = 0;
    expect(await download(other)).toMatchObject({ code: 0, goSum });
    expect([...first.asked, ...second.asked]).toEqual([]);
    const byFile = { GOPROXY: `file://${folder}`, GOSUMDB: signer.verifier };
    expect(await runGo(go, ['mod', 'download'], graph.project, byFile)).toMatchObject({ code: 0, goSum });
    const latest = await runGo(go, ['list', '-m', `${MODULE}@latest`], graph.project, byFile);
    expect(latest.output).toContain(`${MODULE} v1.0.0`);
  });
});

const [newest] = goToolchains().slice(-1);

it('serves no bad file after kill -9 in the middle of downloads, and go with a complete go.sum succeeds', async () => {
  const go = newest?.path ?? '';
  const { goSum } = await runGo(go, ['mod', 'download'], graph.project, {
    GOPROXY: second.url,
    GOSUMDB: signer.verifier,
  });
  const report = await killRounds({ rounds: 3, goOf: () => go, graph, upstream: first, source: second, home, goSum });
  expect(report).toEqual({ killed: 3, failures: [], bad: [] });
});

it('answers HEAD with Disable-Module-Fetch with the size that an upstream announces, and fetches nothing', async () => {
  const one = await gateway();
  const zip = `${MODULE}/@v/v1.0.0.zip`;
  const methods: string[] = [];
  first.override = (request) => methods.push(request.method ?? '') === 0;
  const sizeOf = (path: string) =>
    fetch(`${one.url}/${path}`, { method: 'HEAD', headers: { 'disable-module-fetch': 'true' } });
  const size = await sizeOf(zip);
  expect(size.headers.get('content-length')).toBe(String(graph.files.get(zip)?.length));
  expect((await sizeOf('graph.test/missing/@v/v1.0.0.zip')).status).toBe(404);
  expect(new Set(methods)).toEqual(new Set(['HEAD']));
  first.override = (_, response) => response.destroy() === response;
  second.override = first.override;
  expect((await sizeOf(zip)).status).toBe(404);
});

it.each([
  ['checked', signer.verifier],
  ['unchecked', 'off'],
])('serves files larger than its whole cache, %s, again and again', async (_, sumdb) => {
  const large = moduleGraph(3, 150_000);
  first.files = new Map([...large.files, ...databaseFiles(signer, large.records)]);
  second.files = first.files;
  const one = await gateway(['--cache-size', '1000', '--sumdb', sumdb]);
  for (let round = 0; round < 3; round += 1) {
    const answers = await Promise.all(
      large.modules.map(async ({ path, version }) => {
        const answer = await fetch(`${one.url}/${path}/@v/${version}.zip`);
        const isWhole = Buffer.from(await answer.arrayBuffer()).equals(
          large.files.get(`${path}/@v/${version}.zip`) ?? Buffer.alloc(0),
        );
        return { status: answer.status, isWhole };
      }),
    );
    expect(answers).toEqual(Array(3).fill({ status: 200, isWhole: true }));
  }
});

it('names who has its port, and offers another', async () => {
  const one = await gateway();
  const port = new URL(one.url).port;
  await expect(startGateway(['--port', port, '--upstream', first.url], home)).rejects.toThrow(
    new RegExp(`port ${port} is already in use.*PID ${one.pid}.*port \\d+ is free`),
  );
});

it('keeps its port, and gives the profile "gateway" that undo takes back', async () => {
  const own = mkdtempSync(join(home, 'own-'));
  const goenv = join(own, 'goenv');
  const written = 'GOPRIVATE=git.corp.test/team\nGOPROXY=https://proxy.example.test\n';
  writeFileSync(goenv, written);
  const start = async () => {
    const one = await startGateway(['--upstream', first.url, '--sumdb', signer.verifier], own);
    running.push(one);
    return one;
  };
  const one = await start();
  expect(one.env).toMatchObject({ GONOPROXY: 'git.corp.test/team', GONOSUMDB: 'git.corp.test/team' });
  await one.stop();
  expect((await start()).url).toBe(one.url);
  // The upstreams live in this process: it must not block.
  const cli = async (...args: readonly string[]) => {
    const argv = ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', ...args];
    const env = { PATH: process.env.PATH, HOME: own, GOENV: goenv, GOTOOLCHAIN: 'local', LANG: 'C' };
    const { stdout } = await promisify(execFile)(process.execPath, argv, {
      cwd: join(import.meta.dirname, '../..'),
      env,
    });
    return stdout;
  };
  await cli('use', 'gateway');
  const now = readFileSync(goenv, 'utf8');
  expect(now).toContain(`GOPROXY=${one.url}|direct\n`);
  expect(now).toContain('GONOPROXY=git.corp.test/team\n');
  expect(now).toContain('GONOSUMDB=git.corp.test/team\n');
  await cli('undo');
  expect(readFileSync(goenv, 'utf8')).toBe(written);
  const stats = JSON.parse(await cli('gateway', 'stats', '--json'));
  expect(stats).toMatchObject({ schema: 1, files: expect.any(Number), counters: { requests: expect.any(Number) } });
  const project = join(own, 'project');
  mkdirSync(project);
  for (const [name, text] of graph.project) writeFileSync(join(project, name), text);
  const options = [project, '--upstream', first.url, '--sumdb', signer.verifier];
  const fetched = JSON.parse(await cli('prefetch', ...options, '--json'));
  expect(fetched).toMatchObject({ schema: 1, modules: 4, present: 12, fetched: 12, missing: [] });
  expect(await cli('prefetch', ...options, '--offline')).toContain('Builds offline: yes');
  const offline = await startGateway(['--port', '0', '--offline', '--sumdb', signer.verifier], own);
  running.push(offline);
  const env = { GOPROXY: offline.url, GOSUMDB: signer.verifier };
  expect(await runGo(newest?.path ?? '', ['mod', 'download'], graph.project, env)).toMatchObject({
    code: 0,
    output: '',
  });
  await cli('gateway', 'clear');
  expect(JSON.parse(await cli('gateway', 'stats', '--json'))).toMatchObject({ files: 0, bytes: 0 });
});

it('reaches an upstream over HTTP/2 by a pinned address and an extra root, with the credentials of .netrc', async () => {
  const lab = await startLab();
  try {
    const own = mkdtempSync(join(home, 'tls-'));
    const server = await lab.proxy({ host: 'proxy.lab', transport: 'h2' });
    writeFileSync(join(own, 'ca.pem'), lab.authority.ca);
    // Before Go 1.24 an entry names the host, since then host and port.
    const login = 'login me password s3cret';
    const netrc = `machine proxy.lab ${login}\nmachine proxy.lab:${server.port} ${login}\n`;
    writeFileSync(join(own, '.netrc'), netrc, { mode: 0o600 });
    const one = await startGateway(
      [
        ...['--port', '0', '--cache', join(own, 'cache'), '--sumdb', FIXTURE_SUMDB, '--ca', join(own, 'ca.pem')],
        ...['--upstream', server.url, '--resolve', `proxy.lab:${server.port}:127.0.0.1`],
      ],
      own,
    );
    running.push(one);
    const env = { GOPROXY: one.url, GOSUMDB: FIXTURE_SUMDB };
    const got = await runGo(newest?.path ?? '', ['mod', 'download', 'example.test/hello@v1.1.0'], graph.project, env);
    expect(got).toMatchObject({ code: 0, output: '' });
    const last = server.requests.at(-1);
    expect(last?.protocol).toBe('HTTP/2.0');
    expect(last?.headers.authorization).toBe(`Basic ${Buffer.from('me:s3cret').toString('base64')}`);
    expect(JSON.stringify(one.events())).not.toContain('s3cret');
  } finally {
    await lab.close();
  }
});
