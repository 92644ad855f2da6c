/** The HTTP client over undici: one pool of connections for each origin, redirects followed as net/http does. */

import type { Socket } from 'node:net';
import { Client, Pool } from 'undici';
import { type Origin, originOf } from '../../shared/domain/host.ts';
import type { Failure } from '../../shared/domain/result.ts';
import type { Clock } from './clock.ts';
import type {
  HttpAnswer,
  HttpClient,
  HttpConnector,
  HttpHead,
  HttpLimits,
  HttpRequest,
  HttpResult,
  HttpSink,
} from './http-client.ts';
import { exchange } from './http-exchange.ts';
import { parseUrl } from './web.ts';

/** Its dependencies. */
export interface HttpClientOptions {
  readonly connector: HttpConnector;
  readonly clock: Clock;
  /** Connections to one origin at once; HTTP/2 shares one among many requests. */
  readonly connectionsPerOrigin?: number | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const DEFAULT_LIMITS: HttpLimits = { headerMs: 30_000, bodyIdleMs: 30_000, totalMs: 0 };

/** As net/http.DefaultTransport keeps idle connections. */
const IDLE_MS = 90_000;
const MAX_REDIRECTS = 10;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** As many streams as most servers allow on one HTTP/2 connection (RFC 9113 §6.5.2 asks for at least this). */
const HTTP2_STREAMS = 100;
/** Compressed responses are never requested: a body has the length and bytes that are hashed. */
const HEADERS = { accept: '*/*', 'accept-encoding': 'identity' };

interface PooledOrigin extends Origin {
  readonly pool: Pool;
  /** Only for redirects of public hosts: never connected to an inner address. */
  readonly outsideOnly: boolean;
  /** Connections opened so far. */
  opened: number;
  isHttp2: boolean;
  address: string;
}

/** The adapter. */
export class UndiciHttpClient implements HttpClient {
  readonly #options: HttpClientOptions;
  readonly #origins = new Map<string, PooledOrigin>();
  readonly #sockets = new Set<Socket>();
  readonly #closing = new AbortController();
  readonly #dialling = new Set<Promise<unknown>>();

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  async fetch(request: HttpRequest): Promise<HttpResult<HttpAnswer>> {
    const chunks: Buffer[] = [];
    const sink: HttpSink = { head: () => {}, chunk: (bytes) => void chunks.push(bytes) };
    const result = await this.stream(request, sink);
    if (result.outcome !== 'ok') return result;
    return { outcome: 'ok', answer: { ...result.answer, body: Buffer.concat(chunks) } };
  }

