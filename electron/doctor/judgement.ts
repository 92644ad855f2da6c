/** From a case's measurements to its verdict: the app's own judgement, corrected by what only a consultation knows. Pure but for the lint it is given. */

import type { Cause } from '../../shared/domain/cause.ts';
import type { Check, Finding } from '../../shared/domain/doctor.ts';
import { hostAndPortOf, httpOriginOf } from '../../shared/domain/host.ts';
import type { LintFinding, LintRule } from '../../shared/domain/lint.ts';
import type { GoState, ProfileState } from '../../shared/domain/snapshot.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { correlate } from '../verdict/correlate.ts';
import { overview } from '../verdict/overview.ts';
import type { DiagnosisContext, Measured } from './diagnosis-context.ts';
import { knownEndpoints } from './known-endpoints.ts';

/** The verdict, and how every profile would do now. */
export interface Conclusion {
  readonly finding: Finding;
  readonly profiles: readonly ProfileState[];
}

/** Judges when everything was looked at. */
export function judge(context: DiagnosisContext, checks: readonly Check[], lint: readonly LintFinding[]): Conclusion {
  const { ports } = context;
  const { verdict, profiles } = overview(
    {
      now: ports.clock.now(),
      paused: false,
      hasNetworkPath: ports.hasNetworkPath(),
      records: knownEndpoints(context),
      gateway: ports.settings.gateway,
      profiles: ports.settings.profiles,
      go: judgedGo(context),
      stale: [],
    },
    null,
  );
  const byApp =
    context.list === '' || context.isPrivate ? fromSubject(context, verdict) : fromVerdict(context, verdict);
  return { finding: beyond(context, byApp, checks, lint), profiles };
}

/** The `go` that is judged: of a host, as if it were all that GOPROXY names. */
function judgedGo(context: DiagnosisContext): GoState {
  const { go, list } = context;
  if (go.state === 'found') return { ...go, effective: { ...go.effective, GOPROXY: list } };
  if (list === '') return go;
  const inForce = { effective: { GOPROXY: list }, set: [], unknown: [], git: null };
  return { state: 'found', path: '', version: '', envFile: '', overrides: [], checkedAt: 0, ...inForce };
}

function fromVerdict(context: DiagnosisContext, { name, severity, cause, endpointId, blame }: Verdict): Finding {
  const blamed = context.measured.find(({ endpoint }) => endpoint.id === endpointId)?.endpoint;
  return {
    name,
    severity,
    cause,
    host: severity === 'healthy' || blamed === undefined ? null : hostOf(blamed.url),
    rule: blame?.rule ?? null,
    score: blame?.score ?? null,
    detail: blame?.detail ?? null,
  };
}

/** A host of sources, a database, a private module: what was measured of it, and what everything says together. */
function fromSubject(context: DiagnosisContext, verdict: Verdict): Finding {
  const { subject } = context;
  if (verdict.name === 'local-offline' || subject === null) return fromVerdict(context, verdict);
  const result = context.measured.find(({ endpoint }) => endpoint === subject)?.result;
  if (result === undefined) return fromVerdict(context, verdict);
  const base = { host: hostOf(subject.url), rule: null, score: null, detail: null };
  if (result.outcome === 'ok') return { ...base, name: 'healthy', severity: 'healthy', cause: null, host: null };
  const { cause } = result.failure;
  const correlation = correlate(knownEndpoints(context));
  if (correlation === null) return { ...base, name: 'upstream-outage', severity: 'down', cause };
  const { name, rule, score, detail } = correlation;
  return { ...base, name, severity: 'down', cause, rule, score, detail };
}

/** Causes that say: what was asked for is not there, or not for everybody. */
const ASKED_WRONG: readonly Cause[] = ['module-not-found', 'private-via-proxy', 'sumdb-not-found'];

