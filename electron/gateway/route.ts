/**
 * What a request to the gateway asks for. Pure. Sources: go.dev/ref/mod#goproxy-protocol; golang.org/x/mod/module,
 * UnescapePath, UnescapeVersion, CheckPath; golang.org/x/mod/sumdb, server.go.
 */

import { unescapeModule } from '../../shared/domain/module-path.ts';

/** One file of the GOPROXY protocol. Paths and versions are unescaped. */
export type Route =
  | { readonly kind: 'list'; readonly path: string }
  | { readonly kind: 'latest'; readonly path: string }
  | { readonly kind: 'info'; readonly path: string; readonly version: string }
  | { readonly kind: 'mod' | 'zip'; readonly path: string; readonly version: string }
  | { readonly kind: 'sumdb'; readonly name: string; readonly file: SumdbFile }
  /** A request that is refused before anybody is asked. */
  | { readonly kind: 'refused'; readonly status: 400 | 404; readonly reason: string };

/** What is asked of a checksum database. */
export type SumdbFile =
  | { readonly kind: 'supported' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'lookup'; readonly path: string; readonly version: string }
  | { readonly kind: 'tile'; readonly level: number; readonly index: number; readonly width: number }
  /** Tiles of records, not of hashes: `level` is the word `data`. */
  | { readonly kind: 'data'; readonly path: string };

/** A file of one module. */
export type ModuleRoute = Exclude<Route, { kind: 'sumdb' | 'refused' }>;

/** Longer request targets are refused: no module path or version is near this. */
const MAX_TARGET = 4_096;
/** x/mod/module CheckPath, without its rules about the first element: whether a path exists is the upstream's to say. */
const PATH_ELEMENT = /^[A-Za-z0-9_~-](?:[A-Za-z0-9._~-]*[A-Za-z0-9_~-])?$/;
/** x/mod/module checkElem for file names, the letters outside ASCII included. */
const VERSION = /^(?!\.\.?$)[A-Za-z0-9\u0080-\uffff#$%&()+,\-.=@[\]^_{}~ ]{1,200}$/;
/** A canonical version, such as `v1.2.3`, `v0.0.0-2024…-abc` or `v2.0.0+incompatible`. */
const CANONICAL = /^v(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+incompatible)?$/;

/** Whether a version names one state of a module forever, unlike `v1`, a branch or a commit. */
export function isCanonical(version: string): boolean {
  return CANONICAL.test(version);
}

/**
 * Reads the target of a request line. `databases` are the names of the checksum databases that are known; such a name may
 * hold slashes, so it cannot be separated from what follows without knowing it.
 */
export function parseRoute(target: string, databases: readonly string[]): Route {
  if (!target.startsWith('/')) return refused(400, 'only origin-form requests are answered');
  if (target.length > MAX_TARGET) return refused(400, 'the path is too long');
  if (/[?#]/.test(target)) return refused(400, 'the GOPROXY protocol has no queries');
  const segments = decodedSegments(target.slice(1));
  if (segments === null) return refused(400, 'the path is malformed');
  return segments[0] === 'sumdb' ? sumdbRoute(segments.slice(1).join('/'), databases) : moduleRoute(segments);
}

/** Decoded once, so that `%2e%2e`, `%2f` and `%00` gain nothing; null for what no path of the protocol holds. */
function decodedSegments(path: string): readonly string[] | null {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    let decoded: string;
    try {
      decoded = decodeURIComponent(segment);
    } catch {
      return null;
    }
    if (decoded === '' || decoded === '.' || decoded === '..' || /[/\\\p{Cc}]/u.test(decoded)) return null;
    segments.push(decoded);
  }
  return segments;
}

function moduleRoute(segments: readonly string[]): Route {
  const last = segments[segments.length - 1] ?? '';
  if (last === '@latest') {
    const path = unescapePath(segments.slice(0, -1));
    return path === null ? refused(400, 'not an escaped module path') : { kind: 'latest', path };
  }
  if (segments[segments.length - 2] !== '@v') return refused(404, 'not a path of the GOPROXY protocol');
  const path = unescapePath(segments.slice(0, -2));
  if (path === null) return refused(400, 'not an escaped module path');
  if (last === 'list') return { kind: 'list', path };
  const [, escaped = '', extension] = /^(.+)\.(info|mod|zip)$/.exec(last) ?? [];
  const version = unescapeModule(escaped);
  if (version === null || !VERSION.test(version)) return refused(400, 'not an escaped version');
  if (extension === 'info') return { kind: 'info', path, version };
  if (extension !== 'mod' && extension !== 'zip') return refused(404, 'not a path of the GOPROXY protocol');
  if (!isCanonical(version)) return refused(404, `${version} is not a canonical version`);
  return { kind: extension, path, version };
}

function sumdbRoute(rest: string, databases: readonly string[]): Route {
  const name = databases.find((one) => rest.startsWith(`${one}/`));
  if (name === undefined) return refused(404, 'not a checksum database of this gateway');
  const file = sumdbFile(rest.slice(name.length + 1));
  return file === null ? refused(404, 'not a path of a checksum database') : { kind: 'sumdb', name, file };
}

function sumdbFile(path: string): SumdbFile | null {
  if (path === 'supported' || path === 'latest') return { kind: path };
  if (path.startsWith('lookup/')) {
    const at = path.lastIndexOf('@');
    const modulePath = unescapePath(path.slice('lookup/'.length, Math.max(at, 0)).split('/'));
    const version = unescapeModule(path.slice(at + 1));
    if (modulePath === null || version === null || !isCanonical(version)) return null;
    return { kind: 'lookup', path: modulePath, version };
  }
  if (/^tile\/8\/data\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d{1,3})?$/.test(path)) return { kind: 'data', path };
  return tile(path);
}

/** `tile/8/<level>/<NNN>[.p/<width>]`, thousands with an `x` before them (x/mod/sumdb/tlog, ParseTilePath). */
function tile(path: string): SumdbFile | null {
  const [, level, digits = '', width] =
    /^tile\/8\/(\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  if (level === undefined) return null;
  const index = Number(digits.replaceAll(/[x/]/g, ''));
  const hashes = width === undefined ? 256 : Number(width);
  if (!Number.isSafeInteger(index) || hashes < 1 || hashes > 256) return null;
  return { kind: 'tile', level: Number(level), index, width: hashes };
}

function unescapePath(elements: readonly string[]): string | null {
  const path = unescapeModule(elements.join('/'));
  if (path === null || elements.length === 0 || path.startsWith('-')) return null;
  return path.split('/').every((element) => PATH_ELEMENT.test(element)) ? path : null;
}

function refused(status: 400 | 404, reason: string): Route {
  return { kind: 'refused', status, reason };
}
