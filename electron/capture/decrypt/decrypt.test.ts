/** Real conversations decrypted with the key log of their client: frames, alerts, certificates, and what cannot be opened. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { pcapFile, pcapngFile } from '../../../e2e/lab/captures/container.ts';
import { recordTls, type TlsRecording } from '../../../e2e/lab/captures/recorded-tls.ts';
import { analyseCapture, CaptureAnalysis, type JudgedConnection } from '../capture.ts';
import { statusOf } from './hpack-status.ts';
import { Http2FrameReader } from './http2-frames.ts';
import { KeyLog } from './key-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-decrypt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function analyse({ packets }: TlsRecording, keyLog: string | null) {
  const keys = keyLog === null ? null : new KeyLog();
  keys?.add(keyLog ?? '');
  const analysis = new CaptureAnalysis(keys);
  for (const { atMs, bytes } of packets) analysis.addRaw({ atMs, linkType: 101, bytes, timed: true });
  return analysis.report([]);
}

function only(recording: TlsRecording, keyLog: string | null = recording.keyLog): JudgedConnection {
  const [connection] = analyse(recording, keyLog).connections;
  if (connection === undefined) throw new Error('no connection');
  return connection;
}

const SUITES = [
  ['TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
  ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256'],
  ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
] as const;

describe.each(SUITES)('%s %s', (version, cipher) => {
  it('frames of both sides are read, with the status, and the certificate', async () => {
    const { facts, verdict } = only(await recordTls({ version, cipher }));
    expect(verdict.id).toBe('healthy');
    expect(facts.inside?.decryption).toBe('opened');
    const frames = facts.inside?.http2?.frames ?? [];
    const types = (from: string) => frames.filter((one) => one.from === from).map(({ type }) => type);
    expect(types('client')).toEqual(expect.arrayContaining(['SETTINGS', 'HEADERS']));
    expect(types('server')).toEqual(expect.arrayContaining(['SETTINGS', 'HEADERS', 'DATA']));
    expect(frames.find(({ type, from }) => type === 'HEADERS' && from === 'server')).toMatchObject({ status: 502 });
    const bytes = frames.filter(({ type, from }) => type === 'DATA' && from === 'server');
    expect(bytes.reduce((sum, { length }) => sum + length, 0)).toBe(40_000);
    expect(facts.inside?.http2?.open).toEqual([]);
    expect(facts.certificate).toMatchObject({ subject: 'CN=proxy.lab', fitsName: true });
  });
});

describe('what only the frames tell', () => {
  it.each([
    ['rst-stream', 'http2-reset', { key: 'http2-reset', params: { code: 'INTERNAL_ERROR', stream: 1 } }],
    [
      'goaway',
      'http2-goaway',
      { key: 'http2-goaway', params: { code: 'ENHANCE_YOUR_CALM', lastStream: 1, debug: 'too_many_pings' } },
    ],
    ['cut-body', 'body-cut', { key: 'http2-unfinished', params: { stream: 1, bytes: 5_000 } }],
  ] as const)('%s', async (behaviour, id, evidence) => {
    const { verdict, facts } = only(await recordTls({ behaviour }));
    expect(verdict.id).toBe(id);
    expect(verdict.evidence).toContainEqual(evidence);
    const ends = facts.timeline.filter(({ what }) => what.startsWith('http2-'));
    expect(ends.length).toBeGreaterThan(2);
  });

  it('a stream that is never answered', async () => {
    const { facts } = only(await recordTls({ behaviour: 'silent' }));
    expect(facts.inside?.http2?.open).toMatchObject([{ stream: 1, answered: false, bytes: 0 }]);
  });

  it('HTTP/1.1 gives its first lines, without the query', async () => {
    const { facts } = only(await recordTls({ protocol: 'http/1.1' }));
    expect(facts.inside?.http2).toBeNull();
    expect(facts.inside?.http1).toMatchObject([
      { method: 'GET', target: '/golang.org/x/text/@v/list?...', status: 200 },
    ]);
  });
});

describe('what cannot be opened', () => {
  it('without a key log nothing is said of the inside', async () => {
    expect(only(await recordTls(), null).facts.inside).toBeNull();
  });

  it('reports a key log of other connections', async () => {
    const [first, second] = [await recordTls(), await recordTls()];
    const report = analyse(first, second.keyLog);
    expect(report.connections[0]?.facts.inside?.decryption).toBe('no-keys');
    expect(report.problems).toEqual([{ key: 'keys-of-others' }]);
    expect(report.connections[0]?.verdict.id).toBe('healthy');
  });

  it('secrets that do not fit open nothing', async () => {
    const recording = await recordTls();
    const wrong = recording.keyLog.replace(/ [0-9a-f]+$/gm, (secret) => ` ${'00'.repeat((secret.length - 1) / 2)}`);
    expect(only(recording, wrong).facts.inside).toMatchObject({ decryption: 'failed', http2: null });
  });

  it('secrets of one direction show that one', async () => {
    const recording = await recordTls();
    const server = recording.keyLog.split('\n').filter((line) => line.startsWith('SERVER_'));
    const { frames = [] } = only(recording, server.join('\n')).facts.inside?.http2 ?? {};
    expect(new Set(frames.map(({ from }) => from))).toEqual(new Set(['server']));
  });

  it('only the secrets of the data show the data', async () => {
    const recording = await recordTls();
    const traffic = recording.keyLog.split('\n').filter((line) => line.includes('_TRAFFIC_SECRET_0'));
    const { facts } = only(recording, traffic.join('\n'));
    expect(facts.inside?.http2?.counts.DATA).toBeGreaterThan(0);
  });

  it('a suite without AEAD is not supported, and said so', async () => {
    const { facts } = only(await recordTls({ version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-AES128-SHA256' }));
    expect(facts.inside?.decryption).toBe('unsupported');
  });
});

describe('files', () => {
  it('a pcapng that carries its secrets needs no other file', async () => {
    const { packets, keyLog } = await recordTls();
    const path = join(folder, 'with-secrets.pcapng');
    writeFileSync(path, pcapngFile(packets, { keyLog }));
    const { connections } = await analyseCapture(path);
    expect(connections[0]?.facts.inside?.decryption).toBe('opened');
  });

  it('segments out of order and lost ones', async () => {
    const recording = await recordTls();
    const swapped = [...recording.packets];
    const [a, b] = [swapped.length - 12, swapped.length - 11];
    [swapped[a], swapped[b]] = [swapped[b] as never, swapped[a] as never];
    expect(only({ ...recording, packets: swapped }).facts.inside?.http2?.counts.DATA).toBeGreaterThan(0);
    const lost = recording.packets.filter((_packet, i) => i !== 12);
    expect(() => only({ ...recording, packets: lost })).not.toThrow();
  });

  it('any damage ends in facts', async () => {
    const { packets, keyLog } = await recordTls();
    const whole = pcapFile(packets);
    const keys = new KeyLog();
    keys.add(keyLog);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        async (bytes) => {
          const damaged = Buffer.from(whole);
          for (const [at, value] of bytes) damaged[at] = value;
          const path = join(folder, 'damaged.pcap');
          writeFileSync(path, damaged);
          const report = await analyseCapture(path, { keys });
          expect(JSON.stringify(report.connections.map(({ verdict }) => verdict.id))).toContain('[');
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('parts', () => {
  it.each([
    ['88', 200],
    ['8c', 400],
    ['8d', 404],
    ['3fe11f88', 200],
    ['4803353032', 502],
    ['48826402', 302],
    ['0803343239', 429],
    ['be', null],
    ['', null],
    ['40', null],
  ])('header block %s has status %s', (block, status) => {
    expect(statusOf(Buffer.from(block, 'hex'))).toBe(status);
  });

  it('frames are the same in whatever pieces they come', () => {
    const frames = Buffer.concat([
      Buffer.from('00000604000000000000030000006400', 'hex').subarray(0, 15),
      Buffer.from('000001010400000001', 'hex'),
      Buffer.from('88', 'hex'),
      Buffer.from('000400000100000001', 'hex'),
      Buffer.alloc(1_024),
      Buffer.from('00000403000000000100000008', 'hex'),
    ]);
    const whole = new Http2FrameReader('server').push(frames);
    expect(whole.map(({ type }) => type)).toEqual(['SETTINGS', 'HEADERS', 'DATA', 'RST_STREAM']);
    fc.assert(
      fc.property(fc.array(fc.nat(frames.length), { maxLength: 20 }), (cuts) => {
        const reader = new Http2FrameReader('server');
        const edges = [0, ...cuts, frames.length].sort((x, y) => x - y);
        const parts = edges.slice(1).flatMap((to, i) => reader.push(frames.subarray(edges[i], to)));
        expect(parts).toEqual(whole);
      }),
    );
  });

  it('a key log takes what it knows, and passes over the rest', () => {
    const keys = new KeyLog();
    keys.add('# comment\nrubbish\nCLIENT_RANDOM ab cd\n');
    keys.add(
      `EXPORTER_SECRET ${'ab'.repeat(32)} ${'cd'.repeat(32)}\nCLIENT_RANDOM ${'AB'.repeat(32)} ${'cd'.repeat(48)}\r\n`,
    );
    expect(keys.size).toBe(1);
    expect(keys.find('CLIENT_RANDOM', 'ab'.repeat(32))).toHaveLength(48);
  });
});
