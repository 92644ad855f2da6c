import { describe, expect, it } from 'vitest';
import type { OkResult } from '../domain/result.ts';
import { translator } from './messages.ts';
import { resultFacts } from './result-facts.ts';

const RESULT: OkResult = {
  outcome: 'ok',
  kind: 'goproxy',
  url: 'https://goproxy.cn',
  depth: 'full',
  startedAt: 0,
  phases: {},
  totalMs: 38,
  steps: [],
  slow: [],
  evidence: { url: 'https://goproxy.cn' },
};
const TLS = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  alpn: 'h2',
  issuer: 'Corporate CA',
  subject: 'goproxy.cn',
  validTo: 1_801_353_600_000,
  trust: 'system',
} as const;

describe('the facts of a result', () => {
  it('are the address, what was spoken, and the certificate with a warning when it is trusted here only', () => {
    const remote = { address: '192.0.2.1', port: 443, family: 4 } as const;
    expect(resultFacts({ ...RESULT, remote, protocol: 'h2', tls: TLS }, translator('en'))).toEqual([
      ['Address', '192.0.2.1 · 443'],
      ['Protocol', 'h2 · TLSv1.3 · TLS_AES_128_GCM_SHA256'],
      ['Certificate', 'goproxy.cn, issued by Corporate CA, valid until 2027-01-31'],
      ['', 'Trusted only by a locally installed root: TLS is intercepted by Corporate CA'],
    ]);
  });

  it('omit what is publicly trusted or absent', () => {
    const facts = resultFacts({ ...RESULT, tls: { ...TLS, trust: 'bundled' } }, translator('en'));
    expect(facts.map(([label]) => label)).toEqual(['Protocol', 'Certificate']);
    expect(resultFacts({ ...RESULT, evidence: { url: '', redirects: [], bodyStart: '' } }, translator('en'))).toEqual(
      [],
    );
  });

  it('list the evidence, one row each, in the user’s language', () => {
    const evidence = {
      url: 'https://goproxy.cn',
      redirects: ['https://a.example', 'https://b.example'],
      bodyStart: '<html>',
      repository: 'https://github.com/a/b',
      answers: ['A 192.0.2.1', 'A 192.0.2.2'],
      notes: ['not-git'],
      experiments: [{ variable: 'http1', tries: 3, unchanged: 0, changed: 3 }],
    } satisfies OkResult['evidence'];
    const facts = resultFacts({ ...RESULT, evidence }, translator('zh-CN'));
    expect(facts.map(([label]) => label)).toEqual([
      '重定向',
      '响应开头',
      '仓库',
      '解析结果',
      '解析结果',
      '备注',
      '对照实验',
    ]);
    expect(facts[0]?.[1]).toBe('https://a.example → https://b.example');
  });
});
