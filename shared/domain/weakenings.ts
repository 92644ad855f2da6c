/**
 * Settings of a profile that make `go` check less, or route its traffic elsewhere: shown before a profile
 * from elsewhere is accepted. Pure.
 */
import { gitKey } from './git-setting.ts';
import { parseGoproxyList, redactUrl, redactUrls } from './goproxy-list.ts';
import type { Profile } from './profile.ts';

/** Each with a text under `profiles.weakens-`. */
export const WEAKENING_KEYS = [
  'sumdb-off',
  'sumdb-other',
  'nosumdb',
  'insecure',
  'plain-http',
  'vcs',
  'toolchain',
  'git-credentials',
  'instead-of',
  'git-proxy',
] as const;

/** What an import of all settings may weaken beyond its profiles; texts: weakening-text.ts. */
export const IMPORT_WEAKENING_KEYS = [
  ...WEAKENING_KEYS,
  'extra-ca',
  'resolver',
  'gateway-unverified',
  'gateway-containers',
  'gateway-cooldown',
  'update-server',
  'metrics-collector',
] as const;

export interface ImportWeakening {
  readonly key: (typeof IMPORT_WEAKENING_KEYS)[number];
  /** The value that does it, without passwords. */
  readonly value: string;
}

export interface Weakening {
  readonly key: (typeof WEAKENING_KEYS)[number];
  /** The value that does it, without passwords. */
  readonly value: string;
}

/** The databases whose keys are built into `go` (cmd/go/internal/modfetch/key.go) under their two names. */
const KNOWN_DATABASES: ReadonlySet<string> = new Set(['sum.golang.org', 'sum.golang.google.cn']);

/** All weakenings to show before a profile is accepted; [] = none. */
export function weakeningsOf({ variables, git }: Pick<Profile, 'variables' | 'git'>): readonly Weakening[] {
  const { GOPROXY = '', GOSUMDB = '', GONOSUMDB = '', GOINSECURE = '', GOVCS = '', GOTOOLCHAIN = '' } = variables;
  return [
    ...sumdb(GOSUMDB.trim()),
    ...set('nosumdb', GONOSUMDB),
    ...set('insecure', GOINSECURE),
    ...parseGoproxyList(GOPROXY).flatMap(({ value }) => (isPlainHttp(value) ? [one('plain-http', value)] : [])),
    ...set('vcs', GOVCS),
    ...(GOTOOLCHAIN === '' || GOTOOLCHAIN === 'auto' || GOTOOLCHAIN === 'local' ? [] : [one('toolchain', GOTOOLCHAIN)]),
    ...(variables.GOAUTH?.includes('git') === true ? [one('git-credentials', variables.GOAUTH)] : []),
    ...git.flatMap(({ key, value }) => (value === null ? [] : gitWeakening(key, value))),
  ];
}

function sumdb(value: string): readonly Weakening[] {
  if (value === '') return [];
  if (value === 'off') return [one('sumdb-off', value)];
  return KNOWN_DATABASES.has(value) ? [] : [one('sumdb-other', value)];
}

/** A GOPROXY entry or URL without TLS, other than to this machine. */
function isPlainHttp(url: string): boolean {
  return (
    /^http:\/\//i.test(url) && !/^http:\/\/(?:[^/@]*@)?(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?(?:\/|$)/i.test(url)
  );
}

function gitWeakening(key: string, value: string): readonly Weakening[] {
  const normal = gitKey(key) ?? key;
  const text = `${redactUrls(normal)} = ${redactUrl(value)}`;
  if (normal.endsWith('.insteadof')) return [one('instead-of', text)];
  return normal.endsWith('.proxy') && value !== '' ? [one('git-proxy', text)] : [];
}

function set(key: Weakening['key'], value: string): readonly Weakening[] {
  return value === '' ? [] : [one(key, value)];
}

function one(key: Weakening['key'], value: string): Weakening {
  return { key, value: redactUrls(value) };
}
