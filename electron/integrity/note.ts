/** Signed notes: a text and lines that sign it. Source: golang.org/x/mod/sumdb/note, Open. */
import { verify } from 'node:crypto';
import { decodeBase64 } from './base64.ts';
import { decodePlainText } from './plain-text.ts';
import type { VerifierKey } from './verifier-key.ts';

/**
 * `malformed`: not a note. `unknown-key`: a note without a signature by the key.
 * `bad-signature`: a signature that claims to be by the key does not verify.
 */
export type OpenedNote =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: 'malformed' | 'unknown-key' | 'bad-signature' };

/** `— name base64`; the base64 is 4 bytes of key hash and 64 of Ed25519 signature. Names as isValidName has them. */
const SIGNATURE = /^\u2014 ([^\s\u0085+]+) (\S+)$/;
const MAX_SIGNATURES = 100;
const KEY_HASH_BYTES = 4;

/**
 * The text of a note that this key has signed. Of several signatures by the key the first counts: if it does not
 * verify, the note fails. Those of other keys only have to be well-formed. Never throws.
 */
export function openNote(bytes: Uint8Array, key: VerifierKey): OpenedNote {
  const note = decodePlainText(bytes);
  const split = note?.lastIndexOf('\n\n') ?? -1;
  if (note === null || split < 0 || !note.endsWith('\n')) return { ok: false, reason: 'malformed' };
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  let isSigned = false;
  for (const [count, line] of lines.entries()) {
    const [, name, base64 = ''] = SIGNATURE.exec(line) ?? [];
    const signature = decodeBase64(base64);
    const isWellFormed = name !== undefined && signature !== null && signature.length > KEY_HASH_BYTES;
    if (!isWellFormed || count >= MAX_SIGNATURES) return { ok: false, reason: 'malformed' };
    // Other databases and witnesses may sign, too: their lines are ignored.
    if (isSigned || name !== key.name || signature.readUInt32BE(0) !== key.hash) continue;
    if (!verify(null, Buffer.from(text), key.publicKey, signature.subarray(KEY_HASH_BYTES))) {
      return { ok: false, reason: 'bad-signature' };
    }
    isSigned = true;
  }
  return isSigned ? { ok: true, text } : { ok: false, reason: 'unknown-key' };
}
