/** Servers that mean harm, or are merely broken: each ends in bounded time and bytes, with a cause of its own. */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import * as net from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { LabAuthority } from '../../e2e/lab/certificates.ts';
import type { Limits } from '../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { InlinePool } from './inline-pool.ts';
import type { ProbeNetwork } from './probe-pool.ts';

const LIMITS: Limits = {
  soft: { dialMs: 1_000, tlsMs: 1_000, headerMs: 2_000, totalMs: 5_000 },
  hard: { dialMs: 1_000, tlsMs: 1_000, headerMs: 500, totalMs: 700 },
};
const INFO = '{"Version":"v0.3.0","Time":"2017-09-15T17:20:24Z"}';
const OK = `HTTP/1.1 200 OK\r\nContent-Length: ${INFO.length}\r\n\r\n${INFO}`;

const pool = new InlinePool(systemClock);
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const stop of cleanUp.splice(0)) stop();
});

/** A server that does something with every connection once it has read a request. */
async function serve(act: (socket: net.Socket, request: string) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (request) => act(socket, request.toString('latin1')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}

function probe(url: string, network: ProbeNetwork = {}, limits = LIMITS): Promise<ProbeResult> {
  const endpoint = { id: 'x', kind: 'goproxy', name: 'x', url } as const;
  return pool.probe({ endpoint, depth: 'light', limits, network }, new AbortController().signal);
}

function said(result: ProbeResult): string {
  return result.outcome === 'failed' ? `${result.failure.cause} in ${result.failure.phase}` : result.outcome;
}

/** Writes the same again and again until the other side is gone. */
function flood(socket: net.Socket, piece: string): void {
  const write = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', write);
  write();
}

describe('an HTTP/1.1 server', () => {
  it.each<[string, string, (socket: net.Socket) => void]>([
    ['that answers well', 'ok', (socket) => socket.write(OK)],
    ['that ends its body by closing', 'ok', (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${INFO}`)],
    ['that sends early hints first', 'ok', (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${OK}`)],
    [
      'that sends invalid UTF-8',
      'not-a-goproxy in verify',
      (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n\xff\xfe\x80'),
    ],
    [
      'that compresses although not asked',
      'not-a-goproxy in verify',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00'),
    ],
    [
      'that switches protocols',
      'http-unexpected-status in response',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    ],
    [
      'that stops inside its headers',
      'body-truncated in response',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nA: b\r\n'),
    ],
    [
      'that announces two lengths',
      'http-malformed in response',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef'),
    ],
    [
      'that sends a chunk size that is none',
      'http-malformed in body',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'),
    ],
    [
      'that redirects to a file',
      'redirect-insecure in response',
      (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n'),
    ],
    [
      'that redirects to nowhere',
      'http-malformed in response',
      (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n'),
    ],
    [
      'that redirects without saying where',
      'http-unexpected-status in response',
      (socket) => socket.end('HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n'),
    ],
    [
      'whose error page never ends',
      'http-server-error in response',
      (socket) => {
        socket.write('HTTP/1.1 503 No\r\n\r\n');
        flood(socket, 'x'.repeat(4_096));
      },
    ],
    [
      'whose error page breaks off',
      'http-server-error in response',
      (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 500\r\n\r\n<html>'),
    ],
    [
      'whose error page stalls',
      'http-rate-limited in response',
      (socket) => socket.write('HTTP/1.1 429 Too Many Requests\r\nContent-Length: 500\r\n\r\nslow down'),
    ],
    [
      'whose headers never end',
      'response-too-large in response',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        flood(socket, 'X-A: b\r\n'.repeat(100));
      },
    ],
    [
      'that never stops saying "continue"',
      'response-too-large in response',
      (socket) => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20)),
    ],
  ])('%s: %s', async (_, expected, act) => {
    const port = await serve(act);
    expect(said(await probe(`http://127.0.0.1:${port}`))).toBe(expected);
  });

  it('that sends a bomb of compressed zeros gets it left as it is', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    const port = await serve((socket) => {
      socket.write(head);
      socket.write(bomb);
    });
    const before = process.memoryUsage().rss;
    expect(said(await probe(`http://127.0.0.1:${port}`))).toMatch(
      /^(not-a-goproxy in verify|response-too-large in body)$/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 * 1024);
  });

  it('that floods again and again leaves memory as it was', async () => {
    const port = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      flood(socket, 'v1.0.0\n'.repeat(10_000));
    });
    for (let i = 0; i < 10; i += 1) await probe(`http://127.0.0.1:${port}`);
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 60; i += 1)
      expect(said(await probe(`http://127.0.0.1:${port}`))).toBe('response-too-large in body');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(40 * 1024 * 1024);
  });

  it('that shows a certificate of thousands of names is refused for its size', async () => {
    const authority = await LabAuthority.create();
    const names = Array.from({ length: 6_000 }, (_, i) => `name-${i}.some-long-domain.example`);
    const identity = await authority.leaf('good', ['127.0.0.1', ...names]);
    const server = https.createServer(identity, (_, response) => void response.end(INFO)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const result = await probe(`https://127.0.0.1:${port}`, { extraCa: [authority.ca] });
    server.closeAllConnections();
    server.close();
    expect(said(result)).toBe('response-too-large in tls');
  });

  it('that drips its headers is cut off by the deadline', async () => {
    const port = await serve((socket) => {
      const timer = setInterval(() => socket.write('H'), 20);
      socket.write('HTTP/1.1 200 OK\r\nX-');
      socket.on('close', () => clearInterval(timer));
    });
    const result = await probe(`http://127.0.0.1:${port}`);
    expect(said(result)).toBe('response-timeout in response');
    if (result.outcome === 'failed') expect(result.totalMs).toBeGreaterThanOrEqual(690);
  });

  it('sees the connection closed when the probe is over', async () => {
    let closed = () => {};
    const over = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const port = await serve((socket) => {
      socket.on('close', closed);
      socket.write(OK);
    });
    await probe(`http://127.0.0.1:${port}`);
    await over;
  });

  it('gets no credentials in the clear', async () => {
    let connections = 0;
    const port = await serve(() => {
      connections += 1;
    });
    const result = await probe(`http://user:hunter22@127.0.0.1:${port}`);
    expect(said(result)).toBe('goproxy-invalid in request');
    expect(connections).toBe(0);
    expect(JSON.stringify(result)).not.toContain('hunter22');
  });
});

