/**
 * Speaking to a forward proxy over a connected socket until there is a tunnel: HTTP CONNECT (RFC 9110 §9.3.6) and SOCKS5
 * (RFC 1928, RFC 1929). As net/http and golang.org/x/net/proxy do it: the proxy is given the name, not an address.
 */

import { isIP, type Socket } from 'node:net';
import type { Cause } from '../../shared/domain/cause.ts';
import { type Origin, originOf } from '../../shared/domain/host.ts';
import { errorFacts } from '../system/error-facts.ts';
import { basicCredentials } from './credentials.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { MAX_HEADER_BYTES } from './limits.ts';
import { PhaseError } from './phase-error.ts';

/** The schemes of a forward proxy, as `go` knows them (golang.org/x/net/http/httpproxy, net/http). */
export const PROXY_SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:', 'socks5h:']);

/** Whether a proxy speaks SOCKS. */
export function isSocks(proxy: URL): boolean {
  return proxy.protocol.startsWith('socks5');
}

/** Where a proxy listens; the ports are those of net/http and x/net. */
export function proxyOrigin(proxy: URL): Origin {
  return originOf(proxy, 1_080);
}

/** The header that signs us in to an HTTP proxy; empty without credentials. */
export function proxyAuthorization(proxy: URL): Record<string, string> {
  const basic = basicCredentials(proxy);
  return basic === null ? {} : { 'proxy-authorization': `Basic ${basic}` };
}

/** Asks the proxy at the other end for a tunnel. Rejects with a PhaseError of phase `response`, or CancelledError. */
export function negotiate(socket: Socket, proxy: URL, to: Origin, deadline: Deadline, limitMs: number): Promise<void> {
  const onTimeout = () => refused(`the proxy did not answer within ${limitMs} ms`, 'ETIMEDOUT');
  return withDeadline(deadline, limitMs, onTimeout, (resolve, reject) => {
    const reader = new Reader(socket);
    const talk = isSocks(proxy) ? socks5(socket, reader, proxy, to) : connect(socket, reader, proxy, to);
    talk.then(() => {
      reader.release();
      resolve();
    }, reject);
    return () => {
      reader.release();
      socket.destroy();
    };
  });
}

async function connect(socket: Socket, reader: Reader, proxy: URL, to: Origin): Promise<void> {
  const authority = `${bracketed(to.host)}:${to.port}`;
  const headers = { host: authority, ...proxyAuthorization(proxy) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const head = await reader.head();
  const status = /^HTTP\/1\.[01] (\d{3})([^\r\n]*)/.exec(head);
  if (status === null)
    throw misconfigured(`it answered with something that is not HTTP: ${JSON.stringify(head.slice(0, 60))}`);
  const [, code = '', reason = ''] = status;
  // Tinyproxy answers wrong credentials with 401, as an origin would.
  if (code === '407' || code === '401') {
    throw new PhaseError('response', 'forward-proxy-auth', `the proxy wants other credentials (${code})`);
  }
  if (!code.startsWith('2')) throw refused(`CONNECT was answered with ${code}${reason}`);
}

const SOCKS_REPLIES: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'TTL expired',
  7: 'command not supported',
  8: 'address type not supported',
};

async function socks5(socket: Socket, reader: Reader, proxy: URL, to: Origin): Promise<void> {
  const hasUser = proxy.username !== '';
  socket.write(Buffer.from(hasUser ? [5, 2, 0, 2] : [5, 1, 0]));
  const [version, method] = await reader.take(2);
  if (version !== 5) throw misconfigured('it does not speak SOCKS5');
  if (method === 2 && hasUser) {
    const user = Buffer.from(decodeURIComponent(proxy.username)).subarray(0, 255);
    const password = Buffer.from(decodeURIComponent(proxy.password)).subarray(0, 255);
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
    const [, status] = await reader.take(2);
    if (status !== 0) throw new PhaseError('response', 'forward-proxy-auth', 'the proxy refused the credentials');
  } else if (method !== 0) {
    throw new PhaseError('response', 'forward-proxy-auth', 'the proxy wants credentials');
  }
  const port = Buffer.from([to.port >> 8, to.port & 0xff]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), socksAddress(to.host), port]));
  const [, reply = 1, , type] = await reader.take(4);
  if (reply !== 0) throw refused(`SOCKS5 was answered with ${reply}, ${SOCKS_REPLIES[reply] ?? 'unknown'}`);
  const length = type === 1 ? 4 : type === 4 ? 16 : ((await reader.take(1))[0] ?? 0);
  await reader.take(length + 2);
}

/** An address type and its bytes (RFC 1928 §5); names are the proxy's to resolve, as golang.org/x/net does it. */
function socksAddress(host: string): Buffer {
  if (isIP(host) === 4) return Buffer.from([1, ...host.split('.').map(Number)]);
  const name = Buffer.from(host);
  if (name.length > 255) throw refused('the name is too long for SOCKS5');
  return Buffer.concat([Buffer.from([3, name.length]), name]);
}

function refused(message: string, code?: string): PhaseError {
  return new PhaseError('response', 'forward-proxy-refused', message, code);
}

function misconfigured(message: string): PhaseError {
  return new PhaseError('response', 'forward-proxy-misconfigured', message);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** What a failure on the way to the proxy itself is called. */
export function proxyCause(cause: Cause): Cause {
  if (cause.startsWith('dns-') || cause.startsWith('connect-')) return 'forward-proxy-unreachable';
  return cause === 'tls-not-tls' ? 'forward-proxy-misconfigured' : cause;
}

/** Reads a known number of bytes, or a header section; gives back what is beyond. */
class Reader {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #error: PhaseError | null = null;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    socket.on('end', this.#onClose);
  }

  /** Gives the socket back, with the bytes that belong to what comes next. */
  release(): void {
    this.#socket.off('data', this.#onData);
    this.#socket.off('error', this.#onError);
    this.#socket.off('close', this.#onClose);
    this.#socket.off('end', this.#onClose);
    this.#socket.pause();
    if (this.#bytes.length > 0 && !this.#socket.destroyed) this.#socket.unshift(this.#bytes);
    this.#bytes = Buffer.alloc(0);
  }

  async take(count: number): Promise<Buffer> {
    await this.#until(() => this.#bytes.length >= count);
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  async head(): Promise<string> {
    let end = -1;
    await this.#until(() => {
      end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0 && this.#bytes.length > MAX_HEADER_BYTES) throw misconfigured('its answer does not end');
      // What begins otherwise is no HTTP, and may never send an empty line.
      const begins = this.#bytes.toString('latin1', 0, 5);
      if (end < 0 && begins !== 'HTTP/'.slice(0, begins.length)) end = this.#bytes.length;
      return end >= 0;
    });
    const head = this.#bytes.toString('latin1', 0, end);
    this.#bytes = this.#bytes.subarray(Math.min(end + 4, this.#bytes.length));
    return head;
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached()) {
      if (this.#error !== null) throw this.#error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  readonly #onData = (chunk: Buffer) => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake();
  };
  readonly #onError = (error: Error) => {
    const { message, code } = errorFacts(error);
    this.#error ??= refused(message, code);
    this.#wake();
  };
  readonly #onClose = () => {
    this.#error ??= refused('the proxy closed the connection instead of an answer');
    this.#wake();
  };
}
