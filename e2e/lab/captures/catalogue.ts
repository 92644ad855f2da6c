/**
 * Captures of everything that can go wrong, packet by packet, each with what must be said about it: one per published injector,
 * a near miss beside each, and the honest failures that look similar. Times, TTLs and numbers are those of real captures.
 */
import { Conversation, type Ends, type Forged } from './conversation.ts';
import { dnsCaptures } from './dns-captures.ts';
import type { Packet } from './packets.ts';
import {
  alert,
  certificate12,
  changeCipherSpec,
  clientDone12,
  clientHello,
  encrypted,
  record,
  refragmented,
  serverDone12,
  serverHello12,
  serverHello13,
} from './tls-bytes.ts';

export interface Expected {
  readonly verdict: string;
  readonly origin?: 'injected' | 'genuine' | 'unclear';
  readonly injector?: string | null;
}

export interface LabCapture {
  readonly packets: readonly Packet[];
  /** Of the connection, or the question, that it is about: the last one. */
  readonly expected: Expected;
}

const text = (words: string) => Buffer.from(words, 'latin1');
const HELLO_NO_KEM = { groups: ['x25519'] } as const;

/** A connection that has sent its ClientHello, which the server has acknowledged. */
function afterHello(ends: Partial<Ends> = {}, options = {}): Conversation {
  return new Conversation(ends).connect().say('client', clientHello(options)).wait(20).ack('server');
}

/** The whole of a good TLS 1.3 connection up to its end. */
function healthy(ends: Partial<Ends> = {}, options = {}): Conversation {
  const conversation = new Conversation(ends).connect().say('client', clientHello(options)).wait(21).ack('server');
  handshake13(conversation);
  return request(conversation).fin('client').wait(20).fin('server').ack('client');
}

function handshake13(conversation: Conversation): Conversation {
  return conversation
    .say('server', Buffer.concat([serverHello13(), changeCipherSpec(), encrypted(2_900)]))
    .wait(0.4)
    .ack('client')
    .say('client', Buffer.concat([changeCipherSpec(), encrypted(53)]));
}

function request(conversation: Conversation): Conversation {
  return conversation.say('client', encrypted(160)).wait(22).say('server', encrypted(900)).wait(0.2).ack('client');
}

function forged(rows: readonly Forged[], before: Conversation = afterHello(), expected: Expected): LabCapture {
  for (const row of rows) before.wait(0.03).forge('server', row);
  return { packets: before.packets, expected };
}

const HENAN: Forged = {
  flags: 'RA',
  ttl: 58,
  id: 1,
  dontFragment: false,
  window: 0,
  payload: Buffer.from('01020304050607080900', 'hex'),
};
const GFW_1: Forged = { flags: 'R', ttl: 97, id: 0, dontFragment: false, window: 0 };
const GFW_2: Forged = { flags: 'RA', ttl: 113, id: 0x3a_11, dontFragment: true, window: 1_404 };
const GFW_3: Forged = { flags: 'RA', ttl: 248, id: 0x99_20, dontFragment: false, window: 0 };
const SYN_443: Forged = { flags: 'RA', ttl: 71, id: 0x11_11, dontFragment: true, window: 1_980 };

const three = (row: Forged): readonly Forged[] => [0, 1, 2].map((n) => ({ ...row, id: row.id + 7 * n }));
const rising = (row: Forged): readonly Forged[] =>
  [0, 1, 2].map((n) => ({ ...row, id: row.id + n, ttl: row.ttl + n, window: (row.window ?? 0) + n }));

const AFTER = 'rst-after-client-hello';
const injected = (injector: string, verdict = AFTER): Expected => ({ verdict, origin: 'injected', injector });
const nobody = (origin: 'genuine' | 'unclear', verdict = AFTER): Expected => ({ verdict, origin, injector: null });
const plain = (verdict: string): Expected => ({ verdict });

