/** Reports to a real collector's place: at the interval, after a failure, and at the end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import { openHttpClient } from '../composition/http-client.ts';
import { systemClock } from '../system/clock.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { OtlpSender } from './otlp-sender.ts';

let collector: Server;
let statuses: number[];
let bodies: string[];
let keys: (string | undefined)[];
let changes: (string | null)[];
let clock: FakeClock;
let sender: OtlpSender;

beforeEach(async () => {
  statuses = [];
  bodies = [];
  keys = [];
  changes = [];
  clock = new FakeClock(0);
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      keys.push(request.headers['api-key'] as string | undefined);
      const status = statuses.shift() ?? 200;
      // 0 = never answered.
      if (status !== 0) response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const report = async () => `report ${bodies.length + 1}`;
  const { port } = collector.address() as AddressInfo;
  sender = new OtlpSender(`http://127.0.0.1:${port}/`, {
    clock,
    client: openHttpClient({}, DEFAULT_LIMITS, systemClock),
    headers: { 'api-key': 'k' },
    report,
    onChange: (one) => changes.push(one),
  });
});
afterEach(async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

/** Moves time on by the interval, and waits for the report and its answer. */
async function next(change: number): Promise<void> {
  const before = bodies.length;
  await clock.advance(60_000);
  await expect.poll(() => bodies.length).toBe(before + 1);
  await expect.poll(() => changes.length).toBe(change);
  // The answer is taken in before the next interval begins.
  await new Promise((resolve) => setTimeout(resolve, 50));
}

it('continues after failures, reports each change once, sends its headers, and follows no redirect', async () => {
  statuses = [503, 503, 200, 307];
  await next(1);
  await next(1);
  await next(2);
  await next(3);
  expect(changes.slice(0, 2)).toEqual(['HTTP 503', null]);
  expect(changes[2]).toBe('HTTP 307');
  expect(keys).toEqual(['k', 'k', 'k', 'k']);
  await sender.close();
  expect(bodies).toEqual(['report 1', 'report 2', 'report 3', 'report 4', 'report 5']);
  expect(changes.at(-1)).toBeNull();
  await clock.advance(600_000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(bodies).toHaveLength(5);
});

it('ends although a collector does not answer, after a last report', async () => {
  statuses = [0];
  await clock.advance(60_000);
  await expect.poll(() => bodies.length).toBe(1);
  await sender.close();
  expect(bodies).toHaveLength(2);
  expect(changes).toEqual([]);
});
