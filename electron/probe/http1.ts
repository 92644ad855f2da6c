/** HTTP/1.1 through node:http's own parser (llhttp), over a connection of our own. */
import * as http from 'node:http';
import type { Socket } from 'node:net';
import { errorFacts } from '../system/error-facts.ts';
import { classifyHttp1, phaseError } from './classify.ts';
import type { Deadline } from './deadline.ts';
import {
  Exchange,
  type ExchangeAnswer,
  type ExchangeRecord,
  type ExchangeRequest,
  type HttpSession,
  tooLarge,
} from './exchange.ts';
import { MAX_HEADER_BYTES } from './limits.ts';
import { PhaseError } from './phase-error.ts';

/** All that may come before the headers of the answer are complete: interim answers (1xx) have no limit of their own. */
const MAX_HEAD_BYTES = 4 * MAX_HEADER_BYTES;

/** Wraps a connected socket; requests go out one after the other. */
export function http1Session(socket: Socket): HttpSession {
  // An idle connection that breaks is noticed by the next request; without a listener it would end the process.
  socket.on('error', () => {});
  return {
    send: (request, deadline, record) => send(socket, request, deadline, record),
    close: () => socket.destroy(),
  };
}

function send(
  socket: Socket,
  request: ExchangeRequest,
  deadline: Deadline,
  record: ExchangeRecord,
): Promise<ExchangeAnswer> {
  const exchange = new Exchange(deadline.clock, request, record);
  if (socket.destroyed) exchange.fail(new PhaseError('response', 'eof-no-response', 'the connection is closed'));
  else start(socket, request, exchange);
  return exchange.answer(deadline, () => socket.destroy());
}

function start(socket: Socket, { path, authority, headers }: ExchangeRequest, exchange: Exchange): void {
  const outgoing = http.request({
    createConnection: () => socket,
    method: 'GET',
    path,
    setHost: false,
    headers: { host: authority, connection: 'keep-alive', ...headers },
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
  let headBytes = 0;
  const onData = (chunk: Buffer) => {
    exchange.firstByte();
    headBytes += chunk.length;
    if (exchange.phase === 'body') socket.off('data', onData);
    else if (headBytes > MAX_HEAD_BYTES) {
      exchange.fail(tooLarge());
      socket.destroy();
    }
  };
  const broken = (error: unknown) => {
    const facts = errorFacts(error);
    exchange.fail(phaseError(exchange.phase, classifyHttp1(facts, exchange.phase, exchange.begun), facts));
  };
  // Only now node:http reads: an earlier listener would take the first bytes from it.
  outgoing.on('socket', () => socket.on('data', onData));
  outgoing.on('finish', () => exchange.written());
  outgoing.on('response', (incoming) => {
    exchange.answered(incoming.statusCode ?? 0, flatten(incoming.headers));
    incoming.on('data', (chunk: Buffer) => {
      if (!exchange.add(chunk)) socket.destroy();
    });
    incoming.on('end', () => exchange.finish());
    incoming.on('error', broken);
  });
  outgoing.on('upgrade', (incoming) => {
    exchange.answered(incoming.statusCode ?? 0, flatten(incoming.headers));
    exchange.finish();
    socket.destroy();
  });
  outgoing.on('error', broken);
  outgoing.on('close', () => {
    socket.off('data', onData);
    if (!exchange.ended) broken(Object.assign(new Error('the connection ended'), { code: 'ECONNRESET' }));
  });
  outgoing.end();
}

function flatten(headers: http.IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
