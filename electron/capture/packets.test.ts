/** From bytes to segments in order: numbers, queues, IP headers, link layers, TCP and UDP, one direction of a connection. */
import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBytes, frame, tcpPacket, udpPacket } from '../../e2e/lab/captures/packets.ts';
import { ByteQueue, hex, latin1, printable, u16, u16of, u24, u32, u32of } from './bytes.ts';
import { CaptureAnalysis } from './capture.ts';
import { ipv6Text, parseIp } from './ip-packet.ts';
import { ipPacketOf, programOf } from './link-layer.ts';
import { ByteBudget, TcpDirection } from './tcp-direction.ts';
import { parseTransport, type TcpSegment, withPort } from './transport.ts';

const V4 = { source: '192.0.2.1', target: '198.51.100.2', ttl: 57 } as const;
const V6 = { source: '2001:db8::1', target: '2001:db8::2', ttl: 57 } as const;
const TCP = { sourcePort: 50_000, targetPort: 443, sequence: 7, flags: 'PA' } as const;

describe('numbers', () => {
  it('are read as Node reads them, in both orders', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 9 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        expect([u16(bytes, 1), u24(bytes, 0), u32(bytes, 0)]).toEqual([
          buffer.readUInt16BE(1),
          buffer.readUIntBE(0, 3),
          buffer.readUInt32BE(0),
        ]);
        expect([u16of(bytes, 2, 'little'), u32of(bytes, 0, 'little')]).toEqual([
          buffer.readUInt16LE(2),
          buffer.readUInt32LE(0),
        ]);
        expect([hex(bytes), latin1(bytes)]).toEqual([buffer.toString('hex'), buffer.toString('latin1')]);
      }),
    );
  });

  it('beyond the end are zeros', () => expect(u32(Uint8Array.of(1, 2), 1)).toBe(0x02_00_00_00));

  it("a stranger's text has no control characters left", () => {
    expect(printable('a\u001b[31m\u0007é\n~')).toBe('a?[31m???~');
  });
});

describe('a queue', () => {
  it('gives the same bytes whatever the chunks, and knows where it is', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 });
    const steps = fc.array(fc.tuple(fc.nat(15), fc.boolean()), { maxLength: 20 });
    fc.assert(
      fc.property(chunks, steps, (parts, wanted) => {
        const whole = Buffer.concat(parts);
        const queue = new ByteQueue();
        for (const part of parts) queue.push(part);
        let at = 0;
        for (const [count, isSkip] of wanted) {
          expect(queue.offset).toBe(at);
          if (isSkip && at + count <= whole.length) queue.skip(count);
          else if (at + count > whole.length) {
            expect(queue.peek(count)).toBeUndefined();
            continue;
          } else expect(Buffer.from(queue.take(count))).toEqual(whole.subarray(at, at + count));
          at += count;
        }
        expect(queue.length).toBe(whole.length - at);
      }),
    );
  });

  it('passes over bytes that have not come yet', () => {
    const queue = new ByteQueue();
    queue.push(Uint8Array.of(1, 2));
    queue.skip(4);
    expect([queue.owes, queue.length, queue.offset]).toEqual([true, 0, 2]);
    queue.push(Uint8Array.of(3, 4, 5));
    expect([queue.owes, queue.offset, [...(queue.peek(1) ?? [])]]).toEqual([false, 4, [5]]);
  });
});

