/** Every field of the settings file: what it takes, and what it refuses with the field's own name. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ENDPOINT_KINDS } from '../domain/endpoint.ts';
import {
  endpointEntrySchema,
  endpointFaults,
  MAX_ENDPOINTS,
  SETTINGS_ENTRIES,
  settingsFileSchema,
} from './settings-schema.ts';

const check = (content: unknown) => v.safeParse(settingsFileSchema, content);
/** The first field that is refused; null = the content is valid. */
const refused = (content: unknown) => {
  const { issues } = check(content);
  return issues === undefined ? null : (v.getDotPath(issues[0]) ?? '');
};

const URL = 'https://proxy.test/go';
const NETWORK = '0123456789ab';

/** Field, values that are right, values that are wrong and the path that is named. */
const FIELDS: readonly (readonly [
  field: string,
  right: readonly unknown[],
  wrong: readonly (readonly [unknown, string])[],
])[] = [
  ['$schema', ['https://a.test/x.json'], [[1, '$schema']]],
  [
    'schema',
    [1],
    [
      [2, 'schema'],
      ['1', 'schema'],
    ],
  ],
  [
    'preferences',
    [
      {},
      { language: 'zh-CN', quietHours: '22:00-08:00', reminderHours: 4, trayText: 'latency' },
      { quietHours: null, later: true },
    ],
    [
      [{ language: 'fr' }, 'preferences.language'],
      [{ quietHours: '25:00-08:00' }, 'preferences.quietHours'],
      [{ reminderHours: 2 }, 'preferences.reminderHours'],
      [{ trayText: 'all' }, 'preferences.trayText'],
      [{ failoverProfiles: ['a b'] }, 'preferences.failoverProfiles.0'],
      [[], 'preferences'],
    ],
  ],
  [
    'endpoints',
    [[], [{ url: URL }], [{ url: 'udp://192.0.2.1', kind: 'dns', target: 'a.test' }]],
    [
      [[{ url: 'proxy.test' }], 'endpoints.0.url'],
      [[{ url: URL }, { url: URL, id: 'a/b' }], 'endpoints.1.id'],
      [[{ url: URL, limits: { hard: { totalMs: 5 } } }], 'endpoints.0.limits.hard.totalMs'],
      [[{ url: URL, quietHours: 'at night' }], 'endpoints.0.quietHours'],
      [Array.from({ length: MAX_ENDPOINTS + 1 }, () => ({ url: URL })), 'endpoints'],
    ],
  ],
  ['networks', [[{ id: NETWORK, name: 'Home', metered: true }]], [[[{ id: 'home' }], 'networks.0.id']]],
  [
    'bytesPerDay',
    [{ usual: null, metered: 20_000_000 }],
    [
      [{ usual: 10 }, 'bytesPerDay.usual'],
      [{ metered: 1.5e6 + 0.5 }, 'bytesPerDay.metered'],
    ],
  ],
  [
    'watchedModules',
    [['golang.org/x/net']],
    [
      [['https://golang.org'], 'watchedModules.0'],
      [['a b'], 'watchedModules.0'],
    ],
  ],
  [
    'profiles',
    [[{ id: 'mine', name: { en: 'Mine', 'zh-CN': '我的' }, variables: { GOPROXY: 'direct' }, networks: [NETWORK] }]],
    [
      [[{ id: 'mine', name: 'Mine', variables: { GOFLAGS: '-x' } }], 'profiles.0.variables.GOFLAGS'],
      [[{ id: 'mine', name: 'Mine', variables: { GOPROXY: 'a\nb' } }], 'profiles.0.variables.GOPROXY'],
      [[{ id: 'mine', name: 'Mine', variables: {}, git: [{ key: 'core.pager', value: 'x' }] }], 'profiles.0.git.0'],
    ],
  ],
  ['builtInProfiles', [false], [['no', 'builtInProfiles']]],
  ['profileOrder', [['a', 'b']], [[['a b'], 'profileOrder.0']]],
  [
    'intervals',
    [{ visibleMs: 200, hiddenMs: 86_400_000 }],
    [
      [{ visibleMs: 199 }, 'intervals.visibleMs'],
      [{ hiddenMs: '30s' }, 'intervals.hiddenMs'],
    ],
  ],
  [
    'thresholds',
    [{ failuresToDown: 1 }],
    [
      [{ failuresToDown: 0 }, 'thresholds.failuresToDown'],
      [{ successesToUp: 1.5 }, 'thresholds.successesToUp'],
    ],
  ],
  ['limits', [{ soft: { dialMs: 10 } }], [[{ hard: { totalMs: 300_001 } }, 'limits.hard.totalMs']]],
  [
    'network',
    [{ resolver: '192.0.2.1:53' }, { resolver: '[2001:db8::1]:53' }, { resolver: 'https://doh.test/dns-query' }],
    [
      [{ resolver: 'dns.test:53' }, 'network.resolver'],
      [{ resolver: 'https://me:secret@doh.test/' }, 'network.resolver'],
    ],
  ],
  ['trust', [{ extraCa: ['/etc/ca.pem'] }], [[{ extraCa: '/etc/ca.pem' }, 'trust.extraCa']]],
  ['go', [{ path: '/usr/local/go/bin/go', allowedPrograms: [] }], [[{ path: 1 }, 'go.path']]],
  ['git', [{ path: '/usr/bin/git' }], [[{ path: null }, 'git.path']]],
  ['doctor', [{ resolvers: ['tls://192.0.2.1'] }], [[{ resolvers: ['192.0.2.1'] }, 'doctor.resolvers.0']]],
  [
    'gateway',
    [{ enabled: true, port: 8_123, upstreams: [URL], cacheBytes: 100_000_000 }, {}],
    [
      [{ port: 80 }, 'gateway.port'],
      [{ upstreams: ['direct'] }, 'gateway.upstreams.0'],
      [{ cacheBytes: 5 }, 'gateway.cacheBytes'],
      [{ enabled: 'on' }, 'gateway.enabled'],
    ],
  ],
  ['metrics', [{}, { port: 9_464 }], [[{ port: 70_000 }, 'metrics.port']]],
  [
    'updates',
    [{ enabled: false }, { feeds: ['https://updates.test/releases', 'http://127.0.0.1:8080', 'http://[::1]:8080/a'] }],
    [
      [{ enabled: 1 }, 'updates.enabled'],
      [{ feeds: ['http://updates.test'] }, 'updates.feeds.0'],
      [{ feeds: ['http://127.0.0.1.updates.test'] }, 'updates.feeds.0'],
      [{ feeds: ['https://updates.test/?channel=x'] }, 'updates.feeds.0'],
    ],
  ],
  ['demo', [true], [[1, 'demo']]],
];

