/** A DNS server on loopback that knows the lab's names and misbehaves on demand. */
import * as dgram from 'node:dgram';
import { once } from 'node:events';
import * as packet from 'dns-packet';

export type DnsFault = 'nxdomain' | 'servfail' | 'refused' | 'silence' | null;

const RCODE = { nxdomain: 3, servfail: 2, refused: 5 } as const;

export class DnsServer {
  readonly names = new Map<string, readonly string[]>();
  fault: DnsFault = null;
  delayMs = 0;
  queries = 0;
  readonly #socket = dgram.createSocket('udp4');

  /** `127.0.0.1:port`, as settings take it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  static async start(): Promise<DnsServer> {
    const server = new DnsServer();
    server.#socket.on('message', (message, from) => server.#answer(message, from));
    server.#socket.bind(0, '127.0.0.1');
    await once(server.#socket, 'listening');
    return server;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #answer(message: Buffer, from: dgram.RemoteInfo): void {
    this.queries += 1;
    if (this.fault === 'silence') return;
    const query = packet.decode(message);
    const question = query.questions?.[0];
    if (question === undefined) return;
    const addresses = this.names.get(question.name.toLowerCase());
    const fits = (address: string) => question.type === (address.includes(':') ? 'AAAA' : 'A');
    const answers = (addresses ?? [])
      .filter(fits)
      .map((data) => ({ type: data.includes(':') ? 'AAAA' : 'A', name: question.name, ttl: 5, data }) as const);
    const rcode = this.fault !== null ? RCODE[this.fault] : addresses === undefined ? RCODE.nxdomain : 0;
    const reply = packet.encode({
      type: 'response',
      id: query.id,
      flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | rcode,
      questions: [question],
      answers: rcode === 0 ? answers : [],
    });
    setTimeout(() => this.#socket.send(reply, from.port, from.address), this.delayMs);
  }
}
