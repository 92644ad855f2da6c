/**
 * Removes private data from a report: passwords, the person's name, private modules, internal hosts and
 * addresses. The same name is always replaced by the same word, so that the report still makes sense. Pure.
 */
import { hideSecrets } from '../../shared/domain/secrets.ts';
import { isPrivateAddress } from '../profile/preflight/private-hosts.ts';

/** What must not stand in a report. */
export interface Secrets {
  readonly home: string | undefined;
  readonly user: string | undefined;
  /** Globs of GOPRIVATE, GONOPROXY and GONOSUMDB: what matches is private. */
  readonly privateGlobs: string;
  /** Hosts known to be private. */
  readonly privateHosts: readonly string[];
}

/** Never delegated in the public DNS, or customarily internal. */
const INTERNAL_HOST =
  /(?<![a-z0-9.-])\.*[a-z0-9-][a-z0-9.-]*\.(?:local|localdomain|internal|intranet|corp|home|lan|private|home\.arpa)(?![\w.-])(?:\/[\w./~@+-]*)?/gi;

const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:f[cd][0-9a-f]{2}|fe80)(?::[0-9a-f]{0,4}){2,7}/gi;

/** `git@` is everybody's; a version after a module is no domain. */
const EMAIL = /(?<![:/\w.+-])(?!git@|xxxxx@)[\w.+-]+@(?!v\d)(?:[a-z0-9-]+\.)+[a-z]{2,}\b/gi;

const HARDWARE = /\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/gi;

/** A scrubber; loopback addresses stay: they are useful and reveal nothing. */
export function scrubber({ home, user, privateGlobs, privateHosts }: Secrets): (text: string) => string {
  const names = new Map<string, string>();
  const named = (kind: string, text: string) => {
    const key = text.toLowerCase();
    const known = names.get(key) ?? `${kind}-${names.size + 1}`;
    names.set(key, known);
    return known;
  };
  const globs = privateGlobs
    .split(',')
    .map(globPattern)
    .filter((one) => one !== null);
  const hosts = privateHosts.filter((one) => one !== '');
  return (text) => {
    let clean = hideSecrets(text);
    for (const glob of globs) clean = clean.replace(glob, (found) => named('private-module', found));
    for (const host of hosts) {
      clean = clean.replace(hostPattern(host), (found) => named('private-module', found));
    }
    clean = clean.replace(INTERNAL_HOST, (found) => named('internal-host', found));
    clean = clean.replace(ADDRESS, (found) =>
      found.startsWith('127.') || !isPrivateAddress(found) ? found : named('internal-address', found),
    );
    clean = clean.replace(EMAIL, (found) => named('email', found)).replace(HARDWARE, () => 'hardware-address');
    if (home !== undefined && home.length > 1) clean = clean.replaceAll(home, '~');
    clean = clean.replace(/(\/(?:Users|home)\/)[^/\s"':]+/g, '$1USER');
    return user === undefined || user.length < 2 || user === 'root'
      ? clean
      : clean.replace(new RegExp(`(?<![\\w.-])${escaped(user)}(?![\\w-])`, 'g'), 'USER');
  };
}

/** A glob of GOPRIVATE as a search: it matches a prefix of path elements (golang.org/x/mod/module, MatchPrefixPatterns). */
function globPattern(glob: string): RegExp | null {
  const trimmed = glob.trim();
  if (trimmed === '' || /^\*+$/.test(trimmed)) return null;
  const [first = '', ...others] = trimmed.replace(/(?<!\/)\/+$/, '').split('');
  // A search that begins with a run begins where the run begins, and a run within it is as long as a name may be.
  const begin = first === '*' ? '(?<![\\w.~!+-])[\\w.~!+-]*' : `(?<![\\w.-])${part(first)}`;
  return new RegExp(`${begin}${others.map(part).join('')}(?:/[\\w./~+-]*)?(?![\\w-])`, 'gi');
}

function part(one: string): string {
  if (one === '*') return '[^/\\s,"\']{0,253}';
  return one === '?' ? '[^/\\s]' : letter(one);
}

/** A host with whatever stands before and below it: subdomains, and a path as URLs or scp have it. */
function hostPattern(host: string): RegExp {
  return new RegExp(`(?:(?<![\\w.-])[\\w.-]*\\.)?${escaped(host)}(?![\\w-]|\\.\\w)(?:[/:][\\w./~+!-]*[\\w/])?`, 'gi');
}

/** In URLs of proxies a capital is a `!` and its small letter. */
function letter(one: string): string {
  return /[a-z]/i.test(one) ? `!?${one}` : escaped(one);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
