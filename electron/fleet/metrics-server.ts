/** HTTP for Prometheus: `GET /metrics` on loopback, nothing else, bounded in connections and time. */
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode, errorMessage } from '../system/error-facts.ts';

/** Where to listen; always loopback. */
export interface MetricsAddress {
  readonly host: '127.0.0.1' | '::1';
  /** 0 = any free port. */
  readonly port: number;
}

/** Reads `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464` or a port alone; null for anything else. */
export function readMetricsAddress(text: string): MetricsAddress | null {
  const [, host = '127.0.0.1', digits = ''] = /^(?:(127\.0\.0\.1|localhost|\[::1\]):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) return null;
  return { host: host === '[::1]' ? '::1' : '127.0.0.1', port };
}

/** Listening, or why not. */
export type MetricsListening =
  | { readonly ok: true; readonly port: number; close(): Promise<void> }
  | { readonly ok: false; readonly code: string | null; readonly message: string };

const LIMIT_MS = 10_000;
const MAX_CONNECTIONS = 16;

/** Serves what `text` gives at each scrape. */
export async function serveMetrics(
  { host, port }: MetricsAddress,
  text: () => Promise<string>,
): Promise<MetricsListening> {
  const server = http.createServer(
    { headersTimeout: LIMIT_MS, requestTimeout: LIMIT_MS, maxHeaderSize: 8 * 1024, keepAliveTimeout: 75_000 },
    (request, response) => void answer(request, response, text),
  );
  server.maxConnections = MAX_CONNECTIONS;
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  } catch (error) {
    return { ok: false, code: errorCode(error) ?? null, message: errorMessage(error) };
  }
  return {
    ok: true,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Names under which a scraper reaches us: a page of a stranger whose name leads to 127.0.0.1 is refused. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

async function answer(request: http.IncomingMessage, response: http.ServerResponse, text: () => Promise<string>) {
  const say = (status: number, body: string, type = 'text/plain; charset=utf-8') => {
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  if (!OWN_HOST.test(request.headers.host ?? '')) return say(403, 'not a name of this computer\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'only GET\n');
  if (!/^\/metrics(?:\?|$)/.test(request.url ?? '')) return say(404, 'metrics are at /metrics\n');
  try {
    say(200, await text(), 'text/plain; version=0.0.4; charset=utf-8');
  } catch (error) {
    say(500, `${errorMessage(error)}\n`);
  }
}
