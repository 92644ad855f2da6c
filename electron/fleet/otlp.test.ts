import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { sampleEndpoint, sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { NO_FIGURES } from '../../shared/domain/gateway.ts';
import { EngineMetrics } from './metrics.ts';
import { otlpMetrics } from './otlp.ts';
import { otlpUrl } from './otlp-sender.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'schemas', 'otlp-metrics.schema.json'), 'utf8'),
);
const ajv = new Ajv();
const validate = ajv.compile(schema);
const reporter = { version: '1.2.3', hostName: 'mac-1', startedAt: 1_700_000_000_000 };
const url = 'https://first.example';
const measurement = { kind: 'goproxy' as const, url, depth: 'light' as const, steps: [], evidence: { url }, slow: [] };

/** What is sent after two measurements, of 120 ms and of 30 ms. */
async function sent() {
  const metrics = new EngineMetrics({ version: '1.2.3', gateway: () => ({ ...NO_FIGURES, cacheBytes: 7 }) });
  for (const [startedAt, totalMs] of [
    [1, 120],
    [2, 30],
  ] as const) {
    const last = { ...measurement, outcome: 'ok' as const, startedAt, totalMs, phases: { tls: 20 } };
    metrics.observe(sampleSnapshot({ endpoints: [sampleEndpoint('first', { last })] }));
  }
  return otlpMetrics(await metrics.families(), reporter, 1_700_000_060_000);
}

async function metric(name: string) {
  const all = (await sent()).resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
  return all.find((one) => one.name === name);
}

it('keeps to the schema, with the resource and the times', async () => {
  const body = JSON.parse(JSON.stringify(await sent()));
  validate(body);
  expect(validate.errors).toBeNull();
  expect(body.resourceMetrics[0].resource.attributes).toContainEqual({
    key: 'host.name',
    value: { stringValue: 'mac-1' },
  });
  const names = body.resourceMetrics[0].scopeMetrics[0].metrics.map(({ name }: { name: string }) => name);
  expect(new Set(names).size).toBe(names.length);
  body.resourceMetrics[0].scopeMetrics[0].metrics[0].count = 1;
  expect(validate(body)).toBe(false);
});

it('sends counters as cumulative sums and states as gauges', async () => {
  const times = { startTimeUnixNano: '1700000000000000000', timeUnixNano: '1700000060000000000' };
  expect(await metric('gopherbar.probes')).toMatchObject({
    unit: '{probe}',
    sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [{ asDouble: 2, ...times }] },
  });
  expect(await metric('gopherbar.endpoint.up')).toMatchObject({ unit: '1', gauge: { dataPoints: [{ asDouble: 1 }] } });
  expect(await metric('gopherbar.gateway.cache.served')).toMatchObject({
    unit: 'By',
    gauge: { dataPoints: [{ asDouble: 7 }] },
  });
});

it('sends histograms whose buckets hold only their own', async () => {
  const duration = await metric('gopherbar.probe.duration');
  const points = duration !== undefined && 'histogram' in duration ? duration.histogram.dataPoints : [];
  const total = points.find(({ attributes }) => attributes.some(({ value }) => value.stringValue === 'total'));
  expect(duration).toMatchObject({ unit: 's' });
  expect(points).toHaveLength(2);
  expect(total?.count).toBe('2');
  expect(total?.sum).toBeCloseTo(0.15);
  expect(total?.explicitBounds).toHaveLength(12);
  // One more than bounds: what is above the last.
  expect(total?.bucketCounts).toEqual(['0', '0', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0', '0']);
});

it('reads the address of a collector', () => {
  expect(otlpUrl('http://127.0.0.1:4318')).toBe('http://127.0.0.1:4318/v1/metrics');
  expect(otlpUrl('https://otlp.corp.test/tenant/')).toBe('https://otlp.corp.test/tenant/v1/metrics');
  expect(otlpUrl('https://otlp.corp.test/v1/metrics')).toBe('https://otlp.corp.test/v1/metrics');
  for (const wrong of ['', 'collector:4317', 'file:///etc/passwd', 'http://me:secret@corp.test', 'http://h/#x']) {
    expect(otlpUrl(wrong), wrong).toBeNull();
  }
});
