/** Base64 as Go's base64.StdEncoding takes it: Node's decoder alone skips whatever it does not know. */

/** The bytes; null for a text that is not whole groups of four, padded with `=`. Unused last bits may be anything. */
export function decodeBase64(text: string): Buffer | null {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}
