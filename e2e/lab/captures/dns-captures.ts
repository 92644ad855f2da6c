/** DNS over UDP, honest and forged, packet by packet. */
import * as packet from 'dns-packet';
import { type Packet, udpPacket } from './packets.ts';
import type { LabCapture } from './scenarios.ts';

const CLIENT = '192.0.2.10';
const RESOLVER = '203.0.113.53';
const BEGIN_MS = 1_772_352_000_000;
const NAME = 'proxy.golang.org';

interface AnswerOptions {
  readonly addresses: readonly string[];
  readonly atMs: number;
  readonly type?: 'A' | 'AAAA';
  readonly ttl?: number;
  readonly flags?: number;
  readonly id?: number;
  readonly rcode?: number;
  /** The records' own time to live. */
  readonly seconds?: number;
}

const FROM_RESOLVER = packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE;

function question(atMs: number, id = 7, type: 'A' | 'AAAA' = 'A'): Packet {
  const bytes = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type, name: NAME }],
  });
  return {
    atMs: BEGIN_MS + atMs,
    bytes: udpPacket({ source: CLIENT, target: RESOLVER, ttl: 64, id: 99 }, 40_053, 53, bytes),
  };
}

function answer(options: AnswerOptions): Packet {
  const { addresses, atMs, type = 'A', ttl = 57, flags = FROM_RESOLVER, id = 7, rcode = 0, seconds = 60 } = options;
  const bytes = packet.encode({
    type: 'response',
    id,
    flags: flags | rcode,
    questions: [{ type, name: NAME }],
    answers: addresses.map((data) => ({ type, name: NAME, ttl: seconds, data })),
  });
  return {
    atMs: BEGIN_MS + atMs,
    bytes: udpPacket({ source: RESOLVER, target: CLIENT, ttl, id: 5 }, 53, 40_053, bytes),
  };
}

const REAL = ['142.250.1.141'];
const FORGED = ['31.13.94.41'];

const capture = (verdict: string, ...packets: readonly Packet[]): LabCapture => ({ packets, expected: { verdict } });

/** By name, as the other captures. */
export function dnsCaptures(): Readonly<Record<string, LabCapture>> {
  const forged = answer({ addresses: FORGED, atMs: 6, ttl: 91, flags: packet.AUTHORITATIVE_ANSWER, seconds: 200 });
  return {
    'a DNS answer': capture('healthy', question(0), answer({ addresses: REAL, atMs: 31 })),
    'two different DNS answers': capture(
      'duplicate-dns-answer',
      question(0),
      forged,
      answer({ addresses: REAL, atMs: 31 }),
    ),
    'three DNS answers, two of them forged': capture(
      'duplicate-dns-answer',
      question(0),
      forged,
      answer({ addresses: ['8.7.198.46'], atMs: 7, ttl: 44 }),
      answer({ addresses: REAL, atMs: 31 }),
    ),
    'two different AAAA answers, one from the forged pool': capture(
      'duplicate-dns-answer',
      question(0, 7, 'AAAA'),
      answer({ addresses: ['2001::1f0d:5729'], atMs: 6, type: 'AAAA' }),
      answer({ addresses: ['2607:f8b0:4004:c07::8d'], atMs: 31, type: 'AAAA' }),
    ),
    'near: the same DNS answer twice, in another order': capture(
      'healthy',
      question(0),
      answer({ addresses: ['142.250.1.141', '142.250.1.101'], atMs: 31, seconds: 60 }),
      answer({ addresses: ['142.250.1.101', '142.250.1.141'], atMs: 32, seconds: 59 }),
    ),
    'near: asked twice, answered twice, differently': capture(
      'healthy',
      question(0),
      question(1_000),
      answer({ addresses: REAL, atMs: 1_020 }),
      answer({ addresses: ['142.250.1.101'], atMs: 1_030 }),
    ),
    'near: two questions with two answers': capture(
      'healthy',
      question(0),
      answer({ addresses: REAL, atMs: 20 }),
      question(100, 8),
      answer({ addresses: ['142.250.1.101'], atMs: 120, id: 8 }),
    ),
    'a local proxy’s DNS answer': capture(
      'dns-local-proxy',
      question(0),
      answer({ addresses: ['198.18.0.53'], atMs: 0.4, ttl: 64 }),
    ),
    'a DNS answer that cannot be': capture(
      'dns-bogus-answer',
      question(0),
      answer({ addresses: ['127.0.0.1'], atMs: 5 }),
    ),
    NXDOMAIN: capture('dns-no-such-name', question(0), answer({ addresses: [], atMs: 20, rcode: 3 })),
    SERVFAIL: capture('dns-error', question(0), answer({ addresses: [], atMs: 20, rcode: 2 })),
    'no DNS answer': capture('dns-no-answer', question(0), question(5_000)),
  };
}
