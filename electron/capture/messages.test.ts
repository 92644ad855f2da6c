/** What the bytes of a stream say: real handshakes of Node's own TLS, heads of HTTP, SOCKS, real HTTP/2 frames, key logs. */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import * as tls from 'node:tls';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { LabAuthority } from '../../e2e/lab/certificates.ts';
import { alertName, CERTIFICATE_ALERTS } from './alerts.ts';
import { statusOf } from './decrypt/hpack-status.ts';
import { beginsWithSettings, Http2FrameReader, PREFACE } from './decrypt/http2-frames.ts';
import { KeyLog } from './decrypt/key-log.ts';
import type { ParsedMessage, Side } from './message.ts';
import { ResponseGaps } from './response-gaps.ts';
import { socksMessage } from './socks.ts';
import { type Context, StreamParser } from './stream-parser.ts';
import { looksLikeTls } from './tls-reader.ts';

const NOTHING: Context = { serverName: null, isTunnel: false };
const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

/** All messages of one side, from bytes in one piece. */
function read(side: Side, bytes: Uint8Array | string, context: Context = NOTHING): readonly ParsedMessage[] {
  return new StreamParser(side, null).push(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, context);
}

interface Recorded {
  readonly client: Buffer;
  readonly server: Buffer;
}

/** A real handshake over loopback, both directions recorded by a relay in between. */
async function handshake(options: tls.ConnectionOptions, serverOptions: tls.TlsOptions = {}): Promise<Recorded> {
  const identity = await (await LabAuthority.create()).leaf('good', ['one.lab']);
  const server = tls.createServer({ ...identity, ALPNProtocols: ['h2', 'http/1.1'], ...serverOptions }, (socket) =>
    socket.on('error', () => {}).end('bye'),
  );
  server.on('tlsClientError', () => {});
  const recorded: { client: Buffer[]; server: Buffer[] } = { client: [], server: [] };
  const relay = net.createServer((socket) => {
    const behind = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
    socket.on('data', (chunk) => recorded.client.push(chunk));
    behind.on('data', (chunk) => recorded.server.push(chunk));
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  relay.listen(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(relay, 'listening')]);
  const client = tls.connect({
    host: '127.0.0.1',
    port: (relay.address() as net.AddressInfo).port,
    rejectUnauthorized: false,
    ...options,
  });
  client.on('error', () => {});
  client.resume();
  // A handshake that is refused closes as well.
  await new Promise<void>((resolve) => client.once('close', () => resolve()));
  server.close();
  relay.close();
  return { client: Buffer.concat(recorded.client), server: Buffer.concat(recorded.server) };
}

describe("a real handshake of Node's TLS", () => {
  it('1.3: names, protocols and versions offered; the choice; then nothing that can be read', async () => {
    const { client, server } = await handshake({ servername: 'one.lab', ALPNProtocols: ['h2', 'http/1.1'] });
    const [hello, ...rest] = read('client', client);
    expect(hello).toMatchObject({
      kind: 'client-hello',
      hello: {
        serverName: 'one.lab',
        alpn: ['h2', 'http/1.1'],
        versions: expect.arrayContaining(['TLS 1.3', 'TLS 1.2']),
      },
    });
    expect(rest).toEqual([{ kind: 'encrypted' }]);
    expect(read('server', server)).toMatchObject([
      { kind: 'server-hello', hello: { version: 'TLS 1.3', alpn: null, retry: false } },
      { kind: 'encrypted' },
    ]);
  });

  it('1.2: the protocol chosen and the certificate are in the clear', async () => {
    const { server } = await handshake({ servername: 'one.lab', maxVersion: 'TLSv1.2', ALPNProtocols: ['h2'] });
    const messages = read('server', server, { serverName: 'one.lab', isTunnel: false });
    expect(messages[0]).toMatchObject({ kind: 'server-hello', hello: { version: 'TLS 1.2', alpn: 'h2' } });
    expect(messages[1]).toMatchObject({ kind: 'certificate', certificate: { fitsName: true, selfSigned: false } });
  });

  it('a server that asks for another key says so', async () => {
    const { server } = await handshake({ servername: 'one.lab', ecdhCurve: 'P-256:P-384' }, { ecdhCurve: 'P-384' });
    expect(read('server', server)[0]).toMatchObject({ hello: { retry: true, keyShare: 'P-384' } });
  });

  it('that fails ends in an alert with its name', async () => {
    const { server } = await handshake({ servername: 'one.lab', maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' });
    const [alert] = read('server', server);
    expect(alert).toEqual({ kind: 'alert', code: 70 });
    expect(alertName(70)).toBe('protocol_version');
  });

  it('says the same byte by byte', async () => {
    const { client } = await handshake({ servername: 'one.lab' });
    const parser = new StreamParser('client', null);
    expect([...client].flatMap((byte) => parser.push(Uint8Array.of(byte), NOTHING))).toEqual(read('client', client));
    expect(parser.done).toBe(true);
  });

  it('of which only the beginning came is known by type and length', async () => {
    const { client } = await handshake({ servername: 'one.lab' });
    const parser = new StreamParser('client', null);
    expect(parser.push(client.subarray(0, 60), NOTHING)).toEqual([]);
    parser.abandon();
    expect(parser.begun?.type).toBe(1);
    expect(parser.begun?.length).toBeGreaterThan(100);
    expect(parser.push(client.subarray(60), NOTHING)).toEqual([]);
  });
});

describe('alerts', () => {
  it('have names, unknown ones their number; those about a certificate are among them', () => {
    expect([alertName(48), alertName(255)]).toEqual(['unknown_ca', '255']);
    for (const code of CERTIFICATE_ALERTS) expect(alertName(code)).toMatch(/certificate|unknown_ca/);
  });

  it.each([
    [[22, 3, 1], true],
    [[21, 3, 3], true],
    [[22, 3, 9], false],
    [[23, 3, 3], false],
    [[0x47, 0x45, 0x54], false],
  ])('%j begins TLS: %s', (first, wanted) => expect(looksLikeTls(Uint8Array.from(first))).toBe(wanted));
});

describe('HTTP', () => {
  it.each([
    [
      'GET /x?token=s3cret HTTP/1.1\r\nHost: a.example:8080\r\n\r\n',
      { method: 'GET', target: '/x?...', host: 'a.example:8080' },
    ],
    ['GET http://lin:s3cret@a.example/x HTTP/1.1\r\n\r\n', { target: 'http://a.example/x', host: null }],
    ['CONNECT proxy.golang.org:443 HTTP/1.1\r\n\r\n', { method: 'CONNECT', target: 'proxy.golang.org:443' }],
  ])('%j', (head, wanted) => {
    const messages = read('client', head);
    expect(messages).toMatchObject([{ kind: 'http-request', ...wanted }]);
    expect(JSON.stringify(messages)).not.toContain('s3cret');
  });

  it.each([
    ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 407],
    ['HTTP/1.0 200 OK\r\n\r\n', 200],
  ])('%j', (head, status) => expect(read('server', head)).toEqual([{ kind: 'http-answer', status }]));

  it('behind the answer of a CONNECT both sides start again', async () => {
    const { client, server } = await handshake({ servername: 'one.lab', maxVersion: 'TLSv1.2' });
    const asked = Buffer.concat([Buffer.from('CONNECT one.lab:443 HTTP/1.1\r\n\r\n'), client]);
    expect(
      read('client', asked)
        .map(({ kind }) => kind)
        .slice(0, 2),
    ).toEqual(['http-request', 'client-hello']);
    const answered = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), server]);
    const tunnel = { serverName: null, isTunnel: true };
    expect(
      read('server', answered, tunnel)
        .map(({ kind }) => kind)
        .slice(0, 2),
    ).toEqual(['http-answer', 'server-hello']);
    const refused = Buffer.from('HTTP/1.1 403 No\r\n\r\nHTTP/1.1 200 OK\r\n\r\n');
    expect(read('server', refused, tunnel)).toEqual([{ kind: 'http-answer', status: 403 }]);
  });

  it.each(['SSH-2.0-OpenSSH_9.9\r\n', '\u0000\u0001\u0002\u0003', 'hello there\r\n'])(
    '%j is another protocol',
    (text) => expect(read('client', text)).toEqual([{ kind: 'other' }]),
  );

  it('reading a head without end stops', () => {
    const parser = new StreamParser('client', null);
    parser.push(Buffer.from('GET / HTTP/1.1\r\n'), { serverName: null, isTunnel: true });
    parser.push(Buffer.alloc(9_000, 'a'), { serverName: null, isTunnel: true });
    expect(parser.done).toBe(true);
  });
});

