import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGosumdb, parseVerifierKey, SUM_GOLANG_ORG_KEY } from './verifier-key.ts';

const KEY = 'sum.example.test+95760066+ATu9YoZ/PqjoIsFwz5rWVbgz1pAcnAe56b9cEdvXGcZK';
const BYTES = Buffer.from('ATu9YoZ/PqjoIsFwz5rWVbgz1pAcnAe56b9cEdvXGcZK', 'base64');

/** A key with a correct hash, whatever else is wrong with it. */
function keyOf(name: string, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex').slice(0, 8);
  return `${name}+${hash}+${Buffer.from(bytes).toString('base64')}`;
}

describe('verifier keys', () => {
  it('are those of the public and of the fixture database', () => {
    for (const [text, name, hash] of [
      [SUM_GOLANG_ORG_KEY, 'sum.golang.org', 0x033de0ae],
      [KEY, 'sum.example.test', 0x95760066],
      [keyOf('sums.example/team', BYTES), 'sums.example/team', expect.any(Number)],
    ]) {
      expect(parseVerifierKey(String(text))).toMatchObject({ ok: true, key: { name, hash, text } });
    }
    const upper = keyOf('sum.example.test', BYTES).replace(/\+\w{8}\+/, (hash) => hash.toUpperCase());
    expect(parseVerifierKey(upper)).toMatchObject({ ok: true });
  });

  // Each reason is what note.NewVerifier of go1.19.8 says of that text.
  it.each([
    ['a name alone', 'sum.example.test', 'malformed verifier id'],
    ['no name', keyOf('', BYTES), 'malformed verifier id'],
    ['a blank in the name', keyOf('sum example', BYTES), 'malformed verifier id'],
    ['a next-line character in the name', keyOf('sum\u0085', BYTES), 'malformed verifier id'],
    ['a short hash', KEY.replace('95760066', '9576006'), 'malformed verifier id'],
    ['a hash that is no number', KEY.replace('95760066', '9576006g'), 'malformed verifier id'],
    ['a surplus character after the base64', `${KEY}A`, 'malformed verifier id'],
    ['surplus padding', `${KEY}=`, 'malformed verifier id'],
    ['base64 for URLs', KEY.replace('/', '_'), 'malformed verifier id'],
    ['no key bytes', keyOf('a', Buffer.alloc(0)), 'malformed verifier id'],
    ['a key too short', keyOf('a', BYTES.subarray(0, 32)), 'malformed verifier id'],
    ['a key too long', keyOf('a', Buffer.concat([BYTES, BYTES])), 'malformed verifier id'],
    ['the hash of another key', KEY.replace('95760066', '95760067'), 'invalid verifier hash'],
    ['the key of another name', KEY.replace('example', 'exemple'), 'invalid verifier hash'],
    [
      'an algorithm other than Ed25519',
      keyOf('a', Buffer.concat([Buffer.of(2), BYTES.subarray(1)])),
      'unknown verifier algorithm',
    ],
  ])('are refused for %s', (_, text, reason) => {
    expect(parseVerifierKey(text)).toEqual({ ok: false, reason });
  });

  it('are bound to their hash in every bit', () => {
    for (let bit = 0; bit < BYTES.length * 8; bit += 1) {
      const bytes = Buffer.from(BYTES);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const text = `sum.example.test+95760066+${bytes.toString('base64')}`;
      expect(parseVerifierKey(text)).toEqual({ ok: false, reason: 'invalid verifier hash' });
    }
  });

  it('never throw, for any text or key bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 40 }), (text, bytes) => {
        expect(parseVerifierKey(text).ok).toBe(false);
        expect(parseVerifierKey(keyOf('a', bytes)).ok).toBe(bytes.length === 33 && bytes[0] === 1);
        expect(parseGosumdb(text).kind).toBe('invalid');
        expect(parseGosumdb(`sum.golang.org ${text}`).kind).not.toBe('off');
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (point) => {
        expect(parseVerifierKey(keyOf('a', Buffer.concat([Buffer.of(1), point]))).ok).toBe(true);
      }),
    );
  });
});

describe('GOSUMDB', () => {
  const golang = { kind: 'database', name: 'sum.golang.org', key: { text: SUM_GOLANG_ORG_KEY } };
  const own = { kind: 'database', name: 'sum.example.test', key: { text: KEY } };

  // Tried with go1.19.8, but for the names of databases.
  it.each([
    ['off', { kind: 'off' }],
    ['sum.golang.org', { ...golang, url: 'https://sum.golang.org', direct: false }],
    [' sum.golang.org\t', { ...golang, url: 'https://sum.golang.org', direct: false }],
    [SUM_GOLANG_ORG_KEY, { ...golang, url: 'https://sum.golang.org', direct: false }],
    ['sum.golang.google.cn', { ...golang, url: 'https://sum.golang.google.cn', direct: true }],
    ['sum.golang.org https://relay.example/', { ...golang, url: 'https://relay.example', direct: true }],
    ['sum.golang.org  HTTP://127.0.0.1:8080/db', { ...golang, url: 'HTTP://127.0.0.1:8080/db', direct: true }],
    ['sum.golang.org relay.example/sums', { ...golang, url: 'https://relay.example/sums', direct: true }],
    [KEY, { ...own, url: 'https://sum.example.test', direct: false }],
    [`${KEY} https://sums.example`, { ...own, url: 'https://sums.example', direct: true }],
    [`${KEY} file:///srv/sumdb`, { ...own, url: 'file:///srv/sumdb', direct: true }],
    [keyOf('sums.example/team', BYTES), { kind: 'database', url: 'https://sums.example/team', direct: false }],
  ])('%j means a database, or none', (value, expected) => {
    expect(parseGosumdb(value)).toMatchObject(expected);
  });

  it.each([
    ['', 'missing GOSUMDB'],
    [' \t', 'missing GOSUMDB'],
    [' off', 'invalid GOSUMDB: malformed verifier id'],
    ['OFF', 'invalid GOSUMDB: malformed verifier id'],
    ['off https://x.example', 'invalid GOSUMDB: malformed verifier id'],
    ['sum.goproxy.cn', 'invalid GOSUMDB: malformed verifier id'],
    ['https://sum.golang.org', 'invalid GOSUMDB: malformed verifier id'],
    ['sum.golang.google.cn https://x.example', 'invalid GOSUMDB: malformed verifier id'],
    [' sum.golang.google.cn', 'invalid GOSUMDB: malformed verifier id'],
    [KEY.replace('95760066', '95760067'), 'invalid GOSUMDB: invalid verifier hash'],
    ['sum.golang.org https://x.example y', 'invalid GOSUMDB: too many fields'],
    ['sum.golang.org ftp://x.example', 'invalid GOSUMDB URL: ftp://x.example'],
    ['sum.golang.org 127.0.0.1:8080', 'invalid GOSUMDB URL: 127.0.0.1:8080'],
    ['sum.golang.org https://', 'invalid GOSUMDB URL: https://'],
    ['sum.golang.org https://[', 'invalid GOSUMDB URL: https://['],
    ['sum.golang.org /srv/sumdb', 'invalid GOSUMDB URL: /srv/sumdb'],
    [keyOf('user@sums.example', BYTES), 'invalid sumdb name (must be host[/path]): user@sums.example'],
    [keyOf('sums.example/', BYTES), 'invalid sumdb name (must be host[/path]): sums.example/'],
    [keyOf('sums.example?a', BYTES), 'invalid sumdb name (must be host[/path]): sums.example?a'],
  ])('%j is refused', (value, reason) => {
    expect(parseGosumdb(value)).toEqual({ kind: 'invalid', reason });
  });
});
