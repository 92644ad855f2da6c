/** Opening the encrypted records of one direction. Sources: RFC 8446 §5.2, §7.1 to §7.3; RFC 5246 §5, §6.3; RFC 5288 §3; RFC 7905 §2. */
import { createDecipheriv, createHmac } from 'node:crypto';
import type { CipherSuite } from './cipher-suites.ts';

const TAG_BYTES = 16;
const IV_BYTES = 12;
/** TLS 1.2 with GCM: the fixed part of the nonce; the rest travels with each record. */
const SALT_BYTES = 4;

/** A record that was opened. */
export interface Opened {
  /** Content type: 21 alert, 22 handshake, 23 data. */
  readonly type: number;
  readonly content: Uint8Array;
}

/** Opens the records of one direction. */
export interface RecordCipher {
  /** Opens the next record, given its header (5 bytes) and body; null when the key is not the right one. */
  open(header: Uint8Array, body: Uint8Array): Opened | null;
  /** The cipher after a KeyUpdate; null in TLS 1.2, which has none. */
  next(): RecordCipher | null;
}

/** TLS 1.3: a traffic secret gives key and IV. */
export function cipherOf13(suite: CipherSuite, secret: Buffer): RecordCipher {
  const key = expandLabel(suite, secret, 'key', suite.keyBytes);
  const iv = expandLabel(suite, secret, 'iv', IV_BYTES);
  let sequence = 0n;
  return {
    open(header, body) {
      const plain = decrypt(suite, key, nonceOf(iv, sequence), header, body);
      if (plain === null) return null;
      sequence++;
      let end = plain.length;
      while (end > 0 && plain[end - 1] === 0) end--;
      return end === 0 ? null : { type: plain[end - 1] ?? 0, content: plain.subarray(0, end - 1) };
    },
    next: () => cipherOf13(suite, expandLabel(suite, secret, 'traffic upd', suite.hash === 'sha384' ? 48 : 32)),
  };
}

/** TLS 1.2: both directions' keys come from one block. */
export function ciphersOf12(
  suite: CipherSuite,
  master: Buffer,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): { readonly client: RecordCipher; readonly server: RecordCipher } {
  const ivBytes = suite.cipher === 'chacha20-poly1305' ? IV_BYTES : SALT_BYTES;
  const seed = Buffer.concat([Buffer.from('key expansion'), serverRandom, clientRandom]);
  const block = prf(suite, master, seed, 2 * (suite.keyBytes + ivBytes));
  const keys = (at: number) => block.subarray(at, at + suite.keyBytes);
  const ivs = (at: number) => block.subarray(at, at + ivBytes);
  const afterKeys = 2 * suite.keyBytes;
  return {
    client: cipherOf12(suite, keys(0), ivs(afterKeys)),
    server: cipherOf12(suite, keys(suite.keyBytes), ivs(afterKeys + ivBytes)),
  };
}

function cipherOf12(suite: CipherSuite, key: Buffer, iv: Buffer): RecordCipher {
  const explicitBytes = suite.cipher === 'chacha20-poly1305' ? 0 : 8;
  let sequence = 0n;
  return {
    open(header, body) {
      const length = body.length - explicitBytes - TAG_BYTES;
      if (length < 0) return null;
      const nonce = explicitBytes === 0 ? nonceOf(iv, sequence) : Buffer.concat([iv, body.subarray(0, explicitBytes)]);
      const additional = Buffer.alloc(13);
      additional.writeBigUInt64BE(sequence, 0);
      additional.set(header.subarray(0, 3), 8);
      additional.writeUInt16BE(length, 11);
      const plain = decrypt(suite, key, nonce, additional, body.subarray(explicitBytes));
      if (plain === null) return null;
      sequence++;
      return { type: header[0] ?? 0, content: plain };
    },
    next: () => null,
  };
}

function decrypt(
  { cipher }: CipherSuite,
  key: Buffer,
  nonce: Buffer,
  additional: Uint8Array,
  body: Uint8Array,
): Buffer | null {
  if (body.length < TAG_BYTES) return null;
  const split = body.length - TAG_BYTES;
  try {
    // One call for all three; node's types know GCM and ChaCha20-Poly1305 apart.
    const decipher = createDecipheriv(cipher as 'aes-128-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(additional);
    decipher.setAuthTag(body.subarray(split));
    return Buffer.concat([decipher.update(body.subarray(0, split)), decipher.final()]);
  } catch {
    return null;
  }
}

/** The IV with the record's number laid over its end. */
function nonceOf(iv: Buffer, sequence: bigint): Buffer {
  const nonce = Buffer.from(iv);
  const at = nonce.length - 8;
  nonce.writeBigUInt64BE(nonce.readBigUInt64BE(at) ^ sequence, at);
  return nonce;
}

/** HKDF-Expand-Label with an empty context; no label here needs more than one block of HKDF. */
function expandLabel({ hash }: CipherSuite, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([
    Buffer.from([length >> 8, length & 0xff, name.length]),
    name,
    Buffer.from([0]),
    Buffer.from([1]),
  ]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

/** The PRF of TLS 1.2 (P_hash). */
function prf({ hash }: CipherSuite, secret: Buffer, seed: Buffer, length: number): Buffer {
  const hmac = (...parts: Buffer[]) => createHmac(hash, secret).update(Buffer.concat(parts)).digest();
  const blocks: Buffer[] = [];
  let a = hmac(seed);
  for (let made = 0; made < length; a = hmac(a)) {
    const block = hmac(a, seed);
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}
