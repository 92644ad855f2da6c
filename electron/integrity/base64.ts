/** Base64 as Go's base64.StdEncoding accepts it: Node's decoder alone skips unknown characters. */

/** The bytes; null for a text that is not whole groups of four, padded with `=`. Unused trailing bits are ignored. */
export function decodeBase64(text: string): Buffer | null {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}
