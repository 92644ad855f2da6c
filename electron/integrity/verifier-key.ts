/** Keys of checksum databases, and the GOSUMDB variable. Sources: golang.org/x/mod/sumdb/note, cmd/go/internal/modfetch. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

export interface VerifierKey {
  /** The database's name, such as `sum.golang.org`. */
  readonly name: string;
  /** First four bytes of the key's hash, as signatures carry them. */
  readonly hash: number;
  readonly publicKey: KeyObject;
  /** As it was written: `name+hash+base64`. */
  readonly text: string;
}

export type ParsedKey =
  | { readonly ok: true; readonly key: VerifierKey }
  | { readonly ok: false; readonly reason: string };

/** The key of the public database (cmd/go/internal/modfetch/key.go). */
export const SUM_GOLANG_ORG_KEY = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

/** The algorithm byte of Ed25519 (note.algEd25519) and what DER puts before such a key (RFC 8410). */
const ED25519 = 1;
const ED25519_DER = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;

/** Reads `name+hash+base64`; the hash must be the key's. */
export function parseVerifierKey(text: string): ParsedKey {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (parts === null) return { ok: false, reason: 'malformed verifier id' };
  const [, name = '', hex = '', base64 = ''] = parts;
  const bytes = Buffer.from(base64, 'base64');
  const hash = Number.parseInt(hex, 16);
  if (bytes[0] !== ED25519 || bytes.length !== 1 + KEY_BYTES)
    return { ok: false, reason: 'unknown verifier algorithm' };
  if (keyHash(name, bytes) !== hash) return { ok: false, reason: 'invalid verifier hash' };
  const publicKey = createPublicKey({
    key: Buffer.concat([ED25519_DER, bytes.subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  return { ok: true, key: { name, hash, publicKey, text } };
}

function keyHash(name: string, key: Uint8Array): number {
  return createHash('sha256').update(`${name}\n`).update(key).digest().readUInt32BE(0);
}

/** What GOSUMDB means. `direct`: a URL was given, so that a proxy's relay is passed by. */
export type Gosumdb =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'database';
      readonly name: string;
      readonly key: VerifierKey;
      readonly url: string;
      readonly direct: boolean;
    }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Reads GOSUMDB as cmd/go does (dbDial in cmd/go/internal/modfetch/sumdb.go). */
export function parseGosumdb(value: string): Gosumdb {
  const fields = value.trim().split(/\s+/);
  const [first = '', second, ...more] = fields;
  if (first === '') return { kind: 'invalid', reason: 'missing GOSUMDB' };
  if (first === 'off' && second === undefined) return { kind: 'off' };
  if (more.length > 0) return { kind: 'invalid', reason: 'invalid GOSUMDB: too many fields' };
  const alias = first === 'sum.golang.google.cn';
  const url = alias ? (second ?? 'https://sum.golang.google.cn') : second;
  const parsed = parseVerifierKey(alias || first === 'sum.golang.org' ? SUM_GOLANG_ORG_KEY : first);
  if (!parsed.ok) return { kind: 'invalid', reason: `invalid GOSUMDB: ${parsed.reason}` };
  if (url !== undefined && !/^https?:\/\/[^/\s]+/.test(url)) {
    return { kind: 'invalid', reason: `invalid GOSUMDB URL: ${url}` };
  }
  const { key } = parsed;
  return {
    kind: 'database',
    name: key.name,
    key,
    url: (url ?? `https://${key.name}`).replace(/\/+$/, ''),
    direct: url !== undefined,
  };
}
