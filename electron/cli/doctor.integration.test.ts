/** doctor, verify, policy and trace as users and scripts call them, against their published schemas. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import plist from 'plist';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectSchema } from '../../e2e/expect-schema.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';

const root = join(import.meta.dirname, '..', '..');
const MAC = join(root, 'e2e', 'fixtures', 'macos');
const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;

let lab: Lab;
let first: GoproxyServer;
let second: GoproxyServer;
let home: string;

beforeAll(async () => {
  lab = await startLab();
  first = await lab.proxy({ host: 'first.lab', transport: 'http' });
  second = await lab.proxy({ host: 'second.lab', transport: 'http' });
});
afterAll(() => lab.close());

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-cli-doctor-'));
  writeFileSync(
    join(home, 'goenv'),
    `GOPROXY=${url(first)}\nGOSUMDB=${FIXTURE_SUMDB} ${url(second)}/sumdb/sum.example.test\n`,
  );
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  const settings = {
    builtInProfiles: false,
    endpoints: [first, second].map((one) => ({
      id: one.host,
      url: url(one),
      module: FIXTURE_MODULE,
      key: FIXTURE_SUMDB,
    })),
    profiles: [{ id: 'two', name: 'Second', variables: { GOPROXY: url(second) } }],
    doctor: { resolvers: [`udp://${lab.dns.address}`, 'https://127.0.0.1/dns-query'] },
    limits: { hard: { dialMs: 500, tlsMs: 500, headerMs: 800, totalMs: 2_000 } },
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
});
afterEach(async () => {
  await lab.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const url = ({ port }: GoproxyServer) => `http://127.0.0.1:${port}`;

async function gopherbar(...args: string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', LANG: 'C' },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code: code as number, ...said };
}

/** The output matches the schema of that name. */
function published(name: string, text: string): Record<string, unknown> {
  const value = JSON.parse(text) as Record<string, unknown>;
  expectSchema(name, value);
  return value;
}

describe('doctor', () => {
  it('finds nothing wrong, as text and as JSON of the schema', async () => {
    const { code, out } = await gopherbar('doctor', '--json');
    expect(published('doctor', out)).toMatchObject({ finding: { name: 'healthy' }, fixes: [] });
    expect(code).toBe(0);
    const words = await gopherbar('doctor');
    expect(words.out).toContain('No problems found');
    expect(words.out).toContain('✓ A real download');
  });

  it('names the cause, and the switch that fixes it', async () => {
    await first.setFault({ type: 'drop-request', how: 'fin' });
    const { code, out } = await gopherbar('doctor');
    expect(code).toBe(1);
    expect(out).toContain('127.0.0.1 is having problems — EOF, no response');
    expect(out).toContain('$ gopherbar use -- two');
    expect(published('doctor', (await gopherbar('doctor', '--json')).out)).toMatchObject({
      finding: { name: 'upstream-outage', cause: 'eof-no-response' },
    });
    const report = await gopherbar('--lang', 'zh-CN', 'doctor', '--md');
    expect(report.out).toContain('## Gopherbar 报告');
    expect(report.out).toContain('```sh');
  });

  it('checks one host, and refuses an invalid one', async () => {
    await second.setFault({ type: 'status', status: 503 });
    const { code, out } = await gopherbar('doctor', url(second), '--json');
    expect([code, published('doctor', out).finding]).toMatchObject([1, { cause: 'http-server-error' }]);
    expect(await gopherbar('doctor', 'what is this')).toMatchObject({
      code: 2,
      err: expect.stringContaining('neither'),
    });
  });

  it('writes a configuration profile', async () => {
    const file = join(home, 'dns.mobileconfig');
    expect((await gopherbar('doctor', '--doh-profile', file)).code).toBe(0);
    expect(JSON.stringify(plist.parse(readFileSync(file, 'utf8')))).toContain('https://127.0.0.1/dns-query');
  });
});

it('verify prints its result as the schema defines it', async () => {
  const well = await gopherbar('verify', MODULE, '--json');
  expect(published('verify', well.out)).toMatchObject({ verdict: 'all-agree' });
  expect(well.code).toBe(0);
  await first.setFault({ type: 'other-zip' });
  const bad = await gopherbar('verify', MODULE);
  expect(bad.code).toBe(1);
  expect(bad.out).toContain('A mirror serves a different file');
  expect(bad.out).not.toMatch(/GOSUMDB=off/);
  expect((await gopherbar('verify', 'no module')).code).toBe(2);
});

it('trace prints what its schema defines', async () => {
  const file = join(root, 'electron', 'trace', 'fixtures', 'goaway-every-time.go1.26.10.txt');
  published('trace', (await gopherbar('trace', '--file', file, '--json')).out);
});

describe('policy', () => {
  it('reads saved outputs and prints what the schema defines', async () => {
    const { code, out } = await gopherbar(
      'policy',
      'parse',
      '--command',
      'sudo pfctl -sr',
      join(MAC, 'pfctl-sr.blocking-443.txt'),
      '--json',
    );
    expect(published('policy', out)).toMatchObject({ command: 'sudo pfctl -sr', value: { blocks: [2] }, unread: [] });
    expect(code).toBe(0);
    const sql = await gopherbar(
      'policy',
      'parse',
      '--command',
      'sqlite3 TCC.db',
      join(MAC, 'tcc-schema.14.sql'),
      '--json',
    );
    expect(JSON.parse(sql.out)).toMatchObject({ value: { schemaDigest: '34abf99d20' } });
    expect(
      await gopherbar('policy', 'parse', '--command', 'launchctl list', join(MAC, 'sw_vers.26.txt')),
    ).toMatchObject({ code: 2 });
  });

  it('decides from a saved rule listing', async () => {
    const rules = join(MAC, 'pfctl-sr.blocking-proxy-hosts.txt');
    const table = join(home, 'table.txt');
    writeFileSync(table, '   142.250.0.0/15\n   !142.250.99.0/24\n');
    const decide = (to: string, ...more: string[]) =>
      gopherbar('policy', 'decide', '--rules', rules, '--to', to, '--json', ...more);
    expect(published('policy', (await decide('142.250.72.81:443')).out)).toMatchObject({ decision: 'unknown' });
    const blocked = await decide('142.250.72.81:443', '--table', `goproxy_block=${table}`);
    expect(published('policy', blocked.out)).toMatchObject({
      decision: 'block',
      decidedBy: 'main#2',
      rule: expect.stringContaining('<goproxy_block>'),
    });
    expect(blocked.code).toBe(1);
    expect((await decide('142.250.99.7:https', '--table', `goproxy_block=${table}`)).code).toBe(0);
    const off = ['--table', `goproxy_block=${table}`, '--status', join(MAC, 'pfctl-si.disabled.txt')];
    expect(JSON.parse((await decide('142.250.72.81:443', ...off)).out)).toMatchObject({
      decision: 'pass',
      decidedBy: 'pf-disabled',
    });
    expect((await decide('nowhere:99999')).code).toBe(2);
    expect(
      await gopherbar('policy', 'decide', '--rules', join(MAC, 'pfctl.permission-denied.txt'), '--to', '1.1.1.1:443'),
    ).toMatchObject({
      code: 2,
      err: expect.stringContaining('access error'),
    });
  });

  it('says so on a system without these commands', async () => {
    if (process.platform === 'darwin') return;
    const { code, out } = await gopherbar('policy', '--json');
    expect(published('policy', out)).toMatchObject({ available: false });
    expect(code).toBe(0);
  });
});
