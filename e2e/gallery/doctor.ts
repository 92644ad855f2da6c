/** Made-up consultations for pictures of the doctor's page. */

import {
  type ArchivedConsultation,
  CHECK_IDS,
  type Check,
  type Consultation,
  type ExplainedLine,
} from '../../shared/domain/doctor.ts';
import { decoratedCommand, shellCommand } from '../../shared/domain/shell-command.ts';
import { NO_SITUATION } from '../../shared/domain/situation.ts';

const CHECKS: Partial<Record<Check['id'], Omit<Check, 'id'>>> = {
  network: {
    status: 'ok',
    notes: [{ severity: 'info', key: 'network-there', params: {} }],
    commands: [],
    durationMs: 1,
  },
  dns: {
    status: 'failed',
    notes: [
      { severity: 'info', key: 'dns-system', params: { host: 'proxy.golang.org', addresses: '93.46.8.90' } },
      { severity: 'info', key: 'dns-reference', params: { resolver: 'tls://223.5.5.5', addresses: '142.250.72.81' } },
      { severity: 'info', key: 'dns-reference-fails', params: { resolver: 'udp://8.8.8.8', cause: 'dns-injected' } },
      {
        severity: 'error',
        key: 'dns-lies',
        params: { host: 'proxy.golang.org', address: '93.46.8.90', right: '142.250.72.81' },
      },
    ],
    commands: [
      shellCommand('dig', ['+noall', '+answer', 'proxy.golang.org', 'A', 'proxy.golang.org', 'AAAA']),
      shellCommand('kdig', ['+tls', '@223.5.5.5', 'proxy.golang.org']),
    ],
    durationMs: 812,
  },
  goproxy: {
    status: 'failed',
    notes: [
      {
        severity: 'error',
        key: 'entry-fails',
        params: { entry: 'https://proxy.golang.org', cause: 'connect-timeout' },
      },
      { severity: 'info', key: 'entry-not-reached', params: { entry: 'direct' } },
      { severity: 'info', key: 'list-end', params: { outcome: 'stops' } },
    ],
    commands: [shellCommand('curl', ['-v', 'https://proxy.golang.org/golang.org/x/text/@v/v0.3.0.info'])],
    durationMs: 5_012,
  },
  sumdb: {
    status: 'ok',
    notes: [{ severity: 'info', key: 'sumdb-works', params: { host: 'sum.golang.org' } }],
    commands: [],
    durationMs: 231,
  },
  git: { status: 'not-needed', notes: [], commands: [], durationMs: 0 },
  'forward-proxy': {
    status: 'not-needed',
    notes: [{ severity: 'info', key: 'proxy-none', params: {} }],
    commands: [],
    durationMs: 0,
  },
  'go-environment': {
    status: 'warning',
    notes: [
      { severity: 'info', key: 'go-version', params: { version: 'go1.26.1', path: '/usr/local/go/bin/go' } },
      { severity: 'info', key: 'go-value', params: { name: 'GOPROXY', value: 'https://proxy.golang.org,direct' } },
      {
        severity: 'warning',
        key: 'lint',
        params: { rule: 'entry-down', subject: 'GOPROXY', entry: 'https://proxy.golang.org' },
      },
    ],
    commands: [shellCommand('go', ['env', 'GOPROXY', 'GOSUMDB'])],
    durationMs: 24,
  },
  policy: {
    status: 'not-needed',
    notes: [{ severity: 'info', key: 'not-here', params: {} }],
    commands: [],
    durationMs: 0,
  },
  download: {
    status: 'failed',
    notes: [
      { severity: 'error', key: 'cause', params: { cause: 'connect-timeout', host: 'golang.org/x/text@v0.3.0' } },
      { severity: 'info', key: 'said', params: { text: 'dial tcp 93.46.8.90:443: i/o timeout' } },
    ],
    commands: [
      decoratedCommand(shellCommand('go', ['mod', 'download', '-x', '--', 'golang.org/x/text@v0.3.0']), {
        before: 'GOMODCACHE=$(mktemp -d) GOFLAGS=-modcacherw',
      }),
    ],
    durationMs: 25_000,
  },
};

/** A name answered with a lie, at an instant. */
export function consultationAt(now: number): Consultation {
  return {
    target: '',
    startedAt: now - 31_000,
    endedAt: now,
    cancelled: false,
    checks: CHECK_IDS.map((id) => ({
      id,
      ...(CHECKS[id] ?? { status: 'not-judged', notes: [], commands: [], durationMs: 0 }),
    })),
    finding: {
      name: 'dns-tampered',
      severity: 'down',
      cause: 'connect-timeout',
      host: 'proxy.golang.org',
      rule: 'dns-tampered/valid-elsewhere',
      score: 0.95,
      detail: '142.250.72.81',
    },
    trying: null,
    experiments: [{ variable: 'other-resolver', tries: 3, unchanged: 0, changed: 3, value: '223.5.5.5:53' }],
    fixes: [
      {
        key: 'use-profile',
        params: { en: 'China: goproxy.cn first', zh: '国内：goproxy.cn 优先' },
        commands: [shellCommand('go', ['env', '-w', 'GOPROXY=https://goproxy.cn|https://proxy.golang.org|direct'])],
        profileId: 'china',
      },
      {
        key: 'doh-profile',
        params: { resolver: '223.5.5.5', url: 'https://223.5.5.5/dns-query' },
        commands: [shellCommand('gopherbar', ['doctor', '--doh-profile', 'gopherbar-dns.mobileconfig'])],
      },
    ],
  };
}

/** Two archived ones. */
export function archivedAt(now: number): readonly ArchivedConsultation[] {
  const { finding } = consultationAt(now);
  return [
    { startedAt: now - 31_000, target: '', incidentId: 'i1', finding },
    {
      startedAt: now - 86_400_000,
      target: 'golang.org/x/text@v0.3.0',
      incidentId: null,
      finding: finding === null ? null : { ...finding, name: 'healthy', severity: 'healthy', cause: null },
    },
  ];
}

/** What a pasted text says. */
export const EXPLAINED: readonly ExplainedLine[] = [
  {
    cause: 'eof-no-response',
    underlying: null,
    host: 'golang.org',
    module: 'golang.org/x/text',
    confidence: 0.7,
    retryable: true,
    situation: { ...NO_SITUATION, hostKind: 'public', isDiscovery: true },
    line: 'go: module golang.org/x/text: Get "https://golang.org/x/text?go-get=1": EOF',
  },
];
