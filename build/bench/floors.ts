/**
 * The least that Node can do for one fresh HTTPS request, without timing, checks or limits: what a probe is held
 * against. One SecureContext for all, no session resumption.
 */
import * as http2 from 'node:http2';
import * as tls from 'node:tls';

export interface FloorTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly context: tls.SecureContext;
}

/** One bare tls.connect and the smallest HTTP/1.1 reader; resolves with the length of the body. */
export function http1Floor({ host, port, path, context }: FloorTarget): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port, servername: host, secureContext: context, ALPNProtocols: ['http/1.1'] });
    let answer = '';
    socket.on('secureConnect', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUser-Agent: floor\r\nConnection: close\r\n\r\n`);
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      const head = answer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1]);
      if (answer.length < head + 4 + length) return;
      socket.destroy();
      resolve(length);
    });
    socket.on('error', reject);
  });
}

/** One bare node:http2 request over its own tls.connect; resolves with the length of the body. */
export function http2Floor({ host, port, path, context }: FloorTarget): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host, port, servername: host, secureContext: context, ALPNProtocols: ['h2'] });
    socket.on('error', reject);
    socket.on('secureConnect', () => {
      const session = http2.connect(`https://${host}:${port}`, { createConnection: () => socket });
      const stream = session.request({ ':path': path });
      let length = 0;
      stream.on('data', (chunk: Buffer) => {
        length += chunk.length;
      });
      stream.on('error', reject);
      stream.on('end', () => {
        session.destroy();
        resolve(length);
      });
    });
  });
}
