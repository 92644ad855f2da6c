/**
 * What helps, the smallest first: a setting before a profile, a profile before advice. Nothing here weakens checksum
 * verification or exposes a private path. Pure.
 */

import type { Check, Finding, Fix } from '../../shared/domain/doctor.ts';
import { displayName, formatGoproxyList, parseGoproxyList, redactUrls } from '../../shared/domain/goproxy-list.ts';
import type { LintFinding, LintFix } from '../../shared/domain/lint.ts';
import type { Experiment } from '../../shared/domain/result.ts';
import { exportCommand, fixedCommand, type ShellCommand, shellCommand } from '../../shared/domain/shell-command.ts';
import type { ProfileState } from '../../shared/domain/snapshot.ts';
import { suggestedCommands } from '../../shared/domain/switch-plan.ts';
import { planCommands } from '../profile/plan.ts';
import { weakens } from '../verdict/failover.ts';
import { isRefusal } from '../verdict/refusal.ts';
import { remedyProfile } from '../verdict/remedy.ts';
import { walkGoproxy } from '../verdict/walk.ts';
import { certificateCommand } from './certificate-chain.ts';
import type { DiagnosisContext } from './diagnosis-context.ts';
import { viewOf } from './walk-of.ts';

/** What fixes are chosen by. */
export interface FixContext {
  readonly context: DiagnosisContext;
  readonly finding: Finding;
  readonly profiles: readonly ProfileState[];
  readonly lint: readonly LintFinding[];
  readonly checks: readonly Check[];
  readonly experiments: readonly Experiment[];
}

/** [] when all is well. */
export function fixesFor(findings: FixContext): readonly Fix[] {
  const { finding } = findings;
  if (finding.severity === 'healthy') return [];
  // A refusal is a decision: its remedy says who to ask, and no fix works around it.
  if (isRefusal(finding.cause)) return [];
  return [...particular(findings), ...(canBeAvoided(finding) ? useProfile(findings) : []), ...last(findings)];
}

/** Verdicts that another proxy may escape. */
const CAN_BE_AVOIDED: ReadonlySet<Finding['name']> = new Set([
  'dns-tampered',
  'tls-intercepted',
  'sni-blocked',
  'large-hello-dropped',
  'upstream-outage',
  'sumdb-unreachable',
  'mirror-stale',
  'ipv6-broken',
]);

/** A list that `go` refuses can be replaced as well as corrected. */
function canBeAvoided({ name, cause }: Finding): boolean {
  return CAN_BE_AVOIDED.has(name) || cause?.startsWith('goproxy-') === true;
}

/** What is particular to a verdict. */
function particular(findings: FixContext): readonly Fix[] {
  const { finding, context } = findings;
  switch (finding.name) {
    case 'misconfigured':
      return settings(findings);
    case 'forward-proxy-down':
      return unsetProxy(context);
    case 'dns-tampered':
      return dohProfile(context);
    case 'large-hello-dropped':
      return [plain('small-hello', {}, [exportCommand('GODEBUG', 'tlsmlkem=0,tlssecpmlkem=0')])];
    case 'captive-portal':
      return [plain('sign-in')];
    case 'local-offline':
      return [plain('go-online')];
    case 'tls-intercepted':
      return trustAuthority(findings);
    case 'ipv6-broken':
      return [
        plain(
          'prefer-ipv4',
          {},
          context.ports.platform === 'darwin' ? [shellCommand('networksetup', ['-setv6off', 'Wi-Fi'])] : [],
        ),
      ];
    case 'blocked-by-policy':
      return [plain('policy')];
    case 'sumdb-unreachable':
      return sumdbMirror(context);
    case 'upstream-outage':
    case 'sni-blocked':
      return pipeList(findings);
    default:
      return finding.cause?.startsWith('checksum-mismatch') === true
        ? [
            plain('arbiter', {}, [
              shellCommand('gopherbar', ['verify', '--', `${context.module.path}@${context.module.version}`]),
            ]),
          ]
        : [];
  }
}

/** A forward proxy that made it work, and patience when nothing else helps. */
function last({ experiments, finding }: FixContext): readonly Fix[] {
  const through = experiments.find(
    ({ variable, unchanged, changed, tries }) => variable === 'through-proxy' && unchanged === 0 && changed === tries,
  );
  const proxy = through?.value;
  return [
    ...(proxy === undefined ? [] : [plain('through-proxy', { proxy }, [exportCommand('HTTPS_PROXY', proxy)])]),
    ...(finding.name === 'upstream-outage' ? [plain('wait', { host: finding.host ?? '' })] : []),
  ];
}

