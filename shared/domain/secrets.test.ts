import { describe, expect, it } from 'vitest';
import { hideSecrets } from './secrets.ts';

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
    ['GITLAB_TOKEN="a b"', 'GITLAB_TOKEN=xxxxx b"'],
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
