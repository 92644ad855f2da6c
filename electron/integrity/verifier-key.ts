/**
 * Keys of checksum databases, and the GOSUMDB variable. Sources: golang.org/x/mod/sumdb/note, cmd/go/internal/modfetch.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBase64 } from './base64.ts';

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

/** What note.isValidName allows, eight hexadecimal digits, base64. */
const VERIFIER_KEY = /^([^\s\u0085+]+)\+([0-9a-fA-F]{8})\+(\S+)$/;

/** Reads `name+hash+base64`; the hash must be the key's (note.NewVerifier; the reasons are its texts). Never throws. */
export function parseVerifierKey(text: string): ParsedKey {
  const [, name = '', hex = '', base64 = ''] = VERIFIER_KEY.exec(text) ?? [];
  const bytes = decodeBase64(base64);
  const hash = Number.parseInt(hex, 16);
  if (bytes === null || bytes.length === 0) return { ok: false, reason: 'malformed verifier id' };
  if (keyHash(name, bytes) !== hash) return { ok: false, reason: 'invalid verifier hash' };
  if (bytes[0] !== ED25519) return { ok: false, reason: 'unknown verifier algorithm' };
  if (bytes.length !== 1 + KEY_BYTES) return { ok: false, reason: 'malformed verifier id' };
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

/** What GOSUMDB means. `reason` is what `go` prints, or begins with it. */
export type Gosumdb =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'database';
      readonly name: string;
      readonly key: VerifierKey;
      /** Base URL of the database: https, http or file; without a trailing slash. */
      readonly url: string;
      /** A URL was given: a proxy's relay is not used. */
      readonly direct: boolean;
    }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Reads GOSUMDB as cmd/go does (dbDial in cmd/go/internal/modfetch/sumdb.go); each rule was tried with go1.19.8. The
 * value is that of `go env GOSUMDB`: one that is empty there is an error, the default is filled in before. `off` and
 * the
 * alias count only as the whole value, without spaces. Never throws.
 */
export function parseGosumdb(value: string): Gosumdb {
  if (value === 'off') return { kind: 'off' };
  const expanded = value === 'sum.golang.google.cn' ? 'sum.golang.org https://sum.golang.google.cn' : value;
  const [database = '', given, ...more] = expanded.trim().split(/\s+/);
  if (database === '') return invalid('missing GOSUMDB');
  if (more.length > 0) return invalid('invalid GOSUMDB: too many fields');
  const parsed = parseVerifierKey(database === 'sum.golang.org' ? SUM_GOLANG_ORG_KEY : database);
  if (!parsed.ok) return invalid(`invalid GOSUMDB: ${parsed.reason}`);
  const { key } = parsed;
  const own = databaseUrl(key.name);
  if (own === null) return invalid(`invalid sumdb name (must be host[/path]): ${key.name}`);
  const url = given === undefined ? own : baseUrl(given);
  if (url === null) return invalid(`invalid GOSUMDB URL: ${given}`);
  return { kind: 'database', name: key.name, key, url, direct: given !== undefined };
}

function invalid(reason: string): Gosumdb {
  return { kind: 'invalid', reason };
}

/** The default URL of a database by name; null when the name is more than `host[/path]`. */
function databaseUrl(name: string): string | null {
  const url = `https://${name}`;
  return /^[^/?#@%\\]+(?:\/[^?#%\\]+)?$/.test(name) && !name.endsWith('/') && isUrl(url) ? url : null;
}

/** A URL as cmd/go/internal/web requests it: without a scheme it means https; null for what it cannot request. */
function baseUrl(text: string): string | null {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  // `host:port/…` is not a URL for Go: "first path segment in URL cannot contain colon".
  if (!hasScheme && /^(?:\/|[^/]*:)/.test(text)) return null;
  const url = hasScheme ? text : `https://${text}`;
  return /^(?:https?:\/\/[^/]|file:\/\/\/)/i.test(url) && isUrl(url) ? url.replace(/(?<!\/)\/+$/, '') : null;
}

function isUrl(text: string): boolean {
  try {
    return new URL(text).href !== '';
  } catch {
    return false;
  }
}
