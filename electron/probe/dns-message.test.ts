import * as packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeQuestion, isPublicName, judgeAddress, readReply } from './dns-message.ts';

const reply = (id: number, name: string, addresses: readonly string[], flags = 0) =>
  packet.encode({
    type: 'response',
    id,
    flags,
    questions: [{ type: 'A', name }],
    answers: addresses.map((data) => ({ type: 'A', name, ttl: 1, data }) as const),
  });

describe('readReply', () => {
  it('reads the answer to its own question and no other', () => {
    const bytes = reply(7, 'a.example', ['192.0.2.1', '192.0.2.2']);
    expect(readReply(bytes, 7, 'A.example', 'A')).toEqual({
      rcode: 'NOERROR',
      isTruncated: false,
      addresses: ['192.0.2.1', '192.0.2.2'],
    });
    expect(readReply(bytes, 8, 'a.example', 'A')).toBeNull();
    expect(readReply(bytes, 7, 'b.example', 'A')).toBeNull();
    expect(readReply(bytes, 7, 'a.example', 'AAAA')).toBeNull();
    expect(readReply(encodeQuestion(7, 'a.example', 'A'), 7, 'a.example', 'A')).toBeNull();
    expect(readReply(reply(7, 'a.example', [], 3), 7, 'a.example', 'A')).toMatchObject({ rcode: 'NXDOMAIN' });
  });

  it('refuses damaged messages without an exception', () => {
    const good = reply(7, 'a.example', ['192.0.2.1']);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, length) => {
        const damaged = Buffer.from(good);
        damaged[at] = value;
        readReply(damaged.subarray(0, length), 7, 'a.example', 'A');
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void readReply(Buffer.from(bytes), 7, 'a', 'A')),
    );
  });
});

describe('judgeAddress', () => {
  it.each([
    ['93.184.215.14', 'public'],
    ['2606:4700::1111', 'public'],
    ['198.18.0.5', 'fake-ip'],
    ['198.19.255.255', 'fake-ip'],
    ['127.0.0.1', 'bogus'],
    ['0.0.0.0', 'bogus'],
    ['10.10.34.35', 'bogus'],
    ['100.64.1.1', 'bogus'],
    ['192.168.1.1', 'bogus'],
    ['240.0.0.1', 'bogus'],
    ['::1', 'bogus'],
    ['2001::1', 'bogus'],
    ['fd00::1', 'bogus'],
    ['fe80::1', 'bogus'],
    ['fe80::1%eth0', 'bogus'],
    ['fec0::1', 'bogus'],
    ['::', 'bogus'],
    ['::7f00:1', 'bogus'],
    ['::10.0.0.1', 'bogus'],
    ['::ffff:127.0.0.1', 'bogus'],
    ['::ffff:a00:1', 'bogus'],
    ['::ffff:93.184.215.14', 'public'],
    ['::ffff:0:192.168.1.1', 'bogus'],
    ['64:ff9b::127.0.0.1', 'bogus'],
    ['64:ff9b::a00:1', 'bogus'],
    ['64:ff9b::169.254.169.254', 'bogus'],
    // What an IPv6-only network reaches public hosts by (RFC 6052).
    ['64:ff9b::93.184.215.14', 'public'],
    ['64:ff9b:1::1', 'bogus'],
    ['2002:7f00:1::', 'bogus'],
    ['2002:c0a8:101::1', 'bogus'],
    ['2002:5db8:d70e::1', 'public'],
  ])('%s is %s', (address, kind) => {
    expect(judgeAddress(address)).toBe(kind);
  });
});

it.each([
  ['proxy.golang.org', true],
  ['goproxy.cn', true],
  ['proxy.corp', false],
  ['git.corp.example.com', true],
  ['nas.home.arpa', false],
  ['printer.local.', false],
  ['proxy', false],
])('%s is a public name: %s', (name, expected) => {
  expect(isPublicName(name)).toBe(expected);
});
