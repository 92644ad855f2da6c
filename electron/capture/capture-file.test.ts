import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pcapFile, pcapngFile } from '../../e2e/lab/captures/container.ts';
import { Conversation } from '../../e2e/lab/captures/conversation.ts';
import { frame, type LinkName, tcpPacket, udpPacket } from '../../e2e/lab/captures/packets.ts';
import { readCapture } from './capture-file.ts';
import { type IpPacket, parseIp } from './ip-packet.ts';
import { ipPacketOf } from './link-layer.ts';
import type { RawPacket } from './pcap-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-capture-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { packets } = new Conversation().connect().say('client', Buffer.from('hello')).fin('client');
let files = 0;

async function read(bytes: Uint8Array, signal?: AbortSignal) {
  const path = join(folder, `${files++}.pcap`);
  writeFileSync(path, bytes);
  const found: RawPacket[] = [];
  const shares: number[] = [];
  const problem = await readCapture(path, (packet) => found.push(packet), {
    signal,
    onProgress: (share) => shares.push(share),
  });
  return { problem, found, shares };
}

const contents = (found: readonly RawPacket[]) => found.map(({ linkType, bytes }) => ipPacketOf(linkType, bytes));
const originals = packets.map(({ bytes }) => Buffer.from(bytes));

describe('every variant of the two formats', () => {
  const links: readonly LinkName[] = ['null', 'ethernet', 'raw', 'loop', 'sll', 'sll2', 'pktap'];
  it.each(links)('gives the same packets on link type %s', async (link) => {
    const { problem, found } = await read(pcapFile(packets, { link }));
    expect(problem).toBeNull();
    expect(contents(found).map((one) => Buffer.from(one as Uint8Array))).toEqual(originals);
  });

  it.each([
    ['little', false],
    ['little', true],
    ['big', false],
    ['big', true],
  ] as const)('.pcap, %s-endian, nanoseconds %s, keeps the times', async (endian, nano) => {
    const { found } = await read(pcapFile(packets, { endian, nano }));
    for (const [index, { atMs }] of found.entries()) expect(atMs).toBeCloseTo(packets[index]?.atMs ?? 0, 2);
  });

  it.each([
    ['little', undefined, undefined, 'enhanced'],
    ['big', 9, undefined, 'enhanced'],
    ['little', 3, undefined, 'enhanced'],
    ['big', 0x80 | 20, 1_000_000, 'enhanced'],
    ['little', 6, -3_600, 'enhanced'],
    ['big', undefined, undefined, 'old'],
  ] as const)(
    '.pcapng, %s-endian, resolution %s, offset %s, %s blocks, keeps the times',
    async (endian, resolution, offsetSeconds, block) => {
      const options = {
        endian,
        block,
        ...(resolution === undefined ? {} : { resolution }),
        ...(offsetSeconds === undefined ? {} : { offsetSeconds }),
      };
      const { problem, found } = await read(pcapngFile(packets, options));
      expect(problem).toBeNull();
      expect(contents(found).map((one) => Buffer.from(one as Uint8Array))).toEqual(originals);
      const digits = resolution === 3 ? -0.7 : 2;
      for (const [index, { atMs }] of found.entries()) expect(atMs).toBeCloseTo(packets[index]?.atMs ?? 0, digits);
    },
  );

  it('.pcapng with several interfaces reads each packet by its own link type', async () => {
    const { found } = await read(pcapngFile(packets, { links: ['ethernet', 'raw', 'null', 'sll2'] }));
    expect(new Set(found.map(({ linkType }) => linkType))).toEqual(new Set([1, 101, 0, 276]));
    expect(contents(found).map((one) => Buffer.from(one as Uint8Array))).toEqual(originals);
  });

  it('.pcapng with simple blocks has packets but no times', async () => {
    const { found } = await read(pcapngFile(packets, { block: 'simple', links: ['raw'] }));
    expect(found.map(({ timed }) => timed)).toEqual(packets.map(() => false));
    expect(found.map(({ bytes }) => Buffer.from(bytes))).toEqual(originals);
  });

  it('two sections of different byte order, one after the other, are both read', async () => {
    const both = Buffer.concat([
      pcapngFile(packets, { endian: 'big' }),
      pcapngFile(packets, { endian: 'little', links: ['raw'] }),
    ]);
    const { problem, found } = await read(both);
    expect(problem).toBeNull();
    expect(found).toHaveLength(2 * packets.length);
  });
});

