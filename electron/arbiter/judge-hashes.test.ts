import { describe, expect, it } from 'vitest';
import { type Copy, hashInGoSum, judgeHashes } from './judge-hashes.ts';

const copy = (from: string, hash: string | null): Copy => ({
  from,
  hash,
  cause: hash === null ? 'connect-timeout' : null,
});
const [right, other, third] = ['h1:right=', 'h1:other=', 'h1:third='];

describe('judgeHashes', () => {
  it.each([
    ['all agree', { goSum: right, record: right, copies: [copy('a', right), copy('b', right)] }, 'all-agree', []],
    [
      'go.sum alone is wrong',
      { goSum: other, record: right, copies: [copy('a', right), copy('b', right)] },
      'go-sum-wrong',
      ['go.sum'],
    ],
    [
      'one mirror serves another',
      { goSum: right, record: right, copies: [copy('a', other), copy('b', right)] },
      'bad-mirror',
      ['a'],
    ],
    ['the only mirror serves another', { goSum: null, record: right, copies: [copy('a', other)] }, 'bad-mirror', ['a']],
    [
      'mirrors are wrong, each in its own way',
      { goSum: right, record: right, copies: [copy('a', other), copy('b', third)] },
      'bad-mirror',
      ['a', 'b'],
    ],
    [
      'the source was tagged again',
      { goSum: null, record: right, copies: [copy('a', other), copy('direct', other)] },
      'retagged-upstream',
      ['a', 'direct'],
    ],
    [
      'the source was tagged again, mirrors kept the old',
      { goSum: right, record: right, copies: [copy('a', right), copy('direct', other)] },
      'retagged-upstream',
      ['direct'],
    ],
    [
      'every copy differs in the same way',
      { goSum: right, record: right, copies: [copy('a', other), copy('b', other)] },
      'tampering',
      ['a', 'b'],
    ],
    [
      'every mirror differs from the source',
      { goSum: null, record: right, copies: [copy('a', other), copy('b', other), copy('direct', right)] },
      'tampering',
      ['a', 'b'],
    ],
    ['no source has a copy', { goSum: right, record: right, copies: [copy('a', null)] }, 'cannot-tell', []],
    [
      'no record, all the same',
      { goSum: right, record: null, copies: [copy('a', right), copy('b', right)] },
      'no-record-copies-agree',
      [],
    ],
    [
      'no record, go.sum differs',
      { goSum: other, record: null, copies: [copy('a', right)] },
      'no-record-copies-agree',
      ['go.sum'],
    ],
    [
      'no record, copies differ',
      { goSum: right, record: null, copies: [copy('a', right), copy('b', other)] },
      'no-record-copies-differ',
      ['b'],
    ],
    ['nothing at all', { goSum: null, record: null, copies: [] }, 'cannot-tell', []],
  ] as const)('%s', (_name, hashes, verdict, wrong) => expect(judgeHashes(hashes)).toEqual({ verdict, wrong }));
});

it('reads go.sum as go does', () => {
  const text = 'a.b/c v1.0.0/go.mod h1:mod=\na.b/c v1.0.0 h2:x\na.b/c v1.0.0 h1:zip=\r\nbroken\n';
  expect(hashInGoSum(text, { path: 'a.b/c', version: 'v1.0.0' })).toBe('h1:zip=');
  expect(hashInGoSum(text, { path: 'a.b/c', version: 'v2.0.0' })).toBeNull();
});
