import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import { LINT_RULES, type LintRule } from '../../shared/domain/lint.ts';
import type { Status } from '../../shared/domain/status.ts';
import en from '../../shared/messages/en.json' with { type: 'json' };
import { lint } from './lint.ts';
import type { LintFacts } from './lint-facts.ts';

const GOOD = { GOPROXY: 'https://a.test|direct', GOSUMDB: 'sum.golang.org' };

function facts(change: Partial<LintFacts> = {}): LintFacts {
  return {
    variables: GOOD,
    goflags: '',
    git: [],
    viewOf: () => null,
    uptimeOf: () => null,
    proxies: [],
    privateHosts: [],
    goLines: null,
    ...change,
  };
}

function rules(change: Partial<LintFacts>): readonly LintRule[] {
  return lint(facts(change)).map(({ rule }) => rule);
}

function goproxy(GOPROXY: string, change: Partial<LintFacts> = {}) {
  return lint(facts({ variables: { ...GOOD, GOPROXY }, ...change }));
}

function is(status: Status) {
  return (url: string) => (url === 'https://a.test' ? { endpointId: 'a', status, cause: null, latencyMs: null } : null);
}

it('finds nothing in a correct configuration', () => {
  expect(lint(facts())).toEqual([]);
});

describe('GOPROXY', () => {
  it.each<[string, LintRule, string | null]>([
    ['', 'goproxy-empty', ''],
    [' , ', 'goproxy-empty', ''],
    ['https://a.test，direct', 'goproxy-typo', 'https://a.test,direct'],
    ['https://a.test；direct', 'goproxy-typo', 'https://a.test,direct'],
    ['https://a.test;direct', 'goproxy-typo', 'https://a.test,direct'],
    ['“https://a.test”,direct', 'goproxy-typo', 'https://a.test,direct'],
    ['https//a.test,direct', 'goproxy-typo', 'https://a.test,direct'],
    ['https:a.test,direct', 'goproxy-typo', 'https://a.test,direct'],
    ['https:/a.test,direct', 'goproxy-typo', 'https://a.test,direct'],
    ['https://a.test,https://direct', 'goproxy-typo', 'https://a.test,direct'],
    ['https://a.test,DIRECT', 'goproxy-typo', 'https://a.test,direct'],
    ['https://a.test,goproxycn,direct', 'goproxy-invalid', 'https://a.test,direct'],
    ['off', 'goproxy-off', ''],
    ['https://a.test', 'direct-missing', 'https://a.test|direct'],
    ['direct,https://a.test', 'direct-first', 'https://a.test|direct'],
    ['https://a.test,direct,https://b.test', 'entries-ignored', 'https://a.test,direct'],
    ['https://a.test|https://b.test', 'list-without-end', 'https://a.test|https://b.test|direct'],
    ['https://a.test|https://b.test,off', 'list-without-end', 'https://a.test|https://b.test,direct'],
    ['http://127.0.0.1:7890,direct', 'forward-proxy-in-list', ''],
    ['http://localhost:7897|https://a.test,direct', 'forward-proxy-in-list', 'https://a.test,direct'],
    ['socks5://127.0.0.1:1080,direct', 'forward-proxy-in-list', ''],
    ['127.0.0.1:7890,https://a.test', 'forward-proxy-in-list', 'https://a.test'],
    ['http://a.test,direct', 'insecure-http', 'https://a.test,direct'],
    ['https://u:p@a.test,direct', 'credentials-in-url', null],
  ])('%j: %s', (list, rule, fixed) => {
    const found = goproxy(list).find((one) => one.rule === rule);
    expect(found?.fix?.variables.GOPROXY ?? null).toBe(fixed);
    expect(JSON.stringify(found?.params)).not.toContain('u:p@');
  });

  it.each(['https://a.test;https://u:s3cret@b.test', 'https://a.test，https://token@b.test,direct'])(
    'shows no password of any entry of %s',
    (list) => {
      const [found] = goproxy(list);
      expect(found?.rule).toBe('goproxy-typo');
      expect(JSON.stringify(found?.params)).not.toMatch(/s3cret|token@/);
    },
  );

  it.each(['http://127.0.0.1:8080,direct', 'http://localhost,direct', 'goproxy.cn|direct', 'file:///x,direct'])(
    'takes %s as it is',
    (list) => expect(goproxy(list)).toEqual([]),
  );

  it('reports a comma after an entry that is down, flaps, or fails one request in a hundred', () => {
    const comma = 'https://a.test,https://b.test,direct';
    const named = (change: Partial<LintFacts>) => goproxy(comma, change).map(({ rule }) => rule);
    expect(named({ viewOf: is('down') })).toEqual(['comma-after-flaky', 'entry-down']);
    expect(named({ viewOf: is('flapping') })).toEqual(['comma-after-flaky']);
    expect(named({ uptimeOf: (url) => (url === 'https://a.test' ? 0.98 : null) })).toEqual(['comma-after-flaky']);
    expect(named({ viewOf: is('up'), uptimeOf: () => 0.999 })).toEqual([]);
    const [finding] = goproxy(comma, { viewOf: is('flapping') });
    expect(finding?.fix?.variables.GOPROXY).toBe('https://a.test|https://b.test,direct');
    expect(goproxy('https://a.test|direct', { viewOf: is('flapping') })).toEqual([]);
  });

  it.each([' ， |', '，', '；、', '“”', ',，|'])('calls %j empty: it holds separators alone', (list) => {
    expect(goproxy(list).map(({ rule }) => rule)).toEqual(['goproxy-empty']);
  });

  it('what it calls a fix has fewer faults, whatever the list', () => {
    const word = fc.constantFrom(
      'https://a.test',
      'b.test',
      'direct',
      'off',
      'oops',
      'https//c.test',
      'http://d.test',
      ' ',
    );
    const separator = fc.constantFrom(',', '|', '，', ';');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, separator), { maxLength: 5 }), (parts) => {
        const list = parts.map(([one, by]) => one + by).join('');
        const before = goproxy(list);
        for (const { rule, fix } of before) {
          const fixed = fix?.variables.GOPROXY;
          if (fixed === undefined || fixed === '') continue;
          expect(goproxy(fixed).filter((one) => one.rule === rule).length).toBeLessThan(
            before.filter((one) => one.rule === rule).length,
          );
          expect(parseGoproxyList(fixed).length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('privacy and checks', () => {
  it.each<[LintFacts['variables'], LintRule, LintFacts['variables']]>([
    [{ GOSUMDB: 'off' }, 'sumdb-off', { GOSUMDB: '' }],
    [{ GOSUMDB: 'sum.goproxy.cn' }, 'sumdb-malformed', { GOSUMDB: '' }],
    [{ GONOSUMDB: '*' }, 'nosumdb-wide', { GONOSUMDB: '' }],
    [{ GONOSUMDB: '*.com,corp.test' }, 'nosumdb-wide', { GONOSUMDB: 'corp.test' }],
    [{ GOPRIVATE: 'github.com', GONOSUMDB: 'github.com', GONOPROXY: 'github.com' }, 'nosumdb-wide', { GOPRIVATE: '' }],
    [{ GONOPROXY: '*.*' }, 'noproxy-wide', { GONOPROXY: '' }],
    [{ GOINSECURE: '*' }, 'insecure-wide', { GOINSECURE: '' }],
    [{ GOPRIVATE: 'https://git.corp.test/' }, 'glob-malformed', { GOPRIVATE: 'git.corp.test' }],
    [{ GOPRIVATE: 'a.test, b.test' }, 'glob-malformed', { GOPRIVATE: 'a.test,b.test' }],
    [{ GOPRIVATE: '[a' }, 'glob-malformed', { GOPRIVATE: '' }],
    [{ GOPRIVATE: 'a.test', GONOSUMDB: 'b.test' }, 'private-contradiction', { GONOSUMDB: '' }],
  ])('%j: %s', (variables, rule, fix) => {
    const filled = {
      ...GOOD,
      GONOPROXY: variables.GOPRIVATE ?? '',
      GONOSUMDB: variables.GOPRIVATE ?? '',
      ...variables,
    };
    const found = lint(facts({ variables: filled })).find((one) => one.rule === rule);
    expect(found?.fix?.variables).toEqual(fix);
  });

  it('leaves narrow patterns, and none, alone', () => {
    const variables = {
      ...GOOD,
      GOPRIVATE: 'github.com/acme,*.corp.test',
      GONOPROXY: 'none',
      GONOSUMDB: 'github.com/acme,*.corp.test',
    };
    expect(lint(facts({ variables }))).toEqual([]);
  });

  it('names private hosts of the project that GOPRIVATE leaves out', () => {
    const variables = { ...GOOD, GOPRIVATE: 'a.corp', GONOPROXY: 'a.corp', GONOSUMDB: 'a.corp' };
    const [found] = lint(facts({ variables, privateHosts: ['a.corp', 'b.corp'] }));
    expect(found).toMatchObject({ rule: 'private-missing', fix: { variables: { GOPRIVATE: 'a.corp,b.corp' } } });
  });
});

describe('environment', () => {
  it('reports -insecure in GOFLAGS, and keeps the other flags', () => {
    expect(lint(facts({ goflags: '-insecure' }))[0]?.command).toBe('go env -u GOFLAGS');
    expect(lint(facts({ goflags: '-mod=mod -insecure=true' }))[0]?.command).toBe('go env -w GOFLAGS=-mod=mod');
    expect(rules({ goflags: '-mod=mod' })).toEqual([]);
  });

  it('reports a forward proxy that is not running, without its password', () => {
    const proxies = [{ name: 'http_proxy', value: 'http://u:p@127.0.0.1:7890', alive: false }];
    const [found] = lint(facts({ proxies }));
    expect(found).toMatchObject({ rule: 'proxy-env-dead', command: 'unset http_proxy' });
    expect(JSON.stringify(found)).not.toContain('u:p');
    expect(rules({ proxies: [{ name: 'x', value: 'y', alive: null }] })).toEqual([]);
  });

  it.each([
    ['url.git://github.com/.insteadof', 'https://github.com/', 'instead-of'],
    ['url.http://m.test/.insteadof', 'https://github.com/', 'instead-of'],
    ['url.https://m.test/.insteadof', 'https://', 'instead-of'],
    ['http.https://github.com/.followredirects', 'false', 'redirects-refused'],
    ['url.git@github.com:.insteadof', 'https://github.com/', undefined],
    ['http.https://github.com/.followredirects', 'true', undefined],
  ])('git %s = %s: %s', (key, value, rule) => {
    const [found] = lint(facts({ git: [{ key, value }] }));
    expect(found?.rule).toBe(rule);
    if (rule !== undefined) expect(found?.fix?.git).toEqual([{ key, value: null }]);
  });
});

it('has a text for every rule', () => {
  const words = en.lint as Record<string, string>;
  for (const rule of Object.keys(LINT_RULES))
    expect([words[rule], words[`${rule}-why`]], rule).not.toContain(undefined);
});

describe('a list without an end', () => {
  const named = (GOPROXY: string, change: Partial<LintFacts> = {}) => goproxy(GOPROXY, change).map(({ rule }) => rule);
  it.each([
    'https://a.test,https://b.test',
    'https://a.test|direct',
    'https://a.test|https://b.test|direct',
    'https://a.test',
  ])('%s asks the database', (list) => expect(named(list)).not.toContain('list-without-end'));
  it('of entries that relay the database, or without a database, gives no finding', () => {
    const view = { endpointId: 'b', status: 'up', cause: null, latencyMs: 1, relaysSumdb: true } as const;
    expect(named('https://a.test|https://b.test', { viewOf: () => view })).not.toContain('list-without-end');
    for (const GOSUMDB of ['off', 'sum.golang.google.cn', 'sum.golang.org https://s.test'])
      expect(rules({ variables: { GOPROXY: 'https://a.test|https://b.test', GOSUMDB } })).not.toContain(
        'list-without-end',
      );
  });
});

describe('what people put into the wrong variable', () => {
  it('the address of HTTPS_PROXY in GOPROXY, whatever its port', () => {
    const proxies = [{ name: 'HTTPS_PROXY', value: 'http://proxy.corp.test:3129', alive: null }];
    expect(rules({ variables: { ...GOOD, GOPROXY: 'http://proxy.corp.test:3129,direct' }, proxies })).toContain(
      'forward-proxy-in-list',
    );
    expect(
      rules({ variables: { ...GOOD, GOPROXY: 'http://proxy.corp.test:3129/artifactory/go,direct' }, proxies }),
    ).not.toContain('forward-proxy-in-list');
  });
  it.each([
    ['.corp.example', 'corp.example,*.corp.example'],
    ['github.com/acme,.corp.example', 'github.com/acme,corp.example,*.corp.example'],
    ['.com', ''],
  ])('a leading dot in %s', (GOPRIVATE, fixed) => {
    const found = lint(facts({ variables: { ...GOOD, GOPRIVATE } })).find(({ rule }) => rule === 'glob-malformed');
    expect(found?.fix?.variables.GOPRIVATE).toBe(fixed);
  });
  it.each([
    ['-mod=vendor', 'go env -u GOFLAGS'],
    ['-v -mod=vendor -trimpath', "go env -w 'GOFLAGS=-v -trimpath'"],
  ])('GOFLAGS=%s for every folder', (goflags, command) => {
    expect(lint(facts({ goflags }))).toMatchObject([{ rule: 'goflags-vendor', severity: 'warning', command }]);
    expect(rules({ goflags: '-mod=mod' })).toEqual([]);
  });
});

describe('a refusal', () => {
  const refusing = (cause: 'module-blocked' | 'http-forbidden' | 'region-blocked') => (url: string) =>
    url === 'https://a.test' ? ({ endpointId: 'a', status: 'down', cause, latencyMs: null } as const) : null;
  it.each(['module-blocked', 'http-forbidden'] as const)('%s leads to no advice around it', (cause) => {
    for (const list of ['https://a.test,https://b.test,direct', 'https://a.test', 'https://a.test|https://b.test'])
      expect(goproxy(list, { viewOf: refusing(cause) })).toEqual([]);
  });
  it('of a region is left for a mirror', () =>
    expect(
      goproxy('https://a.test,https://b.test,direct', { viewOf: refusing('region-blocked') }).map(({ rule }) => rule),
    ).toEqual(['comma-after-flaky', 'entry-down']));
});

describe('the lines of the project', () => {
  const linesOf = (goVersion: string, goLine: string | null, toolchainLine: string | null = null) =>
    lint(facts({ goLines: { goLine, toolchainLine, goVersion } }));
  it.each(['go1.21.0', 'go1.21.8', 'go1.22.0', 'go1.22.3'])('%s takes go 1.23 for a release', (goVersion) => {
    expect(linesOf(goVersion, '1.23')).toMatchObject([
      { rule: 'go-line-language', severity: 'error', subject: 'go.mod', command: 'go mod edit -go=1.23.0' },
    ]);
  });
  it.each(['go1.21.9', 'go1.22.4', 'go1.23.0'])('%s does not', (goVersion) => {
    expect(linesOf(goVersion, '1.23')).toEqual([]);
  });
  it('names lines that Go before 1.21 cannot read', () => {
    expect(linesOf('go1.20.14', '1.24.0', 'go1.24.2').map(({ rule }) => rule)).toEqual([
      'go-line-unreadable',
      'go-line-unreadable',
    ]);
    expect(linesOf('go1.20.14', '1.24')).toEqual([]);
  });
  it('names a toolchain line that is no release', () => {
    expect(linesOf('go1.24.0', '1.24.0', 'go1.27')).toMatchObject([{ rule: 'toolchain-line-language' }]);
  });
  it('says nothing of a toolchain that go fetches', () => expect(linesOf('go1.24.0', '1.25.1')).toEqual([]));
  it('says nothing without a project', () => expect(rules({ goLines: null })).toEqual([]));
});