describe('SOCKS', () => {
  const port = [0x01, 0xbb];
  it.each([
    ['client', [5, 1, 0], false, { length: 3, message: null }],
    ['client', [5, 2, 0], false, 'more'],
    ['server', [5, 0], false, { length: 2, message: null }],
    ['client', [1, 3, 1, 2, 3, 2, 9, 9], true, { length: 8, message: null }],
    ['client', [1, 3, 1, 2, 3, 2, 9], true, 'more'],
    ['client', [5, 1, 0, 1, 192, 0, 2, 1, ...port], true, { length: 10, message: { target: '192.0.2.1:443' } }],
    ['client', [5, 1, 0, 3, 3, 0x61, 0x2e, 0x62, ...port], true, { length: 10, message: { target: 'a.b:443' } }],
    [
      'client',
      [5, 1, 0, 4, 0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1, ...port],
      true,
      { message: { target: '[2001:db8::1]:443' } },
    ],
    ['server', [5, 5, 0, 1, 0, 0, 0, 0, 0, 0], true, { message: { kind: 'http-answer', status: 5 } }],
    ['client', [5, 1, 0, 9, 0], true, null],
    ['client', [4, 1], false, null],
  ] as const)('%s %j, greeted %s', (side, bytes, greeted, wanted) => {
    const found = socksMessage(side, Uint8Array.from(bytes), greeted);
    if (typeof wanted === 'object' && wanted !== null) expect(found).toMatchObject(wanted);
    else expect(found).toBe(wanted);
  });
});

