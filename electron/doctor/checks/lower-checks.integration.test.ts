/** Network, DNS, connect, TLS, HTTP: each check on real sockets, once where it finds something and once where all is well. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { diagnosis, type World } from '../../../e2e/doubles/diagnosis.ts';
import { ForwardProxy } from '../../../e2e/lab/forward-proxy.ts';
import type { GoproxyServer } from '../../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../../e2e/lab/tree.ts';
import type { CheckResult, DoctorCheck } from './check.ts';
import { connectCheck } from './connect.ts';
import { dnsCheck } from './dns.ts';
import { httpCheck } from './http.ts';
import { networkCheck } from './network.ts';
import { tlsCheck } from './tls.ts';

let lab: Lab;
let secure: GoproxyServer;
let plain: GoproxyServer;
let dead: GoproxyServer;

beforeAll(async () => {
  lab = await startLab();
  secure = await lab.proxy({ host: 'secure.lab', transport: 'h2' });
  plain = await lab.proxy({ host: 'plain.lab', transport: 'http' });
  dead = await lab.proxy({ host: 'dead.lab', transport: 'h2' });
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

function run(check: DoctorCheck, target: string, world: World = {}): Promise<CheckResult> {
  const network = { resolver: lab.dns.address, extraCa: [lab.authority.ca] };
  const endpoint = { id: target, kind: 'goproxy', name: target, url: target, module: FIXTURE_MODULE } as const;
  const settings = { endpoints: [endpoint], ...world.settings };
  return check.run(diagnosis(network, { ...world, target, settings }));
}

const keys = ({ notes }: CheckResult) => notes.map(({ key }) => key);
const noteOf = ({ notes }: CheckResult, key: string) => notes.find((one) => one.key === key);

describe('network', () => {
  it('fires without any way out', async () => {
    const result = await run(networkCheck, secure.url, { ports: { hasNetworkPath: () => false, platform: 'darwin' } });
    expect(result).toEqual({
      status: 'failed',
      notes: [{ key: 'network-none', params: {}, severity: 'error' }],
      commands: ['route -n get default'],
    });
  });

  it('is silent with one', async () => {
    const result = await run(networkCheck, secure.url);
    expect(result).toMatchObject({ status: 'ok', commands: ['ip route show default'] });
    expect(keys(result)).toEqual(['network-there']);
  });
});

describe('dns', () => {
  /** The system's resolver says this; the one it is compared with is the lab's. */
  const compare = (target: string, system: readonly string[] | null) =>
    run(dnsCheck, target, {
      settings: { resolvers: [`udp://${lab.dns.address}`] },
      ports: { lookUp: async () => system },
    });

  it('is silent where the server proves to be the host', async () => {
    const result = await compare(secure.url, ['127.0.0.1']);
    expect(result.status).toBe('ok');
    expect(keys(result)).toEqual(['dns-system', 'dns-reference', 'dns-valid']);
    expect(noteOf(result, 'dns-reference')?.params).toMatchObject({ addresses: '127.0.0.1' });
    expect(result.commands).toEqual([
      'dig +noall +answer -q secure.lab -t A -q secure.lab -t AAAA',
      'dig +short @127.0.0.1 -q secure.lab',
    ]);
  });

  it('calls an address false where only the other one proves right', async () => {
    const result = await compare(secure.url, ['127.0.0.9']);
    expect(result.status).toBe('failed');
    expect(noteOf(result, 'dns-lies')).toEqual({
      key: 'dns-lies',
      severity: 'error',
      params: { host: 'secure.lab', address: '127.0.0.9', right: '127.0.0.1' },
    });
  });

  it.each([
    ['no answer', null, 'dns-timeout'],
    ['the name is said not to exist', [], 'dns-no-such-host'],
  ] as const)('shows the right address where %s', async (_, system, cause) => {
    const result = await compare(secure.url, system);
    expect(result.status).toBe('failed');
    expect(noteOf(result, 'cause')?.params).toEqual({ cause, host: 'secure.lab' });
    expect(noteOf(result, 'dns-system-fails')).toMatchObject({ severity: 'error', params: { right: '127.0.0.1' } });
  });

  it('only warns where answers differ and none can be proven', async () => {
    await dead.setFault({ type: 'refuse' });
    const result = await compare(dead.url, ['127.0.0.9']);
    expect(result.status).toBe('warning');
    expect(noteOf(result, 'dns-differs')).toMatchObject({ severity: 'warning', params: { host: 'dead.lab' } });
    expect(keys(await compare(dead.url, ['127.0.0.1']))).not.toContain('dns-differs');
  });

  it('a resolver that refuses is worth a word, no more', async () => {
    lab.dns.fault = 'servfail';
    const result = await compare(secure.url, ['127.0.0.1']);
    expect(noteOf(result, 'dns-reference-fails')).toMatchObject({
      severity: 'info',
      params: { cause: 'dns-server-misbehaving' },
    });
  });

  it('an address needs no resolver, and behind a forward proxy the proxy resolves', async () => {
    const literal = await run(dnsCheck, `https://127.0.0.1:${secure.port}`);
    expect([literal.status, keys(literal)]).toEqual(['not-needed', ['dns-literal']]);
    const through = await run(dnsCheck, secure.url, { ports: { env: { HTTPS_PROXY: 'http://127.0.0.1:9' } } });
    expect(through).toEqual({ status: 'not-needed', notes: [], commands: [] });
  });
});

