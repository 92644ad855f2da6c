/** The text of notes and records. Sources: golang.org/x/mod/sumdb/note, Open; tlog, isValidRecordText. */

/** The text of bytes that are UTF-8 without ASCII control characters other than newlines; null for any others. */
export function decodePlainText(bytes: Uint8Array): string | null {
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
