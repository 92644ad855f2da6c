/** A forward proxy on loopback: HTTP CONNECT and plain requests, or SOCKS5; misbehaves on demand. */
import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';

export type ForwardFault =
  /** CONNECT is answered with this status; SOCKS5 with general failure. */
  | { readonly type: 'status'; readonly status: number }
  | { readonly type: 'drop' }
  | { readonly type: 'hang' }
  /** Agrees, and closes the tunnel when something is sent through it. */
  | { readonly type: 'dead-tunnel' }
  | { readonly type: 'garbage' };

export interface ForwardProxyOptions {
  readonly kind: 'http' | 'socks5';
  /** `user:password` that it wants. */
  readonly credentials?: string;
  /** Where a name and port really lead; a name that is not here cannot be reached. */
  readonly route: (host: string, port: number) => { host: string; port: number } | null;
}

export class ForwardProxy {
  fault: ForwardFault | null = null;
  tunnels = 0;
  readonly #options: ForwardProxyOptions;
  readonly #sockets = new Set<Duplex>();
  readonly #server: net.Server;

  private constructor(options: ForwardProxyOptions) {
    this.#options = options;
    this.#server = options.kind === 'http' ? this.#http() : net.createServer((socket) => void this.#socks(socket));
    this.#server.on('connection', (socket: net.Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(options: ForwardProxyOptions): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get url(): string {
    return `${this.#options.kind === 'http' ? 'http' : 'socks5'}://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #http(): http.Server {
    const server = http.createServer((request, response) => this.#relay(request, response));
    server.on('connect', (request, socket, head) => this.#connect(request, socket, head));
    return server;
  }

  #mayPass(request: http.IncomingMessage): boolean {
    const { credentials } = this.#options;
    if (credentials === undefined) return true;
    return request.headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  #connect(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    const [, host = '', port = ''] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(request.url ?? '') ?? [];
    const { fault } = this;
    if (fault?.type === 'hang') return;
    if (fault?.type === 'drop') return void socket.destroy();
    if (fault?.type === 'garbage') return void socket.end('\x05\xff');
    const status = fault?.type === 'status' ? fault.status : this.#mayPass(request) ? 200 : 407;
    const route = status === 200 ? this.#options.route(host, Number(port)) : null;
    if (route === null) {
      socket.end(
        `HTTP/1.1 ${status === 200 ? 502 : status} ${http.STATUS_CODES[status === 200 ? 502 : status]}\r\n\r\n`,
      );
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    this.#join(socket, head, route);
  }

  #relay(request: http.IncomingMessage, response: http.ServerResponse): void {
    const target = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null;
    const status = this.fault?.type === 'status' ? this.fault.status : this.#mayPass(request) ? 200 : 407;
    const route =
      status === 200 && target !== null ? this.#options.route(target.hostname, Number(target.port || 80)) : null;
    if (route === null || target === null) {
      response.writeHead(status === 200 ? 502 : status).end();
      return;
    }
    const headers = { host: target.host };
    http
      .get({ ...route, path: target.pathname, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      })
      .on('error', () => response.writeHead(502).end());
  }

  async #socks(socket: net.Socket): Promise<void> {
    const bytes = reader(socket);
    const { fault } = this;
    if (fault?.type === 'hang') return;
    if (fault?.type === 'drop') return void socket.destroy();
    if (fault?.type === 'garbage') return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const [, methods = 0] = await bytes(2);
    const offered = await bytes(methods);
    const { credentials } = this.#options;
    if (credentials !== undefined && !offered.includes(2)) return void socket.end(Buffer.of(5, 0xff));
    socket.write(Buffer.of(5, credentials === undefined ? 0 : 2));
    if (credentials !== undefined) {
      const [, userLength = 0] = await bytes(2);
      const user = await bytes(userLength);
      const password = await bytes((await bytes(1))[0] ?? 0);
      const isRight = `${user}:${password}` === credentials;
      socket.write(Buffer.of(1, isRight ? 0 : 1));
      if (!isRight) return void socket.end();
    }
    const [, , , type] = await bytes(4);
    const host = type === 1 ? [...(await bytes(4))].join('.') : (await bytes((await bytes(1))[0] ?? 0)).toString();
    const port = (await bytes(2)).readUInt16BE(0);
    const route = fault?.type === 'status' ? null : this.#options.route(host, port);
    if (route === null) return void socket.end(Buffer.of(5, fault === null ? 4 : 1, 0, 1, 0, 0, 0, 0, 0, 0));
    socket.write(Buffer.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 0));
    this.#join(socket, Buffer.alloc(0), route);
  }

  #join(socket: Duplex, head: Buffer, route: { host: string; port: number }): void {
    this.tunnels += 1;
    if (this.fault?.type === 'dead-tunnel') {
      socket.once('data', () => socket.destroy());
      return;
    }
    const other = net.connect(route.port, route.host);
    this.#sockets.add(other);
    for (const one of [socket, other]) {
      one.on('error', () => {
        socket.destroy();
        other.destroy();
      });
      one.on('close', () => {
        socket.destroy();
        other.destroy();
      });
    }
    other.write(head);
    socket.pipe(other).pipe(socket);
  }
}

/** Bytes of a socket by count; never resolves once it has ended. */
function reader(socket: net.Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    for (;;) {
      if (count === 0) return Buffer.alloc(0);
      const found = socket.read(count) as Buffer | null;
      if (found !== null) return found;
      await once(socket, 'readable');
    }
  };
}
