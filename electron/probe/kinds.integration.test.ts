/** The other kinds of endpoint against servers that work, fail and lie: each fault has its cause and phase. */
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ForwardFault, ForwardProxy } from '../../e2e/lab/forward-proxy.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB, readTree } from '../../e2e/lab/tree.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { InlinePool } from './inline-pool.ts';
import type { ProbeRequest } from './probe-pool.ts';

const pool = new InlinePool(systemClock);
const LIMITS = {
  soft: { dialMs: 1_000, tlsMs: 1_000, headerMs: 2_000, totalMs: 5_000 },
  hard: { dialMs: 500, tlsMs: 500, headerMs: 500, totalMs: 1_500 },
};
let lab: Lab;
let secure: GoproxyServer;
let plain: GoproxyServer;

beforeAll(async () => {
  lab = await startLab();
  secure = await lab.proxy({ host: 'secure.lab', transport: 'h2' });
  plain = await lab.proxy({ host: 'plain.lab', transport: 'http' });
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

async function probe(endpoint: Partial<Endpoint>, more: Partial<ProbeRequest> = {}): Promise<OkResult | FailedResult> {
  const result = await pool.probe(
    {
      endpoint: { id: 'x', kind: 'goproxy', name: 'x', url: '', module: FIXTURE_MODULE, ...endpoint },
      depth: 'full',
      limits: LIMITS,
      network: { resolver: lab.dns.address, extraCa: [lab.authority.ca] },
      ...more,
    },
    new AbortController().signal,
  );
  if (result.outcome === 'cancelled') throw new Error('cancelled');
  return result;
}

function said(result: OkResult | FailedResult): string {
  return result.outcome === 'failed' ? `${result.failure.cause} in ${result.failure.phase}` : 'ok';
}

const steps = (result: OkResult | FailedResult) => result.steps.map(({ name, outcome }) => `${name} ${outcome}`);

/** A server with answers of its own, for one test. */
async function serve(handler: http.RequestListener): Promise<{ url: string; host: string; close: () => void }> {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, close: () => server.closeAllConnections() ?? server.close() };
}

describe('sumdb', () => {
  const at = (server: GoproxyServer) =>
    ({ kind: 'sumdb', url: `${server.url}/sumdb/sum.example.test`, key: FIXTURE_SUMDB }) as const;
  const database = async (change: (path: string, body: Buffer) => Buffer | number) =>
    serve(async (request, response) => {
      const path = request.url ?? '';
      const found = await readTree(`/sumdb/sum.example.test${path}`);
      const body = found === null ? 404 : change(path, Buffer.from(found.body));
      if (typeof body === 'number') response.writeHead(body).end();
      else response.end(body);
    });

  it.each(['http', 'h2'])('that is well, over %s: signed head, record, proof', async (transport) => {
    const result = await probe(at(transport === 'h2' ? secure : plain));
    expect(said(result)).toBe('ok');
    expect(steps(result)).toEqual(['tree-head ok', 'lookup ok', 'consistency ok']);
    expect(result.evidence.treeHead).toMatch(/^go\.sum database tree\n9\n/);
  });

  it('at light depth asks once', async () => {
    expect(steps(await probe(at(plain), { depth: 'light' }))).toEqual(['tree-head ok']);
  });

  it.each([
    [{ type: 'refuse' }, 'connect-refused in connect'],
    [{ type: 'drop-request', how: 'fin' }, 'http2-connection-lost in response'],
    [{ type: 'status', status: 404 }, 'sumdb-not-found in response'],
    [{ type: 'status', status: 503 }, 'http-server-error in response'],
    [
      { type: 'answer', body: '<!doctype html><html>Sign in</html>', contentType: 'text/html' },
      'captive-portal in verify',
    ],
    [
      { type: 'answer', body: 'go.sum database tree\n9\nAAAA=\n', contentType: 'text/plain' },
      'sumdb-invalid-answer in verify',
    ],
    [{ type: 'drop-request', how: 'hang' }, 'response-timeout in response'],
  ] as const)('%j: %s', async (fault, expected) => {
    await secure.setFault(fault);
    expect(said(await probe(at(secure)))).toBe(expected);
  });

  it('with another key, or an invalid one', async () => {
    expect(said(await probe({ ...at(plain), key: undefined }))).toBe('sumdb-invalid-answer in verify');
    expect(said(await probe({ ...at(plain), key: 'nonsense' }))).toBe('gosumdb-invalid in request');
  });

  it('that changed a record is caught by its tiles', async () => {
    const lying = await database((path, body) =>
      path.startsWith('/lookup/') ? Buffer.from(body.toString('utf8').replace(/h1:\w/, 'h1:_')) : body,
    );
    const result = await probe({ ...at(plain), url: lying.url });
    lying.close();
    expect(said(result)).toBe('sumdb-invalid-answer in verify');
  });

  it('takes a head that was never signed for no head at all', async () => {
    const { treeHead } = (await probe(at(plain), { depth: 'light' })).evidence;
    const stale = `${treeHead}`.replace('9\n', '8\n');
    expect(said(await probe(at(plain), { treeHead: stale }))).toBe('ok');
  });
});

describe('a proxy that changes a go.mod', () => {
  it('is caught by the checksum database it relays', async () => {
    const lying = await serve(async (request, response) => {
      const found = await readTree(request.url ?? '');
      if (found === null) response.writeHead(404).end();
      else
        response.end(
          (request.url ?? '').endsWith('.mod') ? Buffer.concat([found.body, Buffer.from('\n// more\n')]) : found.body,
        );
    });
    const result = await probe({ url: lying.url, key: FIXTURE_SUMDB });
    lying.close();
    expect(said(result)).toBe('checksum-mismatch-sumdb in verify');
    const good = await probe({ url: plain.url, key: FIXTURE_SUMDB });
    expect(said(good)).toBe('ok');
    expect(good.evidence.notes).toContain('sumdb-relayed');
  });

  it('whose zip is no zip fails, one that has none ready does not', async () => {
    const withZip = (status: number, body: string) =>
      serve(async (request, response) => {
        const found = await readTree(request.url ?? '');
        if ((request.url ?? '').endsWith('.zip')) response.writeHead(status).end(body);
        else if (found === null) response.writeHead(404).end();
        else response.end(found.body);
      });
    const broken = await withZip(200, 'not a zip');
    expect(said(await probe({ url: broken.url }))).toBe('zip-corrupt in verify');
    broken.close();
    const cold = await withZip(404, 'not cached');
    const result = await probe({ url: cold.url });
    cold.close();
    expect([said(result), result.evidence.notes]).toEqual(['ok', ['zip-not-cached', 'sumdb-not-relayed']]);
  });
});

describe('vcs', () => {
  const REFS = '001e# service=git-upload-pack\n0000';
  const git = (response: http.ServerResponse) =>
    response.setHeader('content-type', 'application/x-git-upload-pack-advertisement').end(REFS);
  const tag = (content: string) => `<html><head><meta name="go-import" content="${content}"></head></html>`;

  async function host(answer: (path: string, response: http.ServerResponse, host: string) => void) {
    const server = await serve((request, response) => answer(request.url ?? '', response, server.host));
    const result = await probe({ kind: 'vcs', url: `${server.url}/lib` });
    server.close();
    return result;
  }

  it('that is well: discovery and refs', async () => {
    const result = await host((path, response, name) =>
      path.includes('info/refs') ? git(response) : response.end(tag(`${name}/lib git http://${name}/repo.git`)),
    );
    expect([said(result), steps(result)]).toEqual(['ok', ['go-get ok', 'refs ok']]);
    expect(result.evidence.repository).toMatch(/repo\.git$/);
  });

  it('whose tag stands for a parent path is asked there, too', async () => {
    const tagOf = (name: string) => tag(`${name} git http://${name}/repo.git`);
    const good = await host((path, response, name) =>
      path.includes('info/refs') ? git(response) : response.end(tagOf(name)),
    );
    expect(steps(good)).toEqual(['go-get ok', 'go-get-root ok', 'refs ok']);
    const bad = await host((path, response, name) =>
      response.end(path.startsWith('/lib') ? tagOf(name) : tag(`${name} git http://${name}/other.git`)),
    );
    expect(said(bad)).toBe('go-import-missing in verify');
  });

  it.each<[string, (path: string, response: http.ServerResponse, host: string) => void, string]>([
    ['no tag', (_, response) => response.end('<html></html>'), 'go-import-missing in verify'],
    ['404', (_, response) => response.writeHead(404).end(), 'go-import-missing in response'],
    ['403', (_, response) => response.writeHead(403).end(), 'http-forbidden in response'],
    ['502', (_, response) => response.writeHead(502).end(), 'http-server-error in response'],
    ['a closed connection', (_, response) => response.destroy(), 'eof-no-response in response'],
    [
      'two tags',
      (_, response, name) =>
        response.end(
          tag(`${name}/lib git http://${name}/a"><meta name="go-import" content="${name}/lib hg http://${name}/b`),
        ),
      'go-import-missing in verify',
    ],
    [
      'a tag in the body only',
      (_, response, name) => response.end(`<body>${tag(`${name}/lib git http://${name}/a`)}`),
      'go-import-missing in verify',
    ],
  ])('%s', async (_name, answer, expected) => {
    expect(said(await host(answer))).toBe(expected);
  });

  it.each([
    [401, 'vcs-auth-required in response'],
    [403, 'vcs-forbidden in response'],
    [404, 'vcs-repo-not-found in response'],
    [500, 'http-server-error in response'],
    [200, 'captive-portal in verify'],
  ])('refs answered with %i', async (status, expected) => {
    const result = await host((path, response, name) => {
      if (path.includes('info/refs'))
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>hello</html>');
      else response.end(tag(`${name}/lib git http://${name}/repo.git`));
    });
    expect(said(result)).toBe(expected);
  });

  it('a tag on an error page counts, as for go', async () => {
    const result = await host((path, response, name) =>
      path.includes('info/refs') ? git(response) : response.writeHead(404).end(tag(`${name}/lib git http://${name}/r`)),
    );
    expect(said(result)).toBe('ok');
  });
});

describe('dns', () => {
  const NAME = 'secure.lab';
  const at = (transport: string) => ({ kind: 'dns', url: `${transport}://${lab.dns.address}`, target: NAME }) as const;

  it.each(['udp', 'tcp'])(
    'over %s: addresses, none for the other family, none for a name that cannot exist',
    async (transport) => {
      lab.dns.names.set('public.io', ['93.184.215.14']);
      const result = await probe({ ...at(transport), target: 'public.io' });
      expect([said(result), steps(result)]).toEqual(['ok', ['a ok', 'aaaa ok', 'random-name ok']]);
      expect(result.evidence.answers?.[0]).toBe('A public.io: 93.184.215.14');
      expect(Object.keys(result.phases)).toEqual(
        transport === 'udp' ? ['request', 'response', 'verify'] : ['connect', 'request', 'response', 'verify'],
      );
    },
  );

  it.each([
    ['nxdomain', 'dns-no-such-host in verify'],
    ['servfail', 'dns-server-misbehaving in verify'],
    ['refused', 'dns-server-misbehaving in verify'],
    ['silence', 'dns-timeout in response'],
    ['hijack', 'dns-nxdomain-hijacked in verify'],
    ['inject', 'dns-injected in verify'],
    ['bogus', 'dns-bogus-answer in verify'],
    ['garbage', 'dns-timeout in response'],
  ] as const)('%s: %s', async (fault, expected) => {
    lab.dns.names.set('public.io', ['93.184.215.14']);
    lab.dns.fault = fault;
    expect(said(await probe({ ...at('udp'), target: 'public.io' }))).toBe(expected);
  });

  it('a private address is right for a name inside the network', async () => {
    lab.dns.fault = 'bogus';
    expect(said(await probe({ ...at('udp'), target: 'secure.lab' }, { depth: 'light' }))).toBe('ok');
  });

  it('a local proxy in the path is noticed, not blamed', async () => {
    lab.dns.fault = 'fake-ip';
    const result = await probe(at('udp'));
    expect([said(result), result.evidence.notes]).toEqual(['ok', ['fake-ip']]);
  });

  it('a closed port, and a URL that names no resolver', async () => {
    expect(said(await probe({ kind: 'dns', url: 'udp://127.0.0.1:1' }))).toBe('dns-resolver-unreachable in response');
    expect(said(await probe({ kind: 'dns', url: 'tcp://127.0.0.1:1' }))).toBe('connect-refused in connect');
    expect(said(await probe({ kind: 'dns', url: 'gopher://x' }))).toBe('dns-resolver-unreachable in request');
  });

  it('over HTTPS, from a server that is no resolver', async () => {
    const result = await probe({ kind: 'dns', url: `${secure.url}/dns-query`, target: 'public.io' });
    expect(said(result)).toBe('dns-server-misbehaving in response');
  });

  it('over HTTPS and over TLS', async () => {
    lab.dns.names.set('public.io', ['93.184.215.14']);
    const front = await lab.secureDns('resolver.lab');
    const doh = await probe({
      kind: 'dns',
      url: `https://resolver.lab:${front.httpsPort}/dns-query`,
      target: 'public.io',
    });
    const dot = await probe({ kind: 'dns', url: `tls://resolver.lab:${front.tlsPort}`, target: 'public.io' });
    await front.close();
    for (const result of [doh, dot]) {
      expect([said(result), steps(result)]).toEqual(['ok', ['a ok', 'aaaa ok', 'random-name ok']]);
      expect(result.tls).toMatchObject({ subject: 'resolver.lab' });
    }
  });
});

describe('forward-proxy', () => {
  const route = (host: string, port: number) => {
    const known = host.endsWith('.lab') || host === '127.0.0.1';
    return known ? { host: '127.0.0.1', port } : null;
  };
  const target = () => `https://secure.lab:${secure.port}/example.test/hello/@v/list`;
  const start = (kind: 'http' | 'socks5', credentials?: string) =>
    ForwardProxy.start({ kind, route, ...(credentials === undefined ? {} : { credentials }) });

  it.each(['http', 'socks5'] as const)('%s that is well: a tunnel, and an answer through it', async (kind) => {
    const proxy = await start(kind);
    const result = await probe({ kind: 'forward-proxy', url: proxy.url, target: target() });
    await proxy.close();
    expect([said(result), steps(result)]).toEqual(['ok', ['tunnel ok', 'through ok']]);
    expect(Object.keys(result.phases)).toEqual(['connect', 'response']);
    expect(result.remote).toMatchObject({ address: '127.0.0.1' });
  });

  it.each(['http', 'socks5'] as const)('%s with credentials: none, wrong and right ones', async (kind) => {
    const proxy = await start(kind, 'me:s3cret');
    const as = (user: string) =>
      probe({ kind: 'forward-proxy', url: proxy.url.replace('://', `://${user}`), target: target() });
    const results = [await as(''), await as('me:wrong@'), await as('me:s3cret@')];
    await proxy.close();
    expect(results.map(said)).toEqual(['forward-proxy-auth in response', 'forward-proxy-auth in response', 'ok']);
    expect(JSON.stringify(results)).not.toContain('s3cret');
  });

  it.each<['http' | 'socks5', ForwardFault, string]>([
    ['http', { type: 'status', status: 403 }, 'forward-proxy-refused in response'],
    ['http', { type: 'status', status: 502 }, 'forward-proxy-refused in response'],
    ['http', { type: 'drop' }, 'forward-proxy-refused in response'],
    ['http', { type: 'hang' }, 'forward-proxy-refused in response'],
    ['http', { type: 'garbage' }, 'forward-proxy-misconfigured in response'],
    ['http', { type: 'dead-tunnel' }, 'eof-no-response in tls'],
    ['socks5', { type: 'status', status: 1 }, 'forward-proxy-refused in response'],
    ['socks5', { type: 'drop' }, 'forward-proxy-refused in response'],
    ['socks5', { type: 'hang' }, 'forward-proxy-refused in response'],
    ['socks5', { type: 'garbage' }, 'forward-proxy-misconfigured in response'],
  ])('%s %j: %s', async (kind, fault, expected) => {
    const proxy = await start(kind);
    proxy.fault = fault;
    const result = await probe({ kind: 'forward-proxy', url: proxy.url, target: target() });
    await proxy.close();
    expect(said(result)).toBe(expected);
  });

  it('that is not there, has no such name, or is of another kind', async () => {
    const at = (url: string) => probe({ kind: 'forward-proxy', url, target: target() });
    expect(said(await at('http://127.0.0.1:1'))).toBe('forward-proxy-unreachable in connect');
    expect(said(await at('http://nobody.lab:3128'))).toBe('forward-proxy-unreachable in dns');
    expect(said(await at('ftp://127.0.0.1:1'))).toBe('forward-proxy-misconfigured in request');
    const socks = await start('socks5');
    expect(said(await at(socks.url.replace('socks5', 'https')))).toMatch(
      /^forward-proxy-misconfigured in tls|^eof|^tls/,
    );
    await socks.close();
  });

  it('is asked for http:// without a tunnel, as go asks', async () => {
    const proxy = await start('http');
    const plainTarget = `http://127.0.0.1:${plain.port}/example.test/hello/@v/list`;
    const good = await probe({ kind: 'forward-proxy', url: proxy.url, target: plainTarget });
    const bad = await probe({ kind: 'forward-proxy', url: proxy.url, target: 'http://nowhere.example/' });
    await proxy.close();
    expect([said(good), steps(good), proxy.tunnels]).toEqual(['ok', ['through ok'], 0]);
    expect(said(bad)).toBe('forward-proxy-refused in response');
  });

  it('can stand between any probe and its endpoint', async () => {
    const proxy = await start('http');
    const network = { forwardProxy: proxy.url, extraCa: [lab.authority.ca] };
    const result = await probe({ url: `https://secure.lab:${secure.port}` }, { network });
    expect([said(result), proxy.tunnels]).toEqual(['ok', 1]);
    await proxy.close();
    expect(said(await probe({ url: `https://secure.lab:${secure.port}` }, { network }))).toBe(
      'forward-proxy-unreachable in connect',
    );
  });
});
