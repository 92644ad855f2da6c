/** TLS messages made byte by byte, as go's crypto/tls and common servers send them. Sources: RFC 8446, RFC 5246. */
import { randomBytes } from 'node:crypto';

const GROUP = { x25519: 0x00_1d, x25519mlkem768: 0x11_ec, p256: 0x00_17 } as const;
/** Bytes of each group's client key: ML-KEM-768's encapsulation key has 1,184 and X25519's 32. */
const KEY_BYTES: Readonly<Record<keyof typeof GROUP, number>> = { x25519: 32, x25519mlkem768: 1_216, p256: 65 };

export interface HelloOptions {
  readonly serverName?: string | null;
  readonly alpn?: readonly string[];
  readonly versions?: readonly number[];
  readonly groups?: readonly (keyof typeof GROUP)[];
}

/** A ClientHello in one record; by default what go 1.24 and later sends, with ML-KEM. */
export function clientHello(options: HelloOptions = {}): Uint8Array {
  const { serverName = 'proxy.golang.org', alpn = ['h2', 'http/1.1'] } = options;
  const { versions = [0x03_04, 0x03_03], groups = ['x25519mlkem768', 'x25519'] } = options;
  const extensions = [
    ...(serverName === null ? [] : [extension(0, sized(2, join([0], sized(2, ascii(serverName)))))]),
    extension(16, sized(2, Buffer.concat(alpn.map((name) => sized(1, ascii(name)))))),
    // GREASE first, as Chromium does: it must be passed over.
    extension(43, sized(1, Buffer.concat([number(2, 0x1a_1a), ...versions.map((version) => number(2, version))]))),
    extension(10, sized(2, Buffer.concat(groups.map((group) => number(2, GROUP[group]))))),
    ...(versions.includes(0x03_04)
      ? [
          extension(
            51,
            sized(
              2,
              Buffer.concat(
                groups.map((group) => join(number(2, GROUP[group]), sized(2, randomBytes(KEY_BYTES[group])))),
              ),
            ),
          ),
        ]
      : []),
  ];
  const body = join(
    number(2, 0x03_03),
    randomBytes(32),
    sized(1, randomBytes(32)),
    sized(2, Buffer.from('130113021303c02bc02fc02cc030cca9cca8c009c013c00ac014', 'hex')),
    sized(1, [0]),
    sized(2, Buffer.concat(extensions)),
  );
  return record(22, handshake(1, body), 0x03_01);
}

const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

/** A TLS 1.3 ServerHello; `retry` makes it a HelloRetryRequest. */
export function serverHello13(group: keyof typeof GROUP = 'x25519', retry = false): Uint8Array {
  const share = retry
    ? number(2, GROUP[group])
    : join(number(2, GROUP[group]), sized(2, randomBytes(group === 'x25519' ? 32 : 1_120)));
  return serverHello(
    Buffer.concat([extension(43, number(2, 0x03_04)), extension(51, share)]),
    retry ? RETRY_RANDOM : randomBytes(32),
  );
}

/** A TLS 1.2 ServerHello. */
export function serverHello12(alpn = 'h2'): Uint8Array {
  return serverHello(extension(16, sized(2, sized(1, ascii(alpn)))), randomBytes(32));
}

function serverHello(extensions: Uint8Array, random: Uint8Array): Uint8Array {
  const body = join(number(2, 0x03_03), random, sized(1, randomBytes(32)), [0x13, 0x01, 0], sized(2, extensions));
  return record(22, handshake(2, body));
}

/** A TLS 1.2 Certificate message of these DER certificates. */
export function certificate12(chain: readonly Uint8Array[]): Uint8Array {
  return record(22, handshake(11, sized(3, Buffer.concat(chain.map((one) => sized(3, one))))));
}

/** ServerKeyExchange and ServerHelloDone: the end of the server's TLS 1.2 flight. */
export function serverDone12(): Uint8Array {
  return Buffer.concat([record(22, handshake(12, randomBytes(100))), record(22, handshake(14, new Uint8Array(0)))]);
}

/** The client's TLS 1.2 answer: ClientKeyExchange, ChangeCipherSpec, encrypted Finished. */
export function clientDone12(): Uint8Array {
  return Buffer.concat([record(22, handshake(16, randomBytes(33))), changeCipherSpec(), record(22, randomBytes(40))]);
}

export function changeCipherSpec(): Uint8Array {
  return record(20, Buffer.from([1]));
}

export function alert(code: number, level = 2): Uint8Array {
  return record(21, Buffer.from([level, code]));
}

/** An encrypted record of this many bytes (with its 16 bytes of tag). */
export function encrypted(bytes: number): Uint8Array {
  return record(23, randomBytes(bytes));
}

/** Any record. */
export function record(type: number, fragment: Uint8Array, version = 0x03_03): Uint8Array {
  return join([type], number(2, version), sized(2, fragment));
}

/** Cuts a record's fragment into several records of at most `bytes`. */
export function refragmented(whole: Uint8Array, bytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 5; at < whole.length; at += bytes) parts.push(record(whole[0] ?? 22, whole.subarray(at, at + bytes)));
  return Buffer.concat(parts);
}

function handshake(type: number, body: Uint8Array): Uint8Array {
  return join([type], sized(3, body));
}

function extension(type: number, data: Uint8Array): Uint8Array {
  return join(number(2, type), sized(2, data));
}

function sized(lengthBytes: 1 | 2 | 3, data: Uint8Array | readonly number[]): Uint8Array {
  return join(number(lengthBytes, data.length), data);
}

function number(bytes: 1 | 2 | 3, value: number): Uint8Array {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, 0, bytes);
  return out;
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Uint8Array.from(part)));
}
