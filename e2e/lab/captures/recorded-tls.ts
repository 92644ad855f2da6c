/** Real TLS conversations over loopback, as a capture and the key log of their client: node's own HTTP/2 and HTTP/1.1 through a relay that notes every byte. */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { LabAuthority } from '../certificates.ts';
import { Conversation } from './conversation.ts';
import type { Packet } from './packets.ts';

/** How the server behaves once it is asked. */
export type Behaviour = 'ok' | 'rst-stream' | 'goaway' | 'cut-body' | 'silent';

export interface TlsRecording {
  readonly packets: readonly Packet[];
  /** As SSLKEYLOGFILE has it. */
  readonly keyLog: string;
}

export interface RecordingOptions {
  readonly version?: 'TLSv1.2' | 'TLSv1.3';
  /** OpenSSL's name of the only suite that is offered. */
  readonly cipher?: string;
  readonly protocol?: 'h2' | 'http/1.1';
  readonly behaviour?: Behaviour;
}

const NAME = 'proxy.lab';
const BODY = Buffer.alloc(40_000, 'x');
const authority = LabAuthority.create();

/** Asks once, and gives all that went over the wire. */
export async function recordTls(options: RecordingOptions = {}): Promise<TlsRecording> {
  const { version = 'TLSv1.3', cipher, protocol = 'h2', behaviour = 'ok' } = options;
  const identity = await (await authority).leaf('good', [NAME]);
  const suites = cipher === undefined ? {} : { ciphers: cipher };
  const secure = { ...identity, ...suites, minVersion: version, maxVersion: version };
  const server = protocol === 'h2' ? http2.createSecureServer(secure) : https.createServer(secure);
  answer(server, behaviour);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const conversation = new Conversation().connect();
  const relay = net.createServer((client) => note(client, portOf(server), conversation)).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const keyLog: string[] = [];
  const socket = tls.connect({
    host: '127.0.0.1',
    port: portOf(relay),
    servername: NAME,
    ALPNProtocols: [protocol],
    ...suites,
    minVersion: version,
    maxVersion: version,
    ca: (await authority).ca,
  });
  socket.on('keylog', (line) => keyLog.push(line.toString('latin1').trim()));
  await once(socket, 'secureConnect');
  await (protocol === 'h2' ? askHttp2(socket, behaviour) : askHttp1(socket));
  socket.destroy();
  relay.close();
  server.close();
  return { packets: conversation.packets, keyLog: `# made by the lab\n${keyLog.join('\n')}\n` };
}

function answer(server: http2.Http2SecureServer | https.Server, behaviour: Behaviour): void {
  if (!('setTimeout' in server && 'updateSettings' in server)) {
    (server as https.Server).on('request', (_request, response) => response.end(BODY));
    return;
  }
  // node:http2 keeps the socket to itself.
  let wire: net.Socket | null = null;
  server.on('connection', (socket: net.Socket) => {
    wire = socket;
  });
  (server as http2.Http2SecureServer).on('sessionError', () => {});
  (server as http2.Http2SecureServer).on('stream', (stream) => {
    stream.on('error', () => {});
    switch (behaviour) {
      case 'rst-stream':
        stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
        return;
      case 'goaway':
        stream.session?.goaway(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'));
        return;
      case 'cut-body':
        stream.respond({ ':status': 200 });
        stream.write(BODY.subarray(0, 5_000), () => setTimeout(() => wire?.end(), 20));
        return;
      case 'silent':
        return;
      default:
        stream.respond({ ':status': 502, server: 'lab' });
        stream.end(BODY);
    }
  });
}

/** Until the answer has ended, or nothing more can come. */
async function askHttp2(socket: tls.TLSSocket, behaviour: Behaviour): Promise<void> {
  const session = http2.connect(`https://${NAME}`, { createConnection: () => socket });
  session.on('error', () => {});
  const request = session.request({ ':path': '/golang.org/x/text/@v/v0.3.0.zip' });
  request.on('error', () => {});
  request.resume();
  if (behaviour === 'silent') await new Promise((resolve) => setTimeout(resolve, 100));
  else await Promise.race([closed(request), closed(session), once(session, 'goaway')]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  session.destroy();
}

function closed(one: http2.ClientHttp2Stream | http2.ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => one.once('close', resolve));
}

async function askHttp1(socket: tls.TLSSocket): Promise<void> {
  socket.write(`GET /golang.org/x/text/@v/list?token=hunter2 HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`);
  socket.resume();
  await once(socket, 'end');
}

/** Passes bytes on, and writes them down as packets in the order they came. */
function note(client: net.Socket, port: number, conversation: Conversation): void {
  const server = net.connect(port, '127.0.0.1');
  const pass = (from: net.Socket, to: net.Socket, side: 'client' | 'server') => {
    from.on('data', (bytes) => {
      conversation.say(side, bytes);
      to.write(bytes);
    });
    from.on('end', () => {
      conversation.fin(side);
      to.end();
    });
    from.on('error', () => to.destroy());
  };
  pass(client, server, 'client');
  pass(server, client, 'server');
}

function portOf(server: net.Server): number {
  return (server.address() as net.AddressInfo).port;
}
