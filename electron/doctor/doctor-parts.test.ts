/** The smaller parts: known endpoints, lint of the case, what is downloaded, explained lines, origins. */

import { describe, expect, it } from 'vitest';
import { diagnosis, measuredDiagnosis } from '../../e2e/doubles/diagnosis.ts';
import { DEFAULT_PROBE_MODULE } from '../../shared/domain/endpoint.ts';
import { httpOriginOf } from '../../shared/domain/host.ts';
import { explain } from '../explain/explain.ts';
import { downloadEndpoint } from './download-endpoint.ts';
import { explainedLines } from './explained-lines.ts';
import { proxyEndpoint } from './forward-proxies.ts';
import { knownEndpoints } from './known-endpoints.ts';
import { lintContext } from './lint-context.ts';
import { viewOf, walkOf } from './walk-of.ts';

const ONE = 'https://one.example';
const TWO = 'https://two.example';
const LIST = { effective: { GOPROXY: `${ONE},${TWO}` } };

describe('known endpoints', () => {
  it('count one failure, and one slow answer, as confirmed', async () => {
    const context = await measuredDiagnosis({ [ONE]: 'connect-timeout in connect', [TWO]: 'slow' }, LIST);
    expect(knownEndpoints(context).map(({ endpoint, state }) => [endpoint.url, state.status, state.cause])).toEqual([
      [ONE, 'down', 'connect-timeout'],
      [TWO, 'degraded', null],
    ]);
  });

  it('name the forward proxy that go uses, without its password', async () => {
    const env = { HTTPS_PROXY: 'http://lin:s3cret@p.example:1' };
    const [known] = knownEndpoints(await measuredDiagnosis({}, { ...LIST, ports: { env } }));
    expect(known?.forwardProxyOfGo).toBe('http://lin:xxxxx@p.example:1');
  });

  it("an unknown proxy that lacks everybody's module has answered; for a module that is asked about it has failed", async () => {
    const missing = { [ONE]: 'module-not-found in response' } as const;
    const statusOf = async (target: string) =>
      knownEndpoints(await measuredDiagnosis(missing, { ...LIST, target })).find(({ endpoint }) => endpoint.url === ONE)
        ?.state.status;
    expect([await statusOf(''), await statusOf('example.com/m@v1.0.0')]).toEqual(['up', 'down']);
  });

  it('leave the real download out', async () => {
    const context = await measuredDiagnosis({}, LIST);
    await context.measure({ id: 'download', kind: 'module', name: 'm', url: 'module://m@v1' });
    expect(knownEndpoints(context).map(({ endpoint }) => endpoint.kind)).toEqual(['goproxy', 'goproxy']);
  });
});

describe('the walk of the list', () => {
  it('follows the measurements of the case', async () => {
    const context = await measuredDiagnosis(
      { [ONE]: 'module-not-found in response' },
      { ...LIST, target: 'a.example/m@v1.0.0' },
    );
    expect(walkOf(context)).toMatchObject({ outcome: 'fell-back' });
    expect(viewOf(context)(TWO)).toMatchObject({ status: 'up' });
    expect(viewOf(context)('https://never.example')).toBeNull();
  });

  it('does not exist for a private module or without a list', async () => {
    const effective = { ...LIST.effective, GONOPROXY: 'corp.example' };
    expect(walkOf(await measuredDiagnosis({}, { effective, target: 'corp.example/m' }))).toBeNull();
    expect(walkOf(await measuredDiagnosis({}, { effective: {} }))).toBeNull();
  });
});

describe('lint of the case', () => {
  const rulesOf = async (world: Parameters<typeof diagnosis>[1]) =>
    (await lintContext(diagnosis({}, world))).map(({ rule }) => rule);
  const effective = { GOPROXY: 'https://one.example|direct', GOSUMDB: 'sum.golang.org' };

  it("asks where the module's host leads: a private one must not be asked of proxies", async () => {
    const lookUp = async () => ['10.1.2.3'];
    expect(await rulesOf({ effective, target: 'code.acme.example/m', ports: { lookUp } })).toContain('private-missing');
    const open = { lookUp: async () => ['192.0.2.1'] };
    expect(await rulesOf({ effective, target: 'code.acme.example/m', ports: open })).not.toContain('private-missing');
  });

  it('sees what was measured of an entry', async () => {
    const context = await measuredDiagnosis({ [ONE]: 'connect-timeout in connect' }, LIST);
    expect((await lintContext(context)).map(({ rule }) => rule)).toContain('entry-down');
  });

  it('says nothing without a go', async () => {
    expect(await rulesOf({ effective: null })).toEqual([]);
  });
});

describe('what is downloaded', () => {
  it('is the module that was asked for, else the one the first proxy is known by, else the usual one', () => {
    const known = {
      id: ONE,
      kind: 'goproxy',
      name: ONE,
      url: ONE,
      module: { path: 'a.example/b', version: 'v1.0.0' },
    } as const;
    const nameOf = (world: Parameters<typeof diagnosis>[1]) => downloadEndpoint(diagnosis({}, world))?.name;
    expect(nameOf({ ...LIST, target: 'c.example/d@v2.0.0' })).toBe('c.example/d@v2.0.0');
    expect(nameOf({ ...LIST, settings: { endpoints: [known] } })).toBe('a.example/b@v1.0.0');
    expect(nameOf({ effective: {} })).toBe(`${DEFAULT_PROBE_MODULE.path}@${DEFAULT_PROBE_MODULE.version}`);
    expect(nameOf({ ...LIST, target: ONE })).toBeUndefined();
    expect(nameOf({ effective: null })).toBeUndefined();
  });
});

describe('explained lines', () => {
  const explainedIn = (text: string) => explainedLines(explain(text));

  it('name cause, host and module, and whether trying again helps', () => {
    const [line] = explainedIn(
      'go: example.com/m@v1.0.0: Get "https://proxy.golang.org/example.com/m/@v/v1.0.0.info": dial tcp 192.0.2.1:443: i/o timeout',
    );
    expect(line).toMatchObject({ cause: 'connect-timeout', host: 'proxy.golang.org', retryable: true });
    expect(explainedIn('all is well')).toEqual([]);
  });

  it('are bounded in number and length', () => {
    const lines = Array.from(
      { length: 80 },
      (_, i) => `go: h${i}.example/m@v1.0.0: Get "https://h${i}.example/${'x'.repeat(3_000)}": EOF`,
    );
    const explained = explainedIn(lines.join('\n'));
    expect(explained.length).toBe(50);
    expect(Math.max(...explained.map(({ line }) => line.length))).toBeLessThanOrEqual(2_000);
  });
});

describe('origins', () => {
  it.each([
    ['https://a.example', { host: 'a.example', port: 443, secure: true }],
    ['http://a.example/x', { host: 'a.example', port: 80, secure: false }],
    ['https://u:p@[::1]:8443/x', { host: '::1', port: 8443, secure: true }],
    ['udp://1.1.1.1', null],
    ['no url', null],
  ])('%s', (text, origin) => expect(httpOriginOf(text)).toEqual(origin));

  it('a forward proxy without a scheme is an HTTP one, as Go reads it', () => {
    expect(proxyEndpoint('p.example:3128', ONE)).toMatchObject({ url: 'http://p.example:3128', target: ONE });
    expect(proxyEndpoint('socks5://p.example:1', ONE)).toMatchObject({
      url: 'socks5://p.example:1',
      kind: 'forward-proxy',
    });
  });
});
