/** `gopherbar capture` as users and scripts call it: a separate process over capture files of the lab. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { pcapFile, pcapngFile } from '../../e2e/lab/captures/container.ts';
import { recordTls } from '../../e2e/lab/captures/recorded-tls.ts';
import { analyseCapture } from '../capture/capture.ts';
import { isFinding } from '../capture/finding.ts';
import { captureJson } from './capture-json.ts';
import { renderCapture } from './render-capture.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-cli-capture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const captures = labCaptures(await labChains(), Date.now());
let files = 0;

function write(bytes: Uint8Array): string {
  const path = join(folder, `${files++}.pcap`);
  writeFileSync(path, bytes);
  return path;
}

const named = (name: string) => captures[name]?.packets ?? [];

async function gopherbar(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', 'capture', ...args],
    {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: folder, LANG: 'C', ...env },
    },
  );
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, ...said };
}

describe('gopherbar capture', () => {
  it('names who cut the connection, and exits with 1', async () => {
    const { code, out, err } = await gopherbar(['--file', write(pcapFile(named('injector gfw-3')))]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/Reset after the ClientHello — forged by a device on the way/);
    expect(out).toMatch(/“national firewall, type III” \(SP25\)/);
    expect(out).toMatch(/proxy\.golang\.org/);
  });

  it('speaks Chinese when asked', async () => {
    const { out } = await gopherbar([
      '--file',
      write(pcapngFile(named('two different DNS answers'))),
      '--lang',
      'zh-CN',
    ]);
    expect(out).toMatch(/DNS 抢答/);
    expect(out).toMatch(/31\.13\.94\.41/);
  });

  it('finds nothing in a good capture and exits with 0', async () => {
    const { code, out } = await gopherbar(['--file', write(pcapFile(named('healthy, TLS 1.3')))]);
    expect(code).toBe(0);
    expect(out).toMatch(/Nothing wrong in this capture/);
  });

  it('--json follows the schema, also of a file that is cut off', async () => {
    const whole = pcapFile(named('injector henan'));
    const { code, out } = await gopherbar(['--file', write(whole.subarray(0, -7)), '--json']);
    const json = JSON.parse(out);
    expectSchema('capture', json);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      schema: 1,
      decoder: 'own',
      problems: [{ key: 'truncated', offset: whole.length - 7 }],
    });
    expect(json.connections[0]).toMatchObject({ name: 'proxy.golang.org', verdict: 'incomplete' });
  });

  it.each([
    [[], /--file/],
    [['--file', 'package.json'], /isn’t a packet capture/],
    [['--file', '/no/such.pcap'], /ENOENT/],
  ])('rejects %j and does nothing', async (args, words) => {
    const { code, out, err } = await gopherbar(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
  });

  it('reports a requested tshark that is not installed', async () => {
    const path = write(pcapFile(named('healthy, TLS 1.3')));
    const tools = join(folder, 'no-tools');
    const { code, err } = await gopherbar(['--file', path, '--tshark'], { PATH: tools });
    // An installed Wireshark is found without PATH in its usual places.
    if (code === 2) expect(err).toMatch(/tshark was not found/);
    else expect(code).toBe(0);
  });
});

describe('with the secrets of its connections', () => {
  it('reports what the server did inside TLS, as text and as JSON, and shows no secret', async () => {
    const { packets, keyLog } = await recordTls({ behaviour: 'goaway' });
    const keys = join(folder, 'keys.txt');
    writeFileSync(keys, keyLog);
    const path = write(pcapFile(packets));
    const { code, out } = await gopherbar(['--file', path, '--keylog', keys]);
    expect(code).toBe(1);
    expect(out).toContain('The server sent GOAWAY ENHANCE_YOUR_CALM, last stream 1 too_many_pings');
    expect(out).toMatch(/HTTP\/2 \(HEADERS stream=1\)/);
    const json = await gopherbar(['--file', path, '--keylog', keys, '--json']);
    const report = JSON.parse(json.out);
    expectSchema('capture', report);
    expect(report.connections[0]).toMatchObject({ verdict: 'http2-goaway', decryption: 'opened' });
    for (const secret of keyLog.match(/[0-9a-f]{64,}/g) ?? []) expect(json.out + out).not.toContain(secret);
  });

  it('reports secrets that belong to another capture, or are missing', async () => {
    const [one, other] = [await recordTls(), await recordTls()];
    const keys = join(folder, 'others.txt');
    writeFileSync(keys, other.keyLog);
    const path = write(pcapFile(one.packets));
    expect((await gopherbar(['--file', path, '--keylog', keys])).out).toContain('the secrets of none of these');
    const none = await gopherbar(['--file', path, '--keylog', path]);
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('contains no TLS secrets') });
    const gone = await gopherbar(['--file', path, '--keylog', join(folder, 'nowhere')]);
    expect(gone).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
  });
});

describe('every lab capture', () => {
  it.each(Object.keys(captures))('%s reads well in both languages and follows the schema', async (name) => {
    const report = await analyseCapture(write(pcapFile(named(name))));
    for (const language of ['en', 'zh-CN'] as const) {
      const { io } = new MemoryTerminal({ language });
      const json = captureJson(report, { file: name }, io);
      expectSchema('capture', json);
      const text = renderCapture(report, io);
      // A key or parameter without a text would appear in the output.
      expect(text).not.toMatch(/capture\.[a-z]+\.|undefined|NaN|\{/);
      const expected = captures[name]?.expected.verdict ?? '';
      const isShown = text.includes(`\n  ${expected} · `);
      expect(isShown).toBe(isFinding(expected as Parameters<typeof isFinding>[0]));
    }
  });
});
