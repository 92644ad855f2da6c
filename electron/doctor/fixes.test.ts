/** What helps against each verdict, the smallest first; nothing of it weakens anything or shows a password. */
import { describe, expect, it } from 'vitest';
import { type Measurement, measuredDiagnosis, type World } from '../../e2e/doubles/diagnosis.ts';
import type { Finding, Fix } from '../../shared/domain/doctor.ts';
import type { LintFinding } from '../../shared/domain/lint.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { Experiment } from '../../shared/domain/result.ts';
import { shellCommand } from '../../shared/domain/shell-command.ts';
import { overview } from '../verdict/overview.ts';
import type { DiagnosisContext } from './diagnosis-context.ts';
import { type FixContext, fixesFor } from './fixes.ts';
import { knownEndpoints } from './known-endpoints.ts';

const ONE = 'https://one.example';
const TWO = 'https://two.example';
const DOWN: Readonly<Record<string, Measurement>> = { [ONE]: 'http-server-error in response' };

function profile(id: string, variables: Profile['variables']): Profile {
  return {
    id,
    name: { en: id, 'zh-CN': `${id}-zh` },
    explanation: '',
    builtIn: false,
    variables,
    git: [],
    networks: [],
  };
}

function finding(name: Finding['name'], more: Partial<Finding> = {}): Finding {
  return { name, severity: 'down', cause: null, host: 'one.example', rule: null, score: null, detail: null, ...more };
}

function statesOf(context: DiagnosisContext) {
  const { go, ports } = context;
  const facts = { now: 1, paused: false, hasNetworkPath: true, records: knownEndpoints(context), go, stale: [] };
  return overview({ ...facts, gateway: { address: null, upstreams: [] }, profiles: ports.settings.profiles }, null)
    .profiles;
}

async function fixes(
  found: Finding,
  { measured = DOWN, more = {}, ...world }: World & { measured?: typeof DOWN; more?: Partial<FixContext> } = {},
): Promise<readonly Fix[]> {
  const context = await measuredDiagnosis(measured, { effective: { GOPROXY: ONE }, ...world });
  const profiles = statesOf(context);
  return fixesFor({ context, finding: found, profiles, lint: [], checks: [], experiments: [], ...more });
}

const keys = (all: readonly Fix[]) => all.map(({ key }) => key);

it('nothing is offered where all is well', async () => {
  expect(await fixes(finding('healthy', { severity: 'healthy' }))).toEqual([]);
});

describe('another profile', () => {
  const endpoints = [ONE, TWO].map((url) => ({ id: url, kind: 'goproxy', name: url, url }) as const);
  const settings = { endpoints, profiles: [profile('second', { GOPROXY: TWO })] };

  it('is offered, with its commands, where another proxy escapes the trouble', async () => {
    const [use, ...rest] = await fixes(finding('sni-blocked'), { settings });
    expect(use).toMatchObject({ key: 'use-profile', profileId: 'second', params: { en: 'second', zh: 'second-zh' } });
    expect(use?.commands.join()).toContain(TWO);
    expect(rest).toEqual([]);
  });

  it('is offered for a list that go refuses', async () => {
    const refused = finding('misconfigured', { cause: 'goproxy-invalid' });
    expect(keys(await fixes(refused, { settings }))).toEqual(['use-profile']);
  });

  it.each(['misconfigured', 'captive-portal', 'local-offline', 'forward-proxy-down', 'blocked-by-policy'] as const)(
    'is not offered against %s, which it cannot escape',
    async (name) => expect(keys(await fixes(finding(name), { settings }))).not.toContain('use-profile'),
  );

  it('is not offered when it fails as well, for a host, or without a go', async () => {
    const found = finding('sni-blocked');
    const bothDown = { ...DOWN, [TWO]: 'connect-timeout in connect' } as const;
    expect(await fixes(found, { settings, measured: bothDown })).toEqual([]);
    expect(await fixes(found, { settings, target: ONE })).toEqual([]);
    expect(await fixes(found, { settings, effective: null })).toEqual([]);
  });

  it('is never one that weakens verification', async () => {
    const weak = { endpoints, profiles: [profile('weak', { GOPROXY: TWO, GOSUMDB: 'off' })] };
    const effective = { GOPROXY: ONE, GOSUMDB: 'sum.golang.org' };
    expect(keys(await fixes(finding('upstream-outage'), { settings: weak, effective }))).toEqual(['wait']);
  });
});

describe('pipes', () => {
  it('are offered where a later entry serves what the first one does not', async () => {
    const [pipe] = await fixes(finding('upstream-outage'), { effective: { GOPROXY: `${ONE},${TWO}` } });
    expect(pipe).toMatchObject({
      key: 'pipe-list',
      params: { list: `${ONE}|${TWO}` },
      settings: { variables: { GOPROXY: `${ONE}|${TWO}` }, git: [] },
    });
  });

  it('are not offered where no later entry serves, or there is one entry only', async () => {
    const measured = { ...DOWN, [TWO]: 'connect-timeout in connect' } as const;
    const list = { effective: { GOPROXY: `${ONE},${TWO}` } };
    expect(keys(await fixes(finding('upstream-outage'), { ...list, measured }))).toEqual(['wait']);
    expect(keys(await fixes(finding('upstream-outage')))).toEqual(['wait']);
  });

  it('show no password, and still set it', async () => {
    const secret = 'https://lin:s3cret@two.example';
    const [pipe] = await fixes(finding('upstream-outage'), { effective: { GOPROXY: `${ONE},${secret}` } });
    expect(pipe?.settings?.variables.GOPROXY).toBe(`${ONE}|${secret}`);
    expect(JSON.stringify([pipe?.params, pipe?.commands])).not.toContain('s3cret');
    // With the mask in its place, a pasted command would set the mask.
    expect(pipe?.commands).toEqual([]);
  });
});

