/** Both directions of a TLS connection with its secrets at hand: what was said inside. Sources: RFC 8446, RFC 5246. */
import { ByteQueue, hex, u8, u16, u24 } from '../bytes.ts';
import type { Side } from '../message.ts';
import { CIPHER_SUITES, type CipherSuite } from './cipher-suites.ts';
import type { KeyLog } from './key-log.ts';
import { cipherOf13, ciphersOf12, type RecordCipher } from './record-cipher.ts';

/** What was found inside. */
export type Inner =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'alert'; readonly code: number }
  /** The body of a Certificate message as TLS 1.2 writes it. */
  | { readonly kind: 'certificate'; readonly body: Uint8Array };

/**
 * `no-keys`: the key log does not have this connection; `unsupported`: a suite that cannot be decrypted here; `failed`: the
 * secrets do not open it, or bytes are missing.
 */
export type Decryption = 'opened' | 'no-keys' | 'unsupported' | 'failed';

const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;
const MESSAGE = { clientHello: 1, serverHello: 2, certificate: 11, finished: 20, keyUpdate: 24 } as const;
const HEADER_BYTES = 5;
const MAX_RECORD_BYTES = 16_384 + 2_048;
const MAX_HANDSHAKE_BYTES = 64 * 1024;
/** Early data (0-RTT) comes under a secret that is not used here; so many records of it are passed over. */
const MAX_PASSED_OVER = 64;
const TLS_13 = 0x03_04;
/** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3): after it comes another ServerHello. */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

interface Direction {
  readonly queue: ByteQueue;
  handshake: Uint8Array;
  /** null = in clear still. */
  cipher: RecordCipher | null;
  /** What follows the handshake (TLS 1.3), or the change of cipher (TLS 1.2). */
  later: RecordCipher | null;
  passedOver: number;
}

/** Opens the records of both directions as their bytes come, in order within each direction. */
export class TlsSession {
  readonly #keys: KeyLog;
  readonly #directions: Record<Side, Direction> = { client: direction(), server: direction() };
  #clientRandom: Uint8Array | null = null;
  #is13 = false;
  /** The client's encrypted records that came before the ServerHello was read. */
  #ready = false;
  #decryption: Decryption | null = null;

  constructor(keys: KeyLog) {
    this.#keys = keys;
  }

  /** null before the hellos were seen. */
  get decryption(): Decryption | null {
    const { client, server } = this.#directions;
    return this.#decryption ?? (client.passedOver + server.passedOver > 0 ? 'failed' : null);
  }

  /** Nothing more can be opened. */
  get over(): boolean {
    return this.#decryption !== null && this.#decryption !== 'opened' && this.#ready;
  }

  push(side: Side, bytes: Uint8Array): readonly Inner[] {
    if (this.over) return [];
    const from = this.#directions[side];
    from.queue.push(bytes);
    const found: Inner[] = [];
    while (!this.over) {
      const header = from.queue.peek(HEADER_BYTES);
      if (header === undefined) break;
      const [type, length] = [u8(header, 0), u16(header, 3)];
      if (type < RECORD.changeCipherSpec || type > RECORD.data || length > MAX_RECORD_BYTES) {
        this.#give('failed');
        break;
      }
      if (from.queue.peek(HEADER_BYTES + length) === undefined) break;
      const record = from.queue.take(HEADER_BYTES + length);
      found.push(...this.#record(side, type, record.subarray(0, HEADER_BYTES), record.subarray(HEADER_BYTES)));
    }
    return found;
  }

  #give(decryption: Decryption): void {
    if (this.#decryption === null || this.#decryption === 'opened') this.#decryption = decryption;
    this.#ready = true;
  }

  #record(side: Side, type: number, header: Uint8Array, body: Uint8Array): readonly Inner[] {
    const from = this.#directions[side];
    if (type === RECORD.changeCipherSpec) {
      if (!this.#is13 && from.later !== null) {
        from.cipher = from.later;
        from.later = null;
      }
      return [];
    }
    if (from.cipher === null) return type === RECORD.handshake ? this.#messages(side, body) : [];
    const opened = from.cipher.open(header, body);
    if (opened !== null) {
      this.#decryption = 'opened';
      return this.#content(side, opened.type, opened.content);
    }
    // TLS 1.3 lets an alert or early data come under other keys than those of the moment.
    if (this.#is13 && from.passedOver < MAX_PASSED_OVER && this.#decryption !== 'opened') from.passedOver++;
    else this.#give('failed');
    if (from.passedOver === MAX_PASSED_OVER) this.#give('failed');
    return [];
  }

  #content(side: Side, type: number, content: Uint8Array): readonly Inner[] {
    if (type === RECORD.data) return [{ kind: 'data', bytes: content }];
    if (type === RECORD.alert) return [{ kind: 'alert', code: u8(content, 1) }];
    return type === RECORD.handshake ? this.#messages(side, content) : [];
  }

