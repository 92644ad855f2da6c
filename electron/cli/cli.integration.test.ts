/** The command as users and scripts call it: real go, lab servers, scratch homes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Ajv, type AnySchemaObject } from 'ajv';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { version } from '../../package.json';
import { languageIn } from './run.ts';

const root = join(import.meta.dirname, '..', '..');
const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;
const schema = (name: string): AnySchemaObject =>
  JSON.parse(readFileSync(join(root, 'docs', 'schemas', `${name}.schema.json`), 'utf8'));
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const valid = ajv.compile(schema('probe'));
const validStatus = ajv.compile(schema('status'));

let lab: Lab;
let plain: GoproxyServer;
let secure: GoproxyServer;
let home: string;
let caFile: string;

beforeAll(async () => {
  lab = await startLab();
  plain = await lab.proxy({ host: 'plain.lab', transport: 'http' });
  secure = await lab.proxy({ host: 'secure.lab', transport: 'h2' });
});
afterAll(() => lab.close());

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-cli-'));
  caFile = join(home, 'ca.pem');
  writeFileSync(caFile, lab.authority.ca);
});
afterEach(async () => {
  await lab.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function begin(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', LANG: 'C', ...env },
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin?.end();
  const [code] = await once(child, 'close');
  return { code, out, err };
}

/** In the process of the test; `begin` where signals, terminals, locales or several processes matter. */
const gopherbar = (...args: string[]) => inEnvironment({}, ...args);
const inEnvironment = (more: Record<string, string>, ...args: string[]) =>
  new MemoryTerminal({
    env: { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', ...more },
    folder: root,
    language: languageIn(args) === 'zh-CN' ? 'zh-CN' : 'en',
    input: '',
  }).run(args);

/** The settings file of the scratch home. */
function writeSettings(settings: object): void {
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
}

function labSettings(): object {
  return {
    builtInProfiles: false,
    endpoints: [{ url: `http://127.0.0.1:${plain.port}`, id: 'plain', module: FIXTURE_MODULE }],
    profiles: ['one', 'two'].map((id) => ({
      id,
      name: { en: `Profile ${id}`, 'zh-CN': `配置 ${id}` },
      variables: { GOPROXY: `http://127.0.0.1:${plain.port}|${id}`, GOSUMDB: FIXTURE_SUMDB },
    })),
    intervals: { visibleMs: 300, hiddenMs: 300 },
  };
}

describe('help and wrong usage', () => {
  it('--help works everywhere, and lists the exit codes', async () => {
    const commands = [[], ['probe'], ['watch'], ['status'], ['profiles'], ['use'], ['undo'], ['hosts']];
    for (const { code, out } of await Promise.all(commands.map((one) => gopherbar(...one, '--help')))) {
      expect(code).toBe(0);
      expect(out).toMatch(/Usage: gopherbar/);
      expect(out).toMatch(/Exit codes: 0 ok; 1 unhealthy/);
    }
  });

  it('--version prints the version of the package', async () => {
    expect(await gopherbar('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each([
    [['nonsense'], /unknown command/],
    [['probe'], /missing argument/],
    [['probe', 'off'], /off/],
    [['probe', 'ftp://a.example'], /ftp/],
    [['probe', 'https://a,https://b'], /https:\/\/a,https:\/\/b/],
    [['probe', 'https://a.example', '--kind', 'smtp'], /smtp/],
    [['probe', 'https://a.example', '--module', 'no-version'], /no-version/],
    [['probe', 'https://a.example', '--resolve', 'a.example:443'], /a\.example:443/],
    [['probe', 'https://a.example', '--ca', '/no/such.pem'], /\/no\/such\.pem.*ENOENT/],
    [['use', 'no-such-profile'], /no-such-profile.*china-pipe/s],
    [['canary', 'no-version'], /no-version/],
    [['probe', 'x y', '--kind', 'vcs'], /golang\.org/],
    [['watch', '--for', 'soon'], /number above 0/],
  ])('%j is told and nothing is done', async (args, words) => {
    const { code, out, err } = await gopherbar(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
  });
});

describe('probe', () => {
  const parse = (text: string) => {
    const json = JSON.parse(text);
    expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
    return json;
  };

  it('--json of a proxy that works follows the schema', async () => {
    const { code, out } = await gopherbar('probe', `http://127.0.0.1:${plain.port}`, '--module', MODULE, '--json');
    const json = parse(out);
    expect(code).toBe(0);
    expect(json).toMatchObject({ schema: 1, kind: 'goproxy', outcome: 'ok', cause: null, phase: null, tls: null });
    expect(Object.keys(json.phases)).toEqual(['connect', 'request', 'response', 'body', 'verify']);
    expect(json.steps.map(({ name }: { name: string }) => name)).toEqual([
      'info',
      'list',
      'mod',
      'zip',
      'sumdb-relay',
      'latest',
      'missing',
    ]);
  });

  it('--ca and --resolve reach a name that no resolver knows, over HTTP/2', async () => {
    const host = 'made.up.example';
    const server = await lab.proxy({ host, transport: 'h2' });
    const pin = ['--resolve', `${host}:443:127.0.0.1`, '--resolve', `${host}:${server.port}:127.0.0.1`];
    const url = `https://${host}:${server.port}`;
    const { code, out } = await gopherbar(
      'probe',
      url,
      '--ca',
      caFile,
      ...pin,
      '--light',
      '--module',
      MODULE,
      '--json',
    );
    const json = parse(out);
    expect(code).toBe(0);
    expect(json).toMatchObject({ depth: 'light', protocol: 'h2', tls: { alpn: 'h2', trust: 'extra' } });
    expect(Object.keys(json.phases)).toEqual(['connect', 'tls', 'request', 'response', 'body', 'verify']);
    expect(json.steps).toHaveLength(1);
  });

  it('--resolver queries that server, and the lookup is a phase', async () => {
    const url = `https://secure.lab:${secure.port}`;
    const args = ['--ca', caFile, '--resolver', lab.dns.address, '--module', MODULE, '--json'];
    const json = parse((await gopherbar('probe', url, ...args)).out);
    expect(json).toMatchObject({ outcome: 'ok', remote: { address: '127.0.0.1', port: secure.port } });
    expect(json.phases.dns).toBeGreaterThan(0);
  });

  it('an untrusted certificate is a failure with its cause', async () => {
    const url = `https://127.0.0.1:${secure.port}`;
    const { code, out } = await gopherbar('probe', url, '--json');
    expect(code).toBe(1);
    expect(parse(out)).toMatchObject({ outcome: 'failed', cause: 'tls-unknown-authority', phase: 'tls' });
  });

  it('describes what failed and what helps, in both languages', async () => {
    await plain.setFault({ type: 'drop-request', how: 'fin' });
    const url = `http://127.0.0.1:${plain.port}`;
    const english = await gopherbar('probe', url, '--module', MODULE);
    expect(english.code).toBe(1);
    expect(english.out).toMatch(/eof-no-response @ response/);
    expect(english.out).toMatch(/→ /);
    expect(english.out).not.toMatch(/\n\n\n|undefined|\[\d+m/);
    const chinese = await gopherbar('--lang', 'zh-CN', 'probe', url, '--module', MODULE);
    expect(chinese.out).toMatch(/[\u4e00-\u9fff]/);
    expect(await ended(begin(['probe', url, '--module', MODULE], { LANG: 'zh_CN.UTF-8' }))).toMatchObject({
      out: expect.stringMatching(/[\u4e00-\u9fff]/),
    });
  });

  it('keeps credentials out of everything it prints', async () => {
    const { out, err } = await gopherbar(
      'probe',
      `http://me:s3cret@127.0.0.1:${plain.port}`,
      '--module',
      MODULE,
      '--json',
    );
    expect(out + err).not.toContain('s3cret');
  });

  it('Ctrl-C cancels: outcome cancelled, exit 130', async () => {
    await plain.setFault({ type: 'drop-request', how: 'hang' });
    const before = plain.requests.length;
    const child = begin(['probe', `http://127.0.0.1:${plain.port}`, '--module', MODULE, '--json']);
    const result = ended(child);
    while (plain.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, out } = await result;
    expect(code).toBe(130);
    expect(parse(out)).toMatchObject({ outcome: 'cancelled', cause: null });
  });
});

describe('watch and status', () => {
  it('status without measurements reports that and contacts no host', async () => {
    writeSettings(labSettings());
    const before = plain.connections;
    const { code, out } = await gopherbar('status', '--json');
    expect(code).toBe(0);
    expect(validStatus(JSON.parse(out)), ajv.errorsText(validStatus.errors)).toBe(true);
    expect(JSON.parse(out).endpoints).toMatchObject([{ id: 'plain', status: 'unknown', ageMs: null }]);
    expect(plain.connections).toBe(before);
  });

  it('watch without a terminal prints changes, and status remembers with the age', async () => {
    writeSettings(labSettings());
    const { code, out } = await gopherbar('watch', '--for', '2');
    expect(code).toBe(0);
    expect(out).toMatch(/^\d{4}-\d\d-\d\dT\S+ .*\| 127\.0\.0\.1:\d+ up \d/m);
    const status = JSON.parse((await gopherbar('status', '--json')).out);
    expect(status.endpoints).toMatchObject([{ id: 'plain', status: 'up', uptime24h: 1 }]);
    expect(status.endpoints[0].ageMs).toBeGreaterThanOrEqual(0);
    expect(status.endpoints[0].ageMs).toBeLessThan(60_000);
  });

  it('history exports what was stored', async () => {
    writeSettings(labSettings());
    await gopherbar('watch', '--for', '2');
    const table = await gopherbar('history', 'plain', '--csv');
    const [head = '', first = ''] = table.out.split('\r\n');
    expect(head).toBe('endpoint,at,outcome,cause,totalMs,dns,connect,tls,request,response,body,verify');
    expect(first).toMatch(/^plain,\d{4}-[^,]+Z,ok,,[\d.]+,,[\d.]+,,/);
    const stored = JSON.parse((await gopherbar('history', '--json', '--since', '1h')).out);
    expect(stored).toMatchObject({ schema: 1, incidents: [] });
    expect(stored.samples[0]).toMatchObject({ endpoint: 'plain', outcome: 'ok', cause: null });
    expect(stored.events.map(({ kind }: { kind: string }) => kind)).toContain('started');
    expect((await gopherbar('history')).out).toMatch(/started/);
    expect((await gopherbar('history', 'nobody')).code).toBe(2);
    expect((await gopherbar('history', '--since', 'soon')).code).toBe(2);
  });

  it('a second watch only reads, and says why', async () => {
    writeSettings(labSettings());
    const first = begin(['watch', '--for', '30']);
    const firstEnd = ended(first);
    await once(first.stdout as NodeJS.EventEmitter, 'data');
    const second = await gopherbar('watch', '--for', '1');
    expect(second.code).toBe(0);
    expect(second.err).not.toBe('');
    first.kill('SIGINT');
    expect((await firstEnd).code).toBe(0);
  });

  it('status --probe measures now; a failure is exit 1', async () => {
    writeSettings(labSettings());
    expect((await gopherbar('status', '--probe')).code).toBe(0);
    await plain.setFault({ type: 'status', status: 503 });
    const { code, out } = await gopherbar('status', '--probe', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out).endpoints).toMatchObject([{ status: 'down', cause: 'http-server-error' }]);
  });

  it('draws a live table in a terminal, and q ends it', async () => {
    writeSettings(labSettings());
    const command = `${process.execPath} --disable-warning=ExperimentalWarning electron/cli/main.ts watch`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), LANG: 'C', TERM: 'xterm' },
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    while (!/● 127\.0\.0\.1:\d+ .* ms .*100/.test(stripVTControlCharacters(out)))
      await new Promise((resolve) => setTimeout(resolve, 50));
    // The end of input alone would end `script`, not the command.
    child.stdin.end('q');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(out).toContain('\u001b[?25l');
    expect(out.lastIndexOf('\u001b[?25h')).toBeGreaterThan(out.lastIndexOf('\u001b[?25l'));
  });

  it('names a broken settings file, and does not probe the defaults instead', async () => {
    const folder = join(home, '.local', 'share', 'gopherbar');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'settings.json'), '{"endpoints":');
    const { err } = await gopherbar('status');
    expect(err).toContain('settings.json');
  });
});

