/** Faults that act once a request has been read; without one the request is served from the fixture tree. */
import type * as http from 'node:http';
import type * as http2 from 'node:http2';
import type { Socket } from 'node:net';
import type { Fault } from '../fault.ts';
import { otherZip } from '../other-zip.ts';
import { readTree } from '../tree.ts';

export interface LabRequest {
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A request of either HTTP: node:http2's compatibility layer has the shape of node:http's, and a stream besides. */
export type Incoming = http.IncomingMessage & { readonly stream?: http2.ServerHttp2Stream };
type Outgoing = http.ServerResponse;

const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>';

/** Answers a request as the fault wants it, or properly. */
export async function answerRequest(
  fault: Fault | null,
  seen: LabRequest,
  request: Incoming,
  response: Outgoing,
  base: string,
): Promise<void> {
  switch (fault?.type) {
    case 'drop-request':
      return drop(request, fault.how);
    case 'drop-body':
      return dropBody(request, response, fault);
    case 'status':
      return send(response, fault.status, fault.body ?? `status ${fault.status}\n`, {
        'content-type': 'text/plain',
        ...fault.headers,
      });
    case 'no-sumdb-relay':
      if (seen.path.startsWith('/sumdb/'))
        return send(response, 404, 'not relayed\n', { 'content-type': 'text/plain' });
      break;
    case 'refuse-module':
      if (seen.path.startsWith(`/${fault.path}/@`))
        return send(response, 403, 'blocked for security\n', { 'content-type': 'text/plain' });
      break;
    case 'refuse-zips':
      if (seen.path.endsWith('.zip'))
        return send(response, 403, '<Error><Code>AccessDenied</Code></Error>', { 'content-type': 'application/xml' });
      break;
    case 'other-zip':
      if (seen.path.endsWith('.zip'))
        return send(response, 200, otherZip(seen.path), { 'content-type': 'application/zip' });
      break;
    case 'random-status':
      if (chance(fault.seed) < fault.share)
        return send(response, fault.status, 'unlucky\n', { 'content-type': 'text/plain' });
      break;
    case 'answer':
      return send(response, 200, fault.body, { 'content-type': fault.contentType });
    case 'redirect':
      return redirect(fault.to, seen.path, response, base);
    case 'garbage':
      request.socket.end('no HTTP at all\r\n\r\n');
      return;
    case 'endless-headers':
      return endlessHeaders(request);
    case 'endless-body':
      return endlessBody(response);
    case 'goaway':
      // Only HTTP/2 has it: over HTTP/1.1 the same server is well.
      if (request.stream === undefined) break;
      request.stream.session?.goaway(fault.code, 0);
      setTimeout(() => socketOf(request).destroy(), 20);
      return;
    case 'rst-stream':
      request.stream?.close(fault.code);
      return;
    case 'few-streams':
      if (countStreams(request) > fault.most) {
        request.stream?.session?.destroy();
        return;
      }
      // Held back, so that requests of one burst are open at once.
      await wait(20);
      break;
    case 'delay-headers':
      await wait(fault.ms);
      break;
    case 'delay-body':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      await wait(fault.ms);
      response.end((await readTree(seen.path))?.body ?? Buffer.alloc(0));
      return;
    default:
      break;
  }
  const found = await readTree(seen.path);
  if (found === null)
    return send(response, 404, 'not found: no such module or version in the lab\n', { 'content-type': 'text/plain' });
  const how = fault?.type === 'no-resume' ? fault.how : null;
  const isZip = seen.path.endsWith('.zip');
  if (isZip && how !== 'no-range') return sendPart(request, response, found.body, how);
  send(response, 200, found.body, { 'content-type': found.contentType });
}

/** A zip with a strong entity tag, whole or in part (RFC 9110 §13.1.5, §14). */
function sendPart(
  request: Incoming,
  response: Outgoing,
  body: Buffer,
  how: 'weak-etag' | 'no-validator' | 'other-entity' | null,
): void {
  entities += 1;
  const etag = `"${how === 'other-entity' ? entities : body.length}"`;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const validator = request.headers['if-range'] ?? etag;
  const headers: Record<string, string> = {
    'content-type': 'application/zip',
    ...(how === 'no-validator' ? {} : { etag: how === 'weak-etag' ? `W/${etag}` : etag }),
  };
  // A server that packs zips on each request sends its range of whatever it has now.
  const isPart = from !== undefined && (validator === etag || how === 'other-entity');
  if (!isPart) {
    send(response, 200, body, headers);
    return;
  }
  const end = Math.min(to === undefined || to === '' ? body.length : Number(to) + 1, body.length);
  const range = `bytes ${from}-${end - 1}/${body.length}`;
  send(response, 206, body.subarray(Number(from), end), { ...headers, 'content-range': range });
}

let entities = 0;

const streams = new WeakMap<object, number>();

/** Requests of this connection that are not answered yet. */
function countStreams({ stream }: Incoming): number {
  const session = stream?.session;
  if (stream === undefined || session === undefined) return 0;
  const open = (streams.get(session) ?? 0) + 1;
  streams.set(session, open);
  stream.once('close', () => streams.set(session, (streams.get(session) ?? 1) - 1));
  return open;
}

function drop(request: Incoming, how: 'fin' | 'reset' | 'hang'): void {
  if (how === 'hang') return;
  const socket = socketOf(request);
  if (how === 'reset') socket.resetAndDestroy();
  else socket.destroy();
}

function dropBody(
  request: Incoming,
  response: Outgoing,
  { how, chunked }: Extract<Fault, { type: 'drop-body' }>,
): void {
  const half = '{"Version":';
  response.writeHead(200, {
    'content-type': 'application/json',
    ...(chunked ? {} : { 'content-length': String(half.length * 2) }),
  });
  response.write(half);
  // Long enough for the half to be read: a reset right behind it would make the kernel throw it away.
  setTimeout(() => drop(request, how), 30);
}

function redirect(to: 'self' | 'http' | 'login', path: string, response: Outgoing, base: string): void {
  if (to === 'login' && path === '/login') {
    send(response, 200, PAGE, { 'content-type': 'text/html' });
    return;
  }
  const location = to === 'self' ? path : to === 'login' ? '/login' : `${base.replace(/^https/, 'http')}${path}`;
  send(response, 302, '', { location });
}

function endlessHeaders(request: Incoming): void {
  const { socket } = request;
  socket.write('HTTP/1.1 200 OK\r\n');
  const more = () => {
    if (!socket.destroyed) socket.write(`X-Filler: ${'x'.repeat(1_000)}\r\n`, () => setImmediate(more));
  };
  more();
}

function endlessBody(response: Outgoing): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(16 * 1024, 32);
  // A response of node:http2 is never `destroyed`: only the write reports that it takes no more.
  const more = (error?: Error | null) => {
    if (error == null) response.write(chunk, (failed) => setImmediate(more, failed));
  };
  response.on('error', () => {});
  more();
}

function send(response: Outgoing, status: number, body: string | Buffer, headers: Record<string, string>): void {
  response.on('error', () => {});
  response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

/** The bare TCP socket under a request, whichever HTTP it came by. */
function socketOf(request: Incoming): Socket {
  const session = request.stream?.session;
  return under(session === undefined ? request.socket : sessionSocket(session));
}

/**
 * node:http2 guards `session.socket` with a proxy that refuses destroy(); the session's own symbol holds the real one.
 */
function sessionSocket(session: http2.Http2Session): Socket {
  const symbol = Object.getOwnPropertySymbols(session).find((one) => one.description === 'socket');
  if (symbol === undefined) throw new Error('this Node keeps the socket of a session elsewhere');
  return (session as unknown as Record<symbol, Socket>)[symbol] as Socket;
}

/** A TLSSocket made over a plain socket keeps it as `_parent`; a reset has to hit that one. */
function under(socket: Socket): Socket {
  return (socket as Socket & { _parent?: Socket })._parent ?? socket;
}

const sequences = new Map<number, number>();

/** A deterministic sequence a seed (mulberry32). */
function chance(seed: number): number {
  const state = ((sequences.get(seed) ?? seed) + 0x6d2b79f5) | 0;
  sequences.set(seed, state);
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