  #messages(side: Side, fragment: Uint8Array): readonly Inner[] {
    const from = this.#directions[side];
    const found: Inner[] = [];
    from.handshake = from.handshake.length === 0 ? fragment : Buffer.concat([from.handshake, fragment]);
    while (from.handshake.length >= 4) {
      const length = u24(from.handshake, 1);
      if (length > MAX_HANDSHAKE_BYTES) {
        this.#give('failed');
        break;
      }
      if (from.handshake.length < 4 + length) break;
      const [type, body] = [u8(from.handshake, 0), from.handshake.subarray(4, 4 + length)];
      from.handshake = from.handshake.subarray(4 + length);
      found.push(...this.#message(side, type, body));
    }
    return found;
  }

  #message(side: Side, type: number, body: Uint8Array): readonly Inner[] {
    const from = this.#directions[side];
    switch (type) {
      case MESSAGE.clientHello:
        if (side === 'client') this.#clientRandom = body.slice(2, 34);
        return [];
      case MESSAGE.serverHello:
        if (side === 'server') this.#begin(body);
        return [];
      case MESSAGE.certificate:
        return side === 'server' && this.#is13 ? [{ kind: 'certificate', body: certificate12(body) }] : [];
      case MESSAGE.finished:
        if (this.#is13 && from.later !== null) {
          from.cipher = from.later;
          from.later = null;
        }
        return [];
      case MESSAGE.keyUpdate:
        from.cipher = from.cipher?.next() ?? from.cipher;
        return [];
      default:
        return [];
    }
  }

  /** The ServerHello says version and suite: now the secrets can be looked up. */
  #begin(hello: Uint8Array): void {
    const serverRandom = hello.slice(2, 34);
    if (hex(serverRandom) === RETRY_RANDOM || this.#clientRandom === null || this.#ready) return;
    this.#ready = true;
    const suiteAt = 35 + u8(hello, 34);
    const suite = CIPHER_SUITES.get(u16(hello, suiteAt));
    this.#is13 = hasVersion13(hello, suiteAt + 3);
    if (suite === undefined) {
      this.#decryption = 'unsupported';
      return;
    }
    this.#decryption = this.#is13 ? this.#begin13(suite) : this.#begin12(suite, this.#clientRandom, serverRandom);
  }

  /** Nothing is known to open until a record did: null. */
  #begin13(suite: CipherSuite): Decryption | null {
    let found = 0;
    for (const [side, name] of [
      ['client', 'CLIENT'],
      ['server', 'SERVER'],
    ] as const) {
      const random = hex(this.#clientRandom ?? new Uint8Array(0));
      const handshake = this.#keys.find(`${name}_HANDSHAKE_TRAFFIC_SECRET`, random);
      const traffic = this.#keys.find(`${name}_TRAFFIC_SECRET_0`, random);
      const later = traffic === undefined ? null : cipherOf13(suite, traffic);
      const from = this.#directions[side];
      from.cipher = handshake === undefined ? later : cipherOf13(suite, handshake);
      from.later = handshake === undefined ? null : later;
      if (from.cipher === null) from.cipher = NEVER;
      else found++;
    }
    return found === 0 ? 'no-keys' : null;
  }

  #begin12(suite: CipherSuite, clientRandom: Uint8Array, serverRandom: Uint8Array): Decryption | null {
    const master = this.#keys.find('CLIENT_RANDOM', hex(clientRandom));
    if (master === undefined) return 'no-keys';
    const { client, server } = ciphersOf12(suite, master, clientRandom, serverRandom);
    this.#directions.client.later = client;
    this.#directions.server.later = server;
    return null;
  }
}

/** A direction whose secret was not logged: its records are passed over, not taken for damaged ones. */
const NEVER: RecordCipher = { open: () => ({ type: 0, content: new Uint8Array(0) }), next: () => null };

function direction(): Direction {
  return { queue: new ByteQueue(), handshake: new Uint8Array(0), cipher: null, later: null, passedOver: 0 };
}

/** supported_versions (43) of a ServerHello names the version that is meant. */
function hasVersion13(hello: Uint8Array, begin: number): boolean {
  for (let at = begin + 2; at + 4 <= hello.length; at += 4 + u16(hello, at + 2)) {
    if (u16(hello, at) === 43) return u16(hello, at + 4) === TLS_13;
  }
  return false;
}

/** TLS 1.3 puts a context before the list and extensions after each certificate (RFC 8446 §4.4.2). */
function certificate12(body: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 1 + u8(body, 0) + 3; at + 3 <= body.length; ) {
    const end = at + 3 + u24(body, at);
    parts.push(body.subarray(at, end));
    at = end + 2 + u16(body, end);
  }
  const list = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([list.length >> 16, (list.length >> 8) & 0xff, list.length & 0xff]), list]);
}
