import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareHost, hostAndPortOf, hostOf, httpOriginOf, originOf } from './host.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.example`);
const host = fc.oneof(
  name,
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
);
const user = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[a-z0-9:@._~!-]{1,12}$/).map((text) => `${text}@`),
);
const port = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 1, max: 65_535 }).map((number) => `:${number}`),
);
const rest = fc.stringMatching(/^([/?#][a-z0-9@:/?#\\.-]{0,12})?$/);
const urls = fc.tuple(fc.constantFrom('http', 'https', 'HTTPS'), user, host, port, rest);

it('agrees with the URL class about every http and https URL', () => {
  fc.assert(
    fc.property(urls, ([scheme, userInfo, hostname, portText, tail]) => {
      const text = `${scheme}://${userInfo}${hostname}${portText}${tail}`;
      const url = new URL(text);
      const wanted = originOf(url);
      // The URL class also shortens IPv6 addresses.
      const isV6 = hostname.startsWith('[');
      expect(httpOriginOf(text)).toEqual(isV6 ? { ...wanted, host: hostname.slice(1, -1) } : wanted);
      expect(hostOf(text)).toBe(isV6 ? hostname.slice(1, -1) : url.hostname);
      expect(hostAndPortOf(text)).toBe(`${hostname}${portText}`);
    }),
    { numRuns: 2_000 },
  );
});

it('never treats a part of a password as the host', () => {
  expect(hostOf('https://user:p@ss@proxy.example:8443/x@y')).toBe('proxy.example');
  expect(hostAndPortOf('https://user:p@ss@proxy.example:8443/x@y')).toBe('proxy.example:8443');
});

it('never throws, and returns null without a host', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const found = hostOf(text);
      expect(found === null || (found.length > 0 && !/[/?#@]/.test(found))).toBe(true);
    }),
  );
  for (const text of ['', 'direct', 'proxy.example', 'https:/cut/one', 'https://', 'https://:80/', 'mailto:a@b']) {
    expect([text, hostOf(text), hostAndPortOf(text), httpOriginOf(text)]).toEqual([text, null, null, null]);
  }
});

describe('originOf', () => {
  it.each([
    ['https://a.example', { secure: true, host: 'a.example', port: 443 }],
    ['http://[::1]:8080', { secure: false, host: '::1', port: 8_080 }],
    ['socks5://127.0.0.1', { secure: false, host: '127.0.0.1', port: 1_080 }],
    ['tls://1.1.1.1', { secure: false, host: '1.1.1.1', port: 853 }],
    ['other://a.example', { secure: false, host: 'a.example', port: 80 }],
  ])('of %s', (text, origin) => expect(originOf(new URL(text))).toEqual(origin));

  it('has no http origin for other protocols and impossible ports', () => {
    expect(httpOriginOf('udp://1.1.1.1:53')).toBeNull();
    expect(httpOriginOf('https://a.example:99999')).toBeNull();
    expect(hostOf('udp://1.1.1.1:53')).toBe('1.1.1.1');
  });
});

it('takes brackets off only where they stand on both sides', () => {
  expect(['[::1]', 'a.example', '[half', 'half]'].map(bareHost)).toEqual(['::1', 'a.example', '[half', 'half]']);
});
