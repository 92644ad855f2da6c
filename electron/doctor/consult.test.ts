/** A consultation over made-up measurements: what no lab can show on this system. */
import { describe, expect, it } from 'vitest';
import type { Consultation } from '../../shared/domain/doctor.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { FailedResult, ProbeResult } from '../../shared/domain/result.ts';
import { noteText } from '../../shared/messages/doctor-texts.ts';
import { translator } from '../../shared/messages/messages.ts';
import type { ProbeRequest } from '../probe/probe-pool.ts';
import { systemClock } from '../system/clock.ts';
import { consult } from './consult.ts';
import type { DoctorPorts } from './diagnosis-context.ts';
import type { PolicySummary } from './policy-summary.ts';
import { readTarget } from './target.ts';

/** Nobody listens there. */
const URL_ = 'https://127.0.0.1:1';

function failed({ endpoint, depth }: ProbeRequest, failure: FailedResult['failure']): FailedResult {
  const measured = { kind: endpoint.kind, url: endpoint.url, depth, startedAt: 0, phases: {}, totalMs: 5, steps: [] };
  return { ...measured, outcome: 'failed', failure, evidence: { url: endpoint.url, addresses: ['127.0.0.1'] } };
}

const TIMEOUT: FailedResult['failure'] = { cause: 'connect-timeout', phase: 'connect', message: 'no answer' };

function ports(
  probe: (request: ProbeRequest, signal: AbortSignal) => Promise<ProbeResult>,
  summary: PolicySummary | null,
): DoctorPorts {
  return {
    clock: systemClock,
    pool: { probe, close: async () => {} },
    env: {},
    platform: 'darwin',
    hasNetworkPath: () => true,
    readGo: async () => ({ state: 'missing', problem: { key: 'go-missing', params: {} } }),
    settings: {
      endpoints: [],
      limits: DEFAULT_LIMITS,
      network: {},
      controls: {},
      profiles: [],
      resolvers: [],
      gateway: { address: null, upstreams: [] },
      statusFeeds: false,
    },
    lintEnvironment: async () => ({ goflags: '', proxies: [] }),
    lookUp: async () => [],
    readFeed: async () => null,
    policy: async () => summary,
  };
}

const SUMMARY: PolicySummary = {
  interface: 'en0',
  rejected: false,
  viaTunnel: false,
  vpns: [],
  filters: [],
  pfBlocks: null,
};

function ask(summary: PolicySummary | null, signal = new AbortController().signal) {
  const target = readTarget(URL_, []);
  if (target === null) throw new Error('no target');
  return consult(
    target,
    ports(async (request) => failed(request, TIMEOUT), summary),
    () => {},
    signal,
  );
}

const policyOf = ({ checks }: Consultation) => checks.find(({ id }) => id === 'policy');

describe('policies of this Mac', () => {
  it('a rule of the packet filter that stops the host is the verdict', async () => {
    const done = await ask({ ...SUMMARY, pfBlocks: 'block drop out quick all' });
    expect(done.finding).toMatchObject({
      name: 'blocked-by-policy',
      rule: 'blocked-by-policy/pf',
      detail: 'block drop out quick all',
    });
    expect(policyOf(done)?.status).toBe('failed');
    expect(done.fixes.map(({ key }) => key)).toEqual(['policy']);
  });

  it('without such a reading the error itself names suspects, and never the application firewall', async () => {
    const done = await ask(SUMMARY);
    expect(done.finding?.name).not.toBe('blocked-by-policy');
    const notes = policyOf(done)?.notes ?? [];
    expect(notes.map(({ key }) => key)).toEqual(['policy-route', 'policy-pf-unread', 'policy-suspects']);
    for (const language of ['en', 'zh-CN'] as const) {
      const said = notes.map((one) => noteText(translator(language), one)).join('\n');
      expect(said).not.toMatch(/policy\.|doctor\.|suspect-|firewall|防火墙/);
    }
  });

  it('reports a route that rejects', async () => {
    expect(policyOf(await ask({ ...SUMMARY, rejected: true }))?.notes[0]).toMatchObject({
      key: 'policy-route-rejected',
      severity: 'error',
    });
  });

  it('on other systems it has no part', async () => {
    expect(policyOf(await ask(null))?.status).toBe('not-needed');
  });
});

