import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type Fault, type Transport } from '../../e2e/lab/fault.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import type { Limits } from '../../shared/domain/endpoint.ts';
import type { ProbeDepth, ProbeResult } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { InlinePool } from './inline-pool.ts';
import type { ProbeNetwork, ProbeRequest } from './probe-pool.ts';

const LIMITS: Limits = {
  soft: { dialMs: 1_000, tlsMs: 1_000, headerMs: 2_000, totalMs: 5_000 },
  hard: { dialMs: 1_000, tlsMs: 400, headerMs: 400, totalMs: 1_200 },
};
const TRANSPORTS: readonly Transport[] = ['http', 'h1', 'h2'];

let lab: Lab;
const servers = new Map<Transport, GoproxyServer>();
const pool = new InlinePool(systemClock);

beforeAll(async () => {
  lab = await startLab();
  for (const transport of TRANSPORTS) servers.set(transport, await lab.proxy({ host: `${transport}.lab`, transport }));
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

function server(transport: Transport): GoproxyServer {
  const found = servers.get(transport);
  if (found === undefined) throw new Error(`no server for ${transport}`);
  return found;
}

function request(url: string, depth: ProbeDepth = 'light', network: ProbeNetwork = {}, limits = LIMITS): ProbeRequest {
  const endpoint = { id: 'lab', kind: 'goproxy', name: 'lab', url, module: FIXTURE_MODULE } as const;
  return { endpoint, depth, limits, network: { resolver: lab.dns.address, extraCa: [lab.authority.ca], ...network } };
}

function probe(of: ProbeRequest, signal = new AbortController().signal): Promise<ProbeResult> {
  return pool.probe(of, signal);
}

describe.each(TRANSPORTS)('probing a healthy proxy over %s', (transport) => {
  it('measures every phase of a light probe', async () => {
    const result = await probe(request(server(transport).url));
    expect(result).toMatchObject({ outcome: 'ok', slow: [], protocol: transport === 'h2' ? 'h2' : 'http/1.1' });
    if (result.outcome !== 'ok') return;
    const expected = ['dns', 'connect', 'tls', 'request', 'response', 'body', 'verify'].filter(
      (phase) => transport !== 'http' || phase !== 'tls',
    );
    expect(Object.keys(result.phases)).toEqual(expected);
    const sum = Object.values(result.phases).reduce((total, ms) => total + ms, 0);
    expect(Object.values(result.phases).every((ms) => ms >= 0)).toBe(true);
    // They follow each other: together the whole, but for what a busy machine loses between them.
    expect(Math.abs(sum - result.totalMs)).toBeLessThan(Math.max(20, 0.5 * result.totalMs));
    expect(result.remote).toMatchObject({ address: '127.0.0.1', family: 4 });
  });

  it('asks for everything a proxy serves at full depth', async () => {
    const result = await probe(request(server(transport).url, 'full'));
    expect(result.outcome).toBe('ok');
    if (result.outcome !== 'ok') return;
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'info ok',
      'list ok',
      'mod ok',
      'zip ok',
      'sumdb-relay ok',
      'latest ok',
      'missing ok',
    ]);
    expect(result.steps.find(({ name }) => name === 'mod')?.hash).toMatch(/^h1:/);
    const headers = server(transport).requests.at(-1)?.headers;
    expect(headers?.['disable-module-fetch']).toBe('true');
    expect(headers?.['user-agent']).toMatch(/^Gopherbar\/\d+\.\d+\.\d+ \(\+module proxy probe\)$/);
  });
});

describe.each(TRANSPORTS)('each fault over %s', (transport) => {
  const faults = Object.entries(FAULTS).filter(([, { transports }]) => transports.includes(transport));
  it.each(faults)('%s has its own cause and phase', async (_, { fault, cause, phase }) => {
    await server(transport).setFault(fault);
    const result = await probe(request(server(transport).url));
    const said = result.outcome === 'failed' ? { cause: result.failure.cause, phase: result.failure.phase } : result;
    expect(said).toEqual({ cause, phase });
  });
});

describe('what a proxy can do beside working', () => {
  const notesOf = async (transport: Transport, fault: Fault | null = null) => {
    await server(transport).setFault(fault);
    const result = await probe(request(server(transport).url, 'full'));
    expect(result.outcome).toBe('ok');
    return result.outcome === 'cancelled' ? [] : (result.evidence.notes ?? []);
  };

  it.each(TRANSPORTS)('resumes zips over %s', async (transport) => {
    expect(await notesOf(transport)).toContain('zip-resumable');
  });

  it.each(['no-range', 'weak-etag', 'no-validator', 'other-entity'] as const)(
    'does not resume zips: %s',
    async (how) => {
      const notes = await notesOf('h2', { type: 'no-resume', how });
      expect(notes).toContain('zip-not-resumable');
      expect(notes).not.toContain('zip-resumable');
    },
  );

  it('answers twenty requests at once over one HTTP/2 connection, or drops it', async () => {
    const before = server('h2').connections;
    expect(await notesOf('h2')).toContain('http2-holds');
    expect(server('h2').connections).toBe(before + 1);
    expect(await notesOf('h2', { type: 'few-streams', most: 5 })).toContain('http2-breaks');
    const plain = await notesOf('h1');
    expect(plain.filter((note) => note.startsWith('http2'))).toEqual([]);
  });
});

describe('a proxy that refuses', () => {
  const failure = async (url: string) => {
    const result = await probe(request(url));
    return result.outcome === 'failed' ? result.failure : result;
  };

  it('this module and serves others has blocked it', async () => {
    await server('h2').setFault({ type: 'refuse-module', path: FIXTURE_MODULE.path });
    expect(await failure(server('h2').url)).toMatchObject({ cause: 'module-blocked', phase: 'response' });
  });

  it('everything, when it is a public mirror, refuses this place; a company’s has rules of its own', async () => {
    const mirror = await lab.proxy({ host: 'proxy.golang.org', transport: 'h1' });
    await mirror.setFault({ type: 'status', status: 403 });
    expect(await failure(mirror.url)).toMatchObject({ cause: 'region-blocked', phase: 'response' });
    await server('h1').setFault({ type: 'status', status: 451 });
    expect(await failure(server('h1').url)).toMatchObject({ cause: 'http-forbidden', phase: 'response' });
  });
});