describe('an HTTP/2 server', () => {
  async function serveHttp2(act: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void) {
    const authority = await LabAuthority.create();
    const identity = await authority.leaf('good', ['127.0.0.1']);
    const server = http2.createSecureServer({ ...identity, maxSendHeaderBlockLength: 1_000_000 });
    const sessions = new Set<http2.ServerHttp2Session>();
    server.on('session', (session) => sessions.add(session));
    server.on('sessionError', () => {});
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      act(stream, headers);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUp.push(() => {
      for (const session of sessions) session.destroy();
      server.close();
    });
    return { port: (server.address() as net.AddressInfo).port, network: { extraCa: [authority.ca] } };
  }

  it('with headers beyond every measure is named', async () => {
    const { port, network } = await serveHttp2((stream) =>
      stream.respond({ ':status': 200, 'x-a': 'b'.repeat(40_000) }),
    );
    expect(said(await probe(`https://127.0.0.1:${port}`, network))).toBe('response-too-large in response');
  });

  it('that ends its body short of its length is found out', async () => {
    const { port, network } = await serveHttp2((stream) => {
      stream.respond({ ':status': 200, 'content-length': 500 });
      stream.end('{');
    });
    expect(said(await probe(`https://127.0.0.1:${port}`, network))).toMatch(/in body$/);
  });

  it('gets credentials as go sends them, and no text shows them although the server echoes them', async () => {
    let seen = '';
    const { port, network } = await serveHttp2((stream, headers) => {
      seen = headers.authorization ?? '';
      stream.respond({ ':status': 403, 'content-type': 'text/plain' });
      stream.end(`no: ${seen} is not ${Buffer.from(seen.slice(6), 'base64').toString()}`);
    });
    const result = await probe(`https://user:hunter22@127.0.0.1:${port}`, network);
    expect(said(result)).toBe('http-forbidden in response');
    expect(seen).toBe(`Basic ${Buffer.from('user:hunter22').toString('base64')}`);
    const text = JSON.stringify(result);
    expect(text).toContain('user:xxxxx@');
    expect(text).not.toContain('hunter22');
    expect(text).not.toContain(seen.slice(6));
  });

  it('redirects to another origin without taking the credentials along', async () => {
    let seen = 'nothing';
    const other = await serve((socket, request) => {
      seen = request;
      socket.write(OK);
    });
    const { port, network } = await serveHttp2((stream) => {
      stream.respond({ ':status': 302, location: `http://127.0.0.1:${other}/x` });
      stream.end();
    });
    expect(said(await probe(`https://user:hunter22@127.0.0.1:${port}`, network))).toBe('redirect-insecure in response');
    expect(seen).toBe('nothing');
  });
});
