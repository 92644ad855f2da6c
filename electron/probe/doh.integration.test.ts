/** DNS over HTTPS as the resolver of the settings: for probes in this thread and in a worker, look-ups and the client. */
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DnsFault } from '../../e2e/lab/dns-server.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import type { SecureDns } from '../../e2e/lab/secure-dns.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import { httpsLookUp, lookUpIn, openHttpClient } from '../composition/http-client.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import { workerFile } from '../system/worker-files.ts';
import { InlinePool } from './inline-pool.ts';
import type { ProbeNetwork, ProbePool } from './probe-pool.ts';
import { WorkerPool } from './worker-pool.ts';

let lab: Lab;
let doh: SecureDns;
let server: GoproxyServer;
let network: ProbeNetwork;

beforeAll(async () => {
  lab = await startLab();
  doh = await lab.secureDns('127.0.0.1');
  server = await lab.proxy({ host: 'only-by-doh.lab', transport: 'h2' });
  lab.dns.names.set('both.lab', ['127.0.0.1', '::1']);
  lab.dns.names.set('empty.lab', []);
  network = { resolver: `https://127.0.0.1:${doh.httpsPort}`, extraCa: [lab.authority.ca] };
});
afterEach(() => lab.reset());
afterAll(async () => {
  await doh.close();
  await lab.close();
});

const lookUp = (host: string, over = network) => lookUpIn(over, systemClock)(host);

/** What a probe of the lab's server comes to with this network. */
async function probe(pool: ProbePool, over = network, dialMs = DEFAULT_LIMITS.hard.dialMs): Promise<string> {
  const endpoint = { id: 'x', kind: 'goproxy', name: 'x', url: server.url, module: FIXTURE_MODULE } as const;
  const limits = { ...DEFAULT_LIMITS, hard: { ...DEFAULT_LIMITS.hard, dialMs } };
  const result = await pool.probe({ endpoint, depth: 'light', limits, network: over }, new AbortController().signal);
  await pool.close();
  if (result.outcome === 'ok') expect(result.phases.dns).toBeGreaterThan(0);
  return result.outcome === 'failed' ? `${result.failure.cause} in ${result.failure.phase}` : result.outcome;
}

const inline = () => new InlinePool(systemClock, httpsLookUp(systemClock));

it.each([
  ['in this thread', inline],
  ['in a worker', () => new WorkerPool(workerFile('probe'), systemClock, silentLog)],
])('lets a probe %s reach a host that only the resolver knows', async (_, pool) => {
  const before = lab.dns.queries;
  expect(await probe(pool())).toBe('ok');
  expect(lab.dns.queries).toBe(before + 2);
});

it('lets the HTTP client reach such a host', async () => {
  const client = openHttpClient(network, DEFAULT_LIMITS, systemClock);
  const result = await client.fetch({ url: `${server.url}/example.test/hello/@v/list`, maxBytes: 10_000 });
  await client.close();
  expect(result).toMatchObject({ outcome: 'ok', answer: { status: 200 } });
});

it('finds the addresses of both families, of a name with a dot at its end, and below another path', async () => {
  expect(new Set(await lookUp('both.lab'))).toEqual(new Set(['127.0.0.1', '::1']));
  expect(await lookUp('only-by-doh.lab.')).toEqual(['127.0.0.1']);
  const elsewhere = { ...network, resolver: `${network.resolver}/dns/query?tenant=1` };
  expect(await lookUp('only-by-doh.lab', elsewhere)).toEqual(['127.0.0.1']);
});

it('distinguishes a name that does not exist from a resolver that fails', async () => {
  expect(await lookUp('missing.lab')).toEqual([]);
  expect(await lookUp('empty.lab')).toEqual([]);
  lab.dns.fault = 'servfail';
  expect(await lookUp('both.lab')).toBeNull();
});

it('leaves localhost to the system', async () => {
  const before = lab.dns.queries;
  expect(await lookUp('localhost')).toContain('127.0.0.1');
  expect(lab.dns.queries).toBe(before);
});

describe('a failure is one of phase dns', () => {
  it.each<[DnsFault, string]>([
    ['nxdomain', 'dns-no-such-host in dns'],
    ['servfail', 'dns-server-misbehaving in dns'],
    ['refused', 'dns-server-misbehaving in dns'],
    ['garbage', 'dns-server-misbehaving in dns'],
    ['silence', 'dns-timeout in dns'],
  ])('%s', async (fault, expected) => {
    lab.dns.fault = fault;
    expect(await probe(inline(), network, fault === 'silence' ? 1_000 : undefined)).toBe(expected);
  });

  it('when the resolver cannot be reached, or its certificate is not accepted', async () => {
    expect(await probe(inline(), { ...network, resolver: 'https://127.0.0.1:1' })).toBe(
      'dns-resolver-unreachable in dns',
    );
    expect(await probe(inline(), { resolver: network.resolver })).toBe('dns-resolver-unreachable in dns');
    expect(await probe(inline(), { ...network, resolver: 'https://' })).toBe('dns-resolver-unreachable in dns');
  });

  it('when the resolver answers with a page, or an error', async () => {
    const identity = await lab.authority.leaf('good', ['127.0.0.1']);
    let status = 200;
    const page = https.createServer(identity, (_request, response) => {
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
    });
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const { port } = page.address() as AddressInfo;
    const wrong = { ...network, resolver: `https://127.0.0.1:${port}` };
    expect(await probe(inline(), wrong)).toBe('dns-server-misbehaving in dns');
    status = 503;
    expect(await probe(inline(), wrong)).toBe('dns-server-misbehaving in dns');
    page.closeAllConnections();
    await new Promise((resolve) => page.close(resolve));
  });
});
