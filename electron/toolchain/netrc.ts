/**
 * ~/.netrc as cmd/go reads it, which differs from curl: cmd/go/internal/auth/netrc.go (the same rules from Go 1.13
 * to 1.27). Format: https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
 */
import { join } from 'node:path';
import type { Env } from '../system/files.ts';
import { readTextIfRegular } from '../system/read-file.ts';

/** One machine with its credentials. Secret: never logged, stored or shown. */
export interface NetrcLine {
  /** As written: a host name, since Go 1.24 with its port. */
  readonly machine: string;
  readonly login: string;
  readonly password: string;
}

/** White space as Go's strings.Fields splits at it (unicode.IsSpace). */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Real files have a few lines. */
const MAX_BYTES = 1024 * 1024;

/**
 * The complete entries in order: only those with machine, login and password count, and none after a line that ends in
 * `default`. `account` is skipped; a macro ends at an empty line.
 */
export function parseNetrc(text: string): readonly NetrcLine[] {
  const found: NetrcLine[] = [];
  let entry: NetrcLine = NOTHING;
  let inMacro = false;
  for (const line of text.split('\n')) {
    if (inMacro) {
      inMacro = line !== '';
      continue;
    }
    const words = line.split(SPACE).filter((word) => word !== '');
    // Tokens come in pairs, across lines.
    for (let i = 0; i + 1 < words.length; i += 2) {
      const [token, value = ''] = words.slice(i, i + 2);
      if (token === 'machine') entry = { ...NOTHING, machine: value };
      else if (token === 'login' || token === 'password') entry = { ...entry, [token]: value };
      else if (token === 'macdef') inMacro = true;
      if (entry.machine !== '' && entry.login !== '' && entry.password !== '') {
        found.push(entry);
        entry = NOTHING;
      }
    }
    if (words.length % 2 === 1 && words.at(-1) === 'default') break;
  }
  return found;
}

const NOTHING: NetrcLine = { machine: '', login: '', password: '' };

/**
 * Possible paths of the file, the first that exists counts: $NETRC, else in the home folder (on Windows `_netrc` before
 * `.netrc`).
 */
export function netrcPaths(env: Env, platform: NodeJS.Platform = process.platform): readonly string[] {
  if (env.NETRC !== undefined && env.NETRC !== '') return [env.NETRC];
  const home = platform === 'win32' ? env.USERPROFILE : env.HOME;
  if (home === undefined || home === '') return [];
  return platform === 'win32' ? [join(home, '_netrc'), join(home, '.netrc')] : [join(home, '.netrc')];
}

/** The entries of the user's file; [] when there is none, or it cannot be read. */
export async function readNetrc(env: Env): Promise<readonly NetrcLine[]> {
  for (const path of netrcPaths(env)) {
    const text = await readTextIfRegular(path, MAX_BYTES);
    if (text !== null) return parseNetrc(text);
  }
  return [];
}