  async stream(request: HttpRequest, sink: HttpSink): Promise<HttpResult<HttpHead>> {
    const { clock } = this.#options;
    const limits = { ...DEFAULT_LIMITS, ...this.#options.limits, ...request.limits };
    const endsAt = limits.totalMs === 0 ? Number.POSITIVE_INFINITY : clock.monotonic() + limits.totalMs;
    const start = parseUrl(request.url);
    if (start === null) return failed('request', 'goproxy-invalid', 'not a URL');
    let startedInside: boolean | null = null;
    let url = start;
    for (let hops = 0; ; hops += 1) {
      const origin = this.#origin(url, startedInside === false);
      const sent = await this.#hop(origin, url, hops === 0 ? start : null, request, sink, { ...limits, endsAt });
      if (sent.outcome !== 'ok') return sent;
      startedInside ??= this.#isInside(origin);
      const { location } = sent.answer.headers;
      if (!REDIRECTS.has(sent.answer.status) || location === undefined || request.maxRedirects === 0) return sent;
      if (hops >= (request.maxRedirects ?? MAX_REDIRECTS)) {
        return failed('response', 'redirect-loop', `stopped after ${hops} redirects`);
      }
      const next = nextUrl(url, location);
      if (!(next instanceof URL)) return next;
      url = next;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const pools = [...this.#origins.values()].map(({ pool }) => pool.destroy());
    await Promise.allSettled([...pools, ...this.#dialling]);
    await Promise.all([...this.#sockets].map(ended));
  }

  async #hop(
    origin: PooledOrigin,
    url: URL,
    withCredentials: URL | null,
    request: HttpRequest,
    sink: HttpSink,
    limits: HttpLimits & { readonly endsAt: number },
  ): Promise<HttpResult<HttpHead>> {
    const { connector, clock, headers } = this.#options;
    const secrets = withCredentials === null ? {} : connector.authorization(withCredentials);
    if (isFailure(secrets)) return { outcome: 'failed', failure: secrets, receivedBytes: 0 };
    const relay = connector.relayHeaders(origin);
    const path = `${url.pathname}${url.search}`;
    const sent = {
      ...request,
      path: relay === null ? path : `${url.origin}${path}`,
      url: `${url.origin}${path}`,
      headers: { ...HEADERS, ...headers, ...withoutSecrets(request.headers, url, request.url), ...relay, ...secrets },
      follows: (head: HttpHead) => REDIRECTS.has(head.status) && head.headers.location !== undefined,
    };
    for (let isRetry = false; ; isRetry = true) {
      if (this.#closing.signal.aborted || request.signal?.aborted === true) return { outcome: 'cancelled' };
      const openedBefore = origin.opened;
      const hadConnection = origin.pool.stats.connected > 0;
      const ended = await exchange(origin.pool, sent, sink, limits, clock, this.#closing.signal);
      if (ended.outcome !== 'broken') return ended;
      const seen = { phase: ended.phase, begun: ended.begun, isHttp2: origin.isHttp2 };
      // An idle connection that was closed says nothing about the server: net/http retries, and so do we.
      const wasKept = hadConnection && origin.opened === openedBefore;
      if (!isRetry && wasKept && !ended.begun && request.method !== 'POST') continue;
      const failure = connector.failureOf(ended.error, seen);
      return { outcome: 'failed', failure, receivedBytes: ended.receivedBytes };
    }
  }

  #isInside(origin: PooledOrigin): boolean {
    const { connector } = this.#options;
    return connector.relayHeaders(origin) === null && connector.isInside(origin.address);
  }

  /** `outsideOnly`: a public host redirects there, so that connections to an inner address must not be used. */
  #origin(url: URL, outsideOnly: boolean): PooledOrigin {
    const key = outsideOnly ? `outside ${url.origin}` : url.origin;
    const known = this.#origins.get(key);
    if (known !== undefined) return known;
    const where = originOf(url);
    const pool = new Pool(url.origin, {
      connections: this.#options.connectionsPerOrigin ?? 16,
      allowH2: true,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      // `exchange` enforces ours: it knows which side is waiting.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
      factory: (at, options) => {
        const client: Client = new Client(at, {
          ...options,
          connect: (_, done) => {
            const dialling = this.#connect(origin, client).then(
              (socket) => done(null, socket),
              (error) => done(error, null),
            );
            this.#dialling.add(dialling);
            void dialling.finally(() => this.#dialling.delete(dialling));
          },
        });
        return client;
      },
    });
    const origin: PooledOrigin = { ...where, pool, outsideOnly, opened: 0, isHttp2: false, address: '' };
    this.#origins.set(key, origin);
    return origin;
  }

  async #connect(origin: PooledOrigin, client: Client): Promise<Socket> {
    const socket = await this.#options.connector.connect(origin, this.#closing.signal, origin.outsideOnly);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // undici listens a moment later.
    socket.on('error', () => {});
    if (this.#closing.signal.aborted) socket.destroy();
    socket.setKeepAlive(true, 60_000);
    origin.opened += 1;
    origin.address = socket.remoteAddress ?? '';
    origin.isHttp2 = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2';
    // Without this undici would open a connection for every stream.
    if (origin.isHttp2) client.pipelining = HTTP2_STREAMS;
    return socket;
  }
}

/** Where a redirect leads: never from https to http, and to nothing but the two (net/http, cmd/go/internal/web). */
function nextUrl(from: URL, location: string): URL | HttpResult<never> {
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    return failed('response', 'http-malformed', 'redirect to something that is not a URL');
  }
  if (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')) return to;
  return failed('response', 'redirect-insecure', `redirect from ${from.protocol}// to ${to.protocol}//`);
}

/** Headers that identify the caller go to the requested host, never to one it redirects to. */
function withoutSecrets(
  headers: Readonly<Record<string, string>> | undefined,
  at: URL,
  asked: string,
): Readonly<Record<string, string>> {
  if (headers === undefined || at.origin === new URL(asked).origin) return headers ?? {};
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization' && name !== 'cookie'));
}

function isFailure(value: Readonly<Record<string, string>> | Failure): value is Failure {
  return 'cause' in value && 'phase' in value;
}

function failed(phase: Failure['phase'], cause: Failure['cause'], message: string): HttpResult<never> {
  return { outcome: 'failed', failure: { phase, cause, message }, receivedBytes: 0 };
}

/** Destroys a socket; resolves when it is closed. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) {
      resolve();
      return;
    }
    socket.once('close', () => resolve());
    socket.destroy();
  });
}
