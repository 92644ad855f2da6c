/** Made-up snapshots of every state the popover can be in. Deterministic, so that pictures can be compared. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import { parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import {
  type EndpointDetail,
  type EndpointState,
  type ProfileState,
  type Snapshot,
  STRIP_CELLS,
  type StripCell,
} from '../../shared/domain/snapshot.ts';
import type { Walk } from '../../shared/domain/verdict.ts';

type Make = (now: number) => Snapshot;

/** mulberry32: the same strip in every picture. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function strip(
  seed: number,
  base: number,
  change: (i: number, cell: StripCell) => StripCell = (_, cell) => cell,
): StripCell[] {
  const next = random(seed);
  return Array.from({ length: STRIP_CELLS }, (_, i) =>
    change(i, { outcome: 'up', latencyMs: base * (0.8 + 0.6 * next()) }),
  );
}

interface EndpointOptions {
  readonly status?: EndpointState['status'];
  readonly latencyMs?: number;
  readonly cause?: Cause;
  readonly uptime?: number | null;
  readonly cells?: readonly StripCell[];
  readonly reason?: EndpointState['reason'];
  readonly confirming?: number;
}

function endpoint(now: number, name: string, seed: number, options: EndpointOptions = {}): EndpointState {
  const { status = 'up', latencyMs = 40, cause = null, uptime = 0.997, reason = null, confirming = 0 } = options;
  const measured = status !== 'unknown';
  const failed = status === 'down';
  const sample = { endpointId: name, at: now - 12_000, phases: {}, totalMs: latencyMs } as const;
  return {
    endpoint: { id: name, kind: 'goproxy', name, url: `https://${name}` },
    status,
    reason,
    since: now - 192_000,
    cause,
    degradation: status === 'degraded' ? 'over-limit' : null,
    baseline: null,
    learning: { daysKnown: 0, daysNeeded: 3 },
    probing: false,
    breaker: 'closed',
    forwardProxyOfGo: null,
    confirming,
    last: measured ? result(now, name, latencyMs, failed ? (cause ?? 'unknown') : null) : null,
    lastSample: measured
      ? { ...sample, outcome: failed ? 'failed' : 'ok', cause: failed ? (cause ?? 'unknown') : undefined }
      : null,
    strip:
      options.cells ??
      (measured ? strip(seed, latencyMs) : strip(seed, 0, () => ({ outcome: 'gap', latencyMs: null }))),
    uptime24h: measured ? uptime : null,
  };
}

function result(now: number, name: string, totalMs: number, cause: Cause | null): OkResult | FailedResult {
  const measured = {
    kind: 'goproxy',
    url: `https://${name}`,
    depth: 'full',
    startedAt: now - 12_000,
    remote: { address: '203.0.113.7', port: 443, family: 4 },
    evidence: { url: `https://${name}/golang.org/x/text/@v/v0.3.0.info`, addresses: ['203.0.113.7'] },
  } as const;
  if (cause !== null) {
    return {
      ...measured,
      outcome: 'failed',
      phases: { dns: 3.1, connect: 11.8 },
      totalMs: 21,
      steps: [],
      failure: { cause, phase: 'tls', message: 'read ECONNRESET', code: 'ECONNRESET' },
    };
  }
  const part = (share: number) => totalMs * share;
  return {
    ...measured,
    outcome: 'ok',
    slow: [],
    phases: {
      dns: part(0.08),
      connect: part(0.22),
      tls: part(0.34),
      request: 0.2,
      response: part(0.3),
      body: part(0.05),
      verify: 0.1,
    },
    totalMs,
    protocol: 'h2',
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: 'h2',
      issuer: 'Example Trust Services R3',
      subject: name,
      validTo: now + 60 * 86_400_000,
      trust: 'bundled',
    },
    steps: (['info', 'list', 'mod', 'missing'] as const).map((step, i) => ({
      name: step,
      url: '',
      outcome: 'ok',
      durationMs: totalMs / (i + 1),
    })),
  };
}

const PIPE: Profile = {
  id: 'china-pipe',
  name: { en: 'China, resilient', 'zh-CN': '国内弹性' },
  explanation: '',
  builtIn: true,
  variables: { GOPROXY: 'https://goproxy.cn|https://proxy.golang.org|direct' },
  git: [],
  networks: [],
};
const COMMA: Profile = {
  ...PIPE,
  id: 'china-comma',
  name: { en: 'China, comma list', 'zh-CN': '国内常见（逗号）' },
  variables: { GOPROXY: 'https://goproxy.cn,https://proxy.golang.org,direct' },
  git: [],
  networks: [],
};
const IO: Profile = {
  ...PIPE,
  id: 'goproxy-io',
  name: 'goproxy.io',
  variables: { GOPROXY: 'https://goproxy.io|direct' },
  git: [],
  networks: [],
};
const OFFICIAL: Profile = {
  ...PIPE,
  id: 'official',
  name: { en: 'Official', 'zh-CN': '官方默认' },
  variables: { GOPROXY: 'https://proxy.golang.org,direct' },
  git: [],
  networks: [],
};
const DIRECT: Profile = {
  ...PIPE,
  id: 'direct',
  name: { en: 'Direct', 'zh-CN': '直连' },
  variables: { GOPROXY: 'direct' },
  git: [],
  networks: [],
};

function walk(
  profile: Profile,
  outcome: Walk['outcome'],
  endsAt: number,
  latencyMs: number | null,
  cause: Cause | null = null,
): Walk {
  const entries = parseGoproxyList(profile.variables.GOPROXY ?? '');
  const steps = entries.map((entry, i) => ({
    text: entry.text,
    separator: entry.separator,
    endpointId: null,
    action:
      i < endsAt
        ? ('fails-over' as const)
        : i > endsAt
          ? ('not-reached' as const)
          : outcome === 'stops'
            ? ('stops' as const)
            : ('answers' as const),
    cause: i <= endsAt && (outcome === 'stops' || i < endsAt) ? cause : null,
  }));
  return { steps, outcome, endsAt, latencyMs };
}

function profiles(active: string | null, walks: Partial<Record<string, Walk>> = {}): ProfileState[] {
  const standard: Record<string, Walk> = {
    'china-pipe': walk(PIPE, 'works', 0, 38),
    'china-comma': walk(COMMA, 'works', 0, 38),
    'goproxy-io': walk(IO, 'works', 0, 61),
    official: walk(OFFICIAL, 'slow', 0, 1_900),
    direct: walk(DIRECT, 'unproven', 0, null),
  };
  return [PIPE, COMMA, IO, OFFICIAL, DIRECT].map((profile) => ({
    profile,
    active: profile.id === active,
    walk: walks[profile.id] ?? standard[profile.id] ?? walk(profile, 'unproven', 0, null),
  }));
}

function base(now: number): Snapshot {
  const slowEvening = (i: number, cell: StripCell): StripCell =>
    i === 18
      ? { outcome: 'failed', latencyMs: null }
      : i > 36
        ? { outcome: 'slow', latencyMs: 1_900 + 40 * i }
        : { ...cell, latencyMs: (cell.latencyMs ?? 0) / 2 };
  const asleep = (i: number, cell: StripCell): StripCell =>
    i > 14 && i < 23 ? { outcome: 'gap', latencyMs: null } : cell;
  return {
    at: now,
    verdict: {
      name: 'healthy',
      severity: 'healthy',
      since: now - 3_600_000,
      endpointId: 'goproxy.cn',
      cause: null,
      walk: null,
      degradation: null,
    },
    endpoints: [
      endpoint(now, 'goproxy.cn', 7, { latencyMs: 38 }),
      endpoint(now, 'goproxy.io', 11, { latencyMs: 61, uptime: 0.991, cells: strip(11, 61, asleep) }),
      endpoint(now, 'proxy.golang.org', 5, {
        status: 'degraded',
        latencyMs: 1_900,
        uptime: 0.934,
        cells: strip(5, 900, slowEvening),
      }),
    ],
    profiles: profiles('china-pipe'),
    go: {
      state: 'found',
      path: '/usr/local/go/bin/go',
      version: 'go1.26.10',
      envFile: '',
      effective: {},
      set: [],
      unknown: [],
      git: [],
      overrides: [],
      checkedAt: now,
    },
    undo: null,
    switches: [],
    drift: null,
    failedOverFrom: null,
    switching: false,
    alert: null,
    recovery: null,
    mutedUntil: null,
    network: {
      id: 'n',
      description: 'en0 · 192.168.1.0/24',
      isHotspot: false,
      name: null,
      metered: false,
    },
    drill: null,
    schedule: { intervalMs: 30_000, nextAt: now + 18_000, paused: null },
    preferences: {
      language: 'en',
      theme: 'system',
      notifications: true,
      launchAtLogin: false,
      quietHours: null,
      reminderHours: 0,
      drillEveryDays: 0,
      failover: false,
      failoverProfiles: [],
    },
    notices: [],
    demo: false,
  };
}

const lateFailures = (i: number, cell: StripCell): StripCell =>
  i > 45 ? { outcome: 'failed', latencyMs: null } : cell;

function down(now: number): Snapshot {
  const stopped = walk(COMMA, 'stops', 0, null, 'connection-reset');
  return {
    ...base(now),
    verdict: {
      name: 'upstream-outage',
      severity: 'down',
      since: now - 192_000,
      endpointId: 'goproxy.cn',
      cause: 'connection-reset',
      walk: stopped,
      degradation: null,
    },
    endpoints: [
      endpoint(now, 'goproxy.cn', 7, {
        status: 'down',
        cause: 'connection-reset',
        cells: strip(7, 38, lateFailures),
        uptime: 0.981,
      }),
      ...base(now).endpoints.slice(1),
    ],
    profiles: profiles('china-comma', {
      'china-comma': stopped,
      'china-pipe': walk(PIPE, 'fell-back', 1, 1_900, 'connection-reset'),
    }),
    alert: {
      id: 'x',
      endpointId: 'goproxy.cn',
      severity: 'down',
      drill: false,
      cause: 'connection-reset',
      startedAt: now - 192_000,
      remedyProfileId: 'goproxy-io',
    },
  };
}

/** Every state by name. */
export const SNAPSHOTS: Readonly<Record<string, Make>> = {
  kinds,
  healthy: base,
  down,
  degraded: (now) => ({
    ...base(now),
    verdict: {
      name: 'upstream-outage',
      severity: 'degraded',
      since: now - 500_000,
      endpointId: 'proxy.golang.org',
      cause: null,
      walk: null,
      degradation: null,
    },
    profiles: profiles('official'),
  }),
  offline: (now) => ({
    ...base(now),
    verdict: {
      name: 'local-offline',
      severity: 'offline',
      since: now,
      endpointId: null,
      cause: null,
      walk: null,
      degradation: null,
    },
    endpoints: base(now).endpoints.map((one) => ({ ...one, reason: 'offline' as const })),
  }),
  paused: (now) => ({
    ...base(now),
    verdict: {
      name: 'cannot-tell',
      severity: 'paused',
      since: now,
      endpointId: null,
      cause: null,
      walk: null,
      degradation: null,
    },
    endpoints: base(now).endpoints.map((one) => ({ ...one, reason: 'paused' as const })),
    schedule: { intervalMs: 30_000, nextAt: null, paused: { until: now + 900_000 } },
  }),
  'first-start': (now) => ({
    ...base(now),
    verdict: {
      name: 'cannot-tell',
      severity: 'unknown',
      since: now,
      endpointId: null,
      cause: null,
      walk: null,
      degradation: null,
    },
    endpoints: ['goproxy.cn', 'goproxy.io', 'proxy.golang.org'].map((name, i) => ({
      ...endpoint(now, name, i, { status: 'unknown' }),
      probing: true,
    })),
    profiles: profiles(null).map((one) => ({ ...one, walk: walk(one.profile, 'unproven', 0, null) })),
    go: { state: 'looking' },
  }),
  'go-missing': (now) => ({
    ...base(now),
    profiles: profiles(null),
    go: { state: 'missing', problem: { key: 'go-missing', params: {} } },
  }),
  overridden: (now) => ({
    ...base(now),
    profiles: profiles(null),
    go: {
      state: 'found',
      path: '/usr/local/go/bin/go',
      version: 'go1.26.10',
      envFile: '',
      effective: { GOPROXY: 'https://mirror.corp.example/artifactory/api/go/go-all,https://goproxy.cn,direct' },
      set: [],
      unknown: [],
      git: [],
      overrides: [{ variable: 'GOPROXY', value: 'https://mirror.corp.example' }],
      checkedAt: now,
    },
  }),
  drift: (now) => ({
    ...base(now),
    profiles: profiles(null, { 'china-comma': walk(COMMA, 'stops', 0, null, 'connection-reset') }),
    drift: {
      variables: [{ name: 'GOPROXY', from: 'https://goproxy.cn|direct', to: 'https://mirror.corp.example|direct' }],
      git: [{ key: 'http.proxy', from: [], to: ['http://127.0.0.1:7890'] }],
    },
    switches: [
      { switchId: 'b', from: 'china-comma', to: 'china-pipe', at: now - 120_000 },
      { switchId: 'a', from: 'official', to: 'china-comma', at: now - 90_000_000 },
    ],
  }),
  undo: (now) => ({
    ...base(now),
    undo: { switchId: 's', from: 'china-comma', to: 'china-pipe', at: now },
    recovery: { endpointId: 'goproxy.cn', outageMs: 754_000, at: now, drill: false },
  }),
  notice: (now) => ({
    ...base(now),
    notices: [
      {
        key: 'settings-not-json',
        params: {
          file: '~/Library/Application Support/Gopherbar/settings.json',
          detail: 'Unexpected token } at line 14',
        },
      },
    ],
  }),
  demo: (now) => ({ ...base(now), demo: true }),
  intermittent: (now) => {
    const first = base(now).endpoints[0];
    const walked = walk(COMMA, 'slow', 0, 41, null);
    return {
      ...base(now),
      verdict: {
        name: 'upstream-outage',
        severity: 'degraded',
        since: now - 1_500_000,
        endpointId: 'goproxy.cn',
        cause: 'http-server-error',
        walk: walked,
        degradation: 'intermittent',
      },
      endpoints: [
        ...(first === undefined
          ? []
          : [
              {
                ...first,
                status: 'degraded' as const,
                degradation: 'intermittent' as const,
                cause: 'http-server-error' as const,
                baseline: { medianMs: 36, limitMs: 136 },
              },
            ]),
        ...base(now).endpoints.slice(1),
      ],
      alert: {
        id: 'x',
        endpointId: 'goproxy.cn',
        severity: 'intermittent',
        drill: false,
        cause: 'http-server-error',
        startedAt: now - 1_500_000,
        remedyProfileId: 'goproxy-io',
      },
    };
  },
  drill: (now) => {
    const { alert, ...rest } = down(now);
    return {
      ...rest,
      drill: { endpointId: 'goproxy.cn', startedAt: now - 24_000, step: 'recovering' },
      mutedUntil: now + 3_000_000,
      alert: alert === null ? null : { ...alert, drill: true },
    };
  },
  flapping: (now) => ({
    ...base(now),
    endpoints: base(now).endpoints.map((one, i) => (i === 1 ? { ...one, status: 'flapping' as const } : one)),
  }),
  empty: (now) => ({
    ...base(now),
    endpoints: [],
    verdict: {
      name: 'cannot-tell',
      severity: 'unknown',
      since: now,
      endpointId: null,
      cause: null,
      walk: null,
      degradation: null,
    },
  }),
  'long-names': (now) => ({
    ...down(now),
    endpoints: Array.from({ length: 15 }, (_, i) =>
      endpoint(
        now,
        `goproxy-${i + 1}.a-very-long-department-name.internal.example-corporation.com`,
        i,
        i % 4 === 0 ? { status: 'down', cause: 'tls-unknown-authority' } : {},
      ),
    ),
    profiles: [
      {
        profile: {
          ...COMMA,
          id: 'long',
          builtIn: false,
          name: 'Intranet of the department with a really long name 部门内网',
          variables: {
            git: [],
            networks: [],
            GOPROXY:
              'https://goproxy-1.a-very-long-department-name.internal.example-corporation.com,https://goproxy.cn|direct',
          },
        },
        active: true,
        walk: walk(COMMA, 'stops', 0, null, 'tls-unknown-authority'),
      },
      ...profiles(null),
    ],
  }),
};

