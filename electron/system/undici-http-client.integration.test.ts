import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type Transport } from '../../e2e/lab/fault.ts';
import { ForwardProxy } from '../../e2e/lab/forward-proxy.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import type { Limits } from '../../shared/domain/endpoint.ts';
import { httpConnector } from '../probe/http-connector.ts';
import type { ProbeNetwork } from '../probe/probe-pool.ts';
import { systemClock } from './clock.ts';
import type { HttpRequest } from './http-client.ts';
import { type HttpClientOptions, UndiciHttpClient } from './undici-http-client.ts';

const LIMITS: Limits = {
  soft: { dialMs: 1_000, tlsMs: 1_000, headerMs: 2_000, totalMs: 5_000 },
  hard: { dialMs: 1_000, tlsMs: 400, headerMs: 400, totalMs: 1_200 },
};
const TRANSPORTS: readonly Transport[] = ['http', 'h1', 'h2'];
const INFO = '/example.test/hello/@v/v1.1.0.info';

let lab: Lab;
const servers = new Map<Transport, GoproxyServer>();
const clients: UndiciHttpClient[] = [];
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  lab = await startLab();
  for (const transport of TRANSPORTS) servers.set(transport, await lab.proxy({ host: `${transport}.lab`, transport }));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const one of open.splice(0)) await one.close();
  await lab.reset();
});
afterAll(() => lab.close());

function server(transport: Transport): GoproxyServer {
  const found = servers.get(transport);
  if (found === undefined) throw new Error(`no server for ${transport}`);
  return found;
}

function client(network: ProbeNetwork = {}, options: Partial<HttpClientOptions> = {}): UndiciHttpClient {
  const whole = { resolver: lab.dns.address, extraCa: [lab.authority.ca], ...network };
  const made = new UndiciHttpClient({
    connector: httpConnector(whole, LIMITS, systemClock),
    clock: systemClock,
    limits: { headerMs: 400, bodyIdleMs: 400, totalMs: 5_000 },
    ...options,
  });
  clients.push(made);
  return made;
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { url, maxBytes: 64 * 1024, ...more };
}

/** A plain server of one test. */
async function serve(answer: http.RequestListener): Promise<string> {
  const one = http.createServer(answer);
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      one.closeAllConnections();
      one.close();
    },
  });
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

describe.each(TRANSPORTS)('the HTTP client over %s', (transport) => {
  it('fetches a file and keeps the connection for the next request', async () => {
    const { url } = server(transport);
    const one = client();
    const before = server(transport).connections;
    for (let i = 0; i < 3; i += 1) {
      const result = await one.fetch(get(`${url}${INFO}`));
      expect(result).toMatchObject({ outcome: 'ok', answer: { status: 200, url: `${url}${INFO}` } });
      if (result.outcome === 'ok')
        expect(JSON.parse(result.answer.body.toString())).toMatchObject({ Version: 'v1.1.0' });
    }
    // undici reuses a connection only after a turn of the event loop.
    expect(server(transport).connections - before).toBeLessThanOrEqual(2);
    const wanted = transport === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1';
    expect(server(transport).requests.at(-1)?.protocol).toBe(wanted);
  });

  it('answers many requests at once over few connections', async () => {
    const one = client({}, { connectionsPerOrigin: 4 });
    const before = server(transport).connections;
    const url = `${server(transport).url}${INFO}`;
    const results = await Promise.all(Array.from({ length: 40 }, () => one.fetch(get(url))));
    expect(results.filter(({ outcome }) => outcome === 'ok')).toHaveLength(40);
    expect(server(transport).connections - before).toBeLessThanOrEqual(4);
  });

  it('retries when an idle connection was closed', async () => {
    const one = client();
    await one.fetch(get(`${server(transport).url}${INFO}`));
    // Ends every open connection.
    await server(transport).setFault(null);
    expect(await one.fetch(get(`${server(transport).url}${INFO}`))).toMatchObject({ outcome: 'ok' });
  });

  const faults = Object.entries(FAULTS).filter(
    // The caller judges the content of a body.
    ([, { transports, phase }]) => transports.includes(transport) && phase !== 'verify',
  );
  it.each(faults)('names a failure as a probe does: %s', async (_, { fault, cause, phase }) => {
    await server(transport).setFault(fault);
    const result = await client().fetch(get(`${server(transport).url}${INFO}`));
    if (fault.type === 'status') expect(result).toMatchObject({ outcome: 'ok', answer: { status: fault.status } });
    else expect(result, JSON.stringify(result)).toMatchObject({ outcome: 'failed', failure: { cause, phase } });
  });
});

