import { describe, expect, it } from 'vitest';
import type { OkResult } from '../../shared/domain/result.ts';
import { type BestConnection, bestOf, downgradeNotes } from './downgrade.ts';

const result = (version: string | null, protocol: 'h2' | 'http/1.1'): OkResult => ({
  outcome: 'ok',
  kind: 'goproxy',
  url: '',
  depth: 'light',
  startedAt: 0,
  phases: {},
  totalMs: 1,
  steps: [],
  evidence: { url: '' },
  slow: [],
  protocol,
  tls:
    version === null
      ? undefined
      : { version, cipher: '', alpn: null, issuer: '', subject: '', validTo: 0, trust: 'bundled' },
});

describe('a downgrade', () => {
  const best = [
    result('TLSv1.2', 'http/1.1'),
    result('TLSv1.3', 'h2'),
    result(null, 'http/1.1'),
  ].reduce<BestConnection | null>((before, one) => bestOf(before, one), null);

  it('is seen against the best so far', () => {
    expect(best).toEqual({ tlsVersion: 'TLSv1.3', isHttp2: true });
    expect(downgradeNotes(best, result('TLSv1.3', 'h2'))).toEqual([]);
    expect(downgradeNotes(best, result('TLSv1.2', 'h2'))).toEqual(['tls-downgraded']);
    expect(downgradeNotes(best, result('TLSv1.2', 'http/1.1'))).toEqual(['tls-downgraded', 'http2-lost']);
  });

  it('is nothing that plain http or the first result could be', () => {
    expect(downgradeNotes(null, result('TLSv1.2', 'http/1.1'))).toEqual([]);
    expect(downgradeNotes(best, result(null, 'http/1.1'))).toEqual([]);
  });
});
