/**
 * HTTP towards `go`: loopback only, GET and HEAD of the GOPROXY protocol only, and bounded in headers, connections and
 * time. Every body has Content-Length, a strong ETag of its bytes and Last-Modified, and honours Range and If-Range: `go`
 * resumes broken bodies only then (cmd/go/internal/web, since 1.28).
 */
import { closeSync, openSync, readSync } from 'node:fs';
import * as http from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../system/clock.ts';
import { errorCode, errorMessage } from '../system/error-facts.ts';
import { select } from './conditional.ts';
import type { Answer, Gateway, ZipRoute } from './gateway.ts';
import type { GatewayEvent } from './gateway-events.ts';
import type { ModuleCache } from './module-cache.ts';
import { parseRoute } from './route.ts';
import type { ServableFile } from './servable-file.ts';

export interface ServerOptions {
  readonly gateway: Gateway;
  readonly cache: ModuleCache;
  readonly clock: Clock;
  readonly emit: (event: GatewayEvent) => void;
  /** Whether requests of containers on this computer are taken: by the names that their programs give it. */
  readonly containers: boolean;
}

/** Listening, or why not. */
export type Listening =
  | { readonly ok: true; readonly port: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Room for `go` at its widest (GOMAXPROCS fetches at once, several commands), far below what memory would notice. */
const MAX_CONNECTIONS = 512;
const MAX_HEADER_BYTES = 16 * 1024;
/** A request line and its headers must be there by then: slow senders hold a connection, nothing more. */
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 75_000;
/** Open answers have this long when the gateway ends. */
const GRACE_MS = 5_000;
/** As much as is read and handed on at once; larger files flow with back-pressure (measured: pieces of 256 KiB cost least). */
const PIECE_BYTES = 256 * 1024;

const OWN_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
/** What this computer is called inside of containers: by Docker, Podman, OrbStack and Lima. They forward to loopback. */
const CONTAINER_NAMES = [
  'host.docker.internal',
  'gateway.docker.internal',
  'host.containers.internal',
  'host.orb.internal',
  'host.lima.internal',
];

export class GatewayServer {
  readonly #options: ServerOptions;
  readonly #servers: http.Server[] = [];
  readonly #sockets = new Set<Socket>();
  /** Those without a request that is being answered, the one that has been so for longest first. */
  readonly #idle = new Set<Socket>();
  #port = 0;
  #open = 0;
  #whenIdle: () => void = () => {};

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Listens on 127.0.0.1, and on ::1 where that has the same port free. */
  async listen(port: number): Promise<Listening> {
    const first = this.#server();
    try {
      this.#port = await listenOn(first, '127.0.0.1', port);
    } catch (error) {
      return { ok: false, code: errorCode(error) ?? '', message: errorMessage(error) };
    }
    this.#servers.push(first);
    const second = this.#server();
    // `localhost` may mean ::1 first; a client that finds nothing there goes on to 127.0.0.1.
    await listenOn(second, '::1', this.#port).then(
      () => this.#servers.push(second),
      () => {},
    );
    return { ok: true, port: this.#port };
  }

  /** Takes no more requests; resolves when every answer is out, or at the latest after 5 s. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const server of this.#servers) server.closeIdleConnections();
    if (this.#open > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
        this.#options.clock.after(GRACE_MS, resolve);
      });
    }
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #server(): http.Server {
    const server = http.createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: HEADERS_MS,
        requestTimeout: 2 * HEADERS_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connectionsCheckingInterval: 2_000,
        noDelay: true,
      },
      (request, response) => {
        const { socket } = request;
        this.#idle.delete(socket);
        response.on('close', () => {
          if (!socket.destroyed) this.#idle.add(socket);
        });
        void this.#answer(request, response);
      },
    );
    server.on('connection', (socket: Socket) => this.#admit(socket));
    // Neither tunnels nor other protocols.
    server.on('connect', (_, socket: Socket) =>
      socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n'),
    );
    server.on('upgrade', (_, socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      else socket.destroy();
    });
    return server;
  }

  /** When there is no room, the connection goes that has been without a request for longest: slow senders cannot lock others out. */
  #admit(socket: Socket): void {
    socket.on('error', () => {});
    if (this.#sockets.size >= MAX_CONNECTIONS) {
      const [longest = socket] = this.#idle;
      longest.destroy();
      this.#forget(longest);
      if (longest === socket) return;
    }
    this.#sockets.add(socket);
    this.#idle.add(socket);
    socket.on('close', () => this.#forget(socket));
  }

  #forget(socket: Socket): void {
    this.#sockets.delete(socket);
    this.#idle.delete(socket);
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { clock, gateway, cache, emit } = this.#options;
    const began = clock.monotonic();
    this.#open += 1;
    try {
      const refusal = this.#refusal(request);
      if (refusal !== null) {
        sendText(request, response, refusal.status, refusal.text, refusal.headers);
        return;
      }
      const target = request.url ?? '';
      const route = parseRoute(target, gateway.databases);
      const cachedOnly = request.headers['disable-module-fetch'] === 'true';
      if (request.method === 'HEAD' && cachedOnly && route.kind === 'zip') {
        await sendSize(response, gateway, route);
        return;
      }
      const answer = await gateway.answer(route, cachedOnly);
      const bytes = await this.#send(request, response, answer);
      cache.count('requests');
      emit(requestEvent(target, answer, response.statusCode, bytes, clock.monotonic() - began));
    } catch (error) {
      // Nothing of the answer may follow: `go` must see that it broke off.
      if (response.headersSent) response.destroy();
      else sendText(request, response, 500, errorMessage(error));
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#whenIdle();
    }
  }

  /** What is refused before anything of it is looked at. */
  #refusal(request: http.IncomingMessage): { status: number; text: string; headers?: Record<string, string> } | null {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      return { status: 405, text: 'only GET and HEAD', headers: { allow: 'GET, HEAD', connection: 'close' } };
    }
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
      const isEmpty = headers['content-length'] === '0' && headers['transfer-encoding'] === undefined;
      if (!isEmpty) return { status: 400, text: 'a GET has no body', headers: { connection: 'close' } };
    }
    return isOwnHost(headers.host, this.#port, this.#options.containers)
      ? null
      : { status: 403, text: 'not a name of this gateway' };
  }

  async #send(request: http.IncomingMessage, response: http.ServerResponse, answer: Answer): Promise<number> {
    if (response.destroyed) return 0;
    if (!('file' in answer)) {
      sendText(request, response, answer.status, answer.text);
      return 0;
    }
    const { file, contentType } = answer;
    const etag = `"${file.sha256}"`;
    const selection = select(request.headers, file.bytes, etag, file.modifiedAt);
    const headers: Record<string, string> = {
      'content-type': contentType,
      etag,
      'last-modified': new Date(file.modifiedAt).toUTCString(),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    };
    if (selection.status === 304) {
      response.writeHead(304, headers).end();
      return 0;
    }
    if (selection.status === 416) {
      sendText(request, response, 416, 'no such range', { 'content-range': `bytes */${file.bytes}` });
      return 0;
    }
    const [start, end] = selection.status === 206 ? [selection.start, selection.end] : [0, file.bytes - 1];
    if (selection.status === 206) headers['content-range'] = `bytes ${start}-${end}/${file.bytes}`;
    headers['content-length'] = String(end - start + 1);
    if (request.method === 'HEAD') {
      response.writeHead(selection.status, headers).end();
      return 0;
    }
    if (file.body !== null) {
      // Latin-1 keeps every byte, and head and body leave in one piece: half the cost of a buffer of its own.
      response.writeHead(selection.status, headers).end(file.body.toString('latin1', start, end + 1), 'latin1');
      return end - start + 1;
    }
    const sending = sendFile(response, selection.status, headers, file, start, end);
    this.#options.cache.opened(file.file ?? '');
    return sending;
  }
}

