import { expect, it } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { NO_FIGURES } from '../../shared/domain/gateway.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { EngineMetrics } from './metrics.ts';

const open = (gateway: () => typeof NO_FIGURES | null = () => null) => new EngineMetrics({ version: '1.2.3', gateway });

/** Value of a sample line; undefined = there is none. */
function read(text: string, sample: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

function measured(snapshot: Snapshot, startedAt: number, failing = false): Snapshot {
  const [first, ...others] = snapshot.endpoints;
  if (first === undefined) throw new Error('the sample has no endpoint');
  const { kind, url } = first.endpoint;
  const measurement = { kind, url, depth: 'light' as const, startedAt, totalMs: 120, steps: [], evidence: { url } };
  const facts = { ...measurement, phases: { connect: 20, tls: 40 } };
  const last = failing
    ? {
        ...facts,
        outcome: 'failed' as const,
        failure: { cause: 'connection-reset' as const, phase: 'tls' as const, message: '' },
      }
    : { ...facts, outcome: 'ok' as const, slow: [] };
  return {
    ...snapshot,
    endpoints: [{ ...first, status: failing ? 'down' : 'up', last }, ...others],
  };
}

it('counts each measurement once, by outcome and cause, with its phases', async () => {
  const metrics = open();
  const snapshot = sampleSnapshot();
  const id = snapshot.endpoints[0]?.endpoint.id ?? '';
  const labels = `endpoint="${id}",kind="goproxy"`;
  metrics.observe(measured(snapshot, 1_000));
  metrics.observe(measured(snapshot, 1_000));
  metrics.observe(measured(snapshot, 2_000, true));
  const text = await metrics.text();
  expect(read(text, `gopherbar_probes_total{${labels},outcome="ok"}`)).toBe(1);
  expect(read(text, `gopherbar_probes_total{${labels},outcome="failed"}`)).toBe(1);
  expect(read(text, `gopherbar_probe_failures_total{${labels},cause="connection-reset"}`)).toBe(1);
  expect(read(text, `gopherbar_probe_duration_seconds_count{${labels},phase="total"}`)).toBe(1);
  expect(read(text, `gopherbar_probe_duration_seconds_sum{${labels},phase="tls"}`)).toBeCloseTo(0.08);
  expect(read(text, `gopherbar_endpoint_up{${labels}}`)).toBe(0);
  expect(read(text, `gopherbar_endpoint_measured_timestamp_seconds{${labels}}`)).toBe(2);
});

it('has one verdict, and no state of what is gone', async () => {
  const metrics = open();
  const snapshot = measured(sampleSnapshot(), 1_000);
  metrics.observe(snapshot);
  metrics.observe({ ...snapshot, endpoints: [], verdict: { ...snapshot.verdict, severity: 'offline' } });
  const text = await metrics.text();
  expect(read(text, 'gopherbar_verdict{severity="offline"}')).toBe(1);
  expect(read(text, 'gopherbar_verdict{severity="healthy"}')).toBe(0);
  expect(text).not.toMatch(/^gopherbar_endpoint_up\{/m);
  expect(text).toMatch(/^gopherbar_probes_total\{/m);
});

it('shows the gateway only where there is one, and its present counters', async () => {
  expect(await open().text()).not.toContain('gateway');
  let saved = 1;
  const metrics = open(() => ({ ...NO_FIGURES, saved }));
  expect(read(await metrics.text(), 'gopherbar_gateway_saved_requests')).toBe(1);
  saved = 5;
  expect(read(await metrics.text(), 'gopherbar_gateway_saved_requests')).toBe(5);
});

it('puts no address, module or secret into a label', async () => {
  const metrics = open();
  const snapshot = measured(sampleSnapshot(), 1_000);
  const [first, ...others] = snapshot.endpoints;
  if (first === undefined) throw new Error('no endpoint');
  const endpoint = {
    ...first.endpoint,
    url: 'https://me:canary@private.corp/go',
    module: { path: 'corp/secret', version: 'v1.0.0' },
  };
  metrics.observe({ ...snapshot, endpoints: [{ ...first, endpoint }, ...others] });
  expect(await metrics.text()).not.toMatch(/canary|private\.corp|corp\/secret|https?:/);
});
