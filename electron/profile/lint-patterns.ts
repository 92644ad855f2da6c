/** Lint of the settings for private modules and the checksum database. */
import type { LintFinding, LintRule, LintSeverity } from '../../shared/domain/lint.ts';
import { isGlob, matchesPatterns } from '../../shared/domain/module-patterns.ts';
import type { GoVariables, ProfileVariable } from '../../shared/domain/profile.ts';
import { parseGosumdb } from '../integrity/verifier-key.ts';
import type { LintFacts } from './lint-facts.ts';

const PATTERN_VARIABLES = ['GOPRIVATE', 'GONOPROXY', 'GONOSUMDB', 'GOINSECURE'] as const;

/** Hosts of public modules: never private as a whole. */
const PUBLIC_HOSTS = [
  'github.com',
  'gitlab.com',
  'bitbucket.org',
  'gitee.com',
  'golang.org',
  'google.golang.org',
  'gopkg.in',
  'k8s.io',
  'go.uber.org',
];

/** Findings about GOSUMDB and the pattern variables. */
export function lintPatterns({ variables, privateHosts }: LintFacts): readonly LintFinding[] {
  return [
    ...lintSumdb(variables),
    ...PATTERN_VARIABLES.flatMap((name) => malformed(name, variables[name] ?? '')),
    ...tooWide(variables),
    ...contradictions(variables),
    ...missing(variables, privateHosts),
  ];
}

function lintSumdb({ GOSUMDB = '' }: GoVariables): readonly LintFinding[] {
  if (GOSUMDB === 'off') return [finding('sumdb-off', 'error', 'GOSUMDB', {}, { GOSUMDB: '' })];
  if (GOSUMDB === '' || parseGosumdb(GOSUMDB).kind === 'database') return [];
  return [finding('sumdb-malformed', 'error', 'GOSUMDB', { value: GOSUMDB }, { GOSUMDB: '' })];
}

/** Spaces are not trimmed and schemes are not parsed: such a glob never matches. */
function malformed(name: (typeof PATTERN_VARIABLES)[number], value: string): readonly LintFinding[] {
  const globs = value.split(',');
  const bad = globs.filter(
    (glob) => glob !== glob.trim() || glob.startsWith('.') || /^[a-z]+:\/\//i.test(glob.trim()) || !isGlob(glob),
  );
  if (bad.length === 0) return [];
  const cleaned = globs
    .map((glob) =>
      glob
        .trim()
        .replace(/^[a-z]+:\/\//i, '')
        .replace(/(?<!\/)\/+$/, ''),
    )
    .flatMap(undotted)
    .filter((glob) => glob !== '' && isGlob(glob));
  return [finding('glob-malformed', 'error', name, { globs: bad.join(',') }, { [name]: cleaned.join(',') })];
}

/** `.corp.example` is how NO_PROXY and cookies name a domain with what is below it; module paths begin with no dot. */
function undotted(glob: string): readonly string[] {
  const domain = glob.replace(/^\.+/, '');
  if (domain === glob) return [glob];
  // A top-level domain would match every module below it.
  return /^[^/]+\.[^/]/.test(domain) ? [domain, `*.${domain}`] : [];
}

function tooWide(variables: GoVariables): readonly LintFinding[] {
  const RULES = [
    ['GONOSUMDB', 'nosumdb-wide', 'error'],
    ['GONOPROXY', 'noproxy-wide', 'warning'],
    ['GOINSECURE', 'insecure-wide', 'error'],
  ] as const;
  return RULES.flatMap(([name, rule, severity]) => {
    const value = variables[name] ?? '';
    const wide = value.split(',').filter(isWide);
    if (wide.length === 0) return [];
    // GONOSUMDB shows GOPRIVATE's value unless it has one of its own: the fix belongs where the value is set.
    const home: ProfileVariable = name !== 'GOINSECURE' && value === variables.GOPRIVATE ? 'GOPRIVATE' : name;
    const narrower = value.split(',').filter((glob) => !isWide(glob));
    return [finding(rule, severity, home, { globs: wide.join(',') }, { [home]: narrower.join(',') })];
  });
}

/** Every module, a whole top-level domain, or a common public host. */
function isWide(glob: string): boolean {
  const host = glob.replace(/(?<!\/)\/+$/, '');
  if (host === '' || host === 'none') return false;
  if (/^[*?]+(?:\.[*?]+)*$/.test(host) || /^\*\.[a-z]+$/i.test(host)) return true;
  return PUBLIC_HOSTS.includes(host) || PUBLIC_HOSTS.some((one) => host === `*.${one}` && one.endsWith('.com'));
}

/** A private path that is still requested from the checksum database or a proxy. */
function contradictions(variables: GoVariables): readonly LintFinding[] {
  const { GOPRIVATE = '', GONOPROXY = '', GONOSUMDB = '' } = variables;
  const uncovered = (globs: string) =>
    GOPRIVATE.split(',').filter(
      (glob) => glob !== '' && !globs.split(',').includes(glob) && !matchesPatterns(globs, glob),
    );
  const found: LintFinding[] = [];
  if (GONOSUMDB !== GOPRIVATE) {
    const open = uncovered(GONOSUMDB);
    const params = { globs: open.join(','), other: 'GONOSUMDB' };
    if (open.length > 0)
      found.push(finding('private-contradiction', 'warning', 'GONOSUMDB', params, { GONOSUMDB: '' }));
  }
  // `none` is set for a company proxy that serves the private modules.
  if (GONOPROXY !== GOPRIVATE && GONOPROXY !== 'none') {
    const open = uncovered(GONOPROXY);
    const params = { globs: open.join(','), other: 'GONOPROXY' };
    if (open.length > 0)
      found.push(finding('private-contradiction', 'warning', 'GONOPROXY', params, { GONOPROXY: '' }));
  }
  return found;
}

function missing(variables: GoVariables, privateHosts: readonly string[]): readonly LintFinding[] {
  const { GOPRIVATE = '', GONOPROXY = GOPRIVATE, GONOSUMDB = GOPRIVATE } = variables;
  const open = [...new Set(privateHosts)].filter(
    (host) => !matchesPatterns(GONOSUMDB, host) || (GONOPROXY !== 'none' && !matchesPatterns(GONOPROXY, host)),
  );
  if (open.length === 0) return [];
  const widened = [...GOPRIVATE.split(',').filter((glob) => glob !== ''), ...open].join(',');
  return [finding('private-missing', 'error', 'GOPRIVATE', { hosts: open.join(', ') }, { GOPRIVATE: widened })];
}

function finding(
  rule: LintRule,
  severity: LintSeverity,
  subject: string,
  params: LintFinding['params'],
  variables: GoVariables,
): LintFinding {
  return { rule, severity, subject, params, fix: { variables, git: [] }, command: null };
}
