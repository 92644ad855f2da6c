/** The scenes that captures are made of: a handshake done, a request answered, a tunnel opened; and what is said of them. */
import { Conversation, type Ends } from './conversation.ts';
import type { Packet } from './packets.ts';
import { changeCipherSpec, clientHello, encrypted, serverHello13 } from './tls-bytes.ts';

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

/** A text as bytes. */
export const text = (words: string) => Buffer.from(words, 'latin1');
/** A ClientHello that fits into one packet. */
export const HELLO_NO_KEM = { groups: ['x25519'] } as const;

/** A connection that has sent its ClientHello, which the server has acknowledged. */
export function afterHello(ends: Partial<Ends> = {}, options = {}): Conversation {
  return new Conversation(ends).connect().say('client', clientHello(options)).wait(20).ack('server');
}

/** The whole of a good TLS 1.3 connection up to its end. */
export function healthy(ends: Partial<Ends> = {}, options = {}): Conversation {
  const conversation = new Conversation(ends).connect().say('client', clientHello(options)).wait(21).ack('server');
  handshake13(conversation);
  return request(conversation).fin('client').wait(20).fin('server').ack('client');
}

/** The rest of a TLS 1.3 handshake. */
export function handshake13(conversation: Conversation): Conversation {
  return conversation
    .say('server', Buffer.concat([serverHello13(), changeCipherSpec(), encrypted(2_900)]))
    .wait(0.4)
    .ack('client')
    .say('client', Buffer.concat([changeCipherSpec(), encrypted(53)]));
}

/** A request and its answer, encrypted. */
export function request(conversation: Conversation): Conversation {
  return conversation.say('client', encrypted(160)).wait(22).say('server', encrypted(900)).wait(0.2).ack('client');
}

/** A CONNECT and its answer. */
export function tunnel(answer = 'HTTP/1.1 200 Connection established\r\n\r\n'): Conversation {
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

/** What most resets come to. */
export const AFTER = 'rst-after-client-hello';
/** A reset that no published device has sent. */
export const nobody = (origin: 'genuine' | 'unclear', verdict = AFTER): Expected => ({
  verdict,
  origin,
  injector: null,
});
/** A verdict without a reset. */
export const plain = (verdict: string): Expected => ({ verdict });

/** SOCKS 5 with a user name and a password, by host name, and its answer: 0 is yes. */
export function socksTunnel(answer = 0): Conversation {
  const name = text('proxy.golang.org');
  const asked = Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([1, 187])]);
  return new Conversation({ server: '127.0.0.1', client: '127.0.0.1', serverPort: 7_891, serverTtl: 64 })
    .connect()
    .say('client', Buffer.from([5, 2, 0, 2]))
    .say('server', Buffer.from([5, 2]))
    .say('client', Buffer.concat([Buffer.from([1, 2]), text('me'), Buffer.from([6]), text('s3cret')]))
    .say('server', Buffer.from([1, 0]))
    .say('client', asked)
    .wait(40)
    .say('server', Buffer.from([5, answer, 0, 1, 0, 0, 0, 0, 0, 0]));
}
