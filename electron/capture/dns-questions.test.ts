/** DNS over UDP as captured: which question an answer belongs to, and what the answers together mean. */
import * as packet from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { udpPacket } from '../../e2e/lab/captures/packets.ts';
import { DnsQuestions } from './dns-questions.ts';
import { parseIp } from './ip-packet.ts';
import { parseTransport, type UdpDatagram } from './transport.ts';

const CLIENT = '192.168.1.7';
const RESOLVER = '192.168.1.1';
const BEGAN = 1_000_000;

interface Sent {
  readonly atMs?: number;
  readonly id?: number;
  readonly name?: string;
  readonly ttl?: number;
  readonly port?: number;
}

function datagram(bytes: Uint8Array, atMs: number): UdpDatagram {
  const ip = parseIp(bytes);
  const read = typeof ip === 'string' ? null : parseTransport(ip, BEGAN + atMs);
  if (read === null || read === 'damaged' || read.protocol !== 'udp') throw new Error('no datagram');
  return read;
}

function question({ atMs = 0, id = 7, name = 'proxy.golang.org', port = 5_000 }: Sent = {}): UdpDatagram {
  const message = packet.encode({ type: 'query', id, questions: [{ type: 'A', name }] });
  return datagram(udpPacket({ source: CLIENT, target: RESOLVER, ttl: 64 }, port, 53, message), atMs);
}

function answer(
  addresses: readonly string[],
  { atMs = 20, id = 7, name = 'proxy.golang.org', ttl = 64, port = 5_000 }: Sent = {},
  rcode = 0,
) {
  const message = packet.encode({
    type: 'response',
    id,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | rcode,
    questions: [{ type: 'A', name }],
    answers: addresses.map((data) => ({ type: 'A', name, ttl: 60, data })),
  });
  return datagram(udpPacket({ source: RESOLVER, target: CLIENT, ttl }, 53, port, message), atMs);
}

function judged(...datagrams: readonly UdpDatagram[]) {
  const questions = new DnsQuestions();
  for (const one of datagrams) expect(questions.accept(one)).toBe(true);
  return questions.questions(BEGAN + 60_000);
}

const verdictOf = (...datagrams: readonly UdpDatagram[]) => judged(...datagrams)[0]?.verdict.id;

describe('a question', () => {
  it('and its answer are one exchange, with the time in between', () => {
    expect(judged(question(), answer(['142.250.72.81'], { atMs: 35 }))).toMatchObject([
      {
        name: 'proxy.golang.org',
        type: 'A',
        tries: 1,
        askedAt: BEGAN,
        answers: [{ atMs: 35, rcode: 'NOERROR', addresses: ['142.250.72.81'] }],
        verdict: { id: 'healthy' },
      },
    ]);
  });

  it('asked again within seconds is the same, later it is another', () => {
    expect(judged(question(), question({ atMs: 5_000 })).map(({ tries }) => tries)).toEqual([2]);
    expect(judged(question(), question({ atMs: 16_000 })).map(({ tries }) => tries)).toEqual([1, 1]);
  });

  it.each([{ id: 8 }, { port: 5_001 }, { name: 'sum.golang.org' }])('with another %j is another', (more) => {
    expect(judged(question(), question(more))).toHaveLength(2);
  });

  it('is distinguished from other traffic: only port 53, only whole messages', () => {
    const questions = new DnsQuestions();
    const time = udpPacket({ source: CLIENT, target: RESOLVER, ttl: 64 }, 5_000, 123, Buffer.from('ntp'));
    expect(questions.accept(datagram(time, 0))).toBe(false);
    const junk = udpPacket({ source: CLIENT, target: RESOLVER, ttl: 64 }, 5_000, 53, Buffer.from('junk'));
    expect(questions.accept(datagram(junk, 0))).toBe(false);
    expect(questions.questions(BEGAN)).toEqual([]);
  });
});

describe('the verdict', () => {
  it('two different answers to one question are forgery; the same one twice, in any order, is none', () => {
    const other = answer(['93.46.8.90'], { atMs: 21, ttl: 64 });
    expect(judged(question(), answer(['142.250.72.81']), other)[0]?.verdict).toMatchObject({
      id: 'duplicate-dns-answer',
      confidence: 0.85,
    });
    const twice = [answer(['1.1.1.1', '8.8.8.8']), answer(['8.8.8.8', '1.1.1.1'], { atMs: 22 })];
    expect(verdictOf(question(), ...twice)).toBe('healthy');
    expect(verdictOf(question(), question({ atMs: 10 }), answer(['1.1.1.1']), other)).toBe('healthy');
  });

  it('a forged answer from another distance is surer', () => {
    const forged = judged(question(), answer(['93.46.8.90'], { ttl: 120 }), answer(['142.250.72.81'], { atMs: 40 }));
    expect(forged[0]?.verdict).toMatchObject({ id: 'duplicate-dns-answer', confidence: 0.95 });
    expect(forged[0]?.verdict.evidence.map(({ key }) => key)).toContain('dns-ttl-differs');
  });

  it.each([
    [['198.18.0.7'], 'dns-local-proxy'],
    [['127.0.0.1'], 'dns-bogus-answer'],
    [['10.10.34.35'], 'dns-bogus-answer'],
    [['142.250.72.81'], 'healthy'],
  ] as const)('an answer of %j: %s', (addresses, id) => expect(verdictOf(question(), answer(addresses))).toBe(id));

  it('a private address for a private name is as it should be', () => {
    const name = 'code.corp.internal';
    expect(verdictOf(question({ name }), answer(['10.1.2.3'], { name }))).toBe('healthy');
  });

  it.each([
    [3, 'dns-no-such-name'],
    [2, 'dns-error'],
    [5, 'dns-error'],
  ])('an answer with code %i: %s', (rcode, id) => expect(verdictOf(question(), answer([], {}, rcode))).toBe(id));

  it('silence counts once it was long enough, or the question was repeated', () => {
    const questions = new DnsQuestions();
    questions.accept(question());
    expect(questions.questions(BEGAN + 1_000)[0]?.verdict.id).toBe('incomplete');
    expect(questions.questions(BEGAN + 9_000)[0]?.verdict.id).toBe('dns-no-answer');
    questions.accept(question({ atMs: 900 }));
    expect(questions.questions(BEGAN + 1_000)[0]?.verdict.id).toBe('dns-no-answer');
  });

  it('an answer whose question was not captured is judged with less confidence', () => {
    const [only] = judged(answer(['1.1.1.1']), answer(['8.8.8.8'], { atMs: 21 }));
    expect(only).toMatchObject({ tries: 0, verdict: { id: 'duplicate-dns-answer', confidence: 0.7 } });
  });
});

it('a flood of questions is counted beyond its bound, not kept', () => {
  const questions = new DnsQuestions();
  for (let i = 0; i < 10_050; i++) questions.accept(question({ id: i & 0xff_ff, name: `h${i}.example` }));
  expect([questions.questions(BEGAN).length, questions.leftOut]).toEqual([10_000, 50]);
});
