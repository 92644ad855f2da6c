import * as http from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type MetricsListening, readMetricsAddress, serveMetrics } from './metrics-server.ts';

let open: Extract<MetricsListening, { ok: true }> | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

async function serve(text: () => Promise<string> = async () => 'a 1\n'): Promise<number> {
  const listening = await serveMetrics({ host: '127.0.0.1', port: 0 }, text);
  if (!listening.ok) throw new Error(listening.message);
  open = listening;
  return listening.port;
}

function ask(port: number, path: string, options: http.RequestOptions = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject).end();
  });
}

it.each([
  ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
  ['localhost:0', { host: '127.0.0.1', port: 0 }],
  ['[::1]:9464', { host: '::1', port: 9464 }],
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['0.0.0.0:9464', null],
  ['192.0.2.1:9464', null],
  ['127.0.0.1:99999', null],
  [':9464', null],
  ['', null],
])('reads %s', (text, address) => {
  expect(readMetricsAddress(text)).toEqual(address);
});

it('answers GET /metrics and nothing else', async () => {
  const port = await serve();
  expect(await ask(port, '/metrics')).toEqual({ status: 200, body: 'a 1\n' });
  expect(await ask(port, '/metrics', { method: 'HEAD' })).toEqual({ status: 200, body: '' });
  expect((await ask(port, '/')).status).toBe(404);
  expect((await ask(port, '/metricsx')).status).toBe(404);
  expect((await ask(port, '/metrics', { method: 'POST' })).status).toBe(405);
  expect((await ask(port, '/metrics', { headers: { host: 'evil.test' } })).status).toBe(403);
});

it('says what went wrong, and goes on', async () => {
  let fails = true;
  const port = await serve(async () => {
    if (fails) throw new Error('broken index');
    return 'b 2\n';
  });
  expect(await ask(port, '/metrics')).toEqual({ status: 500, body: 'broken index\n' });
  fails = false;
  expect((await ask(port, '/metrics')).body).toBe('b 2\n');
});

it('names a port that is taken', async () => {
  const port = await serve();
  expect(await serveMetrics({ host: '127.0.0.1', port }, async () => '')).toMatchObject({
    ok: false,
    code: 'EADDRINUSE',
  });
});