function plain(key: Fix['key'], params: Fix['params'] = {}, commands: readonly ShellCommand[] = []): Fix {
  return { key, params, commands };
}

/** The best profile that works now and weakens nothing. */
function useProfile({ context, profiles }: FixContext): readonly Fix[] {
  const { go } = context;
  if (go.state !== 'found' || context.target.kind === 'host') return [];
  const safe = profiles.filter(({ profile }) => weakens(profile.variables, go.effective) === null);
  const best = safe.find(({ profile }) => profile.id === remedyProfile(safe));
  if (best === undefined) return [];
  const commands = suggestedCommands(planCommands(best.profile, go.unknown, go.git ?? []));
  const { name } = best.profile;
  const params = typeof name === 'string' ? { en: name, zh: name } : { en: name.en, zh: name['zh-CN'] };
  return [{ key: 'use-profile', params, commands, profileId: best.profile.id }];
}

/** The same entries with pipes, when a later entry answers what the first one does not. */
function pipeList({ context }: FixContext): readonly Fix[] {
  const { go, list } = context;
  if (go.state !== 'found' || context.target.kind === 'host' || !list.includes(',')) return [];
  const entries = parseGoproxyList(list);
  const piped = formatGoproxyList(
    entries.map(({ text, separator }) => ({ text, separator: separator === null ? null : ('|' as const) })),
  );
  const { outcome } = walkGoproxy(parseGoproxyList(piped), viewOf(context));
  if (outcome !== 'fell-back' && outcome !== 'works' && outcome !== 'slow') return [];
  return [setting('pipe-list', { list: redactUrls(piped) }, { variables: { GOPROXY: piped }, git: [] }, context)];
}

/** What lint would set, for what it calls an error. */
function settings({ context, lint }: FixContext): readonly Fix[] {
  return lint
    .filter(({ severity, rule }) => severity === 'error' && rule !== 'entry-down')
    .flatMap(({ fix, command, subject }) => {
      if (fix !== null) return [setting('settings', { subject }, fix, context)];
      return command === null ? [] : [plain('settings', { subject }, [command])];
    });
}

/** The copy of sum.golang.org that answers where the original does not: the same signed records. */
function sumdbMirror(context: DiagnosisContext): readonly Fix[] {
  if (!/^sum\.golang\.org(?:[+ ]|$)/.test(context.effective.GOSUMDB ?? '')) return [];
  const variables = { GOSUMDB: 'sum.golang.google.cn' };
  return [setting('sumdb-mirror', { value: variables.GOSUMDB }, { variables, git: [] }, context)];
}

function setting(key: Fix['key'], params: Fix['params'], fix: LintFix, { go }: DiagnosisContext): Fix {
  if (go.state !== 'found') return plain(key, params);
  const commands = suggestedCommands(planCommands(fix, go.unknown, go.git ?? []));
  return { key, params, commands, settings: fix };
}

/** The variables that name a forward proxy, taken out of this shell. */
function unsetProxy({ ports }: DiagnosisContext): readonly Fix[] {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].filter(
    (name) => (ports.env[name] ?? '') !== '',
  );
  return names.length === 0 ? [] : [plain('unset-proxy', { names: names.join(' ') }, [shellCommand('unset', names)])];
}

/** The first encrypted resolver of the settings that answered. */
function dohProfile(context: DiagnosisContext): readonly Fix[] {
  const answered = context.measured.find(
    ({ endpoint, result }) => endpoint.kind === 'dns' && endpoint.url.startsWith('https:') && result.outcome === 'ok',
  );
  const url = answered?.endpoint.url ?? context.ports.settings.resolvers.find((one) => one.startsWith('https:'));
  if (url === undefined) return [];
  return [
    plain('doh-profile', { resolver: displayName(url), url }, [
      shellCommand('gopherbar', ['doctor', '--doh-profile', 'gopherbar-dns.mobileconfig']),
    ]),
  ];
}

/** Only a person who knows the authority should trust it. */
function trustAuthority({ context, finding }: FixContext): readonly Fix[] {
  const host = finding.host ?? '';
  const look = certificateCommand({ host, port: 443 });
  const trust =
    context.ports.platform === 'darwin'
      ? fixedCommand('security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db company-ca.pem')
      : fixedCommand('export SSL_CERT_FILE=company-ca.pem');
  return [plain('trust-authority', { issuer: finding.detail ?? '?' }, [look, trust])];
}
