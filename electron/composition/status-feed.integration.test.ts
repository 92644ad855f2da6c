/** Reading a feed over the real client: bounded in bytes and redirects, and null on any failure. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createScratch, type Scratch } from '../../e2e/scratch.ts';
import { silentLog } from '../system/log.ts';
import { type Core, openCore } from './core.ts';
import { readStatusFeed } from './doctor.ts';

let home: Scratch;
let core: Core;

beforeEach(async () => {
  home = createScratch();
  core = await openCore(home.dataFolder, home.env, silentLog);
});
afterEach(async () => {
  await core.close();
  home.remove();
});

async function read(listener: RequestListener, signal = new AbortController().signal): Promise<string | null> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await readStatusFeed(`http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`, core, signal);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

it('reads a feed', async () => {
  expect(await read((_, response) => response.end('[]'))).toBe('[]');
});

it.each<[string, RequestListener]>([
  ['an error', (_, response) => response.writeHead(503).end('[]')],
  ['a redirect elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
  ['a closed connection', (request) => request.socket.destroy()],
  [
    'more than any feed',
    (_, response) => {
      const more = () => response.write(Buffer.alloc(1024 * 1024), (error) => error ?? more());
      more();
    },
  ],
])('is null for %s', async (_, listener) => {
  expect(await read(listener)).toBeNull();
});

it('ends when the doctor is cancelled', async () => {
  const cancelled = new AbortController();
  expect(await read(() => cancelled.abort(), cancelled.signal)).toBeNull();
});