describe('IP', () => {
  it('v4 tells addresses, distance, identification and what it carries', () => {
    const packet = tcpPacket({ ...V4, id: 0x99_16, dontFragment: false }, TCP);
    expect(parseIp(packet)).toMatchObject({ ...V4, id: 0x99_16, dontFragment: false, protocol: 6, wireLength: 20 });
  });

  it('v6 passes over extension headers, and has no identification', () => {
    const hop = { protocol: 0, bytes: Buffer.alloc(16).fill(0).fill(1, 1, 2) };
    const fragment = { protocol: 44, bytes: Buffer.alloc(8) };
    const ip = parseIp(udpPacket({ ...V6, extensions: [hop, fragment] }, 53, 5_000, Buffer.from('x')));
    expect(ip).toMatchObject({ ...V6, id: null, dontFragment: null, protocol: 17, wireLength: 9 });
  });

  it('a later fragment holds no ports, and says so', () => {
    expect(parseIp(tcpPacket({ ...V4, fragmentOffset: 3 }, TCP))).toBe('fragment');
    const later = Buffer.alloc(8);
    later.writeUInt16BE(8, 2);
    expect(parseIp(tcpPacket({ ...V6, extensions: [{ protocol: 44, bytes: later }] }, TCP))).toBe('fragment');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another version', Buffer.from([0x55, ...Buffer.alloc(40)])],
    ['a v4 header of 16 bytes', Buffer.from([0x44, ...Buffer.alloc(40)])],
    ['half a v6 header', Buffer.from([0x60, ...Buffer.alloc(20)])],
    ['a total shorter than its header', Buffer.from([0x45, 0, 0, 10, ...Buffer.alloc(30)])],
  ])('%s is damaged', (_, bytes) => expect(parseIp(bytes)).toBe('damaged'));

  it('a length of 0 means: to the end (segmentation offload)', () => {
    const packet = Buffer.from(tcpPacket(V4, { ...TCP, payload: Buffer.from('abc') }));
    packet.writeUInt16BE(0, 2);
    expect(parseIp(packet)).toMatchObject({ wireLength: 23 });
  });

  it('a packet that the capture cut keeps its length on the wire', () => {
    const ip = parseIp(tcpPacket(V4, { ...TCP, payload: Buffer.alloc(500) }).subarray(0, 60));
    expect(ip).toMatchObject({ wireLength: 520 });
    if (typeof ip === 'string') throw new Error(ip);
    expect(ip.payload.length).toBe(40);
    expect(parseTransport(ip, 5)).toMatchObject({ wireLength: 500, atMs: 5 });
  });

  it('v6 addresses are written as Node writes them', () => {
    const group = fc.oneof(fc.constant(0), fc.nat(0xff_ff));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const bytes = Uint8Array.from(groups.flatMap((one) => [one >> 8, one & 0xff]));
        const text = ipv6Text(bytes, 0);
        expect(isIPv6(text)).toBe(true);
        expect(Buffer.from(addressBytes(text))).toEqual(Buffer.from(bytes));
        expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('link layers', () => {
  const packet = tcpPacket(V4, TCP);
  const content = (linkType: number, bytes: Uint8Array) => {
    const found = ipPacketOf(linkType, bytes);
    return typeof found === 'string' ? found : Buffer.from(found).equals(Buffer.from(packet));
  };

  it('Ethernet with several VLAN tags, and PPPoE within one', () => {
    expect(content(1, frame('ethernet', packet, [7, 8]))).toBe(true);
    const pppoe = Buffer.from([0x88, 0x64, 0x11, 0, 0, 1, 0, 42, 0, 0x21]);
    expect(content(1, Buffer.concat([Buffer.alloc(12), pppoe, packet]))).toBe(true);
    expect(content(1, Buffer.concat([Buffer.alloc(12), Buffer.from([0x08, 0x06]), Buffer.alloc(28)]))).toBe('other');
  });

  it('a packet that leaves on the loopback interface is seen again when it arrives: once is the truth', () => {
    const cooked = Buffer.from(frame('sll', packet));
    expect(content(113, cooked)).toBe(true);
    cooked.writeUInt16BE(4, 0);
    expect(content(113, cooked)).toBe(true);
    cooked.writeUInt16BE(772, 2);
    expect(content(113, cooked)).toBe('other');
    cooked.writeUInt16BE(0, 0);
    expect(content(113, cooked)).toBe(true);
  });

  it.each([
    ['an unknown type', 999, Buffer.alloc(40), 'unknown'],
    ['a loopback frame of no IP', 0, Buffer.from([99, 0, 0, 0, 1, 2]), 'other'],
    ['a short cooked frame', 113, Buffer.alloc(5), 'other'],
    ['pktap within pktap', 258, Buffer.from([108, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 0, ...Buffer.alloc(120)]), 'unknown'],
    ['pktap that is cut', 258, Buffer.from([108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]), 'unknown'],
  ])('%s', (_, linkType, bytes, wanted) => expect(ipPacketOf(linkType, bytes)).toBe(wanted));
});

describe('transport', () => {
  const read = (bytes: Uint8Array) => {
    const ip = parseIp(bytes);
    if (typeof ip === 'string') throw new Error(ip);
    return parseTransport(ip, 1);
  };

  it.each([
    ['S', { syn: true, ack: false, fin: false, rst: false }],
    ['SA', { syn: true, ack: true, fin: false, rst: false }],
    ['FA', { syn: false, ack: true, fin: true, rst: false }],
    ['R', { syn: false, ack: false, fin: false, rst: true }],
  ])('flags %s', (flags, wanted) => expect(read(tcpPacket(V4, { ...TCP, flags }))).toMatchObject({ flags: wanted }));

  it('numbers of 32 bits stay whole, and an address has its port as people write it', () => {
    const segment = read(tcpPacket(V6, { ...TCP, sequence: 0xff_ff_ff_ff, acknowledged: 0x80_00_00_00, window: 512 }));
    expect(segment).toMatchObject({
      sequence: 4_294_967_295,
      acknowledged: 2_147_483_648,
      window: 512,
      source: '[2001:db8::1]:50000',
      target: '[2001:db8::2]:443',
    });
    expect(withPort('192.0.2.1', 53)).toBe('192.0.2.1:53');
  });

  it('UDP tells its payload by its own length; other protocols are nothing, short headers damaged', () => {
    const padded = Buffer.concat([udpPacket(V4, 5_000, 53, Buffer.from('abc')), Buffer.alloc(9)]);
    expect(read(padded)).toMatchObject({ protocol: 'udp', payload: Buffer.from('abc') });
    const icmp = Buffer.from(tcpPacket(V4, TCP));
    icmp[9] = 1;
    expect(read(icmp)).toBeNull();
    const bad = Buffer.from(tcpPacket(V4, TCP));
    bad[32] = 0x40;
    expect(read(bad)).toBe('damaged');
  });
});

describe('one direction', () => {
  const segment = (sequence: number, payload: Uint8Array, flags = 'A'): TcpSegment => {
    const ip = parseIp(tcpPacket(V4, { ...TCP, sequence, payload, flags }));
    const read = typeof ip === 'string' ? null : parseTransport(ip, 0);
    if (read === null || read === 'damaged' || read.protocol !== 'tcp') throw new Error('no segment');
    return read;
  };
  const budget = () => new ByteBudget(1_000_000);

  it('gives a stream in order, whatever the order, repetitions and cuts of its segments', () => {
    const part = fc.tuple(fc.nat(199), fc.integer({ min: 1, max: 60 }));
    const base = fc.constantFrom(0, 7, 0xff_ff_ff_80);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 25 }), base, (parts, begin) => {
        const stream = Buffer.from(Array.from({ length: 200 }, (_, i) => i));
        const direction = new TcpDirection(segment(begin, Buffer.alloc(0), 'S'), budget());
        const seen: Uint8Array[] = [];
        const send = (at: number, length: number) => {
          const bytes = stream.subarray(at, at + length);
          seen.push(...direction.accept(segment((begin + 1 + at) >>> 0, bytes)).ordered);
        };
        for (const [at, length] of parts) send(at, length);
        expect(
          stream
            .subarray(
              0,
              seen.reduce((sum, { length }) => sum + length, 0),
            )
            .equals(Buffer.concat(seen)),
        ).toBe(true);
        // Once everything was sent in order, everything has come.
        for (let at = 0; at < stream.length; at += 50) send(at, 50);
        expect(Buffer.concat(seen).equals(stream)).toBe(true);
        expect(direction.end).toBe(200);
      }),
    );
  });

  it('costs the same for each segment, however many holes a sender makes', () => {
    const direction = new TcpDirection(segment(100, Buffer.alloc(0), 'S'), budget());
    const count = 60_000;
    direction.accept(segment(101 + 2 * count, Buffer.alloc(1)));
    // Every other byte, from the end: each makes two holes of one.
    const before = process.cpuUsage();
    for (let i = count; i > 0; i--) direction.accept(segment(99 + 2 * i, Buffer.alloc(1)));
    const seconds = process.cpuUsage(before).user / 1e6;
    expect(seconds).toBeLessThan(5);
  });

  it('counts what was sent again, but neither keep-alives nor what fills a hole', () => {
    const direction = new TcpDirection(segment(100, Buffer.alloc(0), 'S'), budget());
    const send = (at: number, length: number) => direction.accept(segment(101 + at, Buffer.alloc(length)));
    send(0, 10);
    send(20, 10);
    expect(send(10, 10).repeated).toBe(false);
    expect([send(9, 1).repeated, direction.repetitions]).toEqual([true, 1]);
    expect([send(29, 1).ordered, direction.repetitions]).toEqual([[], 1]);
    send(0, 10);
    expect(direction.repetitions).toBe(2);
  });

  it('an acknowledgement beyond what was sent is forged, and hides no loss', () => {
    const direction = new TcpDirection(segment(100, Buffer.alloc(0), 'S'), budget());
    direction.accept(segment(101, Buffer.alloc(10)));
    direction.acknowledge(106);
    expect(direction.acknowledged).toBe(5);
    direction.acknowledge(5_000);
    expect(direction.acknowledged).toBe(5);
    direction.acknowledge(112);
    expect(direction.acknowledged).toBe(10);
  });

  it('gives its bytes back to the budget when it closes, and takes none beyond it', () => {
    const shared = new ByteBudget(30);
    const direction = new TcpDirection(segment(0, Buffer.alloc(0), 'S'), shared);
    direction.accept(segment(1, Buffer.alloc(20)));
    expect(shared.take(15)).toBe(false);
    direction.close();
    expect(shared.take(30)).toBe(true);
    const poor = new TcpDirection(segment(0, Buffer.alloc(0), 'S'), shared);
    expect(poor.accept(segment(1, Buffer.alloc(1))).ordered).toEqual([]);
    expect(poor.closed).toBe(true);
  });

  it('ends where the capture cut a packet: what follows cannot be put in order', () => {
    const direction = new TcpDirection(segment(0, Buffer.alloc(0), 'S'), budget());
    const cut = segment(1, Buffer.alloc(100));
    const { ordered } = direction.accept({ ...cut, payload: cut.payload.subarray(0, 40) });
    expect([ordered.map(({ length }) => length), direction.closed, direction.end]).toEqual([[40], true, 100]);
  });
});