/** Settings with which `go` downloads nothing; with others it works, but not safely. */
const REFUSED_BY_GO: readonly LintRule[] = [
  'goproxy-empty',
  'goproxy-typo',
  'goproxy-invalid',
  'forward-proxy-in-list',
  'sumdb-malformed',
  'glob-malformed',
  'goflags-insecure',
];

/** What only a consultation knows: answers checked by certificate, the module's own host, a real download. */
function beyond(
  context: DiagnosisContext,
  finding: Finding,
  checks: readonly Check[],
  lint: readonly LintFinding[],
): Finding {
  const isWell = finding.severity === 'healthy';
  const lie = noteOf(checks, 'dns-lies');
  if (lie !== null && (finding.name === 'upstream-outage' || finding.name === 'cannot-tell' || isWell)) {
    const host = String(lie.host ?? '');
    const detail = String(lie.right ?? '');
    const rule = 'dns-tampered/valid-elsewhere';
    return { ...finding, name: 'dns-tampered', severity: 'down', host, rule, score: 0.95, detail };
  }
  const rule = noteOf(checks, 'policy-pf-blocks')?.rule;
  if (rule !== undefined && !isWell) {
    return {
      ...finding,
      name: 'blocked-by-policy',
      severity: 'down',
      rule: 'blocked-by-policy/pf',
      score: 0.9,
      detail: String(rule),
    };
  }
  // Without a network every entry fails, whatever the settings say.
  if (finding.severity === 'offline') return finding;
  const leak = lint.find(({ rule }) => rule === 'private-missing');
  if (leak !== undefined) return misconfigured(finding, leak, 'down');
  const download = context.measured.find(({ endpoint }) => endpoint.kind === 'module')?.result;
  if (finding.severity === 'down' && finding.cause !== null && ASKED_WRONG.includes(finding.cause)) {
    return { ...finding, name: 'misconfigured', rule: `misconfigured/${finding.cause}`, score: 0.8 };
  }
  const wrong = lint.find(({ rule, severity }) => severity === 'error' && rule !== 'entry-down');
  if (wrong !== undefined && finding.severity !== 'down') {
    const fails = download === undefined ? REFUSED_BY_GO.includes(wrong.rule) : download.outcome !== 'ok';
    return misconfigured(finding, wrong, fails ? 'down' : 'degraded');
  }
  if (download === undefined) return finding;
  return withDownload(finding, download, isWell);
}

function misconfigured(finding: Finding, { rule, subject }: LintFinding, severity: 'down' | 'degraded'): Finding {
  return {
    ...finding,
    name: 'misconfigured',
    severity,
    rule: `misconfigured/${rule}`,
    score: 0.9,
    detail: subject,
  };
}

/** The real download contradicts, or settles what the walk left open. */
function withDownload(finding: Finding, download: Measured, isWell: boolean): Finding {
  if (download.outcome === 'ok') {
    const isOpen = finding.name === 'cannot-tell' && finding.severity === 'unknown';
    return isOpen ? { ...finding, name: 'healthy', severity: 'healthy', cause: null, host: null } : finding;
  }
  // What works only sometimes, or only in part, did not work for this.
  if (!isWell && finding.name !== 'cannot-tell') return { ...finding, severity: 'down' };
  const { cause } = download.failure;
  const rule = 'download/fails';
  if (ASKED_WRONG.includes(cause))
    return { ...finding, name: 'misconfigured', severity: 'down', cause, rule, score: 0.8 };
  const name = cause === 'sumdb-unreachable' ? 'sumdb-unreachable' : 'cannot-tell';
  return { ...finding, name, severity: 'down', cause, rule, score: 0.6 };
}

function noteOf(checks: readonly Check[], key: string): Check['notes'][number]['params'] | null {
  for (const { notes } of checks) {
    const found = notes.find((one) => one.key === key);
    if (found !== undefined) return found.params;
  }
  return null;
}

/** The host, with its port for kinds other than http; the text itself when it is not a URL. */
function hostOf(url: string): string {
  return httpOriginOf(url)?.host ?? hostAndPortOf(url) ?? url;
}