describe('a field', () => {
  it.each(FIELDS)('%s', (field, right, wrong) => {
    for (const value of right) expect(refused({ [field]: value }), JSON.stringify(value)).toBeNull();
    for (const [value, path] of wrong) {
      const found = refused({ [field]: value });
      expect(found, JSON.stringify(value)?.slice(0, 80)).not.toBeNull();
      expect(path.startsWith(found ?? '') || (found ?? '').startsWith(path)).toBe(true);
    }
  });

  it('is listed above, whichever the file may hold', () => {
    expect(FIELDS.map(([field]) => field).sort()).toEqual(Object.keys(SETTINGS_ENTRIES).sort());
  });
});

it('keeps what it does not know, at every level', () => {
  const content = { later: [1], intervals: { visibleMs: 1_000, later: true }, endpoints: [{ url: URL, later: {} }] };
  expect(check(content).output).toEqual(content);
});

it('takes or refuses anything, and never throws', () => {
  fc.assert(
    fc.property(fc.anything(), (content) => {
      expect(typeof check(content).success).toBe('boolean');
    }),
    { numRuns: 300 },
  );
});

describe('the address of an endpoint', () => {
  it.each([
    ['goproxy', 'https://a.test', 'module://a.test/b@v1.0.0'],
    ['sumdb', 'https://sum.test', 'udp://192.0.2.1'],
    ['vcs', 'http://git.test/x', 'git@git.test:x'],
    ['dns', 'tls://192.0.2.1', 'https:///'],
    ['forward-proxy', 'socks5h://127.0.0.1:1080', 'ftp://127.0.0.1'],
    ['module', 'module://a.test/b@v1.0.0', 'module://a.test/b'],
  ] as const)('of a %s', (kind, right, wrong) => {
    expect(v.is(endpointEntrySchema, { kind, url: right })).toBe(true);
    expect(endpointFaults({ kind, url: wrong })).toEqual(['url']);
  });

  it('is checked for every kind', () => {
    expect(ENDPOINT_KINDS).toHaveLength(6);
  });
});

it('names every wrong field of an endpoint once', () => {
  const faults = endpointFaults({
    url: URL,
    name: 'x'.repeat(201),
    limits: { soft: { dialMs: 1 }, hard: { dialMs: 1 } },
  });
  expect(faults).toEqual(['name', 'limits']);
  expect(endpointFaults({ url: URL })).toEqual([]);
});
