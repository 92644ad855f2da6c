import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { Failure } from '../../shared/domain/result.ts';
import type { ProbeRequest } from './probe-pool.ts';
import { requestRecord } from './requester.ts';
import { assemble, baseOf, type StepOutcome, unreached } from './result-of-steps.ts';

const SECRET = 'https://ann:correct-horse@a.example';
const soft = { dialMs: 100, tlsMs: 100, headerMs: 100, totalMs: 500 };
const request: ProbeRequest = {
  endpoint: { id: 'x', kind: 'goproxy', name: 'x', url: SECRET },
  depth: 'full',
  limits: { ...DEFAULT_LIMITS, soft },
  network: {},
};
const base = baseOf(request, 1_000);
const FAILURE: Failure = { cause: 'http-server-error', phase: 'response', message: 'status of correct-horse' };

interface Made {
  readonly failure?: Failure | undefined;
  readonly advisory?: boolean;
  readonly phases?: Readonly<Record<string, number>>;
  readonly dialMs?: number;
  readonly totalMs?: number;
  readonly hops?: readonly string[];
  readonly body?: string;
  readonly status?: number;
}

/** A step as the probes give it. */
function step(name: 'info' | 'list' | 'mod', made: Made = {}): StepOutcome {
  const { failure = null, totalMs = 10, hops = ['https://a.example/info'], body, advisory } = made;
  const record = requestRecord();
  record.hops.push(...hops);
  record.first.phases = { ...(made.phases ?? {}) };
  if (made.dialMs !== undefined) record.first.dialMs = made.dialMs;
  if (made.status !== undefined) record.first.status = made.status;
  const outcome = failure === null ? ('ok' as const) : ('failed' as const);
  return {
    step: { name, url: hops[0] ?? '', outcome, durationMs: totalMs, advisory },
    record,
    totalMs,
    failure,
    verifyMs: 2,
    unexpected: body === undefined ? null : Buffer.from(body),
  };
}

describe('assemble', () => {
  it('takes phases and time of the first step, and adds the check of its answer', () => {
    const result = assemble(
      base,
      [step('info', { phases: { connect: 3 }, totalMs: 7 }), step('list', { totalMs: 99 })],
      request,
    );
    expect(result).toMatchObject({ outcome: 'ok', phases: { connect: 3, verify: 2 }, totalMs: 7, slow: [] });
    expect(result.outcome === 'ok' && result.steps.map(({ name }) => name)).toEqual(['info', 'list']);
  });

  it('fails by the first step that failed and counts', () => {
    const later: Failure = { ...FAILURE, cause: 'module-not-found' };
    const steps = [step('info'), step('list', { failure: FAILURE }), step('mod', { failure: later })];
    expect(assemble(base, steps, request)).toMatchObject({
      outcome: 'failed',
      failure: { cause: 'http-server-error' },
    });
  });

  it('does not fail by an advisory step', () => {
    expect(assemble(base, [step('info'), step('list', { failure: FAILURE, advisory: true })], request).outcome).toBe(
      'ok',
    );
  });

  it('shows the evidence of the step that decides, and the addresses of the first', () => {
    const failed = step('list', {
      failure: FAILURE,
      hops: ['https://a.example/list', 'https://b.example/list'],
      status: 502,
    });
    const result = assemble(base, [step('info'), failed], request);
    expect(result).toMatchObject({
      evidence: {
        url: 'https://b.example/list',
        redirects: ['https://a.example/list', 'https://b.example/list'],
        httpStatus: 502,
      },
    });
  });

  it('has no credentials in it, even when the server repeats them', () => {
    const hops = ['https://a.example/info', 'https://a.example/info?token=correct-horse'];
    const text = JSON.stringify(
      assemble(base, [step('info', { failure: FAILURE, hops, body: 'hello ann:correct-horse' })], request),
    );
    expect(text).not.toContain('correct-horse');
    expect(text).toContain('hello xxxxx');
  });

  it.each<[string, Made, readonly string[]]>([
    ['nothing within its limits', { phases: { dns: 40, connect: 40, tls: 99, response: 99 }, dialMs: 90 }, []],
    ['the name when that took the longer part of dialling', { phases: { dns: 90, connect: 20 }, dialMs: 110 }, ['dns']],
    ['the connection otherwise', { phases: { dns: 20, connect: 90 }, dialMs: 110 }, ['connect']],
    // Attempts that were lost on the way are in dialMs only.
    ['the connection for lost attempts, too', { phases: { connect: 5 }, dialMs: 400 }, ['connect']],
    [
      'each phase beyond its limit',
      { phases: { tls: 101, response: 101 }, totalMs: 501 },
      ['tls', 'response', 'total'],
    ],
  ])('calls slow %s', (_, made, slow) => {
    expect(assemble(base, [step('info', made)], request)).toMatchObject({ outcome: 'ok', slow });
  });

  it('needs a step', () => {
    expect(() => assemble(base, [], request)).toThrow('at least one step');
  });
});

it('says of a probe that never reached anything only why', () => {
  expect(unreached(base, FAILURE)).toEqual({
    kind: 'goproxy',
    url: 'https://ann:xxxxx@a.example',
    depth: 'full',
    startedAt: 1_000,
    outcome: 'failed',
    phases: {},
    totalMs: 0,
    steps: [],
    evidence: { url: 'https://ann:xxxxx@a.example' },
    failure: FAILURE,
  });
});
