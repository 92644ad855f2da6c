/** `gopherbar check` with the real go against proxies that are healthy, slow, dead and lacking. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';
import { FaultyUpstream, serve } from '../../e2e/lab/faulty-upstream.ts';
import { moduleGraph } from '../../e2e/lab/module-graph.ts';

const root = join(import.meta.dirname, '..', '..');
const graph = moduleGraph(3, 2_000);
const [first, second, third] = graph.modules.map(({ path, version }) => `${path}@${version}`) as [
  string,
  string,
  string,
];

let upstream: FaultyUpstream;
let home: string;

beforeAll(async () => {
  upstream = await FaultyUpstream.start(graph.files, 7);
});
afterAll(() => upstream.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-check-'));
  for (const name of ['project', 'tmp', '.local/share/gopherbar']) mkdirSync(join(home, name), { recursive: true });
  for (const [name, text] of graph.project) writeFileSync(join(home, 'project', name), text);
  writeFileSync(
    join(home, '.local/share/gopherbar/settings.json'),
    JSON.stringify({ builtInProfiles: false, endpoints: [] }),
  );
});
afterEach(() => {
  upstream.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function check(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const own = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GOPATH: join(home, 'go'),
    GOENV: 'off',
    GOTOOLCHAIN: 'local',
    GOPROXY: upstream.url,
    GOSUMDB: graph.signer.verifier,
    HTTPS_PROXY: 'http://127.0.0.1:9',
  };
  return new MemoryTerminal({ env: { ...own, ...env }, folder: join(home, 'project') }).run(['check', ...args]);
}

it('downloads what go.mod selects, into caches that are gone afterwards', async () => {
  const { code, out } = await check([]);
  expect(out).toContain('3 healthy, 0 slow, 0 failed');
  expect(code).toBe(0);
  expect(upstream.asked.filter((path) => path.endsWith('.zip'))).toHaveLength(3);
  expect(readdirSync(join(home, 'project'))).toEqual(['go.mod', 'main.go']);
});

it('distinguishes slow from healthy by the time that each may take', async () => {
  upstream.delayMs = 100;
  writeFileSync(join(home, 'list.txt'), `${first} 0.05s\n${second} optional 30\n`);
  const { code, out } = await check(['--file', join(home, 'list.txt'), '--json']);
  const report = JSON.parse(out);
  expect(report.modules).toMatchObject([{ status: 'slow' }, { status: 'healthy', critical: false }]);
  expect(code).toBe(0);
  expect((await check(['--file', join(home, 'list.txt'), '--strict'])).code).toBe(1);
});

it('ends with 75 where only the network failed, with 1 where a module is not there, and with 1 for both', async () => {
  const missing = 'graph.test/none@v1.0.0';
  expect((await check([first, missing])).code).toBe(1);
  upstream.override = (request, response, path) => {
    if (!path.includes('mod1')) return false;
    request.socket.destroy();
    response.destroy();
    return true;
  };
  const { code, out } = await check([second, first]);
  expect(out).toContain('Infrastructure, not your code');
  expect(code).toBe(75);
  expect((await check([second, missing])).code).toBe(1);
  writeFileSync(join(home, 'list.txt'), `${first}\n${second} optional\n`);
  expect((await check(['--file', join(home, 'list.txt')])).code).toBe(0);
});

it('stops a download at the hard limit', async () => {
  upstream.shares = { stall: 1 };
  const began = performance.now();
  const { code, out } = await check([first, '--timeout', '1', '--json']);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(JSON.parse(out).modules).toMatchObject([{ status: 'failed', side: 'infrastructure' }]);
  expect(code).toBe(75);
});

it.each([1, 3])('downloads as many at a time as asked: %i', async (parallel) => {
  let open = 0;
  let most = 0;
  upstream.override = (request, response, path) => {
    if (!path.endsWith('.zip')) return false;
    open += 1;
    most = Math.max(most, open);
    // Held until as many have come as are to come, or no more do.
    const began = performance.now();
    const timer = setInterval(() => {
      if (most < parallel && performance.now() - began < 3_000) return;
      clearInterval(timer);
      open -= 1;
      serve(request, response, graph.files.get(path));
    }, 20);
    return true;
  };
  expect((await check([first, second, third, '--parallel', String(parallel)])).code).toBe(0);
  expect(most).toBe(parallel);
});

it('writes JUnit, code quality, annotations and the published JSON', async () => {
  const junit = join(home, 'report.xml');
  const quality = join(home, 'quality.json');
  const { out, err } = await check(
    [first, 'graph.test/none@v1.0.0', '--junit', junit, '--code-quality', quality, '--json'],
    {
      GITHUB_ACTIONS: 'true',
    },
  );
  expectSchema('check', JSON.parse(out));
  const xml = readFileSync(junit, 'utf8');
  execFileSync('xmllint', ['--noout', '--schema', join(root, 'e2e/fixtures/junit.xsd'), junit], { stdio: 'pipe' });
  expect(xml).toContain('tests="2" failures="1"');
  expect(xml).toContain('name="graph.test/none@v1.0.0"');
  expect(JSON.parse(readFileSync(quality, 'utf8'))).toMatchObject([
    { check_name: 'module-not-found', severity: 'critical', description: expect.stringContaining('graph.test/none') },
  ]);
  expect(err).toMatch(/^::error title=graph\.test\/none@v1\.0\.0%3A /m);
});

it('names what it cannot read', async () => {
  writeFileSync(join(home, 'list.txt'), `${first}\nnonsense here\n`);
  const bad = await check(['--file', join(home, 'list.txt')]);
  expect(bad.code).toBe(2);
  expect(bad.err).toContain(':2:');
  expect((await check(['--file', join(home, 'none.txt')])).code).toBe(2);
  expect((await check([join(home, 'tmp')])).code).toBe(2);
});
