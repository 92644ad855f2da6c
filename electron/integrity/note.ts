/** Signed notes: a text and lines that sign it. Source: golang.org/x/mod/sumdb/note, Open. */
import { verify } from 'node:crypto';
import type { VerifierKey } from './verifier-key.ts';

export type OpenedNote =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: 'malformed' | 'unknown-key' | 'bad-signature' };

/** `— name base64`; the base64 is 4 bytes of key hash and 64 of Ed25519 signature. */
const SIGNATURE = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const MAX_SIGNATURES = 100;

/** The text of a note that this key has signed. A signature in the key's name that does not verify fails the note. */
export function openNote(bytes: Uint8Array, key: VerifierKey): OpenedNote {
  const note = decode(bytes);
  const split = note?.lastIndexOf('\n\n') ?? -1;
  if (note === null || split < 0 || !note.endsWith('\n')) return { ok: false, reason: 'malformed' };
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return { ok: false, reason: 'malformed' };
  let isSigned = false;
  for (const line of lines) {
    const [, name, base64 = ''] = SIGNATURE.exec(line) ?? [];
    const signature = Buffer.from(base64, 'base64');
    if (name === undefined || signature.length < 5) return { ok: false, reason: 'malformed' };
    // Other databases and witnesses may sign, too: their lines say nothing to us.
    if (name !== key.name || signature.readUInt32BE(0) !== key.hash) continue;
    if (!verify(null, Buffer.from(text), key.publicKey, signature.subarray(4))) {
      return { ok: false, reason: 'bad-signature' };
    }
    isSigned = true;
  }
  return isSigned ? { ok: true, text } : { ok: false, reason: 'unknown-key' };
}

/** Notes are UTF-8 without control characters but newlines; null for anything else. */
function decode(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code < 0x20 && code !== 0x0a) return null;
    }
    return text;
  } catch {
    return null;
  }
}
