/** The AEAD suites of TLS 1.2 and 1.3 that anybody still uses. Sources: RFC 8446 §B.4, RFC 5288, RFC 5289, RFC 7905. */

export interface CipherSuite {
  /** As node:crypto calls it. */
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly hash: 'sha256' | 'sha384';
  readonly keyBytes: 16 | 32;
}

const AES_128: CipherSuite = { cipher: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 };
const AES_256: CipherSuite = { cipher: 'aes-256-gcm', hash: 'sha384', keyBytes: 32 };
const CHACHA: CipherSuite = { cipher: 'chacha20-poly1305', hash: 'sha256', keyBytes: 32 };

/** By IANA number; undefined for a suite that cannot be decrypted here (CBC, CCM). */
export const CIPHER_SUITES: ReadonlyMap<number, CipherSuite> = new Map([
  [0x13_01, AES_128],
  [0x13_02, AES_256],
  [0x13_03, CHACHA],
  // RSA, DHE_RSA, ECDHE_ECDSA, ECDHE_RSA
  ...[0x00_9c, 0x00_9e, 0xc0_2b, 0xc0_2f].map((suite) => [suite, AES_128] as const),
  ...[0x00_9d, 0x00_9f, 0xc0_2c, 0xc0_30].map((suite) => [suite, AES_256] as const),
  ...[0xcc_a8, 0xcc_a9, 0xcc_aa].map((suite) => [suite, CHACHA] as const),
]);
