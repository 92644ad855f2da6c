import { describe, expect, it } from 'vitest';
import { settingsFrom } from './effective-settings.ts';
import { readSettings } from './read-settings.ts';

describe('settingsFrom', () => {
  it('are usable when empty', () => {
    const settings = settingsFrom({});
    expect(settings.endpoints.map(({ url }) => url)).toContain('https://goproxy.cn');
    expect(settings.intervals).toEqual({ visibleMs: 15_000, hiddenMs: 30_000 });
    expect(settings.thresholds).toEqual({ failuresToDown: 3, successesToUp: 2 });
  });

  it('gives endpoints stable ids, and drops a second one with the same id', () => {
    const urls = ['https://a.example/', 'https://a.example', 'https://b.example/x y'];
    const { endpoints } = settingsFrom({ endpoints: urls.map((url) => ({ url })) });
    expect(endpoints.map(({ id, url }) => [id, url])).toEqual([
      ['a.example', 'https://a.example'],
      ['b.example-x-y', 'https://b.example/x y'],
    ]);
  });

  it('overrides single limits only', () => {
    const { limits } = settingsFrom({ limits: { hard: { totalMs: 9_000 } } });
    expect(limits.hard.totalMs).toBe(9_000);
    expect(limits.hard.dialMs).toBe(settingsFrom({}).limits.hard.dialMs);
    expect(limits.soft).toEqual(settingsFrom({}).limits.soft);
  });
});

describe('the resolver', () => {
  const isAccepted = (resolver: string) =>
    readSettings(Buffer.from(JSON.stringify({ network: { resolver } })), 'settings.json').ok;

  it.each([
    '127.0.0.1:53',
    '[::1]:5353',
    'https://dns.example',
    'https://dns.example/dns-query',
    'https://1.1.1.1:8443/q?a=b',
  ])('may be %s', (resolver) => {
    expect(isAccepted(resolver)).toBe(true);
  });

  it.each([
    '',
    '127.0.0.1',
    'dns.example:53',
    'http://dns.example',
    'tls://1.1.1.1',
    'https://',
    'https://user:word@dns.example/q',
    'https://dns.example/a b',
  ])('may not be %s', (resolver) => {
    expect(isAccepted(resolver)).toBe(false);
  });
});