describe('connect', () => {
  it('is silent where each family answers', async () => {
    const result = await run(connectCheck, secure.url);
    expect(result.status).toBe('ok');
    expect(result.notes).toMatchObject([{ key: 'connect-family', params: { family: 'IPv4', address: '127.0.0.1' } }]);
    expect(result.commands[0]).toBe(`nc -vz -4 -w 4 -- secure.lab ${secure.port}`);
  });

  it('fires where the only family is refused', async () => {
    await secure.setFault({ type: 'refuse' });
    const result = await run(connectCheck, secure.url);
    expect(result.status).toBe('failed');
    expect(noteOf(result, 'connect-family-fails')).toMatchObject({
      severity: 'error',
      params: { family: 'IPv4', address: '127.0.0.1', code: 'ECONNREFUSED' },
    });
    expect(noteOf(result, 'cause')?.params).toMatchObject({ cause: 'connect-refused' });
  });

  it('warns of one family beside another that answers', async () => {
    lab.dns.names.set('both.lab', ['127.0.0.1', '::1']);
    const result = await run(connectCheck, `http://both.lab:${plain.port}`);
    expect(result.status).toBe('warning');
    expect(result.notes.map(({ key, severity, params }) => [key, severity, params.family])).toEqual([
      ['connect-family', 'info', 'IPv4'],
      ['connect-family-fails', 'warning', 'IPv6'],
    ]);
  });

  it('leaves it to the forward proxy where there is one', async () => {
    const route = () => ({ host: '127.0.0.1', port: secure.port });
    const proxy = await ForwardProxy.start({ kind: 'http', route });
    const through = { ports: { env: { HTTPS_PROXY: proxy.url } } };
    expect((await run(connectCheck, secure.url, through)).notes).toMatchObject([
      { key: 'connect-through', params: { proxy: proxy.url } },
    ]);
    await proxy.close();
    const gone = await run(connectCheck, secure.url, through);
    expect([gone.status, noteOf(gone, 'cause')?.params.cause]).toEqual(['failed', 'forward-proxy-unreachable']);
  });
});

describe('tls', () => {
  it('shows version, protocol and the whole chain, and who trusts it', async () => {
    const result = await run(tlsCheck, secure.url);
    expect(result.status).toBe('ok');
    expect(noteOf(result, 'tls-facts')?.params).toMatchObject({ version: 'TLSv1.3', alpn: 'h2', name: 'secure.lab' });
    expect(noteOf(result, 'tls-trusted-by')?.params).toEqual({ store: 'extra' });
    const chain = result.notes.filter(({ key }) => key === 'tls-certificate');
    expect(chain[0]?.params).toMatchObject({ names: expect.stringContaining('secure.lab') });
    expect(chain.length).toBeGreaterThan(0);
  });

  it.each([
    ['untrusted', 'tls-unknown-authority'],
    ['expired', 'tls-cert-expired'],
    ['wrong-host', 'tls-cert-wrong-host'],
  ] as const)('fires on a certificate that is %s, and shows it', async (kind, cause) => {
    await secure.setFault({ type: 'certificate', kind });
    const result = await run(tlsCheck, secure.url);
    expect(result.status).toBe('failed');
    expect(noteOf(result, 'cause')?.params.cause).toBe(cause);
    expect(keys(result)).toContain('tls-certificate');
  });

  it('has nothing to look at without TLS', async () => {
    expect((await run(tlsCheck, plain.url)).status).toBe('not-needed');
  });
});

describe('http', () => {
  it('is silent where a request is answered, whatever the answer says', async () => {
    const good = await run(httpCheck, secure.url);
    expect(good).toMatchObject({
      status: 'ok',
      notes: [{ key: 'http-answer', params: { status: 200, protocol: 'h2' } }],
    });
    await plain.setFault({ type: 'status', status: 404 });
    const missing = await run(httpCheck, plain.url);
    expect(missing).toMatchObject({ status: 'ok', notes: [{ params: { status: 404, protocol: 'http/1.1' } }] });
  });

  it('fires where the request gets no answer', async () => {
    await plain.setFault({ type: 'drop-request', how: 'fin' });
    const result = await run(httpCheck, plain.url);
    expect(result.status).toBe('failed');
    expect(result.notes[0]).toMatchObject({ key: 'cause', params: { cause: 'eof-no-response' } });
    expect(keys(result)).toEqual(['cause', 'said']);
  });

  it('names the forward proxy in the line to try by hand, without its password', async () => {
    const env = { HTTP_PROXY: 'http://lin:s3cret@127.0.0.1:9' };
    const { commands } = await run(httpCheck, plain.url, { ports: { env } });
    expect(commands[0]).toMatch(/^curl -v -x http:\/\/\S*127\.0\.0\.1:9 -o \/dev\/null -- /);
    expect(commands[0]).not.toContain('s3cret');
  });
});
