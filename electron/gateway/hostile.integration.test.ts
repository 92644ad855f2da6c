/** Hostile clients of the gateway's process, over real sockets: slow, oversize and absurd requests. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RunningGateway, startGateway } from '../../build/long/gateway-go.ts';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { moduleGraph } from '../../e2e/lab/module-graph.ts';

vi.setConfig({ testTimeout: 60_000 });

const graph = moduleGraph(3, 2_000);
const INFO = 'graph.test/group0/mod0/@v/v1.0.0.info';
let upstream: FaultyUpstream;
let home: string;
let gateway: RunningGateway;
let port: number;

beforeAll(async () => {
  upstream = await FaultyUpstream.start(graph.files);
  home = mkdtempSync(join(tmpdir(), 'gopherbar-hostile-'));
  const options = ['--port', '0', '--cache', join(home, 'cache'), '--sumdb', graph.signer.verifier];
  gateway = await startGateway([...options, '--upstream', upstream.url], home);
  port = Number(new URL(gateway.url).port);
  await isServed();
});
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
  await upstream.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** Another client is served, on a connection of its own, within two seconds. */
async function isServed(): Promise<void> {
  const answer = await raw(`GET /${INFO} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`, 2_000);
  expect(answer).toMatch(/^HTTP\/1\.1 200/);
}

/** What one connection is answered until it is closed; rejects when it is not closed in time. */
function raw(request: string | Buffer, withinMs = 5_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let text = '';
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`not closed within ${withinMs} ms: ${JSON.stringify(request.toString().slice(0, 200))}`));
    }, withinMs);
    socket.on('data', (bytes) => (text += bytes.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.write(request);
  });
}

/** Resident memory of the gateway's process, MB. */
const memoryMb = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(gateway.pid)]).toString()) / 1024;

it('connections that send a header a byte a second are closed, and do not delay others', async () => {
  const before = memoryMb();
  // More than the gateway has room for.
  const slow = Array.from({ length: 700 }, () => net.connect(port, '127.0.0.1'));
  let open = slow.length;
  const head = `GET /${INFO} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: `;
  for (const socket of slow) {
    socket.on('error', () => {});
    socket.on('close', () => (open -= 1));
    socket.resume().write(head);
  }
  const drip = setInterval(() => {
    for (const socket of slow) if (socket.writable) socket.write('x');
  }, 1_000);
  try {
    for (let i = 0; i < 20; i += 1) {
      await isServed();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // 10 s for the headers, and 2 s until that is looked at.
    await expect.poll(() => open, { timeout: 20_000, interval: 200 }).toBe(0);
  } finally {
    clearInterval(drip);
    for (const socket of slow) socket.destroy();
  }
  await isServed();
  expect(memoryMb() - before).toBeLessThan(150);
});

it('oversize headers and lines are cut off, whatever they hold', async () => {
  const before = memoryMb();
  const host = `Host: 127.0.0.1:${port}\r\n`;
  const requests = [
    `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\n${host}\r\n`,
    `GET /${INFO} HTTP/1.1\r\n${host}X: ${'x'.repeat(5_000_000)}\r\n\r\n`,
    `GET /${INFO} HTTP/1.1\r\n${host}${'X: y\r\n'.repeat(100_000)}\r\n`,
    `GET /${INFO} HTTP/1.1\r\n${host}Cookie: ${'é'.repeat(50_000)}\r\n\r\n`,
    'G'.repeat(2_000_000),
    Buffer.alloc(1_000_000),
  ];
  for (let round = 0; round < 10; round += 1) {
    const answers = await Promise.all(requests.map((request) => raw(request)));
    for (const answer of answers) expect(answer).toMatch(/^(?:HTTP\/1\.1 4\d\d|$)/);
    await isServed();
  }
  expect(memoryMb() - before).toBeLessThan(150);
});

/** Parts that absurd paths are made of. */
const part = fc.oneof(
  fc.constantFrom(
    ...['..', '.', '', '%2e%2e', '%2E%2e%2f', '..%2f', '%00', '%', '%zz', '\\', '%5c', '~', 'C:', 'NUL', '.gopherbar'],
    ...[
      '@v',
      '@latest',
      'list',
      'v1.0.0.zip',
      'v1.0.0.info',
      'v1.0.0.mod',
      'v1..0.zip',
      'sumdb',
      'lookup',
      'tile',
      '8',
    ],
    ...['graph.test', 'group0', 'mod0', '!a', 'A', '!!', '%21a', 'etc', 'passwd', 'index.sqlite', graph.signer.name],
    ...['x'.repeat(300), '%c0%ae%c0%ae', '%ff', 'a@v1.0.0', '000.p', '256', 'data', '-', '%0d%0aX:y', '?', '#', ';'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n ]/g, '')),
);

/** The same where a path of the protocol has its parts: these reach the upstream. */
const file = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), part, fc.constantFrom('.zip', '.mod', '.info', ''))
  .map(([path, version, extension]) => ['graph.test', ...path, '@v', `${version}${extension}`]);

it('absurd paths are refused or not found: nothing crashes, and nothing is written outside the cache', async () => {
  const before = memoryMb();
  const outside = () =>
    readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('cache/'));
  const files = outside();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.array(part, { minLength: 1, maxLength: 9 }), file),
      fc.boolean(),
      async (parts, isRooted) => {
        const target = `${isRooted ? '/' : ''}${parts.join('/')}`;
        const request = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`;
        const answer = await raw(Buffer.from(request), 20_000);
        const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
        // 502: a path that may name a module, of a database that does not know it.
        if (status === '200') expect(target).toMatch(/graph\.test|sumdb/);
        else expect(status).toMatch(/^(?:400|404|410|431|502)$/);
      },
    ),
    { numRuns: 400 },
  );
  await isServed();
  expect(outside()).toEqual(files);
  const kept = readdirSync(join(home, 'cache'), { recursive: true, encoding: 'utf8' });
  expect(kept.filter((name) => !/^(?:\.gopherbar|sumdb|graph\.test)(?:\/|$)/.test(name))).toEqual([]);
  expect(memoryMb() - before).toBeLessThan(150);
});
