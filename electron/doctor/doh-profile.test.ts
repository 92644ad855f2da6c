import plist from 'plist';
import { expect, it } from 'vitest';
import { dohProfile } from './doh-profile.ts';

it('is a property list with the resolver, whatever characters its URL has', () => {
  const uuids = ['uuid-1', 'uuid-2'];
  const url = 'https://dns.example.com/q?a=1&b=<2>';
  const text = dohProfile(url, ['192.0.2.1', '2001:db8::1'], () => uuids.shift() ?? '');
  const { PayloadContent, ...profile } = plist.parse(text) as Record<string, unknown>;
  expect(profile).toMatchObject({ PayloadType: 'Configuration', PayloadVersion: 1, PayloadUUID: 'uuid-2' });
  expect(PayloadContent).toEqual([
    expect.objectContaining({
      PayloadType: 'com.apple.dnsSettings.managed',
      PayloadUUID: 'uuid-1',
      // A URL stays as it is written.
      DNSSettings: { DNSProtocol: 'HTTPS', ServerURL: url, ServerAddresses: ['192.0.2.1', '2001:db8::1'] },
    }),
  ]);
});

it('leaves the addresses to macOS when none are known, and is what Apple calls a property list', () => {
  const text = dohProfile('https://dns.example.com/q', [], () => 'uuid');
  expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<!DOCTYPE plist PUBLIC "-\/\/Apple\/\//);
  const { PayloadContent, PayloadIdentifier } = plist.parse(text) as {
    PayloadContent: object[];
    PayloadIdentifier: string;
  };
  expect(PayloadContent).toMatchObject([
    { DNSSettings: { DNSProtocol: 'HTTPS', ServerURL: 'https://dns.example.com/q' } },
  ]);
  expect(JSON.stringify(PayloadContent)).not.toContain('ServerAddresses');
  expect(PayloadIdentifier).toBe('app.gopherbar.dns.dns.example.com');
});
