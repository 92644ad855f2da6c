import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { netrcPaths, parseNetrc } from './netrc.ts';

const entries = (text: string) =>
  parseNetrc(text).map(({ machine, login, password }) => `${machine} ${login} ${password}`);

describe('parseNetrc', () => {
  it('reads entries across lines, and skips incomplete ones, as cmd/go does', () => {
    // The cases of cmd/go/internal/auth/netrc_test.go with other values.
    const text = `
machine half
password none

machine api.example.com
  login ann
  password one

machine login.only
  login lonely

machine other.example
login bob
password two

machine line.example login cy password three

machine skipped.example macdef m
  login nobody
  password nothing

machine macro.example macdef rest-is-ignored login dee password four
  login nobody
  password nothing

default
login anonymous
password gopher@example.com

machine after.example
login late
password too-late
`;
    expect(entries(text)).toEqual([
      'api.example.com ann one',
      'other.example bob two',
      'line.example cy three',
      'macro.example dee four',
    ]);
  });

  it.each([
    [
      'keeps the order of entries for one machine',
      'machine a login b password c\nmachine a login d password e',
      ['a b c', 'a d e'],
    ],
    ['takes login and password in either order', 'machine a password c login b', ['a b c']],
    ['passes over account', 'machine a login b account x password c', ['a b c']],
    ['knows no quotes: the pairs are shifted', 'machine a login "b c" password d', []],
    ['drops a carriage return', 'machine a\r\nlogin b\r\npassword c\r\n', ['a b c']],
    [
      'keeps on in a macro until an empty line',
      'macdef m\nmachine a login b password c\n\nmachine d login e password f',
      ['d e f'],
    ],
    ['takes a line of blanks for part of a macro', 'macdef m\n \nmachine a login b password c', []],
    ['ends at a default in a line of its own', 'default\nmachine a login b password c', []],
    [
      'does not end at a default with credentials in its line',
      'default login x password y\nmachine a login b password c',
      ['a b c'],
    ],
    ['keeps a machine with its port', 'machine localhost:8443 login b password c', ['localhost:8443 b c']],
    ['splits at the white space of Unicode', 'machine\u00a0a\u3000login\u2003b\u0085password c', ['a b c']],
    ['does not take a byte order mark for white space', '\ufeffmachine a login b password c', []],
  ])('%s', (_, text, expected) => {
    expect(entries(text)).toEqual(expected);
  });

  it('finds what was written, with anything in between', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9.:_-]{1,12}$/).filter((text) => !['default', 'macdef'].includes(text));
    const blank = fc.constantFrom(' ', '\n', '\t', '  \n  ');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word, blank, blank), { maxLength: 5 }), (all) => {
        const text = all.map(([m, l, p, x, y]) => `machine ${m}${x}login ${l}${y}password ${p}\n`).join('');
        expect(parseNetrc(text)).toEqual(all.map(([machine, login, password]) => ({ machine, login, password })));
      }),
    );
  });

  it('gives complete entries only, from any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const entry of parseNetrc(text)) expect(Object.values(entry)).not.toContain('');
      }),
    );
  });
});

describe('where the file is', () => {
  it('is NETRC, or in the home folder', () => {
    expect(netrcPaths({ NETRC: '/x/netrc', HOME: '/home/a' }, 'linux')).toEqual(['/x/netrc']);
    expect(netrcPaths({ NETRC: '', HOME: '/home/a' }, 'darwin')).toEqual(['/home/a/.netrc']);
    expect(netrcPaths({}, 'linux')).toEqual([]);
    expect(netrcPaths({ USERPROFILE: '/users/a' }, 'win32')).toEqual(['/users/a/_netrc', '/users/a/.netrc']);
  });
});
