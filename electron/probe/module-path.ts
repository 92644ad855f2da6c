/** Module paths and versions in URLs. Source: golang.org/x/mod/module, EscapePath and EscapeVersion. */

/** Upper case becomes `!` and lower case, so that paths survive case-insensitive file systems. */
export function escapeModule(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** The inverse; null for what `escapeModule` never writes (an upper-case letter, a lone `!`). */
export function unescapeModule(text: string): string | null {
  if (/[A-Z]|!(?![a-z])/.test(text)) return null;
  return text.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A path of the GOPROXY protocol, percent-encoded as `go` does it (`!` becomes %21). */
export function protocolPath(modulePath: string, file: string): string {
  const encode = (part: string) => encodeURIComponent(part).replaceAll('!', '%21');
  return `${escapeModule(modulePath).split('/').map(encode).join('/')}/@v/${encode(escapeModule(file))}`;
}
