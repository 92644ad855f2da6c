/** Real downloads traced, old go and new, against lab servers that speak HTTP/2 well and badly. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import type { Fault } from '../../e2e/lab/fault.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE } from '../../e2e/lab/tree.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { diagnose } from './diagnose.ts';
import { runTrace } from './run-trace.ts';
import { TraceReader } from './trace.ts';

const home = mkdtempSync(join(tmpdir(), 'gopherbar-trace-test-'));
const caFile = join(home, 'ca.pem');
let lab: Lab;
let h2: GoproxyServer;
let h1: GoproxyServer;

beforeAll(async () => {
  lab = await startLab();
  writeFileSync(caFile, lab.authority.ca);
  h2 = await lab.proxy({ host: 'h2.lab', transport: 'h2' });
  h1 = await lab.proxy({ host: 'h1.lab', transport: 'h1' });
});
afterEach(() => lab.reset());
afterAll(async () => {
  await lab.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s', (_version, { path }) => {
  async function trace(server: GoproxyServer, more: { level?: 1 | 2; timeoutMs?: number; list?: string } = {}) {
    const lines: string[] = [];
    const done = await runTrace(
      {
        go: path,
        module: `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`,
        env: {
          PATH: process.env.PATH,
          HOME: home,
          GOENV: 'off',
          GOSUMDB: 'off',
          SSL_CERT_FILE: caFile,
          GOPROXY: more.list ?? `https://127.0.0.1:${server.port}`,
        },
        level: more.level ?? 1,
        timeoutMs: more.timeoutMs ?? 20_000,
        signal: new AbortController().signal,
        reader: new TraceReader(),
        onLine: ({ text }) => lines.push(text),
      },
      new SystemProcessRunner(systemClock),
      systemClock,
    );
    if (!done.ok) throw new Error(done.code);
    return { ...diagnose(done.trace), trace: done.trace, ended: done.ended, lines };
  }

  it('a healthy download: three requests over one connection, each with its time', async () => {
    const seen = await trace(h2, { level: 2 });
    expect(seen).toMatchObject({ outcome: 'healthy', ended: 'exited' });
    expect(seen.trace.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(seen.trace.requests.every(({ at, seconds }) => at !== null && seconds !== null)).toBe(true);
    expect(seen.trace.connections).toHaveLength(1);
    expect(seen.trace.connections[0]?.handshakeMs).toBeGreaterThan(0);
    expect(seen.lines.length).toBeGreaterThan(20);
  });

  it('HTTP/1.1 only is said', async () => {
    expect((await trace(h1)).statements.map(({ key }) => key)).toEqual(['healthy', 'http1-only']);
  });

  it.each<[string, Fault, string]>([
    ['RST_STREAM', { type: 'rst-stream', code: 2 }, 'reset'],
    ['GOAWAY', { type: 'goaway', code: 11 }, 'goaway-calm'],
    ['a 502', { type: 'status', status: 502 }, 'status'],
    ['an EOF in TLS', { type: 'drop-at-accept', how: 'fin' }, 'eof-in-tls'],
    ['an unknown authority', { type: 'certificate', kind: 'untrusted' }, 'unknown-authority'],
    ['a body that is cut', { type: 'drop-body', how: 'fin' }, 'closed-in-body'],
  ])('%s is recognized by its frames', async (_name, fault, key) => {
    await h2.setFault(fault);
    const seen = await trace(h2);
    expect(seen.outcome).toBe('failed');
    expect(seen.statements[0]?.key).toBe(key);
  });

  it('reports where a silent server hangs', async () => {
    await h2.setFault({ type: 'drop-request', how: 'hang' });
    const seen = await trace(h2, { timeoutMs: 2_500 });
    expect(seen).toMatchObject({ outcome: 'hung', ended: 'timeout', cause: 'response-timeout' });
  });

  it.each<[string, 'h1' | 'h2', Fault, string, string]>([
    ['an answer that never ends', 'h2', { type: 'drop-body', how: 'hang' }, 'hung', 'hangs-in-body'],
    ['the same over HTTP/1.1', 'h1', { type: 'drop-body', how: 'hang' }, 'hung', 'hangs-in-body'],
    ['a reset in the body over HTTP/1.1', 'h1', { type: 'drop-body', how: 'reset' }, 'failed', 'cut-in-body'],
    ['a body that is cut over HTTP/1.1', 'h1', { type: 'drop-body', how: 'fin' }, 'failed', 'cut-in-body'],
  ])('%s is not put down to TLS, and never called healthy', async (_name, server, fault, outcome, key) => {
    const target = server === 'h1' ? h1 : h2;
    await target.setFault(fault);
    const seen = await trace(target, { timeoutMs: 2_500 });
    expect(seen).toMatchObject({ outcome, phase: 'response' });
    expect(seen.statements[0]?.key).toBe(key);
  });

  it('where there is no TLS, none is blamed', async () => {
    const plain = await lab.proxy({ host: 'plain.lab', transport: 'http' });
    await plain.setFault({ type: 'drop-request', how: 'fin' });
    const seen = await trace(plain, { list: `http://127.0.0.1:${plain.port}` });
    expect(seen).toMatchObject({ outcome: 'failed', cause: 'eof-no-response', phase: 'response' });
    expect(seen.statements[0]?.key).toBe('closed-unanswered');
  });

  it('a pipe that falls back is no failure', async () => {
    const list = `https://127.0.0.1:${h1.port}|https://127.0.0.1:${h2.port}`;
    await h1.setFault({ type: 'drop-at-accept', how: 'reset' });
    expect(await trace(h2, { list })).toMatchObject({ outcome: 'fell-back', cause: 'connection-reset', phase: 'tls' });
  });
});
