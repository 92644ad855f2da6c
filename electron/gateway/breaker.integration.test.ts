/** What a dead upstream is asked while another one answers, over real sockets: next to nothing, and until it is back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { moduleGraph } from '../../e2e/lab/module-graph.ts';
import { type OpenGateway, openGateway } from '../composition/gateway.ts';
import { systemClock } from '../system/clock.ts';

vi.setConfig({ testTimeout: 60_000 });

const graph = moduleGraph(40, 1_000);
let dead: FaultyUpstream;
let healthy: FaultyUpstream;
let home: string;
let gateway: OpenGateway;
let address: string;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-breaker-'));
  dead = await FaultyUpstream.start(graph.files);
  healthy = await FaultyUpstream.start(graph.files);
  gateway = await openGateway(
    {
      upstreams: [dead.url, healthy.url],
      cacheFolder: join(home, 'cache'),
      cacheBytes: 100_000_000,
      gosumdb: graph.signer.verifier,
      patterns: { private: [], nosumdb: [] },
      network: {},
      isOffline: false,
      allowUnverified: false,
      containers: false,
      cooldown: { days: 0, except: [] },
      headsFolder: join(home, 'heads'),
      asking: { version: null, goauth: '' },
    },
    () => {},
    { HOME: home },
    systemClock,
  );
  const listening = await gateway.listen(0);
  if (!listening.ok) throw new Error(listening.message);
  address = `http://127.0.0.1:${listening.port}`;
});
afterEach(async () => {
  await gateway.close();
  await dead.close();
  await healthy.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** What `go` asks for, without an end: files, lists, and paths that are no modules. */
function* wishes(): Generator<readonly [path: string, status: number]> {
  for (let i = 0; ; i += 1) {
    const { path = '' } = graph.modules[i % graph.modules.length] ?? {};
    yield [`${path}/@v/v1.0.0.info`, 200];
    yield [`${path}/@v/v1.0.0.mod`, 200];
    yield [`${path}/@v/list`, 200];
    yield [`${path}/@latest`, 200];
    yield [`${path}/none${i}/@v/list`, 404];
    yield [`${path}/none${i}/@v/v1.0.0.info`, 404];
  }
}

it('asks it once per cool-off, serves from the other one, and uses it again once it is back', async () => {
  const asked: number[] = [];
  const began = performance.now();
  dead.override = (request) => {
    asked.push(performance.now() - began);
    request.socket.destroy();
    return true;
  };
  const [waits, searches] = [[] as number[], [] as Promise<number>[]];
  const wish = wishes();
  const ask = async ([path, status]: readonly [path: string, status: number]): Promise<number> => {
    const from = performance.now();
    expect([path, (await fetch(`${address}/${path}`)).status]).toEqual([path, status]);
    return performance.now() - from;
  };
  while (performance.now() - began < 2_500) {
    const next = wish.next().value;
    // As `go` does, which looks for all prefixes of a path at once.
    if (next[1] === 404) searches.push(ask(next));
    else waits.push(await ask(next));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // The breaker opens after five failures in a row, for 1 s, 2 s, 4 s; a few requests may be on their way just then.
  expect(asked.length).toBeLessThanOrEqual(9);
  const later = asked.filter((at) => at > 900);
  expect(later.length).toBeGreaterThan(0);
  for (const [i, at] of later.entries()) expect(at - (later[i - 1] ?? 0)).toBeGreaterThan(900);
  expect(waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(200);
  // What the other one does not have may be had from this one: "not found" waits for it, but not for long.
  expect(Math.max(...(await Promise.all(searches)))).toBeLessThan(4_000);

  dead.reset();
  const isBack = async () => {
    const [path] = wish.next().value;
    await fetch(`${address}/${path}`);
    return dead.asked.filter((one) => one.startsWith('graph.test')).length > 0;
  };
  await expect.poll(isBack, { timeout: 15_000, interval: 50 }).toBe(true);
  expect(gateway.activity().upstreams[0]?.isOpen).toBe(false);
});

it('finds a version that only it has, as soon as it is back', async () => {
  const only = 'graph.test/group0/mod0/@v/v1.0.0.info';
  healthy.files = new Map([...graph.files].filter(([path]) => path !== only));
  dead.shares = { eof: 1 };
  for (let i = 1; i < 8; i += 1) await fetch(`${address}/graph.test/group${i % 7}/mod${i}/@v/list`);
  expect(gateway.activity().upstreams[0]?.isOpen).toBe(true);
  dead.reset();
  expect((await fetch(`${address}/${only}`)).status).toBe(200);
});

it('asks all of them when none answers, and says so', async () => {
  dead.shares = healthy.shares = { eof: 1 };
  const answer = await fetch(`${address}/graph.test/group0/mod0/@v/v1.0.0.info`);
  expect(answer.status).toBe(502);
  dead.reset();
  dead.shares = {};
  expect((await fetch(`${address}/graph.test/group1/mod1/@v/v1.0.0.info`)).status).toBe(200);
});