function injectors(): Record<string, LabCapture> {
  return {
    'injector henan': forged([HENAN], afterHello(), injected('henan')),
    'injector henan, and the server still answers': {
      packets: afterHello().forge('server', HENAN).wait(15).say('server', serverHello13()).packets,
      expected: injected('henan'),
    },
    'near henan: payload with other flags': forged([{ ...HENAN, flags: 'R' }], afterHello(), nobody('unclear')),
    'near henan: payload of other bytes': forged(
      [{ ...HENAN, payload: Buffer.from('0102030405060708090a', 'hex') }],
      afterHello(),
      nobody('unclear'),
    ),
    'near henan: identification 2': forged([{ ...HENAN, id: 2 }], afterHello(), nobody('unclear')),
    'injector gfw-1': forged([GFW_1], afterHello(), injected('gfw-1')),
    'near gfw-1: with ACK': forged([{ ...GFW_1, flags: 'RA' }], afterHello(), nobody('unclear')),
    'near gfw-1: identification 1': forged([{ ...GFW_1, id: 1 }], afterHello(), nobody('unclear')),
    'near gfw-1: TTL 119': forged([{ ...GFW_1, ttl: 119 }], afterHello(), nobody('unclear')),
    'near gfw-1: as far away as the server': forged([GFW_1], afterHello({ serverTtl: 97 }), nobody('genuine')),
    'injector gfw-2': forged(three(GFW_2), afterHello(), injected('gfw-2')),
    'near gfw-2: two resets': forged(three(GFW_2).slice(1), afterHello(), nobody('unclear')),
    'near gfw-2: may be fragmented': forged(three({ ...GFW_2, dontFragment: false }), afterHello(), nobody('unclear')),
    'near gfw-2: identification 0xfe60': forged(
      [0, 1, 2].map(() => ({ ...GFW_2, id: 0xfe_60 })),
      afterHello(),
      nobody('unclear'),
    ),
    'injector gfw-3': forged([GFW_3], afterHello(), injected('gfw-3')),
    'near gfw-3: identification 0x9915': forged([{ ...GFW_3, id: 0x99_15 }], afterHello(), nobody('unclear')),
    'near gfw-3: identification 0x9934': forged([{ ...GFW_3, id: 0x99_34 }], afterHello(), nobody('unclear')),
    'near gfw-3: TTL 247': forged([{ ...GFW_3, ttl: 247 }], afterHello(), nobody('unclear')),
    'injectors gfw-1 and gfw-2 at once': forged([GFW_1, ...three(GFW_2)], afterHello(), injected('gfw-2')),
    'injector gfw-2 at a retransmitted ClientHello': forged(
      [...three(GFW_2), ...three({ ...GFW_2, id: 0x51_00 })],
      retransmitted(),
      injected('gfw-2'),
    ),
    'injector gfw-3 at a plain request': forged(
      [GFW_3],
      new Conversation({ serverPort: 80 })
        .connect()
        .say('client', text('GET /x/@v/list HTTP/1.1\r\nHost: proxy.golang.org\r\n\r\n')),
      injected('gfw-3', 'rst-after-request'),
    ),
    'injector of 2025-08-20 at a SYN': forged(
      rising(SYN_443),
      new Conversation().syn().wait(6),
      injected('gfw-2025-08-443', 'rst-on-connect'),
    ),
    'injector of 2025-08-20 at a SYN-ACK': forged(
      rising(SYN_443),
      new Conversation().connect(),
      injected('gfw-2025-08-443', 'rst-on-connect'),
    ),
    'near 2025-08-20: another port': forged(
      rising(SYN_443),
      new Conversation({ serverPort: 8_443 }).syn().wait(6),
      nobody('unclear', 'rst-on-connect'),
    ),
    'near 2025-08-20: windows alike': forged(
      rising({ ...SYN_443 }).map((row) => ({ ...row, window: 0 })),
      new Conversation().syn().wait(6),
      nobody('unclear', 'rst-on-connect'),
    ),
    'a forged reset that no table has, then the server answers': {
      packets: afterHello()
        .forge('server', { flags: 'RA', ttl: 200, id: 77, dontFragment: false })
        .wait(15)
        .say('server', serverHello13()).packets,
      expected: { verdict: AFTER, origin: 'injected', injector: null },
    },
    'injector gfw-3 in the client’s name, seen at the server': {
      packets: new Conversation({ clientTtl: 44, serverTtl: 64 })
        .connect()
        .say('client', clientHello())
        .wait(1)
        .forge('client', GFW_3).packets,
      expected: injected('gfw-3'),
    },
  };
}

function retransmitted(): Conversation {
  const hello = clientHello(HELLO_NO_KEM);
  return new Conversation().connect().say('client', hello).wait(300).sayAgain('client', hello);
}

