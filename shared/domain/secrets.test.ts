import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideSecrets, redactDeep, redactUrl, redactUrls, restoreSecrets } from './secrets.ts';

describe('what is hidden', () => {
  it.each([
    ['Authorization: Bearer eyJhbGciOi', 'Authorization: xxxxx'],
    ['proxy-authorization: Basic bGluOmg=', 'proxy-authorization: xxxxx'],
    ['"Authorization": "token s3cret"', '"Authorization": "xxxxx"'],
    ['PRIVATE-TOKEN: abc', 'PRIVATE-TOKEN: xxxxx'],
    ['x-api-key: 1234567890', 'x-api-key: xxxxx'],
    ['https://lin:hunter2@p.example/x', 'https://lin:xxxxx@p.example/x'],
    ['https://s3cret@p.example/x', 'https://xxxxx@p.example/x'],
    ['socks5h://u:p@127.0.0.1:1080', 'socks5h://u:xxxxx@127.0.0.1:1080'],
    ['x=https%3A%2F%2Flin%3Ahunter2%40host%2Fa', 'x=https%3A%2F%2Fxxxxx%40host%2Fa'],
    ['/x?access_token=zzz&y=1', '/x?access_token=xxxxx&y=1'],
    ['/x?X-Amz-Signature=abc', '/x?X-Amz-Signature=xxxxx'],
    ['PASSWORD=hunter2 make', 'PASSWORD=xxxxx make'],
    ['GITLAB_TOKEN="a b"', 'GITLAB_TOKEN="xxxxx b"'],
    ['{"password": "hunter2"}', '{"password": "xxxxx"}'],
    ['machine h login lin password hunter2', 'machine h login lin password xxxxx'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'xxxxx'],
    ['glpat-abcdefghij1234567890', 'xxxxx'],
    ['AKIAIOSFODNN7EXAMPLE', 'xxxxx'],
  ])('%s', (text, clean) => expect(hideSecrets(text)).toBe(clean));
});

it.each([
  'ssh://git@github.com/x/y',
  'git@github.com:x/y.git',
  'golang.org/x/text@v0.3.0',
  'Get "https://golang.org/x/text?go-get=1": EOF',
  'unexpected token: }',
  'authorization failed',
  'GOAUTH=netrc is the default',
  'https://proxy.golang.org/@v/list',
])('%s stays as it is', (text) => {
  expect(hideSecrets(text)).toBe(text);
});

describe('URLs', () => {
  it.each([
    ['https://user:p@ss@host/x', 'https://user:xxxxx@host/x'],
    ['https://user:a,b|c@host', 'https://user:xxxxx@host'],
    ['https://user:p@ss@host?token=t&x=1', 'https://user:xxxxx@host?token=xxxxx&x=1'],
    ['https://host?x=1&access_token=t', 'https://host?x=1&access_token=xxxxx'],
    ['https://t0ken@host', 'https://xxxxx@host'],
    ['user:p@ss@host/x', 'user:xxxxx@host/x'],
    ['https://host/a@b', 'https://host/a@b'],
    ['ssh://git@host/x', 'ssh://git@host/x'],
    ['module://gotest.tools@v2.2.0', 'module://gotest.tools@v2.2.0'],
    ['direct', 'direct'],
  ])('%s alone and within a text', (url, clean) => {
    expect(redactUrl(url)).toBe(clean);
    expect(redactUrls(url)).toBe(clean);
    expect(redactUrls(`go env -w 'GOPROXY=${url}' then`)).toBe(`go env -w 'GOPROXY=${clean}' then`);
  });

  it('in lists, git keys and messages that go has cut', () => {
    expect(redactUrls('https://a,https://u:p@q@b|direct')).toBe('https://a,https://u:xxxxx@b|direct');
    expect(redactUrls('url.https://tok:k@y@h/.insteadof')).toBe('url.https://tok:xxxxx@h/.insteadof');
    expect(redactUrls('Get "https:/u:p@h": EOF')).toBe('Get "https:/u:xxxxx@h": EOF');
    expect(redactDeep({ a: ['https://u:p@h'], 'url.https://u:p@h/.x': null, n: 1 })).toEqual({
      a: ['https://u:xxxxx@h'],
      'url.https://u:xxxxx@h/.x': null,
      n: 1,
    });
  });

  it('whatever the password is, it is not shown', () => {
    const password = fc.stringMatching(/^[!$-.0-;=@-Z_a-z|~]{1,30}$/).map((text) => `S3${text}`);
    fc.assert(
      fc.property(password, fc.constantFrom('https', 'socks5h', 'git+ssh'), (secret, scheme) => {
        const url = `${scheme}://user:${secret}@host.example/x`;
        expect(redactUrl(url)).toBe(`${scheme}://user:xxxxx@host.example/x`);
        expect(redactUrls(`a ${url} b`)).not.toContain(secret);
        expect(hideSecrets(url)).not.toContain(secret);
      }),
    );
  });
});

describe('secrets that come back from a window', () => {
  const known = ['https://u:old@a', 'https://u:p@a/x|direct', 'https://h?token=t', 'url.https://k:y@g/.insteadOf'];

  it.each([
    ['https://u:xxxxx@a/x|direct', 'https://u:p@a/x|direct'],
    ['https://u:xxxxx@a/x,off', 'https://u:p@a/x,off'],
    ['off|https://u:xxxxx@a/other', 'off|https://u:p@a/other'],
    ['https://h?token=xxxxx', 'https://h?token=t'],
    ['url.https://k:xxxxx@g/.insteadOf', 'url.https://k:y@g/.insteadOf'],
    ['https://u:new@b', 'https://u:new@b'],
    ['direct', 'direct'],
    // Another server or user never gets the password.
    ['https://u:xxxxx@evil', null],
    ['https://u:xxxxx@a.evil', null],
    ['https://v:xxxxx@a', null],
    ['https://evil?token=xxxxx', null],
  ])('%s', (text, restored) => expect(restoreSecrets(text, known)).toBe(restored));
});

it.each([
  'a'.repeat(200_000),
  'a://'.repeat(50_000),
  'a:b@'.repeat(50_000),
  '=:'.repeat(100_000),
  'x-'.repeat(100_000),
  'a.'.repeat(100_000),
  'eyJ-'.repeat(50_000),
  'login '.repeat(40_000),
  '?token'.repeat(30_000),
  '%3A%2F%2F'.repeat(20_000),
  `authorization${' '.repeat(200_000)}`,
  `"token"${' '.repeat(200_000)}`,
  // A quadratic pattern takes minutes here; other work on the machine takes seconds at most.
])('is fast on a long text that almost matches: %#', { timeout: 60_000 }, (text) => {
  expect(hideSecrets(text)).not.toBe('');
});