describe('HTTP/2 as Node sends it', () => {
  it.each([200, 204, 304, 404, 410, 429, 500, 503])(
    'reads the status %i of a response from its first block',
    async (status) => {
      const server = http2.createServer((_request, response) =>
        response.writeHead(status, { 'x-some': 'value' }).end(),
      );
      server.listen(0, '127.0.0.1');
      closing.push(() => server.close());
      await once(server, 'listening');
      const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
      const reader = new Http2FrameReader('server');
      const seen: { type: string; status: number | null; endsStream: boolean; stream: number }[] = [];
      let isFirst = true;
      socket.on('data', (chunk) => {
        if (isFirst) expect(beginsWithSettings(chunk)).toBe(true);
        isFirst = false;
        seen.push(...reader.push(chunk));
        if (seen.some(({ endsStream }) => endsStream)) socket.destroy();
      });
      const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
      // :method GET, :scheme http, :path /, and :authority "a" (RFC 7541, static table).
      const block = Buffer.from([0x82, 0x86, 0x84, 0x41, 0x01, 0x61]);
      const headers = Buffer.from([0, 0, block.length, 1, 5, 0, 0, 0, 1]);
      socket.write(Buffer.concat([Buffer.from(PREFACE), settings, headers, block]));
      await once(socket, 'close');
      expect(seen.find(({ type }) => type === 'HEADERS')).toMatchObject({ status, stream: 1 });
      expect(seen.filter(({ type }) => type !== 'HEADERS').every((one) => one.status === null)).toBe(true);
    },
  );

  it('a connection that is given up says why, and which stream was the last', () => {
    const debug = Buffer.from('slow down\u0007');
    const payload = Buffer.concat([Buffer.from([0x80, 0, 0, 7, 0, 0, 0, 11]), debug]);
    const frame = Buffer.concat([Buffer.from([0, 0, payload.length, 7, 0, 0, 0, 0, 0]), payload]);
    const reader = new Http2FrameReader('server');
    const frames = [...frame].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect(frames).toEqual([
      {
        type: 'GOAWAY',
        stream: 0,
        length: 18,
        endsStream: false,
        status: null,
        code: 'ENHANCE_YOUR_CALM',
        lastStream: 7,
        debug: 'slow down?',
      },
    ]);
  });

  it('a large DATA frame is passed over, and what follows is read', () => {
    const reader = new Http2FrameReader('server');
    const data = Buffer.concat([Buffer.from([0x10, 0, 0, 0, 0, 0, 0, 0, 1]), Buffer.alloc(0x10_00_00, 3)]);
    const reset = Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8]);
    const bytes = Buffer.concat([data, reset]);
    const frames = [bytes.subarray(0, 70_000), bytes.subarray(70_000)].flatMap((part) => reader.push(part));
    expect(frames.map(({ type, length, code }) => [type, length, code])).toEqual([
      ['DATA', 1_048_576, null],
      ['RST_STREAM', 4, 'CANCEL'],
    ]);
  });
});

