/** Decrypted captures against tshark: with the same key log it must see the same frames, and its packets must give the same report. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { interopPart, interopPath } from '../../build/interop-parts.mjs';
import { pcapFile, pcapngFile } from '../lab/captures/container.ts';
import { type RecordingOptions, recordTls } from '../lab/captures/recorded-tls.ts';
import { runToEnd } from '../run-to-end.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);
const tshark = interopPart('tshark');
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-decryption-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Frame {
  readonly from: string;
  readonly type: string;
  readonly stream: number;
  readonly length: number;
  readonly status: number | null;
}
interface Report {
  readonly connections: { verdict: string; decryption: string | null; http2: { frames: Frame[] } | null }[];
}

async function gopherbar(path: string, ...more: string[]): Promise<Report> {
  const tools = interopPath('tshark');
  const { stdout } = await runToEnd(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', 'capture', '--file', path, '--json', ...more],
    { cwd: root, env: { PATH: `${tools}:${process.env.PATH}`, HOME: folder, LANG: 'C' } },
  );
  return JSON.parse(stdout) as Report;
}

const TYPES = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
];

/** Frames as tshark's dissectors see them: who sent it, type, stream, length, status. */
async function dissected(path: string, keyLog: string): Promise<Frame[]> {
  const fields = ['tcp.srcport', 'http2.type', 'http2.streamid', 'http2.length', 'http2.headers.status'];
  const { stdout } = await run(
    tshark.file,
    [
      '-n',
      '-r',
      path,
      '-o',
      `tls.keylog_file:${keyLog}`,
      '-Y',
      'http2',
      '-T',
      'fields',
      '-E',
      'separator=/t',
      ...fields.flatMap((field) => ['-e', field]),
    ],
    { env: { ...tshark.env, HOME: folder, WIRESHARK_CONFIG_DIR: folder } },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [port = '', types = '', streams = '', lengths = '', statuses = ''] = line.split('\t');
      const [stream, length, status] = [streams, lengths, statuses].map((one) => one.split(',')) as [
        string[],
        string[],
        string[],
      ];
      const said = types.split(',').filter((one) => one !== '');
      return said.map((type, i) => ({
        from: port === '443' ? 'server' : 'client',
        type: TYPES[Number(type)] ?? type,
        stream: Number(stream[i]),
        length: Number(length[i]),
        status: TYPES[Number(type)] === 'HEADERS' && port === '443' ? Number(status[0]) : null,
      }));
    });
}

const CASES: readonly [string, RecordingOptions][] = [
  ['TLS 1.3, AES-128', { cipher: 'TLS_AES_128_GCM_SHA256' }],
  ['TLS 1.3, AES-256', { cipher: 'TLS_AES_256_GCM_SHA384' }],
  ['TLS 1.3, ChaCha20', { cipher: 'TLS_CHACHA20_POLY1305_SHA256' }],
  ['TLS 1.2, AES-128', { version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-AES128-GCM-SHA256' }],
  ['TLS 1.2, ChaCha20', { version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-CHACHA20-POLY1305' }],
  ['RST_STREAM', { behaviour: 'rst-stream' }],
  ['GOAWAY', { behaviour: 'goaway' }],
  ['a body that is cut', { behaviour: 'cut-body' }],
];

describe('with the same secrets', () => {
  it.each(CASES)('%s', async (name, options) => {
    const { packets, keyLog } = await recordTls(options);
    const path = join(folder, `${name.replaceAll(/\W/g, '-')}.pcap`);
    const keys = join(folder, 'keys.txt');
    writeFileSync(path, pcapFile(packets));
    writeFileSync(keys, keyLog);
    const ours = await gopherbar(path, '--keylog', keys);
    const frames = ours.connections[0]?.http2?.frames ?? [];
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.map(({ from, type, stream, length, status }) => ({ from, type, stream, length, status }))).toEqual(
      await dissected(path, keys),
    );
    const theirs = await gopherbar(path, '--keylog', keys, '--tshark');
    expect(theirs.connections[0]?.http2?.frames.map(({ type }) => type)).toEqual(frames.map(({ type }) => type));
    expect(theirs.connections[0]?.verdict).toBe(ours.connections[0]?.verdict);
  });

  it('secrets that the file carries serve both decoders', async () => {
    const { packets, keyLog } = await recordTls();
    const path = join(folder, 'carried.pcapng');
    writeFileSync(path, pcapngFile(packets, { keyLog, links: ['raw'] }));
    for (const more of [[], ['--tshark']]) {
      expect((await gopherbar(path, ...more)).connections[0]?.decryption).toBe('opened');
    }
  });
});
