import { expect, it } from 'vitest';
import type { SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import { exportSettings, offerImport } from './exchange.ts';
import { readSettings } from './read-settings.ts';

const FILE = '/x/settings.json';
const PRIVATE_KEY = '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const SECRETS: SettingsFileContent = {
  endpoints: [{ url: 'https://me:canary@proxy.test/go' }, { url: 'https://sum.test?token=canary' }],
  profiles: [
    {
      id: 'work',
      name: 'Work',
      variables: { GOPROXY: 'https://me:canary@proxy.test/go,direct', GOPRIVATE: 'corp.test' },
      git: [
        { key: 'http.proxy', value: 'http://me:canary@gate.test:3128' },
        { key: 'url.https://ghp_canarycanarycanarycanary@github.test/.insteadOf', value: 'https://github.test/' },
      ],
    },
  ],
  gateway: { upstreams: ['https://:canary@up.test'] },
  trust: { extraCa: [`${CERTIFICATE}${PRIVATE_KEY}`] },
};

function read(value: unknown): SettingsFileContent {
  const done = readSettings(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), FILE);
  if (!done.ok) throw new Error(JSON.stringify(done.problem));
  return done.value;
}

it('exports no secret, and names each field that held one', () => {
  const { text, hidden } = exportSettings(read({ ...SECRETS, metrics: { port: 9100, apiToken: 'canary' } }));
  expect(text).not.toContain('canary');
  expect(hidden).toEqual([
    'endpoints.0.url',
    'endpoints.1.url',
    'trust.extraCa.0',
    'gateway.upstreams.0',
    'metrics.apiToken',
    'profiles.0.variables.GOPROXY',
    'profiles.0.git.0.value',
    'profiles.0.git.1.key',
  ]);
  expect(text).toContain('-----BEGIN CERTIFICATE-----');
});

it('exports only what an import takes over, as a file that is valid', () => {
  const { text } = exportSettings(read({ demo: true, later: { token: 'x' }, intervals: { visibleMs: 15_000 } }));
  expect(read(text)).toEqual({
    $schema: expect.any(String),
    schema: 1,
    intervals: { visibleMs: 15_000 },
  });
});

it('takes its own export back without a change where the secrets are known', () => {
  const present = read(SECRETS);
  const offer = offerImport(present, read(exportSettings(present).text));
  expect(offer).toMatchObject({ sections: ['trust'], missing: ['trust.extraCa.0'], weakenings: [{ key: 'extra-ca' }] });
  expect(offer.next.profiles).toEqual(present.profiles);
  expect(offer.next.endpoints).toEqual(present.endpoints);
});

it('asks for the secrets on another computer, and stores no mark in their place', () => {
  const offer = offerImport({}, read(exportSettings(read(SECRETS)).text));
  expect(JSON.stringify(offer.next)).not.toContain('xxxxx');
  expect(offer.next.endpoints).toEqual([{ url: 'https://me@proxy.test/go' }, { url: 'https://sum.test?token=' }]);
  expect(offer.missing).toContain('profiles.0.git.0.value');
});

it('never puts a known password into another address: not another scheme, host or port', () => {
  const present = read({ endpoints: [{ url: 'https://me:canary@proxy.test/go' }] });
  for (const url of [
    'http://me:xxxxx@proxy.test/go',
    'https://me:xxxxx@evil.test/go',
    'https://me:xxxxx@proxy.test:444/go',
  ])
    expect(JSON.stringify(offerImport(present, read({ endpoints: [{ url }] })).next)).not.toContain('canary');
});

it.each(['/tmp/evil --steal', 'netrc; sh -c id', 'git relative', 'off;netrc'])('leaves GOAUTH=%s out', (GOAUTH) => {
  const offer = offerImport({}, read({ profiles: [{ id: 'x', name: 'X', variables: { GOAUTH, GOPROXY: 'direct' } }] }));
  expect(offer.leftOut).toEqual([`GOAUTH=${GOAUTH}`]);
  expect(offer.next.profiles?.[0]?.variables).toEqual({ GOPROXY: 'direct' });
});

it('keeps a GOAUTH that the same profile has here, written by hand', () => {
  const present = read({ profiles: [{ id: 'x', name: 'X', variables: { GOAUTH: '/opt/login' } }] });
  expect(offerImport(present, present)).toMatchObject({ leftOut: [], sections: [] });
  const renamed = read({ profiles: [{ id: 'y', name: 'X', variables: { GOAUTH: '/opt/login' } }] });
  expect(offerImport(present, renamed).leftOut).toEqual(['GOAUTH=/opt/login']);
});

it('leaves programs out, and keeps those of this computer', () => {
  const present = read({ go: { path: '/usr/bin/go' } });
  const next = read({ go: { path: '/tmp/go', allowedPrograms: ['/tmp/p'] }, git: { path: '/tmp/git' } });
  const offer = offerImport(present, next);
  expect(offer.leftOut).toEqual(['/tmp/go', '/tmp/git', '/tmp/p']);
  expect(offer.next).toMatchObject({ go: { path: '/usr/bin/go' } });
  expect(offer.next).not.toHaveProperty('git');
});

it('names what weakens outside of profiles', () => {
  const next = read({
    endpoints: [{ url: 'http://plain.test' }],
    gateway: {
      allowUnverified: true,
      containers: true,
      upstreams: ['http://up.test'],
      cooldownExcept: ['a.example/*'],
    },
    updates: { feeds: ['https://updates.test'] },
    metrics: { collector: 'https://collector.test' },
    network: { resolver: '192.0.2.1:53' },
  });
  const { weakenings } = offerImport(read({ gateway: { cooldownDays: 7 } }), next);
  expect(weakenings.map(({ key, value }) => `${key} ${value}`)).toEqual([
    'plain-http http://plain.test',
    'plain-http http://up.test',
    'resolver 192.0.2.1:53',
    'gateway-unverified gateway.allowUnverified',
    'gateway-containers gateway.containers',
    'gateway-cooldown gateway.cooldownDays 0',
    'gateway-cooldown a.example/*',
    'update-server https://updates.test',
    'metrics-collector https://collector.test',
  ]);
  expect(offerImport(next, next).weakenings).toEqual([]);
});

it('names each value that changes, before and after, by the entry it belongs to, without a secret', () => {
  const present = read({ intervals: { visibleMs: 15_000 }, profiles: [{ id: 'a', name: 'A', variables: {} }] });
  const next = read({
    intervals: { visibleMs: 20_000 },
    profiles: [
      { id: 'new', name: 'New', variables: { GOPROXY: 'https://me:canary@proxy.test' } },
      { id: 'a', name: 'A', variables: { GOSUMDB: 'off' } },
    ],
  });
  expect(offerImport(present, next).changes).toEqual([
    {
      key: 'profiles.new',
      before: null,
      after: '{"id":"new","name":"New","variables":{"GOPROXY":"https://me:xxxxx@proxy.test"}}',
    },
    { key: 'profiles.a.variables.GOSUMDB', before: null, after: '"off"' },
    { key: 'intervals.visibleMs', before: '15000', after: '20000' },
  ]);
});