/** Endpoints of every kind; the first is a proxy with all that a failure can tell. */
function kinds(now: number): Snapshot {
  const of = (kind: Endpoint['kind'], name: string, i: number, options: EndpointOptions = {}): EndpointState => {
    const state = endpoint(now, name, i, options);
    return { ...state, endpoint: { ...state.endpoint, kind } };
  };
  const blamed = endpoint(now, 'goproxy.cn', 1, { status: 'down', cause: 'connection-reset', uptime: 0.98 });
  const last =
    blamed.last === null ? null : { ...blamed.last, evidence: { ...blamed.last.evidence, ...KINDS_EVIDENCE } };
  return {
    ...down(now),
    verdict: {
      ...down(now).verdict,
      name: 'sni-blocked',
      blame: { rule: 'sni-blocked/experiment', score: 0.95, detail: 'example.com', endpointIds: ['goproxy.cn'] },
    },
    endpoints: [
      { ...blamed, breaker: 'open', forwardProxyOfGo: 'http://127.0.0.1:7890', last },
      of('sumdb', 'sum.golang.org', 2, { latencyMs: 210 }),
      of('vcs', 'github.com', 3, { latencyMs: 320 }),
      of('dns', '223.5.5.5', 4, { latencyMs: 9 }),
      of('forward-proxy', '127.0.0.1:7890', 5, { status: 'down', cause: 'forward-proxy-unreachable' }),
      of('module', 'golang.org/x/text', 6, { latencyMs: 2_400 }),
    ],
  };
}

