import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  displayName,
  formatGoproxyList,
  isProxyEntry,
  parseGoproxyList,
  redactUrl,
  redactUrls,
} from './goproxy-list.ts';

function values(text: string): string[] {
  return parseGoproxyList(text).map((entry) => `${entry.value}${entry.separator ?? ''}`);
}

describe('parsing a GOPROXY list', () => {
  it.each([
    ['https://proxy.golang.org,direct', ['https://proxy.golang.org,', 'direct']],
    ['https://a|https://b,off', ['https://a|', 'https://b,', 'off']],
    ['goproxy.cn,direct', ['https://goproxy.cn,', 'direct']],
    [' https://a , direct ', ['https://a,', 'direct']],
    [',,https://a,|direct', ['https://a,', 'direct']],
    ['', []],
    ['https://a/path/', ['https://a/path']],
    ['file:///tmp/proxy', ['file:///tmp/proxy']],
    ['localhost:8081', ['https://localhost:8081']],
  ])('reads %j as go does', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ['goproxycn', 'missing-scheme'],
    ['direct;', 'missing-scheme'],
    ['/srv/proxy', 'missing-scheme'],
    ['ftp://a', 'bad-scheme'],
    ['https://a b', 'bad-url'],
    ['“https://a”', 'missing-scheme'],
  ] as const)('names what is wrong with %j: %s', (text, problem) => {
    expect(parseGoproxyList(text)[0]?.problem).toBe(problem);
  });

  it('marks entries after direct or off as ignored', () => {
    expect(parseGoproxyList('direct,https://a').map((entry) => entry.ignored)).toEqual([false, true]);
  });

  it('distinguishes proxies from keywords and folders', () => {
    expect(parseGoproxyList('https://a,file:///x,direct,off').map(isProxyEntry)).toEqual([true, false, false, false]);
  });

  it('gives the same entries after writing and reading again', () => {
    const entry = fc.oneof(fc.constantFrom('direct', 'off', 'goproxy.cn', 'https://a.b/c', 'x'), fc.webUrl());
    const clean = entry.filter((text) => !/[,|]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(clean, fc.constantFrom(',', '|')), { maxLength: 8 }), (parts) => {
        const once = parseGoproxyList(parts.flat().join(''));
        const again = parseGoproxyList(formatGoproxyList(once));
        expect(again.map((e) => e.value)).toEqual(once.map((e) => e.value));
        expect(again.slice(0, -1).map((e) => e.separator)).toEqual(once.slice(0, -1).map((e) => e.separator));
      }),
    );
  });

  it('never throws and keeps every non-empty entry, for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const expected = text.split(/[,|]/).filter((part) => part.trim() !== '').length;
        expect(parseGoproxyList(text)).toHaveLength(expected);
      }),
    );
  });
});

describe('showing proxies', () => {
  it('hides passwords and bare tokens', () => {
    expect(redactUrl('https://user:pass@host/x')).toBe('https://user:xxxxx@host/x');
    expect(redactUrl('https://token@host')).toBe('https://xxxxx@host');
    expect(redactUrl('https://host/a@b')).toBe('https://host/a@b');
  });

  it('calls a proxy by its host', () => {
    expect(displayName('https://user:pass@goproxy.corp:8443/go')).toBe('goproxy.corp:8443/go');
  });
});

it.each([
  ['https://u:p@a.test|https://tok@b.test,direct', 'https://u:xxxxx@a.test|https://xxxxx@b.test,direct'],
  ['GOPROXY=https://u:p@a.test', 'GOPROXY=https://u:xxxxx@a.test'],
  ['GOPROXY=u:p@a.test', 'GOPROXY=u:xxxxx@a.test'],
  ['https://a.test/@v/list, git@github.com:x', 'https://a.test/@v/list, git@github.com:x'],
])('shows no password of %s', (text, shown) => {
  expect(redactUrls(text)).toBe(shown);
});
