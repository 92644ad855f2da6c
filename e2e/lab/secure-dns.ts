/** DNS over TLS and over HTTPS in front of the lab's DNS server, as encrypted resolvers are built. */
import { once } from 'node:events';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { Identity } from './certificates.ts';

export interface SecureDns {
  readonly tlsPort: number;
  readonly httpsPort: number;
  close(): Promise<void>;
}

/** Starts both; `plain` is the `address:port` of the server behind (its TCP side is asked). */
export async function startSecureDns(identity: Identity, plain: string): Promise<SecureDns> {
  const [host = '', port = ''] = plain.split(':');
  const behind = () => net.connect(Number(port), host);
  const dot = tls.createServer(identity, (socket) => {
    const other = behind();
    socket.on('error', () => other.destroy());
    other.on('error', () => socket.destroy());
    socket.pipe(other).pipe(socket);
  });
  const doh = https.createServer(identity, async (request, response) => {
    const question = new URL(request.url ?? '', 'https://lab').searchParams.get('dns');
    if (question === null) return void response.writeHead(400).end();
    const message = Buffer.from(question, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    const other = behind();
    other.write(Buffer.concat([length, message]));
    const [reply] = (await once(other, 'data')) as [Buffer];
    other.destroy();
    response.writeHead(200, { 'content-type': 'application/dns-message' }).end(reply.subarray(2));
  });
  for (const server of [dot, doh]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  return {
    tlsPort: (dot.address() as net.AddressInfo).port,
    httpsPort: (doh.address() as net.AddressInfo).port,
    async close() {
      dot.close();
      doh.closeAllConnections();
      doh.close();
    },
  };
}