const KINDS_EVIDENCE = {
  notes: ['tls-downgraded', 'ipv6-fails'],
  experiments: [
    { variable: 'other-name', tries: 3, unchanged: 0, changed: 3, value: 'example.com' },
    { variable: 'small-hello', tries: 3, unchanged: 0, changed: 0 },
  ],
} as const;

/** A made-up detail view. */
export function detailOf(snapshot: Snapshot, endpointId: string, now: number): EndpointDetail | null {
  const state = snapshot.endpoints.find(({ endpoint: one }) => one.id === endpointId);
  if (state === undefined) return null;
  const incident = (id: string, cause: Cause, ago: number, span: number | null) => ({
    id,
    endpointId,
    severity: 'down' as const,
    cause,
    startedAt: now - ago,
    endedAt: span === null ? null : now - ago + span,
    verdict: 'upstream-outage' as const,
    profileIds: [],
    unobservedMs: 0,
    drill: false,
    evidence: null,
  });
  const ongoing = state.status === 'down' ? [incident('1', 'connection-reset', 192_000, null)] : [];
  return {
    state,
    samples: [],
    incidents: [
      ...ongoing,
      incident('2', 'http-server-error', 9 * 3_600_000, 754_000),
      incident('3', 'eof-no-response', 80 * 3_600_000, 61_000),
    ],
  };
}