describe('profiles, use and undo', () => {
  const goenv = () => readFileSync(join(home, 'goenv'), 'utf8');

  it('shows a switch before it is made, and undoes several at once', async () => {
    writeSettings(labSettings());
    writeFileSync(join(home, 'goenv'), 'GOPROXY=https://u:secret@old.test\n');
    const { code, out } = await gopherbar('diff', 'two');
    expect(code).toBe(0);
    expect(out).toContain('- https://u:xxxxx@old.test');
    expect(out).toContain(`+ http://127.0.0.1:${plain.port}|two`);
    expect(out).toMatch(/\$ go env -w /);
    expect(goenv()).toBe('GOPROXY=https://u:secret@old.test\n');
    const json = await gopherbar('diff', 'two', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ schema: 1, profile: 'two', variables: [{ name: 'GOPROXY' }, {}] });
    expect(json.out).not.toContain('secret');
    for (const name of ['one', 'two', 'one']) await gopherbar('use', name);
    expect((await gopherbar('undo', '--steps', '9')).code).toBe(0);
    expect(goenv()).toBe('GOPROXY=https://u:secret@old.test\n');
  });

  it('walks the list for a module: found, missing, private, and stopped by a comma', async () => {
    writeSettings(labSettings());
    const [good, bad] = [`http://127.0.0.1:${plain.port}`, 'http://127.0.0.1:1'];
    const why = async (list: string, module: string = FIXTURE_MODULE.path, more: Record<string, string> = {}) => {
      const env = { GOPROXY: list, GOSUMDB: FIXTURE_SUMDB, ...more };
      const { code, out } = await ended(begin(['why', module, '--json'], env));
      return { code, ...JSON.parse(out) };
    };
    expect(await why(good)).toMatchObject({ code: 0, walk: { outcome: 'works' } });
    expect(await why(`${bad}|${good}`)).toMatchObject({ code: 0, walk: { outcome: 'fell-back', endsAt: 1 } });
    expect(await why(`${bad},${good}`)).toMatchObject({ code: 1, walk: { outcome: 'stops', endsAt: 0 } });
    const missing = await why(good, 'example.test/no-such-module');
    expect(missing).toMatchObject({ code: 1, walk: { steps: [{ cause: 'module-not-found' }] } });
    const inside = await why(good, FIXTURE_MODULE.path, { GOPRIVATE: 'example.test' });
    expect(inside).toMatchObject({ private: true, walk: { steps: [{ text: 'direct' }] } });
    expect((await gopherbar('why', 'no module')).code).toBe(2);
  });

  it('lints the effective settings, and says how to fix them', async () => {
    writeSettings(labSettings());
    const env = { GOPROXY: `http://127.0.0.1:1,http://127.0.0.1:${plain.port}`, https_proxy: 'http://127.0.0.1:2' };
    const { code, out } = await ended(begin(['lint', '--json'], env));
    expect(code).toBe(1);
    const { findings } = JSON.parse(out) as { findings: { rule: string; commands: string[] }[] };
    const rules = findings.map(({ rule }) => rule);
    expect(rules).toEqual(
      expect.arrayContaining(['comma-after-flaky', 'entry-down', 'proxy-env-dead', 'direct-missing']),
    );
    const comma = findings.find(({ rule }) => rule === 'comma-after-flaky');
    expect(comma?.commands[0]).toContain(`GOPROXY=http://127.0.0.1:1|http://127.0.0.1:${plain.port}`);
    expect((await gopherbar('lint', join(home, 'nowhere'))).code).toBe(1);
  });

  it('lists what a project would fetch, as text and as JSON of the published schema', async () => {
    writeSettings(labSettings());
    const { path, version } = FIXTURE_MODULE;
    mkdirSync(join(home, 'app'));
    writeFileSync(join(home, 'app', 'go.mod'), `module a.example/app\nrequire ${path} ${version}\n`);
    writeFileSync(join(home, 'app', 'go.sum'), `${path} ${version} h1:x=\n`);
    const env = { GOPROXY: `http://127.0.0.1:${plain.port}`, GOPRIVATE: 'none.test' };
    const { out } = await ended(begin(['preflight', join(home, 'app'), '--json'], env));
    const validPreflight = ajv.compile(schema('preflight'));
    expect(validPreflight(JSON.parse(out)), JSON.stringify(validPreflight.errors)).toBe(true);
    expect(JSON.parse(out)).toMatchObject({ missing: [{ path, version, fate: 'fetched' }] });
    const words = await ended(begin(['preflight', join(home, 'app')], env));
    expect(words.out).toContain('1 to fetch');
    expect((await gopherbar('preflight', home)).err).toContain('go.mod');
  });

  it('shows which value wins, without passwords', async () => {
    writeFileSync(join(home, 'goenv'), 'GOPROXY=https://file.test\n');
    const env = { GOPROXY: 'https://u:secret@loud.test', SHELL: '/bin/sh' };
    const { code, out } = await ended(begin(['effective', '--json'], env));
    expect(code).toBe(1);
    expect(out).not.toContain('secret');
    const { contexts } = JSON.parse(out) as { contexts: { id: string; values: { name: string }[] }[] };
    const own = contexts.find(({ id }) => id === 'app')?.values.find(({ name }) => name === 'GOPROXY');
    expect(own).toMatchObject({
      value: 'https://u:xxxxx@loud.test',
      layers: [{ layer: 'environment' }, { layer: 'go-env-file' }],
    });
    expect((await ended(begin(['effective'], env))).out).toContain('unset GOPROXY');
  });

  it('lists, switches by id, by name in either language and by prefix, and undoes to the byte', async () => {
    writeSettings(labSettings());
    writeFileSync(join(home, 'goenv'), '# mine\nGOPROXY=direct\n');
    expect(JSON.parse((await gopherbar('profiles', '--json')).out)).toMatchObject({
      schema: 1,
      go: { state: 'found' },
      profiles: [
        { id: 'one', active: false },
        { id: 'two', active: false },
      ],
    });
    for (const name of ['one', 'Profile two', '配置 one', 'tw']) {
      const { code, out } = await gopherbar('use', name);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(out).toMatch(/go env -w/);
    }
    expect(goenv()).toContain(`GOPROXY=http://127.0.0.1:${plain.port}|two`);
    expect(JSON.parse((await gopherbar('profiles', '--json')).out).profiles[1]).toMatchObject({ active: true });
    for (let i = 0; i < 4; i++) expect((await gopherbar('undo')).code).toBe(0);
    expect(goenv()).toBe('# mine\nGOPROXY=direct\n');
    expect(await gopherbar('undo')).toMatchObject({ code: 1, out: '' });
  });

  it('record the same events in the history as the app', async () => {
    writeSettings(labSettings());
    const events = async () =>
      JSON.parse((await gopherbar('history', '--json')).out).events.map(
        ({ kind, detail }: { kind: string; detail: string }) => `${kind} ${detail}`,
      );
    await gopherbar('use', 'one');
    await gopherbar('use', 'two');
    await gopherbar('undo');
    expect(await events()).toEqual(['undone two', 'switched two', 'switched one']);
    await gopherbar('use', 'two');
    await gopherbar('undo', '--steps', '2');
    expect((await events()).slice(0, 2)).toEqual(['undone one', 'switched two']);
    // A refused switch was not made.
    await gopherbar('undo');
    expect(await events()).toHaveLength(5);
  });

  it('names an unreadable journal, and undoes nothing', async () => {
    writeSettings(labSettings());
    await gopherbar('use', 'one');
    const before = goenv();
    const journal = join(home, '.local', 'share', 'gopherbar', 'profile', 'switches.json');
    rmSync(journal);
    mkdirSync(journal);
    const { code, err } = await gopherbar('undo');
    expect(code).toBe(1);
    expect(err).toContain(journal);
    expect(err).not.toMatch(/no switch to undo/);
    expect(goenv()).toBe(before);
  });

  it('refuses a value of the process environment, and says what to do', async () => {
    writeSettings(labSettings());
    const { code, err } = await inEnvironment({ GOPROXY: 'off' }, 'use', 'one');
    expect(code).toBe(1);
    expect(err).toMatch(/GOPROXY/);
  });

  it('without go: says so', async () => {
    writeSettings({ ...labSettings(), go: { path: join(home, 'no-go') } });
    const { code, err } = await gopherbar('use', 'one');
    expect(code).toBe(1);
    expect(err).toMatch(/no-go/);
  });
});

