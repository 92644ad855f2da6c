/** HTTP towards `go`: what is answered, what is refused, and what hostile clients can do. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { moduleGraph } from '../../e2e/lab/module-graph.ts';
import { type OpenGateway, openGateway } from '../composition/gateway.ts';
import type { GatewaySettings } from '../composition/gateway-settings.ts';
import { systemClock } from '../system/clock.ts';
import type { GatewayEvent } from './gateway-events.ts';

const graph = moduleGraph(3, 200_000);
const BASE = '/graph.test/group0/mod0/@v/v1.0.0';
const ZIP = graph.files.get(`${BASE.slice(1)}.zip`) ?? Buffer.alloc(0);
let upstream: FaultyUpstream;
let home: string;
let folder: string;
let gateway: OpenGateway;
let port: number;
let events: GatewayEvent[];

async function open(more: Partial<GatewaySettings> = {}): Promise<void> {
  gateway = await openGateway(
    {
      upstreams: [upstream.url],
      cacheFolder: folder,
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
      ...more,
    },
    (event) => events.push(event),
    { HOME: home },
    systemClock,
  );
  const listening = await gateway.listen(0);
  if (!listening.ok) throw new Error(listening.message);
  port = listening.port;
}

beforeAll(async () => {
  upstream = await FaultyUpstream.start(graph.files);
  home = mkdtempSync(join(tmpdir(), 'gopherbar-server-'));
});
beforeEach(async () => {
  events = [];
  folder = mkdtempSync(join(home, 'cache-'));
  await open();
});
afterEach(async () => {
  await gateway.close();
  upstream.reset();
});
afterAll(async () => {
  await upstream.close();
  rmSync(home, { recursive: true, force: true });
});

interface Got {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path, headers, method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
}

/** Sends raw bytes and collects what comes until the connection ends. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.setTimeout(3_000, () => socket.destroy());
  });
}

describe('answers', () => {
  it('have their length, a strong tag of their bytes and a date, and can be had in parts', async () => {
    const whole = await get(`${BASE}.zip`);
    expect(whole.body.equals(ZIP)).toBe(true);
    const { etag = '', 'last-modified': modified = '' } = whole.headers;
    expect(whole.headers).toMatchObject({
      'content-length': String(ZIP.length),
      'accept-ranges': 'bytes',
      'content-type': 'application/zip',
    });
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const validator of [etag, modified]) {
      const part = await get(`${BASE}.zip`, { range: 'bytes=100000-', 'if-range': validator });
      expect(part.status).toBe(206);
      expect(part.headers['content-range']).toBe(`bytes 100000-${ZIP.length - 1}/${ZIP.length}`);
      expect(part.body.equals(ZIP.subarray(100_000))).toBe(true);
    }
    expect((await get(`${BASE}.zip`, { range: 'bytes=5-', 'if-range': '"other"' })).body.length).toBe(ZIP.length);
    expect((await get(`${BASE}.zip`, { range: `bytes=${ZIP.length}-` })).status).toBe(416);
    expect((await get(`${BASE}.zip`, { 'if-none-match': etag })).status).toBe(304);
    const head = await get(`${BASE}.zip`, {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(ZIP.length), 0]);
  });

  it('are the same by every spelling of a path', async () => {
    const plain = await get(`${BASE}.info`);
    expect(JSON.parse(plain.body.toString())).toMatchObject({ Version: 'v1.0.0' });
    const spelled = await get(`${BASE.replace('@', '%40').replace('mod0', 'mo%640')}.info`);
    expect(spelled.body.equals(plain.body)).toBe(true);
    expect((await get(`${BASE.replace('mod0', 'Mod0')}.info`)).status).toBe(400);
  });

  it('pass "not found" on as text, and what all upstreams fail at as 502', async () => {
    const missing = await get('/graph.test/none/@v/list');
    expect(missing).toMatchObject({ status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(missing.body.toString()).toContain('no such module');
    upstream.shares = { eof: 1 };
    const failed = await get('/graph.test/other/@v/list');
    expect(failed.status).toBe(502);
  });

  it('keep a negative answer for seconds, and none under Disable-Module-Fetch, which is passed on', async () => {
    const path = 'graph.test/none/@v/v1.0.0.info';
    const seen: unknown[] = [];
    upstream.override = (request) => {
      seen.push(request.headers['disable-module-fetch']);
      return false;
    };
    for (let i = 0; i < 3; i += 1) await get(`/${path}`);
    expect(upstream.asked.filter((one) => one === path)).toHaveLength(1);
    for (let i = 0; i < 2; i += 1) await get(`/${path}`, { 'disable-module-fetch': 'true' });
    expect(upstream.asked.filter((one) => one === path)).toHaveLength(3);
    expect(seen).toEqual([undefined, 'true', 'true']);
  });

  it('wait for a slow first byte, and are fetched once for many who ask', async () => {
    upstream.delayMs = 1_000;
    const all = await Promise.all(Array.from({ length: 8 }, () => get(`${BASE}.zip`)));
    expect(all.every(({ body }) => body.equals(ZIP))).toBe(true);
    expect(upstream.asked.filter((path) => path.endsWith('mod0/@v/v1.0.0.zip')).length).toBeLessThanOrEqual(2);
  });
});

describe('the checksum database', () => {
  it('is relayed only while look-ups can be answered, never with a failure of its own', async () => {
    expect((await get(`/sumdb/${graph.signer.name}/supported`)).status).toBe(200);
    expect((await get('/sumdb/sum.golang.org/supported')).status).toBe(404);
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
    upstream.shares = { eof: 1 };
    await open();
    expect((await get(`/sumdb/${graph.signer.name}/supported`)).status).toBe(404);
  });

  it('that cannot be reached leaves what is new unserved and what is verified as it was', async () => {
    expect((await get(`${BASE}.zip`)).status).toBe(200);
    upstream.override = (request, _, path) => {
      if (path.startsWith('sumdb/')) request.socket.destroy();
      return path.startsWith('sumdb/');
    };
    expect((await get(`${BASE}.zip`)).status).toBe(200);
    const fresh = await get('/graph.test/group1/mod1/@v/v1.0.0.mod');
    expect(fresh.status).toBe(502);
    expect(fresh.body.toString()).toContain('checksum database cannot be reached');
  });

  it('that cannot be reached lets unverified modules through only where that is allowed, and never a toolchain', async () => {
    await gateway.close();
    await open({ allowUnverified: true });
    upstream.override = (request, _, path) => {
      if (path.startsWith('sumdb/')) request.socket.destroy();
      return path.startsWith('sumdb/');
    };
    expect((await get(`${BASE}.zip`)).body.equals(ZIP)).toBe(true);
    expect(events.at(-1)).toMatchObject({ event: 'request', verified: false });
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('.zip'))).toEqual([]);
    upstream.files = new Map([...graph.files, ['golang.org/toolchain/@v/v0.0.1-go1.27.3.linux-amd64.zip', ZIP]]);
    const toolchain = await get('/golang.org/toolchain/@v/v0.0.1-go1.27.3.linux-amd64.zip');
    upstream.files = graph.files;
    expect(toolchain.status).toBe(502);
  });

  it('that does not know a module leaves it unverified and out of the tree', async () => {
    upstream.override = (_, response, path) => {
      if (path.includes('/lookup/')) response.writeHead(404, { 'content-type': 'text/plain' }).end('unknown');
      return path.includes('/lookup/');
    };
    expect((await get(`${BASE}.zip`)).body.equals(ZIP)).toBe(true);
    expect(events.at(-1)).toMatchObject({ event: 'request', verified: false });
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('.zip'))).toEqual([]);
  });

  it('off checks nothing but toolchains, which must not be served without', async () => {
    await gateway.close();
    await open({ gosumdb: 'off' });
    expect((await get(`${BASE}.zip`)).status).toBe(200);
    expect((await get(`/sumdb/${graph.signer.name}/supported`)).status).toBe(404);
    upstream.files = new Map([...graph.files, ['golang.org/toolchain/@v/v0.0.1-go1.27.3.linux-amd64.zip', ZIP]]);
    const toolchain = await get('/golang.org/toolchain/@v/v0.0.1-go1.27.3.linux-amd64.zip');
    upstream.files = graph.files;
    expect(toolchain.status).toBe(502);
    // A gateway that checks does not believe what one that did not has kept.
    await gateway.close();
    await open();
    upstream.asked.length = 0;
    await get(`${BASE}.zip`);
    expect(upstream.asked.some((path) => path.includes('/lookup/'))).toBe(true);
  });
});

describe('a cache folder that cannot be used', () => {
  it('is named, and what was asked for is served', async () => {
    await gateway.close();
    const file = join(home, 'a-file');
    writeFileSync(file, '');
    await open({ cacheFolder: file });
    expect((await get(`${BASE}.zip`)).body.equals(ZIP)).toBe(true);
    expect((await get(`${BASE}.mod`)).status).toBe(200);
    expect(events.filter(({ event }) => event === 'cache').length).toBeGreaterThan(0);
  });

  it('and is removed while it runs is created again', async () => {
    await get(`${BASE}.zip`);
    rmSync(folder, { recursive: true, force: true });
    expect((await get(`${BASE}.zip`)).body.equals(ZIP)).toBe(true);
    expect((await get('/graph.test/group1/mod1/@v/v1.0.0.zip')).status).toBe(200);
  });

  it('has damaged files replaced, not served', async () => {
    await get(`${BASE}.zip`);
    await gateway.close();
    writeFileSync(join(folder, `${BASE}.zip`), Buffer.alloc(ZIP.length, 7));
    await open();
    expect((await get(`${BASE}.zip`)).body.equals(ZIP)).toBe(true);
  });

  it('stays below its cap', async () => {
    await gateway.close();
    await open({ cacheBytes: 450_000 });
    for (const i of [0, 1, 2]) await get(`/graph.test/group${i}/mod${i}/@v/v1.0.0.zip`);
    const zips = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.zip'));
    expect(zips.sort()).toEqual(['graph.test/group1/mod1/@v/v1.0.0.zip', 'graph.test/group2/mod2/@v/v1.0.0.zip']);
  });
});

describe('hostile clients', () => {
  it.each([
    ['another name', { host: 'evil.test' }, 403],
    ['our name with another port', { host: '127.0.0.1:1' }, 403],
    ['a name that begins like ours', { host: '127.0.0.1.evil.test' }, 403],
  ])('%s', async (_, headers, status) => {
    expect((await get(`${BASE}.info`, headers)).status).toBe(status);
  });

  it('our names in any spelling are ours', async () => {
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      expect((await get(`${BASE}.info`, { host })).status).toBe(200);
    }
  });

  it('names of containers are ours only when containers are let in', async () => {
    const names = ['host.docker.internal', 'host.containers.internal', 'host.orb.internal', 'host.lima.internal'];
    for (const name of names) expect((await get(`${BASE}.info`, { host: `${name}:${port}` })).status).toBe(403);
    await gateway.close();
    await open({ containers: true });
    for (const name of names) {
      expect((await get(`${BASE}.info`, { host: `${name}:${port}` })).status).toBe(200);
      expect((await get(`${BASE}.info`, { host: `${name}:1` })).status).toBe(403);
    }
    expect((await get(`${BASE}.info`, { host: `evil.test:${port}` })).status).toBe(403);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])('%s is not allowed', async (method) => {
    expect((await get(`${BASE}.info`, {}, method)).status).toBe(405);
  });

  it.each([
    ['a tunnel', (host: string) => `CONNECT example.test:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`, /^HTTP\/1\.1 405/],
    [
      'an upgrade',
      (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
    [
      'another server',
      (host: string) => `GET http://${host}${BASE}.info HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
    ['no host', () => `GET ${BASE}.info HTTP/1.1\r\nConnection: close\r\n\r\n`, /^HTTP\/1\.1 400/],
    [
      'a body',
      (host: string) => `GET ${BASE}.info HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\n\r\nhello`,
      /^HTTP\/1\.1 400/,
    ],
    [
      'headers without end',
      (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431/,
    ],
    ['no HTTP', () => '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', /^HTTP\/1\.1 400/],
    [
      'folders above',
      (host: string) => `GET /../../etc/passwd HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
  ])('%s is refused', async (_, request, expected) => {
    expect(await raw(request(`127.0.0.1:${port}`))).toMatch(expected);
  });

  it('that send slowly do not delay others', async () => {
    const slow = Array.from({ length: 200 }, () => net.connect(port, '127.0.0.1'));
    for (const socket of slow) socket.on('error', () => {}).write('GET /graph.test');
    expect((await get(`${BASE}.info`)).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });

  it('that leave in the middle of an answer do not affect others', async () => {
    for (let i = 0; i < 20; i += 1) {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.write(`GET ${BASE}.zip HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
        setTimeout(() => socket.destroy(), i);
      });
      socket.on('error', () => {});
    }
    expect((await get(`${BASE}.zip`)).body.equals(ZIP)).toBe(true);
  });
});

it('ends with open answers out, and leaves nothing behind', async () => {
  upstream.delayMs = 300;
  const answer = get(`${BASE}.zip`);
  await expect.poll(() => upstream.asked.length).toBeGreaterThan(0);
  await gateway.close();
  expect((await answer).body.equals(ZIP)).toBe(true);
  await expect(get(`${BASE}.info`)).rejects.toThrow();
});
