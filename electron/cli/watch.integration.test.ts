/** `gopherbar watch` in the process of the test: keys, the end, and that nothing of it is left. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { type QuietCheck, watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { createScratch, type Scratch } from '../../e2e/scratch.ts';
import { systemClock } from '../system/clock.ts';
import { watchCommand } from './commands/watch.ts';

let home: Scratch;
let lab: Lab;
let proxy: GoproxyServer;
let quiet: QuietCheck;

beforeEach(async () => {
  home = createScratch();
  lab = await startLab();
  proxy = await lab.proxy({ host: 'first.lab', transport: 'http' });
  const settings = {
    builtInProfiles: false,
    endpoints: [{ id: 'first', url: proxy.url, module: FIXTURE_MODULE }],
    profiles: [
      { id: 'one', name: 'One', variables: { GOPROXY: proxy.url, GOSUMDB: FIXTURE_SUMDB } },
      { id: 'two', name: 'Two', variables: { GOPROXY: `${proxy.url}|direct`, GOSUMDB: FIXTURE_SUMDB } },
    ],
    intervals: { visibleMs: 200, hiddenMs: 200 },
    network: { resolver: lab.dns.address },
  };
  home.writeSettings(settings);
  await writeFile(home.goEnvFile, `GOPROXY=${proxy.url}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
  quiet = watchForQuiet(home.folder);
});

afterEach(async () => {
  quiet.stop();
  await lab.close();
  home.remove();
});

it('draws the table, switches on a key, and completes the switch when it is quit', async () => {
  const terminal = new MemoryTerminal({ env: home.env, isTerminal: true });
  const ended = watchCommand({ for: undefined }, terminal.io, systemClock);
  await vi.waitFor(() => expect(terminal.out).toMatch(/go1\.\d+/), 10_000);
  terminal.press('2');
  terminal.press('q');
  expect(await ended).toBe(0);
  expect(await readFile(home.goEnvFile, 'utf8')).toContain('|direct');
  const drawn = terminal.out;
  await quiet.expectQuiet();
  expect(terminal.out).toBe(drawn);
});

it('opens the failing endpoint on Enter, and switches to what works on the key of the remedy', async () => {
  const second = await lab.proxy({ host: 'second.lab', transport: 'http' });
  const file = join(home.dataFolder, 'settings.json');
  const settings = JSON.parse(await readFile(file, 'utf8'));
  settings.endpoints.push({ id: 'second', url: second.url, module: FIXTURE_MODULE });
  settings.profiles[1].variables.GOPROXY = `${second.url}|direct`;
  await writeFile(file, JSON.stringify(settings));
  await proxy.setFault({ type: 'drop-request', how: 'fin' });
  const terminal = new MemoryTerminal({ env: home.env, isTerminal: true });
  const ended = watchCommand({ for: undefined }, terminal.io, systemClock);
  await vi.waitFor(() => expect(terminal.out).toContain('f  switch to “Two”'), 15_000);
  terminal.press('\r');
  await vi.waitFor(() => expect(terminal.out).toMatch(/down · .*\n.*\n(?:.*\n)*?.*→ /), 5_000);
  terminal.press('f');
  await expect.poll(() => readFile(home.goEnvFile, 'utf8'), { timeout: 10_000 }).toContain('|direct');
  terminal.press('q');
  expect(await ended).toBe(0);
  await quiet.expectQuiet();
});

it('answers status, use and undo of other terminals, without a probe and as its own changes', async () => {
  const terminal = new MemoryTerminal({ env: home.env, isTerminal: true });
  const ended = watchCommand({ for: undefined }, terminal.io, systemClock);
  await vi.waitFor(() => expect(terminal.out).toMatch(/go1\.\d+/), 10_000);
  const call = (...args: string[]) => new MemoryTerminal({ env: home.env }).run(args);
  await expect.poll(async () => (await call('status', '--json')).out, { timeout: 10_000 }).toContain('"status": "up"');
  expect(await call('use', 'two')).toMatchObject({ code: 0, err: '' });
  expect(await readFile(home.goEnvFile, 'utf8')).toContain('|direct');
  await vi.waitFor(() => expect(terminal.out.slice(-4_000)).toContain('Two'), 5_000);
  expect(await call('undo')).toMatchObject({ code: 0, err: '' });
  expect(await readFile(home.goEnvFile, 'utf8')).not.toContain('|direct');
  terminal.press('q');
  expect(await ended).toBe(0);
  const events = (await call('export', '--since', '1h')).out.split('\n').filter((line) => line.includes('"event"'));
  expect(events.filter((line) => line.includes('"switched"'))).toHaveLength(1);
  expect(events.filter((line) => line.includes('"undone"'))).toHaveLength(1);
  await quiet.expectQuiet();
});

it('sends what it measured to an OTLP collector, at the latest when it ends, and says when that fails', async () => {
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      bodies.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  try {
    const terminal = new MemoryTerminal({ env: home.env });
    const ended = watchCommand({ for: undefined, otlp: url }, terminal.io, systemClock);
    await vi.waitFor(() => expect(terminal.out).toContain('Go modules are fine'), 10_000);
    terminal.interrupt();
    expect(await ended).toBe(0);
    expect(terminal.errors).toBe('');
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toMatch(/^POST \/v1\/metrics \{"resourceMetrics":.*"gopherbar\.probes"/);
  } finally {
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
  }
  const terminal = new MemoryTerminal({ env: home.env });
  expect(await watchCommand({ for: 0.1, otlp: url }, terminal.io, systemClock)).toBe(0);
  expect(terminal.errors).toContain('ECONNREFUSED');
  await expect(watchCommand({ for: 1, otlp: 'collector:4317' }, terminal.io, systemClock)).rejects.toThrow('OTLP');
  await quiet.expectQuiet();
});

it('ends when it is interrupted at any time', async () => {
  const terminal = new MemoryTerminal({ env: home.env });
  const ended = watchCommand({ for: undefined }, terminal.io, systemClock);
  terminal.interrupt();
  expect(await ended).toBe(0);
  await quiet.expectQuiet();
});
