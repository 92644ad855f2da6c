/** The cross table: for each fault exactly one experiment flips the outcome, and it is the one that names the fault. */
import { once } from 'node:events';
import * as net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DnsServer } from '../../e2e/lab/dns-server.ts';
import { ForwardProxy } from '../../e2e/lab/forward-proxy.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import type { Experiment, FailedResult } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { type Controls, planExperiments, runExperiments } from './experiments.ts';
import { InlinePool } from './inline-pool.ts';
import type { ProbeNetwork, ProbeRequest } from './probe-pool.ts';

const pool = new InlinePool(systemClock);
const LIMITS = {
  soft: { dialMs: 1_000, tlsMs: 1_000, headerMs: 2_000, totalMs: 5_000 },
  hard: { dialMs: 300, tlsMs: 300, headerMs: 300, totalMs: 800 },
};
let lab: Lab;
let secure: GoproxyServer;
let proxy: ForwardProxy;
let resolver: DnsServer;
let silentV6: net.Server;

beforeAll(async () => {
  lab = await startLab();
  secure = await lab.proxy({ host: 'secure.lab', transport: 'h2' });
  resolver = await DnsServer.start();
  resolver.names.set('secure.lab', ['127.0.0.1']);
  proxy = await ForwardProxy.start({ kind: 'http', route: () => ({ host: '127.0.0.1', port: secure.port }) });
  silentV6 = net.createServer((socket) => void socket.resume()).listen(secure.port, '::1');
  await once(silentV6, 'listening');
});
afterEach(() => {
  lab.dns.names.set('secure.lab', ['127.0.0.1']);
  return lab.reset();
});
afterAll(async () => {
  silentV6.close();
  await proxy.close();
  await resolver.close();
  await lab.close();
});

const signal = new AbortController().signal;

async function experimentsOn(network: ProbeNetwork = {}, controls: Controls = {}): Promise<readonly Experiment[]> {
  const request: ProbeRequest = {
    endpoint: { id: 'x', kind: 'goproxy', name: 'x', url: secure.url, module: FIXTURE_MODULE },
    depth: 'light',
    limits: LIMITS,
    network: { resolver: lab.dns.address, extraCa: [lab.authority.ca], ...network },
  };
  const result = await pool.probe(request, signal);
  if (result.outcome !== 'failed') throw new Error(`the fault does not show: ${result.outcome}`);
  return runExperiments(
    pool,
    request,
    result,
    { resolver: resolver.address, forwardProxy: proxy.url, ...controls },
    signal,
  );
}

const flipped = (experiments: readonly Experiment[]) =>
  experiments
    .filter(({ unchanged, changed, tries }) => unchanged === 0 && changed === tries)
    .map(({ variable }) => variable);

describe('exactly one experiment flips', () => {
  it('a reset on the server name', async () => {
    await secure.setFault({ type: 'reset-name', name: 'secure.lab' });
    const experiments = await experimentsOn();
    expect(flipped(experiments)).toEqual(['other-name']);
    expect(experiments.map(({ variable }) => variable)).toEqual([
      'other-name',
      'small-hello',
      'other-resolver',
      'through-proxy',
    ]);
  });

  it('a ClientHello of two packets that is swallowed', async () => {
    await secure.setFault({ type: 'swallow-large-hello', bytes: 1_400 });
    const experiments = await experimentsOn();
    expect(flipped(experiments)).toEqual(['small-hello']);
    const { unchanged = 0, changed = 0 } =
      experiments.find(({ variable }) => variable === 'small-hello')?.helloBytes ?? {};
    expect(unchanged).toBeGreaterThan(1_400);
    expect(changed).toBeGreaterThan(150);
    expect(changed).toBeLessThan(800);
  });

  it('an address family that swallows everything', async () => {
    const pinned = ['::1', '127.0.0.1'].map((address) => ({ host: 'secure.lab', port: secure.port, address }));
    expect(flipped(await experimentsOn({ pinned }, { forwardProxy: undefined }))).toEqual(['ipv4']);
  });

  it('a resolver that lies', async () => {
    lab.dns.names.set('secure.lab', ['127.0.0.9']);
    expect(flipped(await experimentsOn({}, { forwardProxy: undefined }))).toEqual(['other-resolver']);
  });

  it('a direct path that is dead', async () => {
    lab.dns.names.set('secure.lab', ['127.0.0.9']);
    expect(flipped(await experimentsOn({}, { resolver: undefined }))).toEqual(['through-proxy']);
  });

  it('a forward proxy that is dead', async () => {
    const forwardProxy = 'http://127.0.0.1:1';
    expect(flipped(await experimentsOn({ forwardProxy }, { resolver: undefined }))).toEqual(['without-proxy']);
  });

  it('HTTP/2 that is sent away', async () => {
    await secure.setFault({ type: 'goaway', code: 11 });
    expect(flipped(await experimentsOn({}, { forwardProxy: undefined }))).toEqual(['http1']);
  });
});

describe('planExperiments', () => {
  const failed = (phase: FailedResult['failure']['phase'], more: Partial<FailedResult> = {}): FailedResult => ({
    outcome: 'failed',
    kind: 'goproxy',
    url: 'https://a.example',
    depth: 'light',
    startedAt: 0,
    phases: {},
    totalMs: 1,
    steps: [],
    evidence: { url: 'https://a.example', addresses: ['192.0.2.1', '2001:db8::1'] },
    failure: { cause: 'unknown', phase, message: '' },
    ...more,
  });
  const request = (kind: 'goproxy' | 'dns' | 'module', url = 'https://a.example', network = {}): ProbeRequest => ({
    endpoint: { id: 'x', kind, name: 'x', url },
    depth: 'light',
    limits: LIMITS,
    network,
  });
  const variables = (...args: Parameters<typeof planExperiments>) =>
    planExperiments(...args).map(({ variable }) => variable);

  it('contacts no host that the settings do not name', () => {
    expect(variables(request('goproxy'), failed('connect'), {})).toEqual(['ipv4', 'ipv6']);
    expect(variables(request('goproxy'), failed('dns', { evidence: { url: '' } }), {})).toEqual([]);
  });

  it('asks only what the phase can answer', () => {
    expect(variables(request('goproxy'), failed('response', { protocol: 'h2' }), {})).toEqual([
      'ipv4',
      'ipv6',
      'http1',
    ]);
    expect(variables(request('goproxy', 'http://a.example'), failed('response'), {})).toEqual(['ipv4', 'ipv6']);
    expect(variables(request('dns'), failed('response'), { resolver: '192.0.2.1:53' })).toEqual([]);
    expect(variables(request('module'), failed('response'), {})).toEqual([]);
    const hung = failed('response', { failure: { cause: 'response-timeout', phase: 'response', message: '' } });
    expect(variables(request('module'), hung, {})).toEqual(['small-hello', 'http1']);
  });

  it('shows no credentials of a forward proxy', () => {
    const plans = planExperiments(request('goproxy'), failed('verify'), {
      forwardProxy: 'http://me:s3cret@p.example:1',
    });
    expect(plans.at(-1)?.value).toBe('http://me:xxxxx@p.example:1');
  });
});