describe('probe of every kind, and the canary', () => {
  const run = async (...args: string[]) => {
    const { code, out, err } = await gopherbar(...args, '--json');
    const json = JSON.parse(out || `{"err":${JSON.stringify(err)}}`);
    expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
    return { code, json };
  };

  it('sumdb, by its base and key, or as GOSUMDB writes it', async () => {
    const base = `http://127.0.0.1:${plain.port}/sumdb/sum.example.test`;
    const module = ['--module', MODULE];
    const byBase = await run('probe', base, '--kind', 'sumdb', '--key', FIXTURE_SUMDB, ...module);
    expect(byBase).toMatchObject({ code: 0, json: { kind: 'sumdb', outcome: 'ok' } });
    const byValue = await run('probe', `${FIXTURE_SUMDB} ${base}`, '--kind', 'sumdb', ...module);
    expect(byValue).toMatchObject({ code: 0, json: { outcome: 'ok' } });
  });

  it('dns and forward-proxy and vcs', async () => {
    const dns = await run('probe', lab.dns.address, '--kind', 'dns', '--target', 'nowhere.lab');
    expect(dns).toMatchObject({ code: 1, json: { kind: 'dns', cause: 'dns-no-such-host' } });
    const forward = await run('probe', '127.0.0.1:1', '--kind', 'forward-proxy');
    expect(forward).toMatchObject({ code: 1, json: { cause: 'forward-proxy-unreachable', phase: 'connect' } });
    const vcs = await run('probe', `http://127.0.0.1:${plain.port}/x/y`, '--kind', 'vcs');
    expect(vcs).toMatchObject({ code: 1, json: { cause: 'go-import-missing' } });
  });

  it('says which forward proxy go itself would use', async () => {
    const env = { HTTP_PROXY: 'http://me:s3cret@127.0.0.1:7890' };
    const { out } = await inEnvironment(
      env,
      'probe',
      'http://nobody.invalid',
      '--resolve',
      'nobody.invalid:80:127.0.0.1',
      '--json',
    );
    expect(JSON.parse(out).forwardProxyOfGo).toBe('http://me:xxxxx@127.0.0.1:7890');
  });

  it('lag compares the proxies of the settings', async () => {
    writeSettings({
      endpoints: [{ url: `http://127.0.0.1:${plain.port}` }, { url: 'http://127.0.0.1:1', id: 'gone' }],
    });
    const { code, out } = await gopherbar('lag', FIXTURE_MODULE.path, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      modules: [
        {
          module: FIXTURE_MODULE.path,
          proxies: [
            { newest: 'v1.1.0', versionsBehind: 0, hoursBehind: 0 },
            { endpointId: 'gone', newest: null },
          ],
        },
      ],
    });
    expect((await gopherbar('lag', '../..')).code).toBe(2);
  });

  it('experiments on a failure when asked to', async () => {
    await plain.setFault({ type: 'refuse' });
    const { json } = await run('probe', `http://127.0.0.1:${plain.port}`, '--other-proxy', 'http://127.0.0.1:1');
    expect(json.evidence.experiments).toEqual([
      { variable: 'through-proxy', tries: 3, unchanged: 0, changed: 0, value: 'http://127.0.0.1:1' },
    ]);
  });

  it('canary, with the effective settings and with a profile', async () => {
    writeSettings({
      profiles: [
        { id: 'lab', name: 'Lab', variables: { GOPROXY: `http://127.0.0.1:${plain.port}`, GOSUMDB: FIXTURE_SUMDB } },
      ],
    });
    writeFileSync(join(home, 'goenv'), 'GOPROXY=off\n');
    expect(await run('canary', MODULE)).toMatchObject({ code: 1, json: { kind: 'module', cause: 'goproxy-off' } });
    expect(await run('canary', MODULE, '--profile', 'lab')).toMatchObject({ code: 0, json: { outcome: 'ok' } });
    const several = await gopherbar('canary', MODULE, 'example.test/hello@v9.9.9', '--profile', 'lab', '--json');
    expect(several.code).toBe(1);
    expect(JSON.parse(several.out).results).toMatchObject([{ outcome: 'ok' }, { outcome: 'failed' }]);
    const shown = await gopherbar('canary', MODULE, '--profile', 'lab');
    expect(shown.out).toMatch(/● module:\/\/example\.test/);
  });
});

