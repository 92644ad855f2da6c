/**
 * A server whose certificate is not that of the name asked for gets no byte of a request, let alone a credential, over
 * any path that opens a socket. It also resets every hello that carries the proxy's own name, so that experiments with
 * another name reach it.
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { DEFAULT_LIMITS, type EndpointKind } from '../../shared/domain/endpoint.ts';
import { httpsLookUp, openHttpClient } from '../composition/http-client.ts';
import { systemClock } from '../system/clock.ts';
import { runExperiments } from './experiments.ts';
import { InlinePool } from './inline-pool.ts';
import { listVersions } from './list-versions.ts';
import type { ProbeNetwork, ProbeRequest } from './probe-pool.ts';

const HOST = 'proxy.lab';
const SIGN_IN = 'me:s3cr3t';
const pool = new InlinePool(systemClock, httpsLookUp(systemClock));
const { signal } = new AbortController();
const LIMITS = {
  soft: DEFAULT_LIMITS.soft,
  hard: { dialMs: 1_000, tlsMs: 1_000, headerMs: 1_000, totalMs: 3_000 },
};

let lab: Lab;
/** Accepts any name. */
let secure: tls.Server;
let front: net.Server;
let port: number;
/** What came after the handshakes. */
let received: Buffer[];
/** Connections whose hello was taken. */
let accepted: number;
let resetsOwnName: boolean;

beforeAll(async () => {
  lab = await startLab();
  lab.dns.names.set(HOST, ['127.0.0.1']);
  const { cert, key } = await lab.authority.leaf('untrusted', ['attacker.lab']);
  secure = tls.createServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', () => {});
  });
  secure.on('tlsClientError', () => {});
  front = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (hello) => {
      if (resetsOwnName && hello.includes(HOST)) {
        socket.resetAndDestroy();
        return;
      }
      accepted += 1;
      const onward = net.connect((secure.address() as net.AddressInfo).port, '127.0.0.1');
      onward.on('error', () => socket.destroy());
      onward.write(hello);
      socket.pipe(onward).pipe(socket);
    });
  });
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  port = (front.address() as net.AddressInfo).port;
});
afterAll(async () => {
  front.close();
  secure.close();
  await lab.close();
});
beforeEach(() => {
  received = [];
  accepted = 0;
  resetsOwnName = false;
});
afterEach(() => expect(Buffer.concat(received).toString('latin1')).toBe(''));

function request(kind: EndpointKind, url: string, more: ProbeNetwork = {}): ProbeRequest {
  const network: ProbeNetwork = { resolver: lab.dns.address, extraCa: [lab.authority.ca], ...more };
  const endpoint = { id: 'x', kind, name: 'x', url, module: FIXTURE_MODULE, key: FIXTURE_SUMDB, target: HOST };
  return { endpoint, depth: 'full', limits: LIMITS, network };
}

const own = (path = '') => `https://${SIGN_IN}@${HOST}:${port}${path}`;

describe('no application byte from', () => {
  it.each<EndpointKind>(['goproxy', 'sumdb', 'vcs'])('a probe of a %s', async (kind) => {
    expect(await pool.probe(request(kind, own()), signal)).toMatchObject({
      outcome: 'failed',
      failure: { phase: 'tls' },
    });
  });

  it.each<EndpointKind>(['goproxy', 'sumdb', 'vcs'])('an experiment with another name on a %s', async (kind) => {
    resetsOwnName = true;
    const asked = request(kind, own());
    const result = await pool.probe(asked, signal);
    if (result.outcome !== 'failed') throw new Error('not reset');
    const experiments = await runExperiments(pool, asked, result, {}, signal);
    expect(experiments).toContainEqual({
      variable: 'other-name',
      tries: 3,
      unchanged: 0,
      changed: 3,
      value: 'example.com',
    });
    expect(accepted).toBeGreaterThanOrEqual(3);
  });

  it('a forward proxy over TLS', async () => {
    const asked = request('goproxy', 'https://other.lab', { forwardProxy: own() });
    expect(await pool.probe(asked, signal)).toMatchObject({ outcome: 'failed' });
    expect(await pool.probe(request('forward-proxy', own()), signal)).toMatchObject({ outcome: 'failed' });
    expect(await pool.probe(request('goproxy', 'http://other.lab', { forwardProxy: own() }), signal)).toMatchObject({
      outcome: 'failed',
    });
  });

  it('an experiment through such a proxy', async () => {
    resetsOwnName = true;
    const asked = request('goproxy', 'https://other.lab', { forwardProxy: own() });
    const result = await pool.probe(asked, signal);
    if (result.outcome !== 'failed') throw new Error('not reset');
    resetsOwnName = false;
    const experiments = await runExperiments(pool, asked, result, {}, signal);
    expect(experiments.every(({ changed }) => changed === 0)).toBe(true);
  });

  it.each(['https', 'tls'])('a resolver over %s', async (scheme) => {
    const path = scheme === 'https' ? '/dns-query' : '';
    const asked = { ...request('dns', `${scheme}://127.0.0.1:${port}${path}`), depth: 'light' as const };
    expect(await pool.probe(asked, signal)).toMatchObject({ outcome: 'failed' });
  });

  it('the HTTP client', async () => {
    const client = openHttpClient(request('goproxy', own()).network, LIMITS, systemClock);
    const headers = { authorization: 'Basic c2VjcmV0' };
    for (const url of [own('/x'), `https://${HOST}:${port}/x`]) {
      expect(await client.fetch({ url, headers, maxBytes: 1_000, signal })).toMatchObject({ outcome: 'failed' });
    }
    const { endpoint } = request('goproxy', own());
    expect(await listVersions(endpoint, FIXTURE_MODULE.path, client, signal)).toMatchObject({ versions: null });
    await client.close();
  });
});

describe('no application byte from gopherbar', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'gopherbar-foreign-'));
    const folder = join(home, '.local', 'share', 'gopherbar');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(home, 'ca.pem'), lab.authority.ca);
    const settings = {
      builtInProfiles: false,
      endpoints: [{ id: 'one', url: own(), module: FIXTURE_MODULE }],
      network: { resolver: lab.dns.address },
      doctor: { resolvers: [`https://127.0.0.1:${port}/dns-query`] },
      trust: { extraCa: [join(home, 'ca.pem')] },
      limits: { hard: LIMITS.hard },
      intervals: { visibleMs: 5_000, hiddenMs: 5_000 },
    };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
    writeFileSync(join(home, 'goenv'), `GOPROXY=${own()}\nGOSUMDB=${FIXTURE_SUMDB} ${own()}\n`);
    writeFileSync(join(home, '.netrc'), `machine ${HOST} login me password s3cr3t\n`, { mode: 0o600 });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

  const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;

  it.each([
    { args: ['probe', 'one', '--experiments'], resets: true },
    { args: ['probe', 'one'], resets: false },
    { args: ['doctor'], resets: true },
    { args: ['doctor', MODULE], resets: false },
    { args: ['why', MODULE], resets: false },
    { args: ['verify', MODULE], resets: false },
    { args: ['lag', FIXTURE_MODULE.path], resets: false },
    { args: ['canary', MODULE], resets: false },
    { args: ['status', '--probe'], resets: true },
    { args: ['watch', '--for', '1'], resets: true },
  ])('$args, own name reset: $resets', { timeout: 60_000 }, async ({ args, resets }) => {
    resetsOwnName = resets;
    const env = { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local' };
    await new MemoryTerminal({ env, folder: home }).run(args);
  });
});
