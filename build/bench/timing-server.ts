/**
 * Servers that hold one phase back for an exact time, as a process of their own: a busy client must not delay the delay.
 * Prints one line of JSON when ready; ends with its standard input.
 */
import * as dgram from 'node:dgram';
import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { performance } from 'node:perf_hooks';
import * as packet from 'dns-packet';
import { LabAuthority } from '../../e2e/lab/certificates.ts';

export const DELAYS_MS = [50, 100, 200] as const;
export const HOST = 'timing.lab';

/** Ports by delay, and the certificate authority. */
export interface TimingServers {
  readonly ca: string;
  readonly plain: number;
  readonly dns: Readonly<Record<number, number>>;
  readonly tls: Readonly<Record<number, number>>;
  readonly headers: Readonly<Record<number, number>>;
  readonly body: Readonly<Record<number, number>>;
}

/** Timers are late by a millisecond or more: the last two are waited out awake. */
function after(ms: number, act: () => void): void {
  const due = performance.now() + ms;
  setTimeout(() => {
    while (performance.now() < due);
    act();
  }, ms - 2);
}

const INFO = JSON.stringify({ Version: 'v0.3.0', Time: '2017-12-14T13:08:43Z' });

async function port(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

async function byDelay(start: (ms: number) => Promise<number>): Promise<Record<number, number>> {
  return Object.fromEntries(await Promise.all(DELAYS_MS.map(async (ms) => [ms, await start(ms)] as const)));
}

const authority = await LabAuthority.create();
const identity = await authority.leaf('good', [HOST, '127.0.0.1', 'localhost']);
const answer: http.RequestListener = (_, response) => void response.end(INFO);
const servers: TimingServers = {
  ca: authority.ca,
  plain: await port(http.createServer(answer)),
  dns: await byDelay(async (ms) => {
    const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.on('message', (message, from) => {
      const { id = 0, questions = [] } = packet.decode(message);
      const name = questions[0]?.name ?? '';
      const answers = questions[0]?.type === 'A' ? [{ type: 'A', name, ttl: 1, data: '127.0.0.1' } as const] : [];
      const reply = packet.encode({ type: 'response', id, flags: packet.RECURSION_AVAILABLE, questions, answers });
      after(ms, () => socket.send(reply, from.port, from.address));
    });
    return socket.address().port;
  }),
  tls: await byDelay((ms) => {
    const inner = https.createServer(identity, answer);
    return port(net.createServer((socket) => after(ms, () => inner.emit('connection', socket))));
  }),
  headers: await byDelay((ms) => port(http.createServer((_, response) => after(ms, () => response.end(INFO))))),
  body: await byDelay((ms) =>
    port(
      http.createServer((_, response) => {
        response.writeHead(200, { 'content-length': String(INFO.length) });
        response.write(INFO.slice(0, 5));
        after(ms, () => response.end(INFO.slice(5)));
      }),
    ),
  ),
};
process.stdout.write(`${JSON.stringify(servers)}\n`);
process.stdin.resume();
process.stdin.on('end', () => process.exit());
