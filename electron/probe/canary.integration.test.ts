/** The canary drives the real go, old and newer, against lab proxies; nothing of it is left behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { goToolchains, type Toolchain } from '../../build/go-toolchains.ts';
import { watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import type { Fault } from '../../e2e/lab/fault.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { DEFAULT_LIMITS, type Endpoint } from '../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { CanaryPool } from './canary-pool.ts';
import { runExperiments } from './experiments.ts';
import { InlinePool } from './inline-pool.ts';

const home = mkdtempSync(join(tmpdir(), 'gopherbar-canary-home-'));
// Other tests run canaries at the same time: what is left behind is counted where only this one writes.
process.env.TMPDIR = home;
let lab: Lab;
let proxy: GoproxyServer;
let second: GoproxyServer;

beforeAll(async () => {
  lab = await startLab();
  proxy = await lab.proxy({ host: 'plain.lab', transport: 'http' });
  second = await lab.proxy({ host: 'second.lab', transport: 'http' });
});
afterEach(() => lab.reset());
afterAll(async () => {
  await lab.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const at = (server: GoproxyServer) => `http://127.0.0.1:${server.port}`;

function poolFor(toolchain: Toolchain | null, extra: Record<string, string> = {}): CanaryPool {
  const env = { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', ...extra };
  return new CanaryPool(new InlinePool(systemClock), systemClock, {
    runner: new SystemProcessRunner(systemClock),
    env,
    findGo: async () =>
      toolchain === null ? { ok: false, problem: { key: 'go-missing', params: {} } } : { ok: true, go: toolchain },
  });
}

async function download(
  pool: CanaryPool,
  endpoint: Partial<Endpoint> = {},
  signal = new AbortController().signal,
): Promise<ProbeResult> {
  const module = endpoint.module ?? FIXTURE_MODULE;
  const url = `module://${module.path}@${module.version}`;
  return pool.probe(
    {
      endpoint: { id: 'm', kind: 'module', name: 'm', url, module, ...endpoint },
      depth: 'full',
      limits: DEFAULT_LIMITS,
      network: {},
    },
    signal,
  );
}

const said = (result: ProbeResult) => (result.outcome === 'failed' ? result.failure.cause : result.outcome);
const leftovers = () => readdirSync(home).filter((name) => name.startsWith('gopherbar-canary-'));

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s', (_version, toolchain) => {
  const use = (list: string) => writeFileSync(join(home, 'goenv'), `GOPROXY=${list}\nGOSUMDB=${FIXTURE_SUMDB}\n`);

  it('downloads with the effective settings, and reports the hash', async () => {
    use(at(proxy));
    const result = await download(poolFor(toolchain));
    expect(said(result)).toBe('ok');
    if (result.outcome !== 'ok') return;
    expect(result.steps).toMatchObject([{ name: 'download', outcome: 'ok', hash: expect.stringMatching(/^h1:/) }]);
    expect(result.totalMs).toBeGreaterThan(0);
    expect(leftovers()).toEqual([]);
  });

  it('tries another profile without switching to it', async () => {
    use('off');
    expect(said(await download(poolFor(toolchain)))).toBe('goproxy-off');
    const tried = await download(poolFor(toolchain), { variables: { GOPROXY: at(proxy), GOSUMDB: FIXTURE_SUMDB } });
    expect(said(tried)).toBe('ok');
    expect(readFileSync(join(home, 'goenv'), 'utf8')).toContain('GOPROXY=off');
  });

  it('shows that a comma does not fall back on EOF, and a pipe does', async () => {
    await proxy.setFault({ type: 'drop-request', how: 'fin' });
    use(`${at(proxy)},${at(second)}`);
    expect(said(await download(poolFor(toolchain)))).toBe('eof-no-response');
    use(`${at(proxy)}|${at(second)}`);
    expect(said(await download(poolFor(toolchain)))).toBe('ok');
  });

  it.each([
    [{ type: 'refuse' }, 'connect-refused'],
    [{ type: 'status', status: 502 }, 'http-server-error'],
    [{ type: 'answer', body: '<!doctype html><p>Sign in</p>', contentType: 'text/html' }, 'captive-portal'],
    [{ type: 'drop-body', how: 'fin' }, 'body-truncated'],
  ] as const)('%j: %s', async (fault, cause) => {
    use(at(proxy));
    await proxy.setFault(fault);
    expect(said(await download(poolFor(toolchain)))).toBe(cause);
  });

  it('a record that does not match is what the checksum database says', async () => {
    use(at(proxy));
    const missing = await download(poolFor(toolchain), { module: { path: 'example.test/hello', version: 'v1.9.9' } });
    expect(said(missing)).toBe('module-not-found');
  });

  it('ends a go that waits forever, and says so', async () => {
    use(at(proxy));
    await proxy.setFault({ type: 'drop-request', how: 'hang' });
    const result = await download(poolFor(toolchain), { limits: { hard: { totalMs: 1_500 } } });
    expect(said(result)).toBe('response-timeout');
    expect(leftovers()).toEqual([]);
  });

  it('is cancelled at once', async () => {
    use(at(proxy));
    await proxy.setFault({ type: 'drop-request', how: 'hang' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 500);
    expect((await download(poolFor(toolchain), {}, controller.signal)).outcome).toBe('cancelled');
    expect(leftovers()).toEqual([]);
  });
});

describe('experiments with the real go', () => {
  const newest = goToolchains().at(-1) as Toolchain;

  async function flipped(fault: Fault): Promise<readonly string[]> {
    const secure = await lab.proxy({ host: 'secure.lab', transport: 'h2' });
    await secure.setFault(fault);
    const caFile = join(home, 'ca.pem');
    writeFileSync(caFile, lab.authority.ca);
    const env = { GOPROXY: `https://127.0.0.1:${secure.port}`, GOSUMDB: 'off', SSL_CERT_FILE: caFile };
    const pool = poolFor(newest, env);
    const endpoint = {
      id: 'm',
      kind: 'module',
      name: 'm',
      url: 'module://m',
      module: FIXTURE_MODULE,
      limits: { hard: { totalMs: 2_000 } },
    } as const;
    const request = { endpoint, depth: 'full', limits: DEFAULT_LIMITS, network: {} } as const;
    const signal = new AbortController().signal;
    const result = await pool.probe(request, signal);
    if (result.outcome !== 'failed') throw new Error(`the fault does not show: ${result.outcome}`);
    const experiments = await runExperiments(pool, request, result, {}, signal);
    return experiments
      .filter(({ unchanged, changed, tries }) => unchanged === 0 && changed === tries)
      .map(({ variable }) => variable);
  }

  it('name a device that swallows its large ClientHello', async () => {
    expect(await flipped({ type: 'swallow-large-hello', bytes: 1_400 })).toEqual(['small-hello']);
  });

  it('name an HTTP/2 that is sent away', async () => {
    expect(await flipped({ type: 'goaway', code: 11 })).toEqual(['http1']);
  });
});

it('without a go, or for what is no module', async () => {
  expect(said(await download(poolFor(null)))).toBe('go-tool-missing');
  expect(said(await download(poolFor(null), { module: { path: '../..', version: 'v1' } }))).toBe(
    'module-path-malformed',
  );
});

it('leaves no go and no file behind when the pool is closed in the middle of downloads, running and waiting ones', async () => {
  await proxy.setFault({ type: 'drop-request', how: 'hang' });
  writeFileSync(join(home, 'goenv'), `GOPROXY=${at(proxy)}\nGOSUMDB=off\n`);
  const quiet = watchForQuiet(home);
  const pool = poolFor(goToolchains()[0] ?? null);
  const asked = proxy.requests.length;
  const downloads = [download(pool), download(pool), download(pool)];
  await vi.waitFor(() => expect(proxy.requests.length).toBeGreaterThan(asked), 10_000);
  await pool.close();
  expect((await Promise.all(downloads)).map(said)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(leftovers()).toEqual([]);
  await quiet.expectQuiet();
});