function resets(): Record<string, LabCapture> {
  const port = new Conversation().syn().wait(20);
  const reset = encrypted(500);
  return {
    'a server’s own reset after the ClientHello': {
      packets: afterHello().reset('server').packets,
      expected: nobody('genuine'),
    },
    'a server’s own reset without ACK': {
      packets: afterHello().reset('server', 'R').packets,
      expected: nobody('genuine'),
    },
    'a device nearby resets': forged(
      [{ flags: 'RA', ttl: 64, id: 0, dontFragment: true }],
      afterHello(),
      nobody('unclear'),
    ),
    'a closed port': { packets: port.reset('server').packets, expected: nobody('unclear', 'rst-on-connect') },
    'a reset in the middle of an answer': {
      packets: request(handshake13(afterHello()))
        .say('client', encrypted(200))
        .wait(30)
        .say('server', reset)
        .reset('server').packets,
      expected: nobody('genuine', 'rst-later'),
    },
    'near: an idle connection is dropped with a reset': {
      packets: request(handshake13(afterHello())).wait(60_000).reset('server').packets,
      expected: plain('healthy'),
    },
    'a reset after the client has closed': {
      packets: request(handshake13(afterHello())).fin('client').wait(20).reset('server').packets,
      expected: plain('healthy'),
    },
    'a reset with IPv6': {
      packets: afterHello({ client: '2001:db8::10', server: '2001:db8:1::20' }).forge('server', { ...GFW_1 }).packets,
      expected: nobody('unclear'),
    },
  };
}

function drops(): Record<string, LabCapture> {
  const [large, small] = [clientHello(), clientHello({ groups: ['x25519'] })];
  const lost = (hello: Uint8Array, ends: Partial<Ends> = {}) => {
    const conversation = new Conversation(ends).connect().say('client', hello);
    for (const ms of [300, 600, 1_200, 2_400]) conversation.wait(ms).sayAgain('client', hello);
    return conversation;
  };
  const beside = healthy({ clientPort: 50_001 }, HELLO_NO_KEM);
  const first = new Conversation()
    .connect()
    .say('client', large)
    .wait(20)
    .ackWithout('server', large.length - 1_400);
  for (const ms of [300, 600, 1_200]) first.wait(ms).sayAgain('client', large);
  return {
    'a large ClientHello is dropped': { packets: lost(large).packets, expected: plain('large-client-hello-dropped') },
    'a large ClientHello is dropped, a small one is answered': {
      packets: [...beside.packets, ...lost(large, { beginMs: beside.atMs + 100 }).packets],
      expected: plain('large-client-hello-dropped'),
    },
    'the second half of a large ClientHello is dropped': {
      packets: first.packets,
      expected: plain('large-client-hello-dropped'),
    },
    'a small ClientHello is dropped': { packets: lost(small).packets, expected: plain('client-hello-dropped') },
    'a ClientHello through a proxy is dropped': {
      packets: tunnel()
        .say('client', large)
        .wait(300)
        .sayAgain('client', large)
        .wait(900)
        .sayAgain('client', large)
        .wait(2_000)
        .sayAgain('client', large).packets,
      expected: plain('large-client-hello-dropped'),
    },
    'near: a large ClientHello arrives at the second try': {
      packets: request(
        handshake13(new Conversation().connect().say('client', large).wait(300).sayAgain('client', large).wait(20)),
      ).fin('client').packets,
      expected: plain('healthy'),
    },
    'a ClientHello is acknowledged and nothing follows': {
      packets: afterHello().wait(10_000).ack('client').packets,
      expected: plain('no-answer'),
    },
    'no answer to the SYN': {
      packets: new Conversation().syn().wait(1_000).synAgain().wait(2_000).synAgain().wait(4_000).synAgain().packets,
      expected: plain('no-answer-to-syn'),
    },
    'the rest of the handshake never arrives': {
      packets: afterHello().say('server', serverHello13()).wait(0.3).ack('client').wait(8_000).ack('client').packets,
      expected: plain('no-answer'),
    },
    'the capture was stopped too early': { packets: afterHello().packets, expected: plain('incomplete') },
    'the capture began too late': {
      packets: new Conversation().say('server', encrypted(400)).wait(1).ack('client').packets,
      expected: plain('incomplete'),
    },
  };
}

