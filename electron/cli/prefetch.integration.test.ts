/** `gopherbar prefetch` as a process of its own: sizes first, cancelled cleanly, resumed, with gopls; the real go then builds offline. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { runGo, startGateway } from '../../build/long/gateway-go.ts';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { makeModule, moduleGraph } from '../../e2e/lab/module-graph.ts';
import { databaseFiles } from '../../e2e/lab/signed-database.ts';

vi.setConfig({ testTimeout: 60_000 });

const GOPLS = 'golang.org/x/tools/gopls';
const graph = moduleGraph(4, 30_000);
const { signer } = graph;
const zips = [...graph.files].filter(([path]) => path.endsWith('.zip'));
const zipBytes = zips.reduce((sum, [, body]) => sum + body.length, 0);
let upstream: FaultyUpstream;
/** `METHOD path` of every request. */
let asked: string[];
let home: string;
let project: string;
const started: ChildProcessWithoutNullStreams[] = [];

beforeEach(async () => {
  upstream = await FaultyUpstream.start(graph.files);
  asked = [];
  upstream.override = (request, _, path) => {
    asked.push(`${request.method} ${path}`);
    return false;
  };
  home = mkdtempSync(join(tmpdir(), 'gopherbar-prefetch-'));
  project = join(home, 'project');
  mkdirSync(project);
  for (const [name, text] of graph.project) writeFileSync(join(project, name), text);
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await upstream.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function start(...args: readonly string[]) {
  const own = ['prefetch', ...args, '--cache', join(home, 'cache'), '--upstream', upstream.url];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', ...own, '--sumdb', signer.verifier],
    {
      cwd: join(import.meta.dirname, '../..'),
      env: { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', LANG: 'C' },
    },
  );
  started.push(child);
  let [out, error] = ['', ''];
  child.stdout.on('data', (bytes) => (out += bytes));
  child.stderr.on('data', (bytes) => (error += bytes));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, out, error }));
  return { child, ended, out: () => out };
}

it('asks all sizes before it fetches a zip, and fetches nothing twice', async () => {
  const { code, out, error } = await start(project).ended;
  expect({ code, error }).toEqual({ code: 0, error: '' });
  const size = `${Math.round(zipBytes / 1_000)} kB`;
  expect(out).toMatch(`4 modules, 0 already here, ${size} to fetch\nFetched 12 files, `);
  expect(out).toContain('Builds offline: yes');
  const ofZips = asked.filter((line) => line.endsWith('.zip')).map((line) => line.split(' ')[0]);
  expect(ofZips).toEqual([...Array(4).fill('HEAD'), ...Array(4).fill('GET')]);
  asked.length = 0;
  const again = JSON.parse((await start(project, '--json').ended).out);
  expect(again).toMatchObject({ modules: 4, here: 4, bytes: 0, present: 12, fetched: 0, fetchedBytes: 0 });
  expect(again).toMatchObject({ cancelled: false, missing: [] });
  expect(asked.filter((line) => line.endsWith('.zip'))).toEqual([]);
});

it('says that it is more than the known sizes where a proxy does not answer HEAD', async () => {
  upstream.override = (request, response) => {
    if (request.method !== 'HEAD') return false;
    response.writeHead(405).end();
    return true;
  };
  const { code, out } = await start(project).ended;
  expect(code).toBe(0);
  expect(out).toContain('4 modules, 0 already here, at least 0 B to fetch (no proxy says the size of 4)');
});

it('leaves no partial file after Ctrl-C, and goes on with what is missing', async () => {
  const [[slow = '', whole = Buffer.alloc(0)] = []] = zips;
  let halfIsOut = () => {};
  const half = new Promise<void>((resolve) => {
    halfIsOut = resolve;
  });
  upstream.override = (request, response, path) => {
    if (request.method !== 'GET' || path !== slow) return false;
    response.writeHead(200, { 'content-length': whole.length, etag: '"1"' });
    response.write(whole.subarray(0, whole.length / 2), () => setTimeout(halfIsOut, 500));
    return true;
  };
  const first = start(project);
  await half;
  first.child.kill('SIGINT');
  const cancelled = await first.ended;
  expect(cancelled).toMatchObject({ code: 130 });
  expect(cancelled.out).toContain('Cancelled. Run it again to go on from here.');
  expect(cancelled.out).not.toContain('Builds offline');
  expect(readdirSync(join(home, 'cache', '.gopherbar', 'spool'))).toEqual([]);
  const offline = await startGateway(['--port', '0', '--cache', join(home, 'cache'), '--offline'], home);
  expect((await fetch(`${offline.url}/${slow}`)).status).toBe(404);
  await offline.stop();
  upstream.override = () => false;
  const second = JSON.parse((await start(project, '--json').ended).out);
  expect(second).toMatchObject({ here: 3, bytes: whole.length, missing: [], present: 12 });
  expect(second.fetchedBytes).toBeGreaterThanOrEqual(whole.length);
  expect(second.fetchedBytes).toBeLessThan(zipBytes);
});

describe.each(goToolchains().map((one) => [one.version, one.path] as const))('gopls, %s', (_, go) => {
  it('comes with all it needs: go install works from the cache alone', async () => {
    const [dependency = { path: '' }] = graph.modules;
    const sums = graph.records.flatMap(({ path, version, zip, mod }) => [
      `${path} ${version} ${zip}\n`,
      `${path} ${version}/go.mod ${mod}\n`,
    ]);
    // A tidy go.mod lists all that is imported, as gopls' own does.
    const requires = graph.modules.map(({ path, version }) => `${path} ${version}`);
    const gopls = makeModule(GOPLS, 'v0.20.0', requires, {
      'main.go': `package main\n\nimport _ "${dependency.path}"\n\nfunc main() {}\n`,
      'go.sum': sums.join(''),
    });
    const files = databaseFiles(signer, [...graph.records, gopls.record]);
    upstream.files = new Map([...graph.files, ...gopls.files, ...files]);
    rmSync(project, { recursive: true });
    const { out } = await start('--gopls', '--json').ended;
    expect(JSON.parse(out)).toMatchObject({ file: null, modules: 5, missing: [] });
    upstream.override = (_request, response) => {
      response.destroy();
      return true;
    };
    const options = ['--port', '0', '--cache', join(home, 'cache'), '--offline', '--sumdb', signer.verifier];
    const offline = await startGateway(options, home);
    const env = { GOPROXY: offline.url, GOSUMDB: signer.verifier, GOFLAGS: '-modcacherw' };
    const installed = await runGo(go, ['install', `${GOPLS}@latest`], new Map(), env);
    await offline.stop();
    expect(installed.output.replaceAll(/^go: downloading .*\n/gm, '')).toBe('');
    expect(installed.code).toBe(0);
  });

  it('is named with the reason when no proxy has it', async () => {
    const { code, out } = await start(project, '--gopls').ended;
    expect(code).toBe(1);
    expect(out).toContain(`${GOPLS}@latest  not found: no such module`);
  });
});

it('needs a project, or --gopls', async () => {
  rmSync(project, { recursive: true });
  mkdirSync(project);
  const { code, error } = await start(project).ended;
  expect(code).toBe(1);
  expect(error).toContain('go.mod');
});
