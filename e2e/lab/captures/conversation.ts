/** A TCP conversation written packet by packet: sequence numbers kept, times under control, packets forged or lost at will. */
import { type Packet, type TcpOptions, tcpPacket } from './packets.ts';

export interface Ends {
  readonly client: string;
  readonly server: string;
  readonly clientPort: number;
  readonly serverPort: number;
  /** As they arrive where the capture is made: at the client. */
  readonly clientTtl: number;
  readonly serverTtl: number;
  readonly beginMs: number;
}

type Side = 'client' | 'server';

/** What differs from an honest packet of that side. */
export interface Forged {
  readonly flags: string;
  readonly ttl: number;
  readonly id: number;
  readonly dontFragment: boolean;
  readonly window?: number;
  readonly payload?: Uint8Array;
  /** Added to the sequence number. */
  readonly ahead?: number;
}

const DEFAULTS: Ends = {
  client: '192.0.2.10',
  server: '198.51.100.20',
  clientPort: 50_123,
  serverPort: 443,
  clientTtl: 64,
  serverTtl: 49,
  // 2026-03-01 08:00:00 UTC
  beginMs: 1_772_352_000_000,
};

const SEGMENT_BYTES = 1_400;

export class Conversation {
  readonly packets: Packet[] = [];
  readonly ends: Ends;
  atMs: number;
  readonly #next: Record<Side, number> = { client: 3_193_349_615, server: 4_294_967_000 };
  readonly #ids: Record<Side, number> = { client: 12_103, server: 40_000 };

  constructor(ends: Partial<Ends> = {}) {
    this.ends = { ...DEFAULTS, ...ends };
    this.atMs = this.ends.beginMs;
  }

  wait(ms: number): this {
    this.atMs += ms;
    return this;
  }

  syn(): this {
    this.#put('client', { flags: 'S' });
    this.#next.client++;
    return this;
  }

  /** The same SYN again, as after a loss. */
  synAgain(): this {
    this.#put('client', { flags: 'S', sequence: this.#next.client - 1 });
    return this;
  }

  synAck(): this {
    // Linux answers a SYN with identification 0.
    this.#put('server', { flags: 'SA' }, 0);
    this.#next.server++;
    return this;
  }

  /** SYN, SYN-ACK, ACK with a round trip of 20 ms. */
  connect(): this {
    return this.syn().wait(20).synAck().wait(0.1).ack('client');
  }

  ack(from: Side): this {
    this.#put(from, { flags: 'A' });
    return this;
  }

  /** Sends bytes, in as many segments as they need. */
  say(from: Side, bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES) {
      const payload = bytes.subarray(at, at + SEGMENT_BYTES);
      this.#put(from, { flags: 'PA', payload });
      this.#next[from] += payload.length;
    }
    return this;
  }

  /** Sends bytes again that `say` has sent last. */
  sayAgain(from: Side, bytes: Uint8Array): this {
    const begin = this.#next[from] - bytes.length;
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES) {
      const payload = bytes.subarray(at, at + SEGMENT_BYTES);
      this.#put(from, { flags: 'PA', payload, sequence: begin + at });
    }
    return this;
  }

  /** Acknowledges nothing new: what was said last never arrived. */
  ackWithout(from: Side, missingBytes: number): this {
    this.#put(from, { flags: 'A', acknowledged: this.#next[other(from)] - missingBytes });
    return this;
  }

  fin(from: Side): this {
    this.#put(from, { flags: 'FA' });
    this.#next[from]++;
    return this;
  }

  /** A reset as the machine itself sends it. */
  reset(from: Side, flags = 'RA'): this {
    this.#put(from, { flags, window: 0 });
    return this;
  }

  /** A packet that claims to be from that side. */
  forge(from: Side, { ttl, id, dontFragment, ahead = 0, ...tcp }: Forged): this {
    const { source, target, ports } = this.#way(from);
    const options: TcpOptions = {
      ...ports,
      ...tcp,
      sequence: this.#next[from] + ahead,
      acknowledged: tcp.flags.includes('A') ? this.#next[other(from)] : 0,
    };
    this.packets.push({ atMs: this.atMs, bytes: tcpPacket({ source, target, ttl, id, dontFragment }, options) });
    return this;
  }

  #put(from: Side, tcp: Pick<TcpOptions, 'flags'> & Partial<TcpOptions>, id = this.#ids[from]++): void {
    const { source, target, ports } = this.#way(from);
    const acknowledged = tcp.flags.includes('A') ? this.#next[other(from)] : 0;
    const ttl = from === 'client' ? this.ends.clientTtl : this.ends.serverTtl;
    const bytes = tcpPacket(
      { source, target, ttl, id },
      { ...ports, sequence: this.#next[from], acknowledged, ...tcp },
    );
    this.packets.push({ atMs: this.atMs, bytes });
    this.wait(0.05);
  }

  #way(from: Side) {
    const { client, server, clientPort, serverPort } = this.ends;
    return from === 'client'
      ? { source: client, target: server, ports: { sourcePort: clientPort, targetPort: serverPort } }
      : { source: server, target: client, ports: { sourcePort: serverPort, targetPort: clientPort } };
  }
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