describe('the program in a header of pktap', () => {
  const header = (process: { pid?: number; name?: string }, on: { pid?: number; name?: string } = {}, length = 108) => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32LE(length, 0);
    bytes.writeUInt32LE(1, 4);
    bytes.writeUInt32LE(12, 8);
    bytes.write('en0', 12);
    bytes.writeInt32LE(process.pid ?? -1, 52);
    bytes.write(process.name ?? '', 56);
    bytes.writeInt32LE(on.pid ?? -1, 84);
    bytes.write(on.name ?? '', 88);
    return bytes;
  };

  it.each([
    ['its own', header({ pid: 4242, name: 'go' }), { name: 'go', pid: 4242 }],
    ['a longer header of a newer macOS', header({ pid: 7, name: 'mihomo' }, {}, 156), { name: 'mihomo', pid: 7 }],
    [
      'on whose behalf, without its own',
      header({}, { pid: 9, name: 'git-remote-https' }),
      { name: 'git-remote-https', pid: 9 },
    ],
    ['a name without a number', header({ name: 'go' }), { name: 'go', pid: null }],
    ['nobody', header({}), null],
    ['a name of control characters', header({ pid: 1, name: '\u001b[2J' }), null],
    ['a header that is cut', header({ pid: 1, name: 'go' }).subarray(0, 100), null],
  ])('%s', (_, bytes, wanted) => {
    expect(programOf(149, bytes)).toEqual(wanted);
    expect(programOf(258, bytes)).toEqual(wanted);
    expect(programOf(1, bytes)).toBeNull();
  });

  it('is that of each connection, whichever of its packets names it', () => {
    const analysis = new CaptureAnalysis();
    const packet = (process: { pid?: number; name?: string }, port: number, flags: string) =>
      analysis.addRaw({
        atMs: 1,
        linkType: 149,
        bytes: Buffer.concat([header(process), tcpPacket(V4, { ...TCP, sourcePort: port, flags })]),
        timed: true,
      });
    packet({}, 50_001, 'S');
    packet({ pid: 4242, name: 'go' }, 50_001, 'A');
    packet({ pid: 77, name: 'git-remote-https' }, 50_002, 'S');
    packet({}, 50_003, 'S');
    const { connections, problems } = analysis.report([]);
    expect(problems).toEqual([]);
    expect(connections.map(({ program }) => program)).toEqual([
      { name: 'go', pid: 4242 },
      { name: 'git-remote-https', pid: 77 },
      null,
    ]);
  });
});
