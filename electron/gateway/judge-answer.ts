/** Whether what an upstream sent is what the GOPROXY protocol promises. Pure; hashes are checked elsewhere. */
import semver from 'semver';
import type { ModuleRoute } from './route.ts';
import { isCanonical } from './route.ts';

/** How a zip begins (PKWARE APPNOTE 4.3.7, 4.3.16). */
const LOCAL_FILE = Buffer.from('504b0304', 'hex');
const END_OF_DIRECTORY = Buffer.from('504b0506', 'hex');

/** Why an answer is not one of a module proxy; null when it may be. */
export type Objection = string | null;

/** What a proxy says of a version (`.info`, `@latest`). */
export interface VersionInfo {
  readonly version: string;
  /** Epoch ms; null when the answer has no usable time. */
  readonly time: number | null;
}

/** Objects to a 200 whose body is something else than the file that was asked for. */
export function judgeAnswer(route: ModuleRoute, contentType: string, body: Buffer): Objection {
  if (route.kind !== 'zip' && /^\s*</.test(body.toString('latin1', 0, 64))) return 'an HTML page';
  if (/^text\/html\b/i.test(contentType) && route.kind !== 'mod' && route.kind !== 'zip') return 'an HTML page';
  switch (route.kind) {
    case 'list':
      return judgeList(body);
    case 'latest':
      return judgeInfo(body, null);
    case 'info':
      return judgeInfo(body, isCanonical(route.version) ? route.version : null);
    case 'mod':
      return body.length === 0 ? 'an empty body' : null;
    case 'zip':
      // A zip without files is only the end of its directory.
      return LOCAL_FILE.equals(body.subarray(0, 4)) || END_OF_DIRECTORY.equals(body.subarray(0, 4))
        ? null
        : 'not a zip';
  }
}

/** Lines that are versions, the first word each; others are skipped, as `go` skips them. */
export function readList(body: Buffer): readonly string[] {
  const words = body
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s/, 1)[0] ?? '');
  return [...new Set(words.filter((word) => isCanonical(word)))];
}

/** The version that an `.info` or `@latest` names; null when it is not one. */
export function readInfo(body: Buffer): VersionInfo | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('Version' in parsed)) return null;
    const { Version } = parsed;
    if (typeof Version !== 'string' || !isCanonical(Version)) return null;
    const time = 'Time' in parsed && typeof parsed.Time === 'string' ? Date.parse(parsed.Time) : Number.NaN;
    return { version: Version, time: Number.isNaN(time) ? null : time };
  } catch {
    return null;
  }
}

/** Whether a version names a commit instead of a tag (x/mod/module, IsPseudoVersion); lists do not hold such. */
export function isPseudo(version: string): boolean {
  return /^v\d+\.(?:0\.0-|\d+\.\d+-(?:[^+]*\.)?0\.)\d{14}-[0-9A-Za-z]+(?:\+[0-9A-Za-z.-]+)?$/.test(version);
}

/** Newest first, as `go` chooses: semantic version, releases before pre-releases. */
export function newestFirst(versions: readonly string[]): readonly string[] {
  const rank = (version: string) => (semver.prerelease(version) === null ? 1 : 0);
  return [...versions].sort((a, b) => rank(b) - rank(a) || semver.rcompare(a, b, true));
}

/** By semantic version, as `go list -m -versions` prints them. */
export function oldestFirst(versions: readonly string[]): readonly string[] {
  return [...versions].sort((a, b) => semver.compare(a, b, true));
}

function judgeList(body: Buffer): Objection {
  const hasText = body.some((byte) => byte > 0x20);
  return hasText && readList(body).length === 0 ? 'not a list of versions' : null;
}

function judgeInfo(body: Buffer, wanted: string | null): Objection {
  if (body.length === 0) return 'an empty body';
  const info = readInfo(body);
  if (info === null) return 'not the JSON of a version';
  return wanted === null || info.version === wanted ? null : `${info.version} instead of ${wanted}`;
}

/** Whether bytes look like a go.mod: only for those that no checksum decides about. */
export function isGoMod(body: Buffer): boolean {
  return /^[ \t]*(?:module\b|"module")/m.test(body.toString('utf8'));
}
