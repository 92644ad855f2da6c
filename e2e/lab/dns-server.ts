/** A DNS server on loopback, over UDP and TCP, that knows the lab's names and misbehaves on demand. */
import * as dgram from 'node:dgram';
import { once } from 'node:events';
import * as net from 'node:net';
import * as packet from 'dns-packet';

export type DnsFault =
  | 'nxdomain'
  | 'servfail'
  | 'refused'
  | 'silence'
  /** Every name has an address, even one that cannot exist. */
  | 'hijack'
  /** Another response arrives first, with another address. */
  | 'inject'
  /** Every name is at a private address. */
  | 'bogus'
  /** Every name is in the range of local proxies. */
  | 'fake-ip'
  | 'garbage'
  | null;

const RCODE: Readonly<Record<string, number>> = { nxdomain: 3, servfail: 2, refused: 5 };

/** What a lying server says, whatever is asked. */
const LIES: Readonly<Record<string, string>> = {
  hijack: '93.184.215.14',
  bogus: '10.10.34.35',
  'fake-ip': '198.18.0.7',
};

export class DnsServer {
  readonly names = new Map<string, readonly string[]>();
  /** Every name that was asked for, in lower case. */
  readonly asked: string[] = [];
  fault: DnsFault = null;
  delayMs = 0;
  queries = 0;
  readonly #socket = dgram.createSocket('udp4');
  readonly #streams = net.createServer((socket) => this.#serve(socket));
  readonly #open = new Set<net.Socket>();
  #closed = false;

  /** `127.0.0.1:port`, as settings take it; UDP and TCP have the same port. */
  get address(): string {
    const { address, port } = this.#socket.address();
    return `${address}:${port}`;
  }

  /** On a free port of 127.0.0.1 unless set. */
  static async start({ address = '127.0.0.1', port = 0 } = {}): Promise<DnsServer> {
    const server = new DnsServer();
    server.#socket.on('message', (message, from) =>
      server.#answer(message, (reply) => server.#socket.send(reply, from.port, from.address)),
    );
    server.#streams.listen(port, address);
    await once(server.#streams, 'listening');
    server.#socket.bind((server.#streams.address() as net.AddressInfo).port, address);
    await once(server.#socket, 'listening');
    return server;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const socket of this.#open) socket.destroy();
    this.#streams.close();
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  /** TCP: each message after its length (RFC 1035 §4.2.2). */
  #serve(socket: net.Socket): void {
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.#answer(chunk.subarray(2), (reply) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        socket.write(Buffer.concat([length, reply]));
      });
    });
  }

  #answer(message: Buffer, send: (reply: Buffer) => void): void {
    this.queries += 1;
    if (this.fault === 'silence') return;
    if (this.fault === 'garbage') {
      send(Buffer.from('no DNS at all'));
      return;
    }
    const { id, questions } = packet.decode(message);
    const question = questions?.[0];
    if (question === undefined) return;
    this.asked.push(question.name.toLowerCase());
    const known = this.names.get(question.name.toLowerCase());
    const lie = LIES[this.fault ?? ''];
    const addresses = lie === undefined ? known : [lie];
    const rcode = RCODE[this.fault ?? ''] ?? (addresses === undefined ? RCODE.nxdomain : 0) ?? 0;
    const later = () => {
      if (!this.#closed) send(encode(id, question, rcode, addresses ?? []));
    };
    if (this.fault === 'inject') send(encode(id, question, 0, ['93.184.215.15']));
    // Each on time, in any order, as on a network.
    setTimeout(later, this.delayMs + (this.fault === 'inject' ? 20 : 0));
  }
}

function encode(
  id: number | undefined,
  question: packet.Question,
  rcode: number,
  addresses: readonly string[],
): Buffer {
  const fits = (address: string) => question.type === (address.includes(':') ? 'AAAA' : 'A');
  const answers = addresses
    .filter(fits)
    .map((data) => ({ type: data.includes(':') ? 'AAAA' : 'A', name: question.name, ttl: 5, data }) as const);
  return packet.encode({
    type: 'response',
    ...(id === undefined ? {} : { id }),
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | rcode,
    questions: [question],
    answers: rcode === 0 ? answers : [],
  });
}
