/** The load: kept connections that ask one request after the other, on raw sockets, so that the client costs little. */
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly bytes: number;
  /** Of each request, µs, from the written request to the last byte. */
  readonly micros: readonly number[];
}

/** Asks for all paths over `connections` connections. Rejects at the first answer other than 200. */
export async function load(port: number, paths: readonly string[], connections: number): Promise<LoadResult> {
  const micros: number[] = [];
  let [bytes, next] = [0, 0];
  const one = async () => {
    const client = new RawClient(connect({ port, host: '127.0.0.1', noDelay: true }), port);
    try {
      while (next < paths.length) {
        const path = paths[next] ?? '';
        next += 1;
        const began = performance.now();
        bytes += await client.get(path);
        micros.push((performance.now() - began) * 1_000);
      }
    } finally {
      client.close();
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  return { bytes, micros };
}

/** The smallest HTTP/1.1 reader: Content-Length only. */
class RawClient {
  readonly #socket: Socket;
  readonly #host: string;
  #head: Buffer | null = Buffer.alloc(0);
  #left = 0;
  #length = 0;
  #settle: (error: Error | null) => void = () => {};

  constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#host = `127.0.0.1:${port}`;
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('error', (error) => this.#settle(error));
    socket.on('close', () => this.#settle(new Error('the server closed the connection')));
  }

  get(path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#head = Buffer.alloc(0);
      this.#settle = (error) => (error === null ? resolve(this.#length) : reject(error));
      this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
    });
  }

  close(): void {
    this.#settle = () => {};
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    let body = bytes;
    if (this.#head !== null) {
      const head = Buffer.concat([this.#head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#head = head;
        return;
      }
      const text = head.toString('latin1', 0, end);
      if (!text.startsWith('HTTP/1.1 200')) {
        this.#settle(new Error(text.split('\r\n')[0]));
        return;
      }
      this.#length = Number(/content-length: *(\d+)/i.exec(text)?.[1]);
      if (Number.isNaN(this.#length)) {
        this.#settle(new Error('an answer without Content-Length'));
        return;
      }
      this.#left = this.#length;
      this.#head = null;
      body = head.subarray(end + 4);
    }
    this.#left -= body.length;
    if (this.#left === 0) this.#settle(null);
  }
}
