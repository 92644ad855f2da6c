import { describe, expect, it } from 'vitest';
import { endpoint } from '../../e2e/gallery/parts.ts';
import type { FailedResult, OkResult, Phase } from '../../shared/domain/result.ts';
import { PHASES } from '../../shared/domain/result.ts';
import { layerPath } from './layer-path.ts';

const { last: ok } = endpoint(0, 'up.example', 1);
const { last: failed } = endpoint(0, 'down.example', 1, { status: 'down', cause: 'connection-reset' });
if (ok?.outcome !== 'ok' || failed?.outcome !== 'failed') throw new Error('the samples changed');

function outcomes(result: OkResult | FailedResult | null): string {
  return layerPath(result)
    .map(({ outcome }) => ({ passed: '+', failed: 'x', skipped: '-', waiting: '.' })[outcome])
    .join('');
}

function failingIn(phase: Phase, phases: OkResult['phases']): FailedResult {
  if (failed?.outcome !== 'failed') throw new Error('the sample failed');
  return { ...failed, phases, failure: { ...failed.failure, phase } };
}

describe('the layer path', () => {
  it('passes every layer of a good result, with the time spent in each', () => {
    expect(outcomes(ok)).toBe('+++++');
    const http = layerPath(ok).find(({ layer }) => layer === 'http')?.durationMs;
    expect(http).toBeCloseTo((ok.phases.request ?? 0) + (ok.phases.response ?? 0) + (ok.phases.body ?? 0));
  });

  it('waits while nothing is measured', () => {
    expect(outcomes(null)).toBe('.....');
  });

  it.each([
    ['dns', {}, 'x....'],
    ['connect', { dns: 1 }, '+x...'],
    ['tls', { dns: 1, connect: 2 }, '++x..'],
    ['request', { dns: 1, connect: 2, tls: 3 }, '+++x.'],
    ['response', { connect: 2 }, '-+-x.'],
    ['body', { dns: 1, connect: 2, tls: 3, request: 1, response: 2 }, '+++x.'],
    ['verify', { dns: 1, connect: 2, response: 9, body: 1 }, '++-+x'],
  ] as const)('fails in %s and reaches nothing after it', (phase, phases, expected) => {
    expect(outcomes(failingIn(phase, phases))).toBe(expected);
  });

  it('has a layer for every phase', () => {
    for (const phase of PHASES) expect(outcomes(failingIn(phase, {}))).toContain('x');
  });

  it('skips DNS and TLS of a plain address', () => {
    const { dns: _, tls: __, ...phases } = ok.phases;
    expect(outcomes({ ...ok, phases })).toBe('-+-++');
  });
});
