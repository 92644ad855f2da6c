/** What is lost, refused or closed on the way, and what looks like it. */
import { Conversation, type Ends } from './conversation.ts';
import {
  afterHello,
  HELLO_NO_KEM,
  handshake13,
  healthy,
  type LabCapture,
  plain,
  request,
  socksTunnel,
  text,
  tunnel,
} from './scenarios.ts';
import { alert, clientHello, encrypted, serverHello13 } from './tls-bytes.ts';

export function dropCaptures(): Record<string, LabCapture> {
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

export function endingCaptures(): Record<string, LabCapture> {
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
    'a SOCKS proxy closes after the ClientHello': {
      packets: socksTunnel().say('client', clientHello()).wait(20).fin('server').packets,
      expected: plain('eof'),
    },
    'a SOCKS proxy refuses': { packets: socksTunnel(5).packets, expected: plain('proxy-refused') },
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
