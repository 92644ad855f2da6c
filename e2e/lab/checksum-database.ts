/**
 * A checksum database on loopback that signs with a key of its own, over plain HTTP: honest, or one that rewrites what it
 * said before. Sources: golang.org/x/mod/sumdb (server.go), tlog and note; the hashes are those of RFC 6962 §2.1.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

const WIDTH = 256;

/** One module version and its two hashes, as in go.sum. */
export function sumRecord(path: string, version: string, hash = path): string {
  const h1 = (text: string) => `h1:${createHash('sha256').update(text).digest('base64')}`;
  return `${path} ${version} ${h1(`zip of ${hash}`)}\n${path} ${version}/go.mod ${h1(`mod of ${hash}`)}\n`;
}

export class ChecksumDatabase {
  /** GOSUMDB's `name+hash+key`. */
  readonly key: string;
  /** Every path that was asked for. */
  readonly requests: string[] = [];
  /** Each answer is held back by this. */
  delayMs = 0;
  /** The head is that of this many records: a server behind others. null = of all. */
  headSize: number | null = null;
  /** Changes what is sent; null = as it should be, and null from it = 404. */
  tamper: ((path: string, body: string) => string | null) | null = null;
  readonly #name = 'sum.lab.test';
  readonly #keyHash: Buffer;
  readonly #privateKey: KeyObject;
  readonly #server = http.createServer((request, response) => this.#answer(request, response));
  #records: readonly string[];
  /** rows[k][i] is the hash over the 2^k records from i·2^k. */
  #rows: readonly (readonly Buffer[])[] = [];

  private constructor(records: readonly string[]) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    // 1 = Ed25519 (note.algEd25519).
    const bytes = Buffer.concat([Buffer.of(1), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
    this.#privateKey = privateKey;
    this.#keyHash = createHash('sha256').update(`${this.#name}\n`).update(bytes).digest().subarray(0, 4);
    this.key = `${this.#name}+${this.#keyHash.toString('hex')}+${bytes.toString('base64')}`;
    this.#records = records;
    this.#hash();
  }

  /** Starts one that has these records (sumRecord) from the beginning. */
  static async start(records: readonly string[]): Promise<ChecksumDatabase> {
    const database = new ChecksumDatabase(records);
    database.#server.listen(0, '127.0.0.1');
    await once(database.#server, 'listening');
    return database;
  }

  /** Base URL. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Replaces all records: adding to the end is honest, everything else is not. The head is signed again. */
  setRecords(change: (records: readonly string[]) => readonly string[]): void {
    this.#records = change(this.#records);
    this.#hash();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #hash(): void {
    const rows = [this.#records.map((record) => sha256(0, Buffer.from(record)))];
    for (let row = rows[0] ?? []; row.length > 1; ) {
      const below = row;
      row = Array.from({ length: below.length >> 1 }, (_, i) => sha256(1, ...below.slice(2 * i, 2 * i + 2)));
      rows.push(row);
    }
    this.#rows = rows;
  }

  #root(from: number, to: number): Buffer {
    const known = this.#rows[Math.log2(to - from)]?.[from / (to - from)];
    if (known !== undefined) return known;
    let split = 1;
    while (split * 2 < to - from) split *= 2;
    return sha256(1, this.#root(from, from + split), this.#root(from + split, to));
  }

  #signedHead(): string {
    const size = this.headSize ?? this.#records.length;
    const text = `go.sum database tree\n${size}\n${this.#root(0, size).toString('base64')}\n`;
    const signature = Buffer.concat([this.#keyHash, sign(null, Buffer.from(text), this.#privateKey)]);
    return `${text}\n— ${this.#name} ${signature.toString('base64')}\n`;
  }

  #answer({ url = '' }: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests.push(url);
    const honest = this.#body(url);
    const body =
      honest === null || this.tamper === null
        ? honest
        : latin1(this.tamper(url, Buffer.from(honest).toString('latin1')));
    setTimeout(() => (body === null ? response.writeHead(404).end() : response.end(body)), this.delayMs);
  }

  #body(path: string): string | Buffer | null {
    if (path === '/latest') return this.#signedHead();
    const [, module, version] = /^\/lookup\/(.+)@(.+)$/.exec(decodeURIComponent(path)) ?? [];
    const id = this.#records.findIndex((record) => record.startsWith(`${module} ${version} `));
    if (id >= 0) return `${id}\n${this.#records[id]}\n${this.#signedHead()}`;
    const [, level, digits = '', width = WIDTH] = /^\/tile\/8\/(\d+)\/([x\d/]+?)(?:\.p\/(\d+))?$/.exec(path) ?? [];
    const index = Number(digits.replaceAll(/[x/]/g, ''));
    const tile = this.#rows[Number(level) * 8]?.slice(index * WIDTH, index * WIDTH + Number(width)) ?? [];
    return tile.length === Number(width) ? Buffer.concat(tile) : null;
  }
}

function latin1(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, 'latin1');
}

/** RFC 6962 §2.1: a byte before leaves (0) and nodes (1). */
function sha256(prefix: number, ...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256').update(Buffer.of(prefix));
  for (const part of parts) hash.update(part);
  return hash.digest();
}
