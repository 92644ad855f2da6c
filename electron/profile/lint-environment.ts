/** Lint of what surrounds the profile: GOFLAGS, forward proxies of the environment, git's rewriting. */
import type { GitSetting } from '../../shared/domain/git-setting.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { LintFinding } from '../../shared/domain/lint.ts';
import { shellCommand } from '../../shared/domain/shell-command.ts';
import type { LintFacts } from './lint-facts.ts';

/** Findings about GOFLAGS, the forward proxy variables, and git. */
export function lintEnvironment({ goflags, proxies, git }: LintFacts): readonly LintFinding[] {
  return [...lintGoflags(goflags), ...lintVendorFlag(goflags), ...proxies.flatMap(lintProxy), ...git.flatMap(lintGit)];
}

/** `go get -insecure` was deprecated in 1.14 and is unknown since 1.17: with it in GOFLAGS `go get` only fails. */
function lintGoflags(goflags: string): readonly LintFinding[] {
  const flags = goflags.split(/\s+/).filter((flag) => flag !== '');
  const rest = flags.filter((flag) => !/^--?insecure(?:=|$)/.test(flag));
  if (rest.length === flags.length) return [];
  const change = rest.length === 0 ? ['-u', 'GOFLAGS'] : ['-w', `GOFLAGS=${rest.join(' ')}`];
  const command = shellCommand('go', ['env', ...change]);
  return [{ rule: 'goflags-insecure', severity: 'error', subject: 'GOFLAGS', params: {}, fix: null, command }];
}

/** In GOFLAGS it is for every folder: without a vendor folder that agrees, build, list and mod fail (cmd/go, modload). */
function lintVendorFlag(goflags: string): readonly LintFinding[] {
  const flags = goflags.split(/\s+/).filter((flag) => flag !== '');
  const rest = flags.filter((flag) => !/^--?mod=vendor$/.test(flag));
  if (rest.length === flags.length) return [];
  const command = shellCommand('go', [
    'env',
    ...(rest.length === 0 ? ['-u', 'GOFLAGS'] : ['-w', `GOFLAGS=${rest.join(' ')}`]),
  ]);
  return [{ rule: 'goflags-vendor', severity: 'warning', subject: 'GOFLAGS', params: {}, fix: null, command }];
}

function lintProxy({ name, value, alive }: LintFacts['proxies'][number]): readonly LintFinding[] {
  if (alive !== false) return [];
  const params = { name, value: redactUrl(value) };
  return [
    {
      rule: 'proxy-env-dead',
      severity: 'error',
      subject: name,
      params,
      fix: null,
      command: shellCommand('unset', [name]),
    },
  ];
}

function lintGit({ key, value }: GitSetting): readonly LintFinding[] {
  const base = /^url\.(.*)\.insteadof$/.exec(key)?.[1];
  const fix = { variables: {}, git: [{ key, value: null }] };
  if (base !== undefined && value !== null && breaksDiscovery(base, value)) {
    const params = { base: redactUrl(base), value };
    return [{ rule: 'instead-of', severity: 'warning', subject: key, params, fix, command: null }];
  }
  const url = /^http\.(.+)\.followredirects$/.exec(key)?.[1];
  if (url === undefined || value !== 'false') return [];
  return [{ rule: 'redirects-refused', severity: 'warning', subject: key, params: { url }, fix, command: null }];
}

/** Rewrites of every https URL, or to a protocol that hosts no longer support. */
function breaksDiscovery(base: string, value: string): boolean {
  if (/^(?:git|http):\/\//.test(base) && /^https:\/\//.test(value)) return !/^http:\/\/(?:127\.|localhost)/.test(base);
  return value === 'https://' || value === 'http://' || value === 'https:';
}
