import * as dgram from 'node:dgram';
import { once } from 'node:events';
import * as net from 'node:net';
import * as packet from 'dns-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import { systemClock } from '../system/clock.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { askStream, askUdp } from './dns-exchange.ts';

const limits = { ...DEFAULT_LIMITS, hard: { ...DEFAULT_LIMITS.hard, headerMs: 400 } };
const question = { name: 'a.lab', type: 'A' } as const;
let udp: dgram.Socket;
let tcp: net.Server;
/** The replies to one question, as bytes; [] = silence. */
let answer: (asked: packet.DecodedPacket) => readonly Buffer[];
const ids = new Set<number>();

beforeEach(async () => {
  udp = dgram.createSocket('udp4');
  udp.on('message', (bytes, from) => {
    const asked = packet.decode(bytes);
    ids.add(asked.id ?? -1);
    for (const reply of answer(asked)) udp.send(reply, from.port, from.address);
  });
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  tcp = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const replies = answer(packet.decode(bytes.subarray(2)));
      if (replies.length === 0) socket.end();
      // In two pieces, as a network may deliver it.
      const all = Buffer.concat(replies);
      socket.write(all.subarray(0, 3));
      setImmediate(() => socket.write(all.subarray(3)));
    });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
});
afterEach(() => {
  udp.close();
  tcp.close();
});

function reply(asked: packet.DecodedPacket, address: string, change: Partial<packet.Packet> = {}): Buffer {
  const name = asked.questions?.[0]?.name ?? '';
  const id = asked.id ?? 0;
  return packet.encode({
    type: 'response',
    id,
    questions: [{ type: 'A', name }],
    answers: [{ type: 'A', name, data: address }],
    ...change,
  });
}

const deadline = () => ({
  clock: systemClock,
  signal: new AbortController().signal,
  endsAt: systemClock.monotonic() + 5_000,
});

async function overUdp(record: ConnectionRecord = { phases: {} }, port = udp.address().port) {
  const replies = await askUdp('127.0.0.1', port, question, { deadline: deadline(), limits, record });
  return replies.map(({ addresses }) => addresses.join());
}

async function overTcp(): Promise<readonly string[]> {
  const socket = net.connect((tcp.address() as net.AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  try {
    const replies = await askStream(socket, question, { deadline: deadline(), limits, record: { phases: {} } });
    return replies.map(({ addresses }) => addresses.join());
  } finally {
    socket.destroy();
  }
}

describe('a question over UDP', () => {
  it('has a reply, and the time until it came', async () => {
    answer = (asked) => [reply(asked, '192.0.2.1')];
    const record: ConnectionRecord = { phases: {} };
    const began = performance.now();
    expect(await overUdp(record)).toEqual(['192.0.2.1']);
    const { request = 0, response = -1 } = record.phases;
    expect(response).toBeGreaterThanOrEqual(0);
    // The wait for a second reply is not the server's time.
    expect(performance.now() - began - request - response).toBeGreaterThan(140);
  });

  it('has every reply that comes, in order: an injected one is first', async () => {
    answer = (asked) => [reply(asked, '192.0.2.66'), reply(asked, '192.0.2.1')];
    expect(await overUdp()).toEqual(['192.0.2.66', '192.0.2.1']);
  });

  it('takes no reply with another id or to another question, nor one that is not a reply', async () => {
    answer = (asked) => [
      reply(asked, '192.0.2.66', { id: ((asked.id ?? 0) + 1) % 0x1_0000 }),
      reply(asked, '192.0.2.66', { questions: [{ type: 'A', name: 'b.lab' }] }),
      reply(asked, '192.0.2.66', { questions: [{ type: 'AAAA', name: 'a.lab' }] }),
      reply(asked, '192.0.2.66', { type: 'query' }),
      Buffer.from('nonsense'),
      reply(asked, '192.0.2.1'),
    ];
    expect(await overUdp()).toEqual(['192.0.2.1']);
  });

  it('fails when nothing comes, and when nothing listens', async () => {
    answer = () => [];
    await expect(overUdp()).rejects.toMatchObject({ why: 'dns-timeout', phase: 'response' });
    const closed = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address();
    closed.close();
    await expect(overUdp({ phases: {} }, port)).rejects.toMatchObject({ why: 'dns-resolver-unreachable' });
  });

  it('has an id that does not repeat', async () => {
    ids.clear();
    answer = (asked) => [reply(asked, '192.0.2.1')];
    await Promise.all(Array.from({ length: 20 }, () => overUdp()));
    expect(ids.size).toBeGreaterThan(15);
  });
});

describe('a question over a stream', () => {
  const withLength = (message: Buffer) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    return Buffer.concat([length, message]);
  };

  it('has a reply, however it is cut', async () => {
    answer = (asked) => [withLength(reply(asked, '192.0.2.1'))];
    expect(await overTcp()).toEqual(['192.0.2.1']);
  });

  it('fails for a reply to something else, and for a closed connection', async () => {
    answer = (asked) => [withLength(reply(asked, '192.0.2.1', { id: ((asked.id ?? 0) + 1) % 0x1_0000 }))];
    await expect(overTcp()).rejects.toMatchObject({ why: 'dns-server-misbehaving' });
    answer = () => [];
    await expect(overTcp()).rejects.toMatchObject({ why: 'dns-server-misbehaving' });
  });
});