describe('what is particular to a verdict', () => {
  it.each([
    ['captive-portal', 'sign-in'],
    ['local-offline', 'go-online'],
    ['blocked-by-policy', 'policy'],
    ['ipv6-broken', 'prefer-ipv4'],
    ['large-hello-dropped', 'small-hello'],
    ['tls-intercepted', 'trust-authority'],
  ] as const)('%s: %s comes first', async (name, key) => {
    expect(keys(await fixes(finding(name)))[0]).toBe(key);
  });

  it('macOS and Linux have their own commands', async () => {
    const on = (platform: NodeJS.Platform, name: Finding['name']) => fixes(finding(name), { ports: { platform } });
    expect((await on('darwin', 'ipv6-broken'))[0]?.commands).toEqual(['networksetup -setv6off Wi-Fi']);
    expect((await on('linux', 'ipv6-broken'))[0]?.commands).toEqual([]);
    expect((await on('darwin', 'tls-intercepted'))[0]?.commands[1]).toMatch(/^security add-trusted-cert/);
    expect((await on('linux', 'tls-intercepted'))[0]?.commands[1]).toBe('export SSL_CERT_FILE=company-ca.pem');
  });

  it('a dead forward proxy is taken out of the shell, by the names it has there', async () => {
    const env = { HTTPS_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9', HTTP_PROXY: '' };
    const [unset] = await fixes(finding('forward-proxy-down'), { ports: { env } });
    expect(unset).toMatchObject({ key: 'unset-proxy', commands: ['unset HTTPS_PROXY http_proxy'] });
    expect(await fixes(finding('forward-proxy-down'))).toEqual([]);
  });

  it('against forged names the encrypted resolver that answered is offered before one that did not', async () => {
    const resolvers = ['udp://192.0.2.1', 'https://a.example/dns-query', 'https://b.example/dns-query'];
    const endpoints = [{ id: 'b', kind: 'dns', name: 'b', url: resolvers[2] ?? '' }] as const;
    const answered = await fixes(finding('dns-tampered'), { settings: { resolvers, endpoints } });
    expect(answered[0]).toMatchObject({ key: 'doh-profile', params: { url: resolvers[2] } });
    const unknown = await fixes(finding('dns-tampered'), { settings: { resolvers } });
    expect(unknown[0]).toMatchObject({ key: 'doh-profile', params: { url: resolvers[1] } });
    expect(keys(await fixes(finding('dns-tampered'), { settings: { resolvers: ['udp://192.0.2.1'] } }))).toEqual([]);
  });

  it("the checksum database's mirror is offered for the public one only, by the same key", async () => {
    const found = finding('sumdb-unreachable');
    const [mirror] = await fixes(found, { effective: { GOPROXY: ONE, GOSUMDB: 'sum.golang.org' } });
    expect(mirror).toMatchObject({ key: 'sumdb-mirror', settings: { variables: { GOSUMDB: 'sum.golang.google.cn' } } });
    expect(keys(await fixes(found, { effective: { GOPROXY: ONE, GOSUMDB: 'sum.corp.example+1+k' } }))).toEqual([]);
  });

  it('a hash that differs is a case for the arbiter', async () => {
    const found = finding('cannot-tell', { cause: 'checksum-mismatch-sumdb' });
    const [arbiter] = await fixes(found, { target: 'example.com/m@v1.2.3' });
    expect(arbiter).toMatchObject({ key: 'arbiter', commands: ['gopherbar verify -- example.com/m@v1.2.3'] });
  });

  it('settings: what lint would set for its errors, and nothing for the rest', async () => {
    const one = { subject: 'GOPRIVATE', params: {}, command: null } as const;
    const set = { variables: { GOPRIVATE: 'corp.example' }, git: [] };
    const lint: readonly LintFinding[] = [
      { ...one, rule: 'private-missing', severity: 'error', fix: set },
      { ...one, rule: 'instead-of', severity: 'error', fix: null, command: shellCommand('unset', ['x']) },
      { ...one, rule: 'insecure-http', severity: 'warning', fix: set },
      { ...one, rule: 'entry-down', severity: 'error', fix: set },
    ];
    const offered = await fixes(finding('misconfigured'), { more: { lint } });
    expect(keys(offered)).toEqual(['settings', 'settings']);
    expect(offered[0]?.settings).toEqual(set);
    expect(offered[1]).toMatchObject({ commands: ['unset x'] });
    const withoutGo = await fixes(finding('misconfigured'), { more: { lint }, effective: null });
    expect(withoutGo[0]?.settings).toBeUndefined();
  });
});

it('a forward proxy that made it work each time is offered, and patience comes last', async () => {
  const experiment: Experiment = { variable: 'through-proxy', tries: 3, unchanged: 0, changed: 3, value: 'http://p:1' };
  const offered = (one: Experiment) => fixes(finding('upstream-outage'), { more: { experiments: [one] } });
  const [through, wait] = await offered(experiment);
  expect(through).toMatchObject({ key: 'through-proxy', commands: ['export HTTPS_PROXY=http://p:1'] });
  expect(wait).toMatchObject({ key: 'wait', params: { host: 'one.example' } });
  expect(keys(await offered({ ...experiment, changed: 2 }))).toEqual(['wait']);
  expect(keys(await offered({ ...experiment, unchanged: 1 }))).toEqual(['wait']);
});
