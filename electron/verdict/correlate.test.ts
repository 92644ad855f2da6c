/** Each rule with what makes it fit, and with near misses: the same results less the one thing that would prove it. */
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import type { Evidence, Note, Variable } from '../../shared/domain/result.ts';
import { correlate } from './correlate.ts';
import type { Observation } from './endpoint-record.ts';
import { unknownStatus } from './status.ts';

interface Given {
  readonly kind?: EndpointKind;
  readonly host?: string;
  readonly cause?: Cause;
  readonly code?: string;
  readonly message?: string;
  readonly notes?: readonly Note[];
  readonly flips?: Variable;
  readonly value?: string;
  readonly family?: 4 | 6;
}

let count = 0;

/** The observation of one endpoint; one with a cause failed. */
function observation({
  kind = 'goproxy',
  cause,
  code,
  message = '',
  notes,
  flips,
  value,
  family = 4,
  ...more
}: Given = {}): Observation {
  count += 1;
  const id = `e${count}`;
  const host = more.host ?? `${id}.example`;
  const experiments =
    flips === undefined ? undefined : [{ variable: flips, tries: 3, unchanged: 0, changed: 3, value } as const];
  const evidence: Evidence = { url: `https://${host}`, notes, experiments };
  const measured = {
    kind,
    url: `https://${host}`,
    depth: 'light' as const,
    startedAt: 0,
    phases: {},
    totalMs: 1,
    steps: [],
    evidence,
    remote: { address: family === 6 ? '2606::1' : '93.184.215.14', port: 443, family },
  };
  if (cause === undefined)
    return {
      endpoint: { id, kind, name: id, url: `https://${host}` },
      state: { ...unknownStatus(0), status: 'up', degradation: null },
      last: { ...measured, outcome: 'ok', slow: [] },
    };
  return {
    endpoint: { id, kind, name: id, url: `https://${host}` },
    state: { ...unknownStatus(0), status: 'down', failures: 3, cause, degradation: null },
    last: { ...measured, outcome: 'failed', failure: { cause, phase: 'connect', message, code } },
  };
}

const said = (...observations: Observation[]) => correlate(observations)?.rule ?? null;
const by = (issuer: string) => `self-signed certificate (certificate of "x" by "${issuer}" until 2030)`;

