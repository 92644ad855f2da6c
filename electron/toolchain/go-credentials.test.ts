import { describe, expect, it } from 'vitest';
import { authMethods, netrcCredential } from './go-credentials.ts';
import { parseNetrc } from './netrc.ts';

const LINES = parseNetrc(`
machine private.example login ann password one
machine private.example login ann password later
machine ports.example:8443 login bob password two
machine deep.example/a/b login cy password three
machine deep.example login cy password shallow
machine ::1 login dee password four
machine [::1]:8443 login dee password five
machine Case.example login eve password six
`);

function passwordFor(url: string, version: string | null, goauth = ''): string | null {
  return netrcCredential(url, LINES, { version, goauth })?.password ?? null;
}

describe('the .netrc entry for a server', () => {
  it.each<[string, string | null, string | null, string | null]>([
    // URL, Go 1.19, Go 1.24, Go 1.27
    ['https://private.example', 'one', 'one', 'one'],
    ['https://private.example/go/proxy', 'one', 'one', 'one'],
    ['https://private.example:8443/go', 'one', null, null],
    ['https://ports.example:8443', null, 'two', 'two'],
    ['https://ports.example', null, null, null],
    ['https://sub.private.example', null, null, null],
    ['https://rivate.example', null, null, null],
    ['http://private.example', null, null, null],
    ['https://deep.example/a/b/c', 'shallow', 'shallow', 'three'],
    ['https://deep.example/a/bc', 'shallow', 'shallow', 'shallow'],
    ['https://deep.example/a/b/', 'shallow', 'shallow', 'three'],
    ['https://[::1]/x', 'four', null, null],
    ['https://[::1]:8443/x', 'four', 'five', 'five'],
    ['https://case.example', null, null, null],
    ['https://Case.example', 'six', 'six', 'six'],
    ['https://user:word@private.example', 'one', null, null],
    ['https://private.example@evil.example', null, null, null],
    ['https://evil.example/private.example', null, null, null],
    ['https://evil.example?private.example', null, null, null],
    ['HTTPS://private.example', 'one', 'one', 'one'],
    ['not a url', null, null, null],
  ])('of %s is %s in Go 1.19, %s in 1.24, %s in 1.27', (url, old, middle, newest) => {
    expect(['go1.19.8', 'go1.24.4', 'go1.27.1'].map((version) => passwordFor(url, version))).toEqual([
      old,
      middle,
      newest,
    ]);
    expect(passwordFor(url, null)).toBe(newest);
  });

  it('is for that server alone, and for other ports of its host since Go 1.22', () => {
    const of = (version: string) => netrcCredential('https://private.example/a', LINES, { version, goauth: '' });
    expect(of('go1.19.8')).toMatchObject({ origin: 'https://private.example', anyPort: false });
    expect(of('go1.24.4')).toMatchObject({ origin: 'https://private.example', anyPort: true });
  });

  it.each([
    ['', 'one'],
    ['netrc', 'one'],
    ['git /src; netrc', 'one'],
    ['/usr/bin/helper --x;netrc', 'one'],
    ['off', null],
    ['git /src', null],
    ['/usr/bin/helper', null],
    ['off;netrc', null],
    ['netrc;', null],
    ['git relative; netrc', null],
  ])('follows GOAUTH=%s since Go 1.24', (goauth, expected) => {
    expect(passwordFor('https://private.example', 'go1.24.4', goauth)).toBe(expected);
    expect(passwordFor('https://private.example', 'go1.23.9', goauth)).toBe('one');
  });

  it('knows no other method before Go 1.24', () => {
    expect(authMethods({ version: 'go1.23.9', goauth: 'off' })).toEqual([{ kind: 'netrc' }]);
    expect(authMethods({ version: 'go1.24', goauth: 'off' })).toEqual([{ kind: 'off' }]);
  });
});