describe('the status of a header block (RFC 7541)', () => {
  it.each([
    ['indexed', '88', 200],
    ['indexed 404', '8d', 404],
    ['after a change of the table', '3fe11f8d', 404],
    ['literal with indexing', '4803353033', 503],
    ['literal never indexed', '1803343137', 417],
    ['Huffman-coded 302', '48826402', 302],
    ['another field first', '82', null],
    ['a reference to an earlier block', 'be', null],
    ['no number', '4803787878', null],
    ['nothing', '', null],
  ])('%s', (_, block, status) => expect(statusOf(Buffer.from(block, 'hex'))).toBe(status));

  it('any bytes give a status or nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (block) => {
        const status = statusOf(block);
        expect(status === null || (status >= 100 && status <= 999)).toBe(true);
      }),
    );
  });
});

describe('a key log', () => {
  const random = 'ab'.repeat(32);
  it('keeps the secrets that are used, by label and client random, in any case', () => {
    const log = new KeyLog();
    log.add(
      `# comment\r\nCLIENT_RANDOM ${random.toUpperCase()} ${'0f'.repeat(48)}\r\nEXPORTER_SECRET ${random} ${'00'.repeat(32)}\nnonsense\n`,
    );
    expect(log.size).toBe(1);
    expect(log.find('CLIENT_RANDOM', random)?.toString('hex')).toBe('0f'.repeat(48));
    expect(log.find('CLIENT_TRAFFIC_SECRET_0', random)).toBeUndefined();
  });

  it.each([`CLIENT_RANDOM ${random} 0f`, `CLIENT_RANDOM ${random.slice(2)} ${'0f'.repeat(48)}`, ''])(
    '%s is no line of one',
    (line) => {
      const log = new KeyLog();
      log.add(line);
      expect(log.size).toBe(0);
    },
  );
});

describe('waiting for answers', () => {
  it('the longest wait counts from the last request, with repetitions meanwhile', () => {
    const gaps = new ResponseGaps();
    gaps.clientSent(100, 400, true);
    gaps.repeated();
    gaps.serverSent(1_600, 2_000, true);
    gaps.clientSent(2_000, 400, true);
    gaps.serverSent(2_500, 2_000, true);
    expect([gaps.longest, gaps.unanswered]).toEqual([{ ms: 1_500, retransmissions: 1 }, null]);
  });

  it('a small answer is housekeeping: the real one is still awaited', () => {
    const gaps = new ResponseGaps();
    gaps.clientSent(0, 400, true);
    gaps.serverSent(50, 300, true);
    gaps.serverSent(4_000, 2_000, true);
    expect(gaps.longest).toEqual({ ms: 4_000, retransmissions: 0 });
  });

  it('a late packet of a few bytes is nothing that anybody waited for', () => {
    const gaps = new ResponseGaps();
    gaps.clientSent(0, 400, true);
    gaps.serverSent(100, 5_000, true);
    gaps.serverSent(60_000, 39, true);
    expect(gaps.longest).toEqual({ ms: 100, retransmissions: 0 });
  });

  it('only what is large enough for a request is unanswered; the end of a handshake asks for nothing', () => {
    const gaps = new ResponseGaps();
    gaps.clientSent(0, 74, false);
    expect(gaps.unanswered).toBeNull();
    gaps.clientSent(10, 40, true);
    expect(gaps.unanswered).toBeNull();
    gaps.clientSent(20, 300, true);
    expect(gaps.unanswered).toEqual({ atMs: 20 });
  });
});
