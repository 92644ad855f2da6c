import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorization, basicCredentials, scrubber } from './credentials.ts';

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const header = (url: string, first = url, anyPort = true) =>
  authorization(new URL(url), new URL(first), {
    origin: 'https://a.example',
    login: 'ann',
    password: 'one',
    anyPort,
  }).authorization;

describe('authorization', () => {
  it.each([
    ['https://a.example/x', undefined, true],
    ['https://a.example:8443/x', 'https://a.example/x', true],
    ['https://a.example:8443/x', 'https://a.example:8443/x', false],
    ['https://b.example/x', 'https://a.example/x', false],
    ['https://sub.a.example/x', 'https://a.example/x', false],
    ['https://a.example.evil/x', 'https://a.example/x', false],
    ['http://a.example/x', 'https://a.example/x', false],
    ['https://a.example/x', 'https://b.example/x', false],
  ])('of %s, reached from %s: sent is %s', (url, first, isSent) => {
    expect(header(url, first)).toBe(isSent ? basic('ann:one') : undefined);
  });

  it('keeps to the port where net/http does', () => {
    expect(header('https://a.example:8443/x', 'https://a.example/x', false)).toBeUndefined();
  });

  it('takes that of the URL, decoded, and refuses to send it in the clear', () => {
    expect(authorization(new URL('https://ann:a%20b%25@a.example'))).toEqual({ authorization: basic('ann:a b%') });
    expect(authorization(new URL('https://a.example'))).toEqual({});
    expect(() => authorization(new URL('http://ann:one@a.example'))).toThrow('insecure');
  });

  it('prefers a given one, as net/http prefers a header', () => {
    expect(header('https://url:two@a.example/x')).toBe(basic('ann:one'));
  });
});

describe('basicCredentials', () => {
  it('has a colon after a name without a password, and after none', () => {
    expect(Buffer.from(basicCredentials(new URL('https://token@a.example')) ?? '', 'base64').toString()).toBe('token:');
    expect(Buffer.from(basicCredentials(new URL('https://:word@a.example')) ?? '', 'base64').toString()).toBe(':word');
    expect(basicCredentials(new URL('https://a.example'))).toBeNull();
  });

  it('keeps a stray percent sign', () => {
    expect(Buffer.from(basicCredentials(new URL('https://a:50%@a.example')) ?? '', 'base64').toString()).toBe('a:50%');
  });
});

describe('scrubber', () => {
  it('leaves no credential in what a server may repeat', () => {
    const word = fc.string({ minLength: 3, maxLength: 12 }).filter((text) => !/[:\0]|xxx/.test(text));
    const credential = fc.record({ login: word, password: word });
    fc.assert(
      fc.property(credential, ({ login, password }) => {
        const scrub = scrubber('https://a.example', { origin: 'https://a.example', login, password, anyPort: true });
        const pair = `${login}:${password}`;
        const sent = Buffer.from(pair).toString('base64');
        const text = scrub(`no entry for <${pair}>, <${sent}>, <${password}>`);
        expect(text).toBe('no entry for <xxxxx>, <xxxxx>, <xxxxx>');
      }),
    );
  });

  it('takes out the credentials of a URL, as written and as sent', () => {
    const scrub = scrubber('https://ann:p%40ss@a.example/x');
    expect(scrub(`p@ss p%40ss ${basic('ann:p@ss')} ann:p%40ss`)).toBe('xxxxx xxxxx Basic xxxxx xxxxx');
  });

  it('does not blank out ordinary words for a short one', () => {
    expect(scrubber('https://a:b@a.example')('a cable')).toBe('a cable');
  });
});
