/**
 * Which credentials `go` sends to a server, without running a program: those of .netrc, as GOAUTH allows. Sources:
 * cmd/go/internal/auth/auth.go of Go 1.19 (before GOAUTH: .netrc alone, by host name), 1.24 (by host and port) and 1.27
 * (by
 * the longest part of the path as well); `web/http.go`: https only, and credentials of the URL itself.
 */
import { type GoauthMethod, parseGoauth } from '../../shared/domain/goauth.ts';
import type { NetrcLine } from './netrc.ts';

/** Basic authentication for one server. Secret: never logged, stored or shown. */
export interface Credential {
  /** Scheme, host and port that it is for, as URL.origin has it. */
  readonly origin: string;
  readonly login: string;
  readonly password: string;
  /** Whether a redirect to another port of the same host keeps it (net/http since Go 1.22). */
  readonly anyPort: boolean;
}

/** The `go` that would send the request. */
export interface GoAsking {
  /** As `go version` has it; null = no `go` was found, so the newest rules count. */
  readonly version: string | null;
  /** Effective GOAUTH; '' = the default. */
  readonly goauth: string;
}

/** The effective methods; before Go 1.24 always .netrc. */
export function authMethods({ version, goauth }: GoAsking): readonly GoauthMethod[] {
  return minorOf(version) < 24 ? [{ kind: 'netrc' }] : parseGoauth(goauth);
}

/** The .netrc entry that `go` uses for a URL; null for none, and for what is not https. */
export function netrcCredential(urlText: string, lines: readonly NetrcLine[], asking: GoAsking): Credential | null {
  const methods = authMethods(asking);
  // `go` then exits with an error before any request.
  if (methods.some(({ kind }) => kind === 'invalid') || methods.every(({ kind }) => kind !== 'netrc')) return null;
  const minor = minorOf(asking.version);
  const url = /^https:\/\/([^/?#]+)([^?#]*)/i.exec(urlText);
  if (url === null) return null;
  const [, authority = '', path = ''] = url;
  for (const machine of machinesFor(authority, path, minor)) {
    const line = lines.find((one) => one.machine === machine);
    if (line !== undefined) return credentialFor(urlText, line.login, line.password, minor >= 22);
  }
  return null;
}

/** A credential for the server of a URL; null when the text is not a URL. */
export function credentialFor(url: string, login: string, password: string, anyPort: boolean): Credential | null {
  try {
    return { origin: new URL(url).origin, login, password, anyPort };
  } catch {
    return null;
  }
}

/**
 * Possible `machine` names of the entry, best first. The host is compared as it is written. Since 1.24 the whole
 * authority
 * counts: its port, and a user in it, with which no entry matches.
 */
function machinesFor(authority: string, path: string, minor: number): readonly string[] {
  if (minor < 24)
    return [
      authority
        .replace(/^.*@/, '')
        .replace(/:\d*$/, '')
        .replace(/^\[(.*)\]$/, '$1'),
    ];
  if (minor === 24) return [authority];
  const parts = `${authority}${path}`.replace(/\/$/, '').split('/');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
}

function minorOf(version: string | null): number {
  const minor = /\bgo1\.(\d+)/.exec(version ?? '')?.[1];
  return minor === undefined ? Number.POSITIVE_INFINITY : Number(minor);
}
