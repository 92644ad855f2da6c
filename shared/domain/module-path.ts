/** Module paths and versions in URLs. Source: golang.org/x/mod/module, EscapePath, EscapeVersion and CheckPath. */
import type { ModuleVersion } from './endpoint.ts';

/** Upper case becomes `!` and lower case, so that paths survive case-insensitive file systems. */
export function escapeModule(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** The reverse of `escapeModule`; null for capitals and for any other exclamation mark, which escaped forms cannot hold. */
export function unescapeModule(escaped: string): string | null {
  if (/[A-Z]|!(?![a-z])/.test(escaped)) return null;
  return escaped.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Whether `go` would ask for this path and version at all; anything else could also climb out of the URL, or be a flag. */
export function isModuleVersion({ path, version }: ModuleVersion): boolean {
  const elements = path.split('/');
  if (path.startsWith('-') || version.startsWith('-')) return false;
  return elements.every((one) => /^[\w~-](?:[\w~.-]*[\w~-])?$/.test(one)) && /^[\w~-][\w~.+-]*$/.test(version);
}

/**
 * A path of the GOPROXY protocol below the proxy's base URL, for a module that `isModuleVersion` accepts. Percent-encoded
 * as `go` does it (net/url.PathEscape): of the characters that can occur, only `!`.
 */
export function protocolPath(modulePath: string, file: string): string {
  const name = file === 'latest' ? '@latest' : `@v/${escapeModule(file)}`;
  return `${escapeModule(modulePath)}/${name}`.replaceAll('!', '%21');
}

/**
 * The path of a record in a checksum database, for a module that `isModuleVersion` accepts. Here `go` leaves the `!` as
 * it is (cmd/go/internal/modfetch/sumdb.go).
 */
export function lookupPath({ path, version }: ModuleVersion): string {
  return `lookup/${escapeModule(path)}@${escapeModule(version)}`;
}