it('a lower layer that fails leaves the upper ones unjudged', async () => {
  const { checks } = await ask(null);
  const statuses = Object.fromEntries(checks.map(({ id, status }) => [id, status]));
  expect(statuses).toMatchObject({ connect: 'failed', tls: 'not-judged', http: 'not-judged' });
});

it('ends at once when it is cancelled, and says what it had not judged', async () => {
  const cancel = new AbortController();
  const never = ports(
    (_, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ outcome: 'cancelled' } as ProbeResult)),
      ),
    null,
  );
  const target = readTarget(URL_, []);
  if (target === null) throw new Error('no target');
  const states: Consultation[] = [];
  const consultation = consult(target, never, (state) => states.push(state), cancel.signal);
  setTimeout(() => cancel.abort(), 50);
  const done = await consultation;
  expect(done).toMatchObject({ cancelled: true, finding: null });
  expect(done.endedAt).not.toBeNull();
  expect(done.checks.some(({ status }) => status === 'running' || status === 'waiting')).toBe(false);
  expect(states.at(-1)).toBe(done);
});

it('says what it found before the remedies are tried, and offers each as soon as it works', async () => {
  const profile = (id: string) => ({
    ...{ id, name: id, explanation: '', builtIn: false, git: [], networks: [] },
    variables: { GOPROXY: `https://${id}.example` },
  });
  const inForce = { effective: { GOPROXY: 'https://dead.example' }, set: [], unknown: [], git: null };
  let answerLast = () => {};
  const last = new Promise<void>((resolve) => {
    answerLast = resolve;
  });
  const answers: Record<string, (request: ProbeRequest) => Promise<ProbeResult>> = {
    'https://quick.example': async ({ endpoint, depth }) => ({
      ...{ outcome: 'ok', kind: endpoint.kind, url: endpoint.url, depth, startedAt: 0, phases: {}, totalMs: 5 },
      ...{ steps: [], slow: [], evidence: { url: endpoint.url, addresses: ['127.0.0.1'] } },
    }),
    'https://late.example': async (request) => {
      await last;
      return failed(request, TIMEOUT);
    },
  };
  const made = ports(
    (request) => (answers[request.endpoint.url] ?? (async (one) => failed(one, TIMEOUT)))(request),
    null,
  );
  const target = readTarget('', []);
  if (target === null) throw new Error('no target');
  const states: Consultation[] = [];
  const done = await consult(
    target,
    {
      ...made,
      settings: { ...made.settings, profiles: [profile('dead'), profile('quick'), profile('late')] },
      readGo: async () => ({
        ...{ state: 'found', path: '/go', version: 'go1.26.0', envFile: '/e', overrides: [], checkedAt: 0 },
        ...inForce,
      }),
    },
    (state) => {
      states.push(state);
      if (state.trying?.done === 2) answerLast();
    },
    new AbortController().signal,
  );
  const tried = states.filter(({ trying }) => trying !== null);
  expect(tried.map(({ trying }) => `${trying?.done}/${trying?.of}`)).toEqual(['0/3', '1/3', '2/3', '3/3']);
  expect(tried.every(({ finding, endedAt }) => finding?.severity === 'down' && endedAt === null)).toBe(true);
  const offered = tried.map(({ fixes }) => fixes.find(({ key }) => key === 'use-profile')?.profileId ?? null);
  expect(offered).toEqual([null, null, 'quick', 'quick']);
  expect(done).toMatchObject({ trying: null, cancelled: false });
  expect(done.fixes.map(({ key }) => key)).toContain('use-profile');
});