describe('explain', () => {
  const validExplain = ajv.compile(schema('explain'));
  const TEXT = 'go: golang.org/x/text@v0.14.0: Get "https://me:s3cret@goproxy.cn/x": EOF\n';

  it('reads a file or standard input, prints text or JSON', async () => {
    const file = join(home, 'log.txt');
    writeFileSync(file, TEXT);
    const json = await gopherbar('explain', file, '--json');
    expect(json.code).toBe(1);
    const parsed = JSON.parse(json.out);
    expect(validExplain(parsed), ajv.errorsText(validExplain.errors)).toBe(true);
    expect(parsed.findings).toMatchObject([{ cause: 'eof-no-response', host: 'goproxy.cn', retryable: true }]);
    expect(json.out).not.toContain('s3cret');
    const child = begin(['explain', '-', '--lang', 'zh-CN']);
    child.stdin?.write(TEXT);
    const words = await ended(child);
    expect(words.out).toMatch(/eof-no-response/);
    expect(words.out).toMatch(/[\u4e00-\u9fff]/);
  });

  it('finds nothing in good output, the end of long output, and reports what it cannot read', async () => {
    const file = join(home, 'long.txt');
    writeFileSync(file, 'go: downloading a.example/m v1.0.0\n');
    expect((await gopherbar('explain', file)).code).toBe(0);
    writeFileSync(file, `${'building a package that compiles\n'.repeat(700_000)}${TEXT}`);
    expect(JSON.parse((await gopherbar('explain', file, '--json')).out).findings).toHaveLength(1);
    expect(await gopherbar('explain', join(home, 'none'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/ENOENT/),
    });
  });

  it('reads the output of go with -json', async () => {
    const file = join(home, 'json.txt');
    writeFileSync(
      file,
      `${JSON.stringify({ Path: 'a.example/m', Error: 'a.example/m@v1.0.0: module lookup disabled by GOPROXY=off' }, null, '\t')}\n`,
    );
    expect(JSON.parse((await gopherbar('explain', file, '--json')).out).findings[0]).toMatchObject({
      cause: 'goproxy-off',
    });
  });
});

