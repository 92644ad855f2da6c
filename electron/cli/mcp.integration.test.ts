/** `gopherbar mcp` as an agent uses it: the SDK's own client, a process, each tool; and what it must never say. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { TOOLS } from './mcp/tools.ts';

const root = join(import.meta.dirname, '..', '..');

let lab: Lab;
let proxy: GoproxyServer;
let home: string;
let client: Client;

beforeAll(async () => {
  lab = await startLab();
  proxy = await lab.proxy({ host: 'first.lab', transport: 'http' });
});
afterAll(() => lab.close());

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-mcp-'));
  const url = `http://127.0.0.1:${proxy.port}`;
  writeFileSync(join(home, 'goenv'), `GOPROXY=${url},direct\nGOSUMDB=${FIXTURE_SUMDB} ${url}/sumdb/sum.example.test\n`);
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  const settings = {
    builtInProfiles: false,
    endpoints: [{ id: 'first', url, module: FIXTURE_MODULE, key: FIXTURE_SUMDB }],
    network: { resolver: lab.dns.address },
    doctor: { resolvers: [`udp://${lab.dns.address}`] },
    limits: { hard: { dialMs: 500, tlsMs: 500, headerMs: 800, totalMs: 2_000 } },
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  client = new Client({ name: 'test', version: '1.0.0' });
});
afterEach(async () => {
  await client.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function connect(): Promise<StdioClientTransport> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(root, 'electron/cli/main.ts'), 'mcp'],
    env: { PATH: process.env.PATH ?? '', HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', LANG: 'C' },
    cwd: home,
    stderr: 'pipe',
  });
  await client.connect(transport);
  return transport;
}

async function call(name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args });
  const [content] = result.content as { type: string; text: string }[];
  return { isError: result.isError === true, text: content?.text ?? '', value: result.structuredContent };
}

it('lists read-only tools with their arguments, and answers each', async () => {
  await connect();
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted());
  for (const { name, annotations, description, inputSchema } of tools) {
    expect(annotations?.readOnlyHint, name).toBe(true);
    expect(description?.length, name).toBeGreaterThan(20);
    expect(inputSchema.type).toBe('object');
  }
  const module = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;
  expect((await call('status')).value).toMatchObject({ schema: 1 });
  const text = `go: ${FIXTURE_MODULE.path}: Get "https://proxy.golang.org/a/@v/list": EOF`;
  expect((await call('explain', { text })).value).toMatchObject({
    schema: 1,
    findings: [{ host: 'proxy.golang.org' }],
  });
  expect((await call('why', { module: FIXTURE_MODULE.path })).value).toMatchObject({ walk: { outcome: 'works' } });
  expect((await call('doctor', { target: module })).value).toMatchObject({ schema: 1 });
  expect((await call('effective')).value).toMatchObject({ schema: 1 });
  expect((await call('lint', { folder: home })).isError).toBe(true);
  expect((await call('lint')).value).toMatchObject({ schema: 1, vulnerabilities: null });
}, 60_000);

it('refuses wrong arguments and unknown tools with a message, and goes on', async () => {
  await connect();
  expect((await call('why', { module: 'not a path' })).isError).toBe(true);
  const wrong = await call('why', { module: 7 }).catch(() => ({ isError: true }));
  expect(wrong.isError).toBe(true);
  const unknown = await call('use', { profile: 'direct' }).catch(() => ({ isError: true }));
  expect(unknown.isError).toBe(true);
  expect((await call('status')).isError).toBe(false);
});

it('ends with its client, and keeps control characters of a log inside the JSON', async () => {
  const transport = await connect();
  const text = 'go: \u202eevil\u001b[31m/x@v1.0.0: Get "https://proxy.golang.org/x": EOF';
  expect((await call('explain', { text })).value).toMatchObject({ findings: [{ cause: expect.any(String) }] });
  const { pid } = transport;
  await client.close();
  expect(() => process.kill(pid ?? 0, 0)).toThrow();
});

it('ends by a signal while a tool is running', async () => {
  const terminal = new MemoryTerminal({
    env: { PATH: process.env.PATH ?? '', HOME: home, GOENV: join(home, 'goenv') },
  });
  const running = terminal.run(['mcp']);
  const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  const send = (message: object) => terminal.press(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send({ id: 1, method: 'initialize', params: initialize });
  send({ method: 'notifications/initialized' });
  send({ id: 2, method: 'tools/call', params: { name: 'doctor', arguments: {} } });
  await expect.poll(() => terminal.out).toContain('"id":1');
  terminal.interrupt();
  expect((await running).code).toBe(130);
});
