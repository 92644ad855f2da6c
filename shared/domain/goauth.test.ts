import fc from 'fast-check';
import { expect, it } from 'vitest';
import { goauthProgram, isGoauthData, parseGoauth } from './goauth.ts';

it.each([
  ['', ['netrc']],
  ['off', ['off']],
  ['netrc', ['netrc']],
  [' netrc ; git /home/lin/src ', ['netrc', 'git']],
  ['git /a', ['git']],
  ['git a', ['invalid']],
  ['git /a b', ['invalid']],
  ['git', ['invalid']],
  ['off;netrc', ['invalid', 'netrc']],
  ['netrc;', ['netrc', 'invalid']],
  ['/usr/bin/helper --x', ['program']],
  ['OFF', ['program']],
  ['netrc;sh -c id', ['netrc', 'program']],
])('%j is read as %j', (value, kinds) => {
  expect(parseGoauth(value).map(({ kind }) => kind)).toEqual(kinds);
});

it('names the program', () => {
  expect(goauthProgram('netrc; /tmp/x.sh  --quiet')).toBe('/tmp/x.sh  --quiet');
  expect(goauthProgram('netrc;git /src')).toBeNull();
});

it('never accepts a list with an unknown method as plain data', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 4 }), (entries) => {
      const value = entries.join(';');
      if (!isGoauthData(value) || value === '') return;
      for (const entry of value.split(';')) expect(['off', 'netrc', 'git']).toContain(entry.trim().split(/\s+/)[0]);
    }),
  );
});
