/** Risks in the settings of go and git, found before they cause a failure, with a fix. */
import type { GitSetting } from './git-setting.ts';
import type { GoVariables } from './profile.ts';
import type { ShellCommand } from './shell-command.ts';

/** Each rule with where its reason is documented. */
export const LINT_RULES = {
  'goproxy-empty': 'https://go.dev/doc/go1.21#go-command',
  'goproxy-invalid': 'https://go.dev/ref/mod#environment-variables',
  'goproxy-typo': 'https://go.dev/ref/mod#environment-variables',
  'goproxy-off': 'https://go.dev/ref/mod#environment-variables',
  'entry-down': 'https://go.dev/ref/mod#module-proxy',
  'comma-after-flaky': 'https://go.dev/doc/go1.15#go-command',
  'list-without-end': 'https://go.dev/ref/mod#checksum-database',
  'forward-proxy-in-list': 'https://go.dev/ref/mod#environment-variables',
  'direct-missing': 'https://go.dev/ref/mod#environment-variables',
  'direct-first': 'https://go.dev/ref/mod#environment-variables',
  'entries-ignored': 'https://go.dev/ref/mod#environment-variables',
  'insecure-http': 'https://go.dev/ref/mod#module-proxy',
  'credentials-in-url': 'https://go.dev/ref/mod#private-module-proxy-auth',
  'sumdb-off': 'https://go.dev/ref/mod#checksum-database',
  'sumdb-malformed': 'https://go.dev/ref/mod#checksum-database',
  'nosumdb-wide': 'https://go.dev/ref/mod#private-module-privacy',
  'noproxy-wide': 'https://go.dev/ref/mod#private-module-privacy',
  'private-contradiction': 'https://go.dev/ref/mod#private-module-privacy',
  'private-missing': 'https://go.dev/ref/mod#private-module-privacy',
  'glob-malformed': 'https://pkg.go.dev/golang.org/x/mod/module#MatchPrefixPatterns',
  'insecure-wide': 'https://go.dev/ref/mod#environment-variables',
  'goflags-insecure': 'https://go.dev/doc/go1.17#go-command',
  'goflags-vendor': 'https://go.dev/ref/mod#vendoring',
  'go-line-language': 'https://go.dev/doc/toolchain#version',
  'go-line-unreadable': 'https://go.dev/doc/toolchain#config',
  'toolchain-line-language': 'https://go.dev/doc/toolchain#version',
  'proxy-env-dead': 'https://pkg.go.dev/net/http#ProxyFromEnvironment',
  'instead-of': 'https://git-scm.com/docs/git-config#Documentation/git-config.txt-urlltbasegtinsteadOf',
  'redirects-refused': 'https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpfollowRedirects',
} as const;

export type LintRule = keyof typeof LINT_RULES;

/** `error`: go fails or a private path leaks; `warning`: it will under some circumstance; `hint`: worth knowing. */
export const LINT_SEVERITIES = ['error', 'warning', 'hint'] as const;
export type LintSeverity = (typeof LINT_SEVERITIES)[number];

/** The fix of a finding: values that a switch sets, as in a profile. */
export interface LintFix {
  readonly variables: GoVariables;
  readonly git: readonly GitSetting[];
}

export interface LintFinding {
  readonly rule: LintRule;
  readonly severity: LintSeverity;
  /** The variable or git key it is about. */
  readonly subject: string;
  /** For the text: entry, host, value … without passwords. */
  readonly params: { readonly [name: string]: string };
  readonly fix: LintFix | null;
  /** The command to run when no switch can fix it; null when one can, or nothing does. */
  readonly command: ShellCommand | null;
}