it('hosts lists every contacted host', async () => {
  writeSettings(labSettings());
  const { code, out } = await gopherbar('hosts');
  expect(code).toBe(0);
  expect(out).toContain('127.0.0.1');
  expect(out).toMatch(/^https:\/\/1\.1\.1\.1\/dns-query +used by the doctor only/m);
  const columns = out
    .trimEnd()
    .split('\n')
    .map((line) => line.search(/(?<= {2})\S/));
  expect(new Set(columns).size).toBe(1);
});

it.each([
  [['undo']],
  [['use', 'nowhere']],
  [['diff', 'nowhere']],
  [['history', 'nowhere']],
  [['config', 'set', 'preferences.theme', 'pink']],
  [['config', 'unset', 'limits.softMs']],
  [['explain', '/nonexistent']],
  [['lint', '/nonexistent']],
  [['prefetch', '/nonexistent']],
  [['verify', 'nowhere']],
  [['doctor', 'a b']],
])('what goes wrong in %j has one form, on standard error', async (args) => {
  writeSettings(labSettings());
  const { code, err } = await gopherbar(...args);
  expect([1, 2]).toContain(code);
  expect(err).toMatch(/^gopherbar: \S/);
  expect(err).not.toContain('✗');
});

describe('the end of a command', () => {
  it.each([
    [['hosts']],
    [['profiles', '--json']],
    [['status', '--probe']],
    [['history']],
    [['diff', 'one']],
    [['lag', FIXTURE_MODULE.path]],
    [['why', FIXTURE_MODULE.path]],
    [['use', 'no-such-profile']],
  ])('%j leaves nothing that runs or writes', async (args) => {
    writeSettings(labSettings());
    const quiet = watchForQuiet(home);
    expect([0, 1, 2]).toContain((await gopherbar(...args)).code);
    await quiet.expectQuiet();
  });
});