/** Reads pieces from an open file while the client takes them; the file may be removed meanwhile. */
function sendFile(
  response: http.ServerResponse,
  status: number,
  headers: Record<string, string>,
  { file }: ServableFile,
  start: number,
  end: number,
): Promise<number> {
  const descriptor = openSync(file ?? '', 'r');
  response.writeHead(status, headers);
  return new Promise((resolve, reject) => {
    let at = start;
    let isClosed = false;
    const close = () => {
      if (isClosed) return;
      isClosed = true;
      closeSync(descriptor);
    };
    const onClose = () => {
      close();
      resolve(at - start);
    };
    response.once('close', onClose);
    const more = () => {
      try {
        while (!isClosed && at <= end) {
          const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - at + 1));
          const read = readSync(descriptor, piece, 0, piece.length, at);
          if (read === 0) throw new Error('the file is shorter than it was');
          at += read;
          if (!response.write(read === piece.length ? piece : piece.subarray(0, read))) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      } catch (error) {
        response.off('close', onClose);
        close();
        reject(error);
      }
    };
    more();
  });
}

/** HEAD of what must not be fetched: the length alone, which nothing has verified. 404 = no upstream says it. */
async function sendSize(response: http.ServerResponse, gateway: Gateway, route: ZipRoute): Promise<void> {
  const asked = new AbortController();
  response.once('close', () => asked.abort());
  const { bytes } = await gateway.size(route, asked.signal);
  if (response.destroyed) return;
  const headers = { 'content-type': 'application/zip', 'x-content-type-options': 'nosniff' };
  if (bytes === null) response.writeHead(404, headers).end();
  else response.writeHead(200, { ...headers, 'content-length': String(bytes) }).end();
}

function sendText(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed) return;
  const body = Buffer.from(`${text}\n`);
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(body.length),
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function requestEvent(path: string, answer: Answer, status: number, bytes: number, ms: number): GatewayEvent {
  const { upstream, cached, survived } = answer;
  const verified = 'file' in answer && answer.file.verified;
  return { event: 'request', path, status, bytes, ms: Math.round(ms), upstream, cached, verified, survived };
}

/** A page of another site may lead its own name to 127.0.0.1 (DNS rebinding): such a name is not ours. */
function isOwnHost(host: string | undefined, port: number, containers: boolean): boolean {
  const [, name = '', digits] = /^(\[::1\]|[^:]+)(?::(\d+))?$/.exec(host?.toLowerCase() ?? '') ?? [];
  const isOurs = OWN_NAMES.includes(name) || (containers && CONTAINER_NAMES.includes(name));
  return isOurs && Number(digits ?? 80) === port;
}

function listenOn(server: http.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true, ipv6Only: host === '::1' }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
