/** Metrics of the app follow the settings: off, on, another port, a taken port, and gone at the end. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { freePort } from '../../e2e/interop/part.ts';
import { until } from '../../e2e/until.ts';
import { succeeded } from '../../shared/domain/outcome.ts';
import type { Problem, Snapshot } from '../../shared/domain/snapshot.ts';
import { silentLog } from '../system/log.ts';
import { type Core, openCore } from './core.ts';
import { openMetricsService } from './metrics.ts';

let folder: string;
let core: Core;
let service: { close(): Promise<void> };
let publish: (snapshot: Snapshot) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-metrics-'));
  core = await openCore(folder, { PATH: process.env.PATH, HOME: folder }, silentLog, { oneShot: true });
  const listeners = new Set<(snapshot: Snapshot) => void>();
  publish = (snapshot) => {
    for (const listener of listeners) listener(snapshot);
  };
  service = openMetricsService(core, {
    snapshot: () => sampleSnapshot(),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
});
afterEach(async () => {
  await service.close();
  await core.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function setPort(port: number | null): Promise<void> {
  const metrics = port === null ? {} : { port };
  expect(await core.file.change((content) => succeeded({ ...content, metrics }))).toEqual({ ok: true });
  publish(sampleSnapshot());
}

const scrape = (port: number) =>
  fetch(`http://127.0.0.1:${port}/metrics`).then(
    (response) => response.text(),
    () => null,
  );

it('serves while a port is set, and moves with it', async () => {
  const [first, second] = [await freePort(), await freePort()];
  await setPort(first);
  expect(await until('metrics', () => scrape(first))).toContain('gopherbar_verdict{severity=');
  await setPort(second);
  await until('metrics at the other port', () => scrape(second));
  expect(await scrape(first)).toBeNull();
  await setPort(null);
  await until('no metrics', async () => (await scrape(second)) === null);
  await setPort(first);
  await until('metrics again', () => scrape(first));
  await service.close();
  expect(await scrape(first)).toBeNull();
});

it('sends to a collector while one is set, at the latest when it is closed, and names one that takes nothing', async () => {
  const problems: Problem[] = [];
  core.problems.subscribe((problem) => problems.push(problem));
  const bodies: string[] = [];
  const collector = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      bodies.push(`${request.url} ${body}`);
      response.writeHead(200).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  const setCollector = async (url: string | null) => {
    const metrics = url === null ? {} : { collector: url };
    expect(await core.file.change((content) => succeeded({ ...content, metrics }))).toEqual({ ok: true });
    publish(sampleSnapshot());
  };
  await setCollector(`http://127.0.0.1:${port}`);
  await setCollector(null);
  await until('the last report', () => bodies.length === 1);
  expect(bodies[0]).toMatch(/^\/v1\/metrics \{"resourceMetrics":/);
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  await setCollector(`http://127.0.0.1:${port}`);
  await service.close();
  expect(problems).toMatchObject([{ key: 'metrics-not-taken', params: { collector: `http://127.0.0.1:${port}` } }]);
});

it('names a port that is taken', async () => {
  const problems: Problem[] = [];
  core.problems.subscribe((problem) => problems.push(problem));
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const { port } = squatter.address() as { port: number };
  await setPort(port);
  await until('the problem', () => problems.some(({ key }) => key === 'metrics-refused'));
  squatter.close();
});