describe('damaged files', () => {
  const pcap = pcapFile(packets);
  const pcapng = pcapngFile(packets);

  it('every truncation keeps the packets before it and says so', async () => {
    for (const whole of [pcap, pcapng]) {
      for (let length = whole.length - 1; length > 24; length -= 13) {
        const { problem, found } = await read(whole.subarray(0, length));
        expect(found.length).toBeLessThanOrEqual(packets.length);
        if (problem !== null) expect(problem).toMatchObject({ key: 'truncated', offset: length });
      }
    }
  });

  it('a length that cannot be ends the reading with the offset of its record', async () => {
    const damaged = Buffer.from(pcap);
    damaged.writeUInt32LE(0x7f_ff_ff_ff, 24 + 16 + 54 + 8);
    const { problem, found } = await read(damaged);
    expect(problem).toEqual({ key: 'corrupt', offset: 24 + 16 + 54 });
    expect(found).toHaveLength(1);
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a text', Buffer.from('tcpdump: listening on en0')],
    ['a compressed capture', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
  ])('%s is not a capture', async (_, bytes) => {
    expect((await read(bytes)).problem).toEqual({ key: 'not-a-capture' });
  });

  it('a file that is not there is unreadable', async () => {
    expect(await readCapture(join(folder, 'none'), () => {})).toEqual({ key: 'unreadable', detail: 'ENOENT' });
    expect(await readCapture(folder, () => {})).toEqual({ key: 'unreadable', detail: 'not a regular file' });
    // A device or a pipe may have no end.
    expect(await readCapture('/dev/zero', () => {})).toEqual({ key: 'unreadable', detail: 'not a regular file' });
  });
});

describe('large files', () => {
  const large = Buffer.concat([pcapFile([]), ...Array.from({ length: 3_000 }, () => pcapFile(packets).subarray(24))]);

  it('tell their progress, and stop when asked', async () => {
    const { shares, found } = await read(large);
    expect(found).toHaveLength(3_000 * packets.length);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const stopped = AbortSignal.abort();
    expect(await read(large, stopped)).toEqual({ problem: { key: 'cancelled', offset: 0 }, found: [], shares: [] });
  });
});

describe('packets', () => {
  const v6 = { source: '2001:db8::1', target: 'fe80::2:0:0:1', ttl: 57 };
  const tcp = { sourcePort: 1, targetPort: 2, sequence: 3, flags: 'S' };
  const options = (bytes: number) => ({
    protocol: 0,
    bytes: Buffer.from([0, bytes / 8 - 1, ...Buffer.alloc(bytes - 2)]),
  });

  it('IPv6 headers are followed through their extensions', () => {
    const extensions = [
      options(8),
      { protocol: 60, bytes: Buffer.from([0, 1, ...Buffer.alloc(14)]) },
      { protocol: 44, bytes: Buffer.alloc(8) },
    ];
    const plain = parseIp(tcpPacket(v6, tcp)) as IpPacket;
    expect(parseIp(tcpPacket({ ...v6, extensions }, tcp))).toEqual(plain);
    expect(plain).toMatchObject({
      source: '2001:db8::1',
      target: 'fe80::2:0:0:1',
      ttl: 57,
      id: null,
      dontFragment: null,
      protocol: 6,
    });
  });

  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['10:0:0:100:0:0:0:10', '10:0:0:100::10'],
  ])('the address %s is written %s', (address, text) => {
    expect(parseIp(udpPacket({ ...v6, source: address }, 1, 2, Buffer.alloc(0)))).toMatchObject({ source: text });
  });

  it('a later fragment is a fragment, and half a header is damage', () => {
    const ip = { source: '192.0.2.1', target: '192.0.2.2', ttl: 64 };
    expect(parseIp(udpPacket({ ...ip, fragmentOffset: 185 }, 1, 2, Buffer.alloc(8)))).toBe('fragment');
    expect(
      parseIp(
        udpPacket(
          { ...v6, extensions: [{ protocol: 44, bytes: Buffer.from([0, 0, 0, 8, 0, 0, 0, 0]) }] },
          1,
          2,
          Buffer.alloc(8),
        ),
      ),
    ).toBe('fragment');
    expect(parseIp(tcpPacket(ip, tcp).subarray(0, 19))).toBe('damaged');
    expect(parseIp(tcpPacket(v6, tcp).subarray(0, 39))).toBe('damaged');
  });

  it('VLAN tags, also stacked, are passed over', () => {
    const packet = tcpPacket(v6, tcp);
    expect(ipPacketOf(1, frame('ethernet', packet, [7]))).toEqual(packet);
    expect(ipPacketOf(1, frame('ethernet', packet, [7, 4_094]))).toEqual(packet);
  });

  it('distinguishes frames without IP from unsupported link types', () => {
    expect(ipPacketOf(1, Buffer.from([...Buffer.alloc(12), 0x08, 0x06, 1, 2, 3]))).toBe('other');
    expect(ipPacketOf(105, Buffer.alloc(40))).toBe('unknown');
  });

  it('macOS’s pktap is also known by its private number, and does not nest', () => {
    const packet = tcpPacket(v6, tcp);
    const wrapped = Buffer.from(frame('pktap', packet));
    expect(ipPacketOf(149, wrapped)).toEqual(packet);
    expect(ipPacketOf(149, Buffer.alloc(60))).toBe('unknown');
    wrapped.writeUInt32LE(149, 8);
    expect(ipPacketOf(258, wrapped)).toBe('unknown');
  });

  it('what leaves the loopback interface is not counted beside its arrival', () => {
    const packet = tcpPacket(v6, tcp);
    const leaving = Buffer.from(frame('sll', packet));
    leaving.writeUInt16BE(4, 0);
    leaving.writeUInt16BE(772, 2);
    expect(ipPacketOf(113, leaving)).toBe('other');
    leaving.writeUInt16BE(0, 0);
    expect(ipPacketOf(113, leaving)).toEqual(packet);
  });
});
