import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otlpHeaders } from './otlp-headers.ts';

const URL_OVER_TLS = 'https://collector.test/v1/metrics';
const read = (text: string, url = URL_OVER_TLS) => otlpHeaders({ OTEL_EXPORTER_OTLP_HEADERS: text }, url);

describe('headers for a collector', () => {
  it.each([
    ['', {}],
    [' , ,', {}],
    ['api-key=secret', { 'api-key': 'secret' }],
    ['Authorization=Bearer%20a%3Db', { authorization: 'Bearer a=b' }],
    ['a=1, b = two ,c=', { a: '1', b: 'two', c: '' }],
    ['a=b=c', { a: 'b=c' }],
  ])('%j', (text, value) => {
    expect(read(text)).toEqual({ ok: true, value });
  });

  it.each(['secret', '=secret', 'a b=secret', 'host=secret', 'Content-Length=9', 'a=%zz', 'a=x%0d%0aevil: y', 'a=é'])(
    'refuses %j, and names the variable only',
    (text) => {
      expect(read(text)).toEqual({
        ok: false,
        problem: { key: 'otlp-headers', params: { variable: 'OTEL_EXPORTER_OTLP_HEADERS' } },
      });
    },
  );

  it('prefers the variable for metrics', () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'a=all', OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'a=metrics' };
    expect(otlpHeaders(env, URL_OVER_TLS)).toEqual({ ok: true, value: { a: 'metrics' } });
  });

  it.each([
    ['http://127.0.0.1:4318/v1/metrics', true],
    ['http://localhost:4318/v1/metrics', true],
    ['http://[::1]:4318/v1/metrics', true],
    ['http://collector.test/v1/metrics', false],
    ['http://127.0.0.1.evil.test/v1/metrics', false],
    ['http://localhost.evil.test/v1/metrics', false],
  ])('sends headers to %s: %s', (url, sent) => {
    expect(read('api-key=secret', url).ok).toBe(sent);
    expect(read('', url).ok).toBe(true);
  });

  it('reads back what is encoded', () => {
    const name = fc.stringMatching(/^x-[a-z]{1,8}$/);
    const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (headers) => {
        const text = Object.entries(headers).map(([key, one]) => `${key}=${encodeURIComponent(one)}`);
        expect(read(text.join(','))).toEqual({ ok: true, value: headers });
      }),
    );
  });
});