describe('what all results together say', () => {
  it.each<[string, readonly Given[], string | null]>([
    ['nothing fails', [{}, {}], null],
    ['one fails, no other is known', [{ cause: 'connection-reset' }], null],
    ['one fails, another is well', [{ cause: 'connection-reset' }, {}], 'upstream-outage/others-are-well'],
    ['one fails, only a resolver is well', [{ cause: 'connection-reset' }, { kind: 'dns' }], null],

    ['two sign-in pages', [{ cause: 'captive-portal' }, { cause: 'captive-portal' }], 'captive-portal/several-hosts'],
    [
      'two sign-in pages of one host',
      [
        { cause: 'captive-portal', host: 'a' },
        { cause: 'captive-portal', host: 'a' },
      ],
      null,
    ],
    ['one sign-in page', [{ cause: 'captive-portal' }], null],
    [
      'sign-in pages, but one endpoint answers',
      [{ cause: 'captive-portal' }, { cause: 'captive-portal' }, {}],
      'upstream-outage/others-are-well',
    ],

    [
      'names in the range of local proxies',
      [{ cause: 'eof-no-response' }, { kind: 'dns', notes: ['fake-ip'] }],
      'local-proxy-in-path/fake-ip',
    ],

    [
      'a dead forward proxy and what goes through it',
      [{ kind: 'forward-proxy', cause: 'forward-proxy-unreachable' }, { cause: 'forward-proxy-unreachable' }],
      'forward-proxy-down/proxy-and-behind',
    ],
    [
      'a dead forward proxy that no endpoint uses',
      [{ kind: 'forward-proxy', cause: 'forward-proxy-unreachable' }, {}],
      null,
    ],

    ['another resolver helps', [{ cause: 'connect-timeout', flips: 'other-resolver' }], 'dns-tampered/experiment'],
    [
      'a lying resolver and a misled endpoint',
      [{ kind: 'dns', cause: 'dns-injected' }, { cause: 'connect-timeout' }],
      'dns-tampered/lying-resolver',
    ],
    ['a lying resolver that misled no endpoint', [{ kind: 'dns', cause: 'dns-nxdomain-hijacked' }, {}], null],
    ['a slow resolver', [{ kind: 'dns', cause: 'dns-timeout' }, { cause: 'connect-timeout' }], null],

    [
      'one issuer for two hosts',
      [
        { cause: 'tls-unknown-authority', message: by('Corp') },
        { cause: 'tls-unknown-authority', message: by('Corp') },
      ],
      'tls-intercepted/one-issuer',
    ],
    [
      'two issuers for two hosts',
      [
        { cause: 'tls-unknown-authority', message: by('A') },
        { cause: 'tls-unknown-authority', message: by('B') },
      ],
      null,
    ],
    [
      'a known product for one host',
      [{ cause: 'tls-unknown-authority', message: by('Zscaler Root CA') }],
      'tls-intercepted/known-vendor',
    ],
    ['an unknown issuer for one host', [{ cause: 'tls-unknown-authority', message: by('My Own CA') }], null],

    ['another name helps', [{ cause: 'connection-reset', flips: 'other-name' }], 'sni-blocked/experiment'],
    [
      'a small ClientHello helps',
      [{ cause: 'tls-handshake-timeout', flips: 'small-hello' }],
      'large-hello-dropped/experiment',
    ],
    ['IPv4 helps', [{ cause: 'tls-handshake-timeout', flips: 'ipv4' }], 'ipv6-broken/experiment'],
    ['IPv6 helps', [{ cause: 'tls-handshake-timeout', flips: 'ipv6' }], null],
    [
      'IPv6 fails for two hosts, one of them over it',
      [{ cause: 'connection-reset', family: 6, notes: ['ipv6-fails'] }, { notes: ['ipv6-fails'] }],
      'ipv6-broken/several-hosts',
    ],
    ['IPv6 fails beside a trouble over IPv4', [{ cause: 'connection-reset', notes: ['ipv6-fails'] }], null],

    ['the kernel refuses', [{ cause: 'unknown', code: 'EPERM' }], 'blocked-by-policy/kernel-refuses'],
    ['the other side refuses', [{ cause: 'connect-refused', code: 'ECONNREFUSED' }], null],
  ])('%s', (_name, observations, rule) => {
    expect(said(...observations.map(observation))).toBe(rule);
  });

  it('a lower layer goes before an upper one', () => {
    const lower = observation({ cause: 'connect-timeout', flips: 'other-resolver', value: '192.0.2.1:53' });
    const upper = observation({ cause: 'connection-reset', flips: 'other-name' });
    expect(correlate([upper, lower])).toMatchObject({
      name: 'dns-tampered',
      detail: '192.0.2.1:53',
      endpointIds: [lower.endpoint.id],
    });
  });

  it('an experiment that helped once in three is no proof', () => {
    const failing = observation({ cause: 'connection-reset' });
    const last = failing.last;
    if (last === null) return;
    const experiments = [{ variable: 'other-name', tries: 3, unchanged: 0, changed: 1 }] as const;
    expect(said({ ...failing, last: { ...last, evidence: { ...last.evidence, experiments } } })).toBeNull();
  });

  it('names the issuer', () => {
    const observations = [
      observation({ cause: 'tls-unknown-authority', message: by('Corp') }),
      observation({ cause: 'tls-unknown-authority', message: by('Corp') }),
    ];
    expect(correlate(observations)).toMatchObject({ detail: 'Corp', score: 0.95 });
  });
});
