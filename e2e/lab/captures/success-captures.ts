/** Connections that work, quickly or slowly, and certificates that are accepted or not. */
import { Conversation } from './conversation.ts';
import type { Packet } from './packets.ts';
import {
  afterHello,
  handshake13,
  healthy,
  type LabCapture,
  plain,
  request,
  socksTunnel,
  text,
  tunnel,
} from './scenarios.ts';
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

export function successCaptures(): Record<string, LabCapture> {
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
    'healthy, through a SOCKS proxy': {
      packets: request(handshake13(socksTunnel().say('client', clientHello()).wait(30))).fin('client').packets,
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
    'near: an idle TLS connection is closed, nothing was asked': {
      packets: handshake13(afterHello()).wait(30_000).fin('server').packets,
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

export function certificateCaptures(
  { good, expired, wrongHost }: LabChains,
  beginMs: number,
): Record<string, LabCapture> {
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
    'an untrusted certificate': { packets: refused(good), expected: plain('untrusted-certificate') },
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
