/**
 * The server that the probe bench asks, as a process of its own so that its work is not counted: one TLS 1.3 port that
 * speaks HTTP/1.1 only and one that prefers HTTP/2, both answering every request with the same `.info`.
 * Prints one line of JSON: ports and the root to trust. Ends with its standard input.
 */
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { certificates } from './certificates.ts';

const INFO = JSON.stringify({ Version: 'v0.3.0', Time: '2017-09-15T17:20:24Z' });
const HEADERS = { 'content-type': 'application/json', 'content-length': INFO.length };

const { ca, cert, key } = await certificates('localhost');
const http1 = createServer({ cert, key }, (_, response) => response.writeHead(200, HEADERS).end(INFO));
const http2 = createSecureServer({ cert, key, allowHTTP1: true }, (_, response) => {
  response.writeHead(200, HEADERS);
  response.end(INFO);
});
console.log(JSON.stringify({ http1: await listen(http1), http2: await listen(http2), ca }));
process.stdin.on('end', () => process.exit()).resume();

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