function tunnel(answer = 'HTTP/1.1 200 Connection established\r\n\r\n'): Conversation {
  return new Conversation({ server: '127.0.0.1', client: '127.0.0.1', serverPort: 7_890, serverTtl: 64 })
    .connect()
    .say(
      'client',
      text(
        'CONNECT proxy.golang.org:443 HTTP/1.1\r\nHost: proxy.golang.org:443\r\nUser-Agent: Go-http-client/1.1\r\n\r\n',
      ),
    )
    .wait(30)
    .say('server', text(answer))
    .wait(0.2);
}

function endings(): Record<string, LabCapture> {
  const proxied = tunnel().say('client', clientHello()).wait(20);
  return {
    'closed after the ClientHello': {
      packets: afterHello().fin('server').wait(0.2).fin('client').packets,
      expected: plain('eof'),
    },
    'closed at once': {
      packets: new Conversation().connect().wait(1).fin('server').wait(0.1).fin('client').packets,
      expected: plain('eof'),
    },
    'closed in the middle of the handshake': {
      packets: afterHello().say('server', serverHello13()).fin('server').packets,
      expected: plain('eof'),
    },
    'closed after the request': {
      packets: handshake13(afterHello())
        .say('server', encrypted(240))
        .wait(1)
        .say('client', encrypted(300))
        .wait(20)
        .fin('server').packets,
      expected: plain('eof'),
    },
    'a plain request is not answered but closed': {
      packets: new Conversation({ serverPort: 80 })
        .connect()
        .say('client', text('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
        .wait(20)
        .fin('server').packets,
      expected: plain('eof'),
    },
    'a proxy closes after the ClientHello': { packets: proxied.fin('server').packets, expected: plain('eof') },
    'a proxy refuses': {
      packets: tunnel('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n').packets,
      expected: plain('proxy-refused'),
    },
    handshake_failure: {
      packets: afterHello().say('server', alert(40)).fin('server').packets,
      expected: plain('alert'),
    },
    unrecognized_name: {
      packets: afterHello().say('server', alert(112)).reset('server').packets,
      expected: plain('alert'),
    },
    'plain text on a TLS port': {
      packets: afterHello().say('server', text('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')).fin('server')
        .packets,
      expected: plain('not-tls'),
    },
    'the client gives up waiting': {
      packets: afterHello().wait(10_000).fin('client').packets,
      expected: plain('no-answer'),
    },
    'the client leaves at once': {
      packets: afterHello().wait(50).fin('client').packets,
      expected: plain('client-closed'),
    },
    'a protocol that is not ours': {
      packets: new Conversation({ serverPort: 22 })
        .connect()
        .say('server', text('SSH-2.0-OpenSSH_9.9\r\n'))
        .say('client', text('SSH-2.0-Go\r\n')).packets,
      expected: plain('other-protocol'),
    },
  };
}

function successes(): Record<string, LabCapture> {
  const big = clientHello({ alpn: ['h2'] });
  const twoRecords = new Conversation().connect().say('client', refragmented(big, 500)).wait(20);
  const retry = new Conversation()
    .connect()
    .say('client', clientHello())
    .wait(20)
    .say('server', serverHello13('p256', true))
    .wait(0.3)
    .say('client', clientHello({ groups: ['p256'] }))
    .wait(20);
  const backwards = healthy().packets;
  return {
    'healthy, TLS 1.3': { packets: healthy().packets, expected: plain('healthy') },
    'healthy, IPv6': {
      packets: healthy({ client: '2001:db8::10', server: '2001:db8:1::20' }).packets,
      expected: plain('healthy'),
    },
    'healthy, through a proxy': {
      packets: request(handshake13(tunnel().say('client', clientHello()).wait(30))).fin('client').packets,
      expected: plain('healthy'),
    },
    'healthy, a ClientHello in two records': {
      packets: request(handshake13(twoRecords)).fin('client').packets,
      expected: plain('healthy'),
    },
    'healthy after a HelloRetryRequest': {
      packets: request(handshake13(retry)).fin('client').packets,
      expected: plain('healthy'),
    },
    'healthy, segments out of order': { packets: swapped(backwards), expected: plain('healthy') },
    'healthy, the server closes after its answer': {
      packets: request(handshake13(afterHello())).fin('server').wait(0.2).fin('client').packets,
      expected: plain('healthy'),
    },
    'healthy, a plain request': {
      packets: new Conversation({ serverPort: 80 })
        .connect()
        .say('client', text('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
        .wait(20)
        .say('server', text('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')).packets,
      expected: plain('healthy'),
    },
    'slow to connect': {
      packets: request(
        handshake13(new Conversation().syn().wait(1_800).synAck().ack('client').say('client', clientHello()).wait(20)),
      ).packets,
      expected: plain('slow-server'),
    },
    'slow in the handshake': {
      packets: request(handshake13(afterHello().wait(2_400))).fin('client').packets,
      expected: plain('slow-server'),
    },
    'slow to answer': {
      packets: handshake13(afterHello())
        .say('client', encrypted(160))
        .wait(3_500)
        .say('server', encrypted(900))
        .fin('client').packets,
      expected: plain('slow-server'),
    },
    'the first SYN was lost': {
      packets: request(
        handshake13(
          new Conversation()
            .syn()
            .wait(1_050)
            .synAgain()
            .wait(20)
            .synAck()
            .ack('client')
            .say('client', clientHello())
            .wait(20),
        ),
      ).packets,
      expected: plain('packet-loss'),
    },
  };
}

/** Exchanges the two segments of the ClientHello. */
function swapped(packets: readonly Packet[]): readonly Packet[] {
  const [syn, synAck, ack, one, two, ...rest] = packets;
  if (!syn || !synAck || !ack || !one || !two) return packets;
  return [syn, synAck, ack, { ...two, atMs: one.atMs }, { ...one, atMs: two.atMs }, ...rest];
}

/** DER certificates for the captures of TLS 1.2, by what is wrong with them. */
export interface LabChains {
  readonly good: readonly Uint8Array[];
  readonly expired: readonly Uint8Array[];
  readonly wrongHost: readonly Uint8Array[];
}

function certificates({ good, expired, wrongHost }: LabChains, beginMs: number): Record<string, LabCapture> {
  const flight = (chain: readonly Uint8Array[]) =>
    afterHello({ beginMs }, { versions: [0x03_03] })
      .say('server', Buffer.concat([serverHello12(), certificate12(chain), serverDone12()]))
      .wait(0.5);
  const refused = (chain: readonly Uint8Array[]) => flight(chain).say('client', alert(42)).fin('client').packets;
  return {
    'healthy, TLS 1.2': {
      packets: request(
        flight(good)
          .say('client', clientDone12())
          .wait(20)
          .say('server', Buffer.concat([changeCipherSpec(), record(22, Buffer.alloc(40))])),
      ).fin('client').packets,
      expected: plain('healthy'),
    },
    'a certificate nobody vouches for': { packets: refused(good), expected: plain('untrusted-certificate') },
    'an expired certificate': { packets: refused(expired), expected: plain('untrusted-certificate') },
    'a certificate for another host, and no word said': {
      packets: flight(wrongHost).fin('client').packets,
      expected: plain('untrusted-certificate'),
    },
    'a hidden objection to the certificate': {
      packets: afterHello()
        .say('server', Buffer.concat([serverHello13(), changeCipherSpec(), encrypted(2_900)]))
        .wait(0.4)
        .say('client', Buffer.concat([changeCipherSpec(), encrypted(19)]))
        .fin('client').packets,
      expected: plain('untrusted-certificate'),
    },
    'a client that leaves after the certificate without a word': {
      packets: afterHello()
        .say('server', Buffer.concat([serverHello13(), changeCipherSpec(), encrypted(2_900)]))
        .wait(2)
        .fin('client').packets,
      expected: plain('untrusted-certificate'),
    },
    'near: close_notify has the size of an objection': {
      packets: request(handshake13(afterHello())).say('client', encrypted(19)).fin('client').packets,
      expected: plain('healthy'),
    },
  };
}

/** All of them by name. `beginMs` is when the certificates are (still, or no longer) good. */
export function labCaptures(chains: LabChains, beginMs: number): Readonly<Record<string, LabCapture>> {
  return {
    ...injectors(),
    ...resets(),
    ...drops(),
    ...endings(),
    ...successes(),
    ...certificates(chains, beginMs),
    ...dnsCaptures(),
  };
}
