/** A module proxy over files in memory whose faults come at random from a seed, as those of a bad day do. */
import { createHash } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Shares of requests, 0…1. */
export interface FaultShares {
  /** Closed instead of an answer. */
  readonly eof?: number;
  /** Of zips: cut in the middle. */
  readonly cut?: number;
  /** Nothing is ever said. */
  readonly stall?: number;
  /** One of: EOF, 503, a page, a reset, 429, JSON as a wrong type. */
  readonly rude?: number;
}

/** Answers a request itself when it wants to (true). */
export type Override = (request: http.IncomingMessage, response: http.ServerResponse, path: string) => boolean;

const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome</body></html>';

export class FaultyUpstream {
  shares: FaultShares = {};
  /** Every answer begins this late, ms. */
  delayMs = 0;
  override: Override = () => false;
  /** Paths asked for, decoded, in their order. */
  readonly asked: string[] = [];
  files: ReadonlyMap<string, Buffer>;
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();
  #state: number;

  private constructor(files: ReadonlyMap<string, Buffer>, seed: number) {
    this.files = files;
    this.#state = seed;
    this.#server = http.createServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(files: ReadonlyMap<string, Buffer>, seed = 1): Promise<FaultyUpstream> {
    const upstream = new FaultyUpstream(files, seed);
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Heals everything and forgets what was asked. */
  reset(): void {
    this.shares = {};
    this.delayMs = 0;
    this.override = () => false;
    this.asked.length = 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    this.asked.push(path);
    response.on('error', () => {});
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.override(request, response, path)) return;
    const { eof = 0, cut = 0, stall = 0, rude = 0 } = this.shares;
    const dice = this.#random();
    if (dice < eof) return void request.socket.destroy();
    if (dice < eof + stall) return;
    if (this.#random() < rude) return this.#rude(request, response);
    const isCut = path.endsWith('.zip') && this.#random() < cut;
    serve(request, response, this.files.get(path), isCut);
  }

  #rude(request: http.IncomingMessage, response: http.ServerResponse): void {
    switch (Math.floor(this.#random() * 6)) {
      case 0:
        request.socket.destroy();
        break;
      case 1:
        response.writeHead(503, { 'content-type': 'text/plain' }).end('try again\n');
        break;
      case 2:
        response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
        break;
      case 3:
        request.socket.resetAndDestroy();
        break;
      case 4:
        response.writeHead(429, { 'content-type': 'text/plain', 'retry-after': '1' }).end('slow down\n');
        break;
      default:
        response.writeHead(200, { 'content-type': 'image/png' }).end('{"status":"ok"}');
    }
  }

  /** mulberry32. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
}

/** Serves a file as a static server does, with a strong ETag and ranges; or only its first half. */
export function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  body: Buffer | undefined,
  isCut = false,
): void {
  if (body === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('not found: no such module\n');
    return;
  }
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const isPart = from !== undefined && (request.headers['if-range'] ?? etag) === etag && Number(from) < body.length;
  const part = isPart ? body.subarray(Number(from)) : body;
  const range = isPart ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {};
  const type = /\.zip$/.test(request.url ?? '') ? 'application/zip' : 'text/plain; charset=utf-8';
  response.writeHead(isPart ? 206 : 200, { 'content-type': type, 'content-length': part.length, etag, ...range });
  if (!isCut) {
    response.end(part);
    return;
  }
  response.write(part.subarray(0, Math.ceil(part.length / 2)), () => request.socket.end());
}