describe('the HTTP client', () => {
  it('cancels by signal, before and after an answer has begun', async () => {
    await server('h1').setFault({ type: 'drop-request', how: 'hang' });
    const stop = new AbortController();
    const waiting = client().fetch(get(`${server('h1').url}${INFO}`, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 50);
    expect(await waiting).toEqual({ outcome: 'cancelled' });
    expect(await client().fetch(get(`${server('h1').url}${INFO}`, { signal: stop.signal }))).toEqual({
      outcome: 'cancelled',
    });
  });

  it('reads no faster than its sink, and counts no silence meanwhile', async () => {
    let sent = 0;
    const base = await serve((_, response) => {
      const piece = Buffer.alloc(64 * 1024, 1);
      const more = () => {
        while (sent < 64 * 1024 * 1024) {
          sent += piece.length;
          if (!response.write(piece)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    let received = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const streaming = client({}, { limits: { headerMs: 400, bodyIdleMs: 100 } }).stream(
      get(base, { maxBytes: 100 * 1024 * 1024 }),
      {
        head: () => {},
        chunk: (bytes) => {
          received += bytes.length;
          return held;
        },
      },
    );
    await expect.poll(() => received).toBeGreaterThan(0);
    // The server has filled both socket buffers, and waits.
    let before = -1;
    while (sent !== before) {
      before = sent;
      await delay(200);
    }
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    expect(received).toBeLessThanOrEqual(256 * 1024);
    release();
    expect(await streaming).toMatchObject({ outcome: 'ok' });
    expect(received).toBe(64 * 1024 * 1024);
  });

  it('sends credentials of a URL over https only, and to no host that it is redirected to', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('other');
    });
    expect(await client().fetch(get(other.replace('//', '//user:word@')))).toMatchObject({
      outcome: 'failed',
      failure: { cause: 'goproxy-invalid', phase: 'request' },
    });
    const { url } = server('h1');
    await client().fetch(get(`${url.replace('//', '//user:word@')}${INFO}`));
    expect(server('h1').requests.at(-1)?.headers.authorization).toBe(
      `Basic ${Buffer.from('user:word').toString('base64')}`,
    );
    const redirecting = await serve((_, response) => response.writeHead(302, { location: `${other}/x` }).end('moved'));
    const headers = { authorization: 'Bearer token' };
    expect(await client().fetch(get(redirecting, { headers }))).toMatchObject({
      outcome: 'ok',
      answer: { url: `${other}/x`, body: Buffer.from('other') },
    });
    expect(seen).toEqual([undefined]);
  });

  it.each(['http', 'socks5'] as const)('goes through a forward proxy (%s), with and without TLS', async (kind) => {
    const proxy = await ForwardProxy.start({
      kind,
      credentials: 'user:word',
      route: (_, port) => ({ host: '127.0.0.1', port }),
    });
    open.push(proxy);
    for (const transport of TRANSPORTS) {
      const through = proxy.url.replace('//', '//user:word@');
      const result = await client({ forwardProxy: through }).fetch(get(`${server(transport).url}${INFO}`));
      expect(result, transport).toMatchObject({ outcome: 'ok', answer: { status: 200 } });
    }
    const refused = await client({ forwardProxy: proxy.url }).fetch(get(`${server('h1').url}${INFO}`));
    expect(refused).toMatchObject({ outcome: 'failed', failure: { cause: 'forward-proxy-auth' } });
  });

  it('prefers pins to any resolver', async () => {
    const pinned = [{ host: 'pinned.lab', port: 443, address: '127.0.0.1', toPort: server('h1').port }];
    const result = await client({ pinned }).fetch(get(`https://pinned.lab${INFO}`));
    // Our server responds, under a name that is not in its certificate.
    expect(result).toMatchObject({ outcome: 'failed', failure: { cause: 'tls-cert-wrong-host' } });
    const right = [{ host: 'h1.lab', port: 443, address: '127.0.0.1', toPort: server('h1').port }];
    expect(await client({ pinned: right }).fetch(get(`https://h1.lab${INFO}`))).toMatchObject({ outcome: 'ok' });
  });

  it('stops at the byte limit, announced or not, and ignores the length of a HEAD response', async () => {
    const base = await serve((request, response) => {
      const length = request.url === '/announced' || request.method === 'HEAD' ? { 'content-length': '2000' } : {};
      response.writeHead(200, length).end('x'.repeat(2_000));
    });
    for (const path of ['/announced', '/chunked']) {
      const result = await client().fetch(get(base + path, { maxBytes: 1_000 }));
      expect(result, path).toMatchObject({ outcome: 'failed', failure: { cause: 'response-too-large' } });
    }
    const head = await client().fetch(get(base, { method: 'HEAD', maxBytes: 1_000 }));
    expect(head).toMatchObject({ outcome: 'ok', answer: { headers: { 'content-length': '2000' } } });
  });

  it('posts a body', async () => {
    const base = await serve((request, response) => {
      request.pipe(response);
    });
    const result = await client().fetch(get(base, { method: 'POST', body: Buffer.from('question') }));
    expect(result).toMatchObject({ outcome: 'ok', answer: { body: Buffer.from('question') } });
  });

  it('reports what a sink throws, and a total limit that passes while connections are scarce', async () => {
    const base = await serve(() => {});
    const few = client({}, { connectionsPerOrigin: 1, limits: { headerMs: 2_000, totalMs: 200 } });
    const results = await Promise.all([few.fetch(get(base)), few.fetch(get(base))]);
    expect(results).toMatchObject([
      { outcome: 'failed', failure: { cause: 'response-timeout', phase: 'response' } },
      { outcome: 'failed', failure: { cause: 'connect-timeout', phase: 'connect' } },
    ]);
    const good = await serve((_, response) => response.end('x'));
    const sink = {
      head: () => {},
      chunk: () => {
        throw new Error('disk full');
      },
    };
    expect(await client().stream(get(good), sink)).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'body', message: 'disk full' },
    });
  });

  it('leaves no socket when it is closed during any request', async () => {
    const left = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const hanging = await serve(() => {});
    const before = left();
    const one = client();
    const silent = server('h2');
    await silent.setFault({ type: 'silent-at-accept' });
    const running = [
      one.fetch(get(hanging)),
      one.fetch(get(`${silent.url}${INFO}`)),
      one.fetch(get(`${server('h1').url}${INFO}`)),
    ];
    await running[2];
    await one.close();
    expect((await Promise.all(running)).map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled', 'ok']);
    expect(await one.fetch(get(hanging))).toEqual({ outcome: 'cancelled' });
    await expect.poll(left).toBeLessThanOrEqual(before);
  });
});
