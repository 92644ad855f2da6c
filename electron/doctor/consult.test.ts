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
    },
    lintEnvironment: async () => ({ goflags: '', proxies: [] }),
    lookUp: async () => [],
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

  it('a route that rejects is told', async () => {
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
