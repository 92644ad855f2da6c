import { expect, test } from 'vitest';
import { isPrivateModule, skipsChecksums, skipsProxies, tellsMore } from './private-modules.ts';

const PATH = 'git.corp.example/team/lib';
const PRIVATE = { GOPRIVATE: 'git.corp.example', GOPROXY: 'https://a.example', GOSUMDB: 'sum.golang.org' };

test.each([
  // variables, skips proxies, is private, skips checksums
  [{}, false, false, false],
  [{ GOPRIVATE: 'git.corp.example' }, true, true, true],
  [{ GONOPROXY: 'git.corp.example' }, true, true, true],
  [{ GONOSUMDB: 'git.corp.example' }, false, false, true],
  // A private proxy: go requests from it and from no other server.
  [{ GOPRIVATE: 'git.corp.example', GONOPROXY: 'none' }, false, true, true],
  [{ GOPRIVATE: 'git.corp.example', GONOPROXY: '' }, true, true, true],
  [{ GOPRIVATE: 'git.corp.example/other' }, false, false, false],
  [{ GOPRIVATE: '*.corp.example' }, true, true, true],
])('%j', (variables, proxies, secret, checksums) => {
  expect(skipsProxies(PATH, variables)).toBe(proxies);
  expect(isPrivateModule(PATH, variables)).toBe(secret);
  expect(skipsChecksums(PATH, variables)).toBe(checksums);
});

test.each([
  ['the same', PRIVATE, PRIVATE, false],
  ['no pattern any more', PRIVATE, { ...PRIVATE, GOPRIVATE: '' }, true],
  ['another proxy, still private', PRIVATE, { ...PRIVATE, GOPROXY: 'https://b.example' }, false],
  ['GONOPROXY=none', PRIVATE, { ...PRIVATE, GONOPROXY: 'none' }, true],
  ['only the database', PRIVATE, { ...PRIVATE, GONOSUMDB: 'none' }, true],
  ['only the database, which is off', PRIVATE, { ...PRIVATE, GONOSUMDB: 'none', GOSUMDB: 'off' }, false],
  [
    'another proxy for what a private proxy is asked',
    { ...PRIVATE, GONOPROXY: 'none' },
    { ...PRIVATE, GONOPROXY: 'none', GOPROXY: 'https://b.example' },
    true,
  ],
  ['a public module', {}, { GOPROXY: 'https://b.example' }, false],
])('a download with %s tells more: %j → %j', (_, now, then, tells) => {
  expect(tellsMore(PATH, now, then)).toBe(tells);
});
