import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type Endpoint } from '../../shared/domain/endpoint.ts';
import { openHttpClient } from '../composition/http-client.ts';
import { systemClock } from '../system/clock.ts';
import { listVersions } from './list-versions.ts';

const client = openHttpClient({}, DEFAULT_LIMITS, systemClock);
let server: http.Server;
let endpoint: Endpoint;
const asked: http.IncomingMessage[] = [];
/** Status and body by the end of the path. */
let answers: Readonly<Record<string, readonly [number, string]>> = {};

beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked.push(request);
    const [status, body] = answers[(request.url ?? '').split('/').at(-1) ?? ''] ?? [500, ''];
    response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/go`;
  endpoint = { id: 'mirror', kind: 'goproxy', name: 'mirror', url };
});
afterEach(() => {
  asked.length = 0;
});
afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

const list = (path = 'example.test/Hello', signal = new AbortController().signal) =>
  listVersions(endpoint, path, client, signal);

describe('the versions that a proxy shows', () => {
  it('are those of its list, and the one that it calls the latest', async () => {
    answers = {
      list: [200, 'v1.0.0\nv1.1.0 2024-01-01T00:00:00Z\n\nnot-a-version\nv1.2.0-rc.1\r\n'],
      '@latest': [200, '{"Version":"v1.2.0","Time":"2024-05-06T07:08:09Z"}'],
    };
    expect(await list()).toEqual({
      endpointId: 'mirror',
      versions: ['v1.0.0', 'v1.1.0', 'v1.2.0-rc.1'],
      latest: { version: 'v1.2.0', at: Date.UTC(2024, 4, 6, 7, 8, 9) },
    });
  });

  it('are asked for below its path, escaped, and without making it fetch anything', async () => {
    await list();
    expect(asked.map(({ url }) => url)).toEqual([
      '/go/example.test/%21hello/@v/list',
      '/go/example.test/%21hello/@latest',
    ]);
    for (const { headers } of asked) expect(headers['disable-module-fetch']).toBe('true');
  });

  it.each([404, 410])('are none where it does not know the module: %i', async (status) => {
    answers = { list: [status, 'not found'], '@latest': [status, 'not found'] };
    expect(await list()).toEqual({ endpointId: 'mirror', versions: [], latest: null });
  });

  it.each([401, 500, 503])('are not known where it fails: %i', async (status) => {
    answers = { list: [status, ''], '@latest': [status, ''] };
    expect(await list()).toEqual({ endpointId: 'mirror', versions: null, latest: null });
  });

  it.each(['', 'not json', '[]', 'null', '{"Version":1}', '{"Version":"latest"}', '<html></html>'])(
    'have no latest in %j',
    async (body) => {
      answers = { list: [200, 'v1.0.0\n'], '@latest': [200, body] };
      expect(await list()).toEqual({ endpointId: 'mirror', versions: ['v1.0.0'], latest: null });
    },
  );

  it('have a latest without a time where the time is damaged', async () => {
    answers = { list: [200, ''], '@latest': [200, '{"Version":"v1.0.0","Time":"yesterday"}'] };
    expect((await list()).latest).toEqual({ version: 'v1.0.0', at: null });
  });

  it('are not known when it is cancelled', async () => {
    expect(await list('example.test/hello', AbortSignal.abort())).toEqual({
      endpointId: 'mirror',
      versions: null,
      latest: null,
    });
  });
});
