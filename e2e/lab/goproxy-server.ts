/**
 * A Go module proxy on loopback that serves the fixture tree and misbehaves on demand. The TCP listener is our own, so
 * that faults below HTTP (refuse, reset, silence, bad TLS) act before any protocol does.
 */
import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import * as net from 'node:net';
import type * as tls from 'node:tls';
import type { Identity, LabAuthority } from './certificates.ts';
import type { Fault, Transport } from './fault.ts';
import { faultyTls } from './faults/handshake.ts';
import { answerRequest, type Incoming, type LabRequest } from './faults/request.ts';
import { actAtAccept, lookAtHello } from './faults/socket.ts';

export interface GoproxyServerOptions {
  readonly transport: Transport;
  /** Names and addresses of the certificate; the first names the server in URLs. */
  readonly hosts: readonly string[];
  readonly authority: LabAuthority;
  readonly address?: string;
  readonly port?: number;
}

export class GoproxyServer {
  readonly transport: Transport;
  readonly host: string;
  readonly requests: LabRequest[] = [];
  connections = 0;
  resumedSessions = 0;
  #fault: Fault | null = null;
  #port: number;
  readonly #address: string;
  readonly #authority: LabAuthority;
  readonly #hosts: readonly string[];
  readonly #identities = new Map<string, Identity>();
  readonly #sockets = new Set<net.Socket>();
  /** Never listens itself: it is handed each accepted connection, unless a fault takes it first. */
  readonly #server: http.Server | https.Server | http2.Http2SecureServer;
  #listener: net.Server | null = null;

  private constructor(options: GoproxyServerOptions, good: Identity) {
    this.transport = options.transport;
    this.host = options.hosts[0] ?? '127.0.0.1';
    this.#hosts = options.hosts;
    this.#authority = options.authority;
    this.#address = options.address ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    this.#identities.set('good', good);
    const answer = (request: Incoming, response: http.ServerResponse) => {
      const { method = '', url = '', headers, httpVersion } = request;
      const seen: LabRequest = { method, path: url, headers: { ...headers }, protocol: `HTTP/${httpVersion}` };
      this.requests.push(seen);
      void answerRequest(this.#fault, seen, request, response, this.url);
    };
    this.#server = createServer(options.transport, good, answer);
    this.#server.on('secureConnection', (socket: tls.TLSSocket) => {
      if (socket.isSessionReused()) this.resumedSessions += 1;
    });
    for (const event of ['tlsClientError', 'sessionError', 'clientError']) {
      this.#server.on(event, (_, socket?: net.Socket) => socket?.destroy?.());
    }
  }

  static async start(options: GoproxyServerOptions): Promise<GoproxyServer> {
    const server = new GoproxyServer(options, await options.authority.leaf('good', options.hosts));
    await server.#listen();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `${this.transport === 'http' ? 'http' : 'https'}://${this.host}:${this.#port}`;
  }

  get fault(): Fault | null {
    return this.#fault;
  }

  /** Misbehaves from now on; null heals. Open connections end, so that the change shows at once. */
  async setFault(fault: Fault | null): Promise<void> {
    if (fault?.type === 'certificate' && !this.#identities.has(fault.kind)) {
      this.#identities.set(fault.kind, await this.#authority.leaf(fault.kind, this.#hosts));
    }
    this.#fault = fault;
    this.#dropAll();
    this.#present(fault);
    if (fault?.type === 'refuse') await this.#unlisten();
    else if (this.#listener === null) await this.#listen();
  }

  async close(): Promise<void> {
    this.#dropAll();
    await this.#unlisten();
    this.#server.close();
  }

  async #listen(): Promise<void> {
    const listener = net.createServer({ noDelay: true }, (socket) => this.#accept(socket));
    listener.listen(this.#port, this.#address);
    await once(listener, 'listening');
    this.#listener = listener;
    this.#port = (listener.address() as net.AddressInfo).port;
  }

  async #unlisten(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    if (listener === null) return;
    await new Promise<void>((resolve) => listener.close(() => resolve()));
  }

  #dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  #accept(socket: net.Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    if (actAtAccept(this.#fault, socket)) return;
    if (this.#fault?.type === 'reset-name' || this.#fault?.type === 'swallow-large-hello') {
      lookAtHello(this.#fault, socket, () => this.#server.emit('connection', socket));
      return;
    }
    if (this.#fault?.type === 'delay-tls') setTimeout(() => this.#server.emit('connection', socket), this.#fault.ms);
    else this.#server.emit('connection', socket);
  }

  /** Sets the certificate and TLS versions that the next handshake uses. */
  #present(fault: Fault | null): void {
    if (this.transport === 'http') return;
    const identity = this.#identities.get(fault?.type === 'certificate' ? fault.kind : 'good');
    const server = this.#server as https.Server | http2.Http2SecureServer;
    server.setSecureContext({ ...identity, ...faultyTls(fault) });
  }
}

type Answer = (request: Incoming, response: http.ServerResponse) => void;

function createServer(transport: Transport, identity: Identity, answer: Answer) {
  if (transport === 'http') return http.createServer({ keepAliveTimeout: 60_000 }, answer);
  if (transport === 'h1') return https.createServer({ ...identity, keepAliveTimeout: 60_000 }, answer);
  return http2.createSecureServer({ ...identity, allowHTTP1: true }, answer as never);
}
