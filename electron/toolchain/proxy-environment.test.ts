import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forwardProxyFor } from './proxy-environment.ts';

const P = 'http://127.0.0.1:7890';
const through = (url: string, env: Record<string, string>) => forwardProxyFor(new URL(url), env);

describe('forwardProxyFor', () => {
  it('follows the scheme, upper case before lower', () => {
    expect(through('https://goproxy.cn', { HTTPS_PROXY: P })).toBe(P);
    expect(through('https://goproxy.cn', { https_proxy: P })).toBe(P);
    expect(through('https://goproxy.cn', { HTTPS_PROXY: '', https_proxy: P })).toBe(P);
    expect(through('https://goproxy.cn', { HTTPS_PROXY: 'http://a:1', https_proxy: P })).toBe('http://a:1');
    expect(through('https://goproxy.cn', { HTTP_PROXY: P, ALL_PROXY: P })).toBeNull();
    expect(through('http://goproxy.cn', { HTTP_PROXY: P })).toBe(P);
    expect(through('http://goproxy.cn', { HTTP_PROXY: P, REQUEST_METHOD: 'GET' })).toBeNull();
  });

  it('never sends loopback through one, and ignores invalid proxies', () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.9.1:8080', '[::1]']) {
      expect(through(`https://${host}`, { HTTPS_PROXY: P })).toBeNull();
    }
    expect(through('https://goproxy.cn', { HTTPS_PROXY: 'ss://a' })).toBe('ss://a');
    expect(through('https://goproxy.cn', { HTTPS_PROXY: '%%' })).toBeNull();
    expect(through('https://goproxy.cn', { HTTPS_PROXY: '127.0.0.1:7890' })).toBe('127.0.0.1:7890');
    expect(through('https://goproxy.cn', { HTTPS_PROXY: 'socks5://127.0.0.1:1080' })).toBe('socks5://127.0.0.1:1080');
  });

  it.each([
    ['*', true],
    ['goproxy.cn', true],
    ['cn', true],
    ['.cn', true],
    ['.goproxy.cn', false],
    ['*.cn', true],
    ['oproxy.cn', false],
    ['goproxy.cn:443', true],
    ['goproxy.cn:8443', false],
    ['example.com, GOPROXY.CN', true],
    ['', false],
  ])('NO_PROXY=%s', (NO_PROXY, excluded) => {
    expect(through('https://goproxy.cn', { HTTPS_PROXY: P, NO_PROXY }) === null).toBe(excluded);
  });

  it.each([
    ['10.0.0.0/8', true],
    ['10.1.2.3', true],
    ['10.1.2.3:443', true],
    ['10.1.2.3:80', false],
    ['11.0.0.0/8', false],
    ['10.0.0.0/99', false],
    ['3', false],
  ])('NO_PROXY=%s for an address', (NO_PROXY, excluded) => {
    expect(through('https://10.1.2.3', { HTTPS_PROXY: P, NO_PROXY }) === null).toBe(excluded);
  });

  it('returns the value or null, for any environment', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.string(), fc.string(), (url, HTTPS_PROXY, NO_PROXY) => {
        const found = forwardProxyFor(new URL(url), { HTTPS_PROXY, NO_PROXY });
        expect(found === null || found === HTTPS_PROXY).toBe(true);
      }),
    );
  });
});
