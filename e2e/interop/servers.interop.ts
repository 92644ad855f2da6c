/**
 * The command line against real servers: dnsmasq, tinyproxy, dante, nginx, git http-backend, and the real go as a client of
 * the same. What our own lab might get wrong the same way as our own probe, these do not.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { interopPart } from '../../build/interop-parts.mjs';
import { type Lab, startLab } from '../lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../lab/tree.ts';
import { runToEnd } from '../run-to-end.ts';
import { freePort, type Part, startPart } from './part.ts';

const root = join(import.meta.dirname, '..', '..');
const TREE = join(root, 'e2e', 'lab', 'fixtures', 'goproxy', 'tree');
const MODULE = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;
const run = promisify(execFile);
let folder: string;
let caFile: string;
let lab: Lab;
const parts: Part[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-interop-'));
  // dnsmasq and tinyproxy give up root.
  chmodSync(folder, 0o755);
  lab = await startLab();
  caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, lab.authority.ca);
});
afterEach(async () => {
  for (const part of parts.splice(0)) await part.stop();
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** `gopherbar … --json` in a scratch home. */
async function gopherbar(args: readonly string[], env: Record<string, string> = {}) {
  const home = join(folder, 'home');
  const { stdout } = await runToEnd(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', ...args, '--json'],
    {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', LANG: 'C', ...env },
    },
  );
  return JSON.parse(stdout) as {
    outcome: string;
    cause: string | null;
    phase: string | null;
    steps: { name: string; outcome: string }[];
    protocol: string | null;
  };
}

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

async function start(program: Parameters<typeof interopPart>[0], args: readonly string[], port: number): Promise<void> {
  const { file: executable, env } = interopPart(program);
  parts.push(await startPart(executable, args, env, port));
}

describe('dnsmasq', () => {
  async function resolver(...more: string[]): Promise<string> {
    const port = await freePort();
    const base = ['--no-daemon', '--no-resolv', '--no-hosts', '--conf-file=/dev/null', '--user=root', `--port=${port}`];
    await start('dnsmasq', [...base, '--listen-address=127.0.0.1', '--bind-interfaces', ...more], port);
    return `127.0.0.1:${port}`;
  }

  it.each(['udp', 'tcp'])('over %s answers, and denies what does not exist', async (transport) => {
    const at = await resolver('--address=/public.lab/93.184.215.14', '--local=/public.lab/', '--local=/com/');
    const result = await gopherbar(['probe', `${transport}://${at}`, '--kind', 'dns', '--target', 'public.lab']);
    expect(result).toMatchObject({ outcome: 'ok', cause: null });
    expect(result.steps.map(({ name }) => name)).toEqual(['a', 'aaaa', 'random-name']);
  });

  it('that sends every name to one place is caught', async () => {
    const at = await resolver('--address=/#/93.184.215.14');
    expect(await gopherbar(['probe', at, '--kind', 'dns', '--target', 'public.lab'])).toMatchObject({
      cause: 'dns-nxdomain-hijacked',
      phase: 'verify',
    });
  });

  it('without a way to ask refuses', async () => {
    const at = await resolver();
    expect(await gopherbar(['probe', at, '--kind', 'dns', '--target', 'public.lab'])).toMatchObject({
      cause: 'dns-server-misbehaving',
    });
  });
});

describe('tinyproxy', () => {
  async function proxy(...lines: string[]): Promise<number> {
    const port = await freePort();
    const config = [
      `Port ${port}`,
      'Listen 127.0.0.1',
      'Timeout 10',
      `PidFile "${join(folder, 'tinyproxy.pid')}"`,
      ...lines,
    ];
    await start('tinyproxy', ['-d', '-c', file('tinyproxy.conf', `${config.join('\n')}\n`)], port);
    return port;
  }

  it('tunnels', async () => {
    const secure = await lab.proxy({ host: 'secure.lab', transport: 'h2' });
    const port = await proxy();
    const target = `https://127.0.0.1:${secure.port}/example.test/hello/@v/list`;
    const result = await gopherbar([
      'probe',
      `http://127.0.0.1:${port}`,
      '--kind',
      'forward-proxy',
      '--target',
      target,
      '--ca',
      caFile,
    ]);
    expect(result).toMatchObject({ outcome: 'ok' });
    expect(result.steps).toMatchObject([
      { name: 'tunnel', outcome: 'ok' },
      { name: 'through', outcome: 'ok' },
    ]);
  });

  it('relays plain requests', async () => {
    const plain = await lab.proxy({ host: 'plain.lab', transport: 'http' });
    const port = await proxy();
    const target = `http://127.0.0.1:${plain.port}/example.test/hello/@v/list`;
    expect(
      await gopherbar(['probe', `127.0.0.1:${port}`, '--kind', 'forward-proxy', '--target', target]),
    ).toMatchObject({ outcome: 'ok', steps: [{ name: 'through' }] });
  });

  it('that wants credentials, gets none, wrong and right ones', async () => {
    const port = await proxy('BasicAuth me s3cret');
    const secure = await lab.proxy({ host: 'auth.lab', transport: 'h1' });
    const target = `https://127.0.0.1:${secure.port}/example.test/hello/@v/list`;
    const as = (user: string) =>
      gopherbar([
        'probe',
        `http://${user}127.0.0.1:${port}`,
        '--kind',
        'forward-proxy',
        '--target',
        target,
        '--ca',
        caFile,
      ]);
    expect(await as('')).toMatchObject({ cause: 'forward-proxy-auth' });
    expect(await as('me:wrong@')).toMatchObject({ cause: 'forward-proxy-auth' });
    expect(await as('me:s3cret@')).toMatchObject({ outcome: 'ok' });
  });

  it('that cannot reach the target, or may not', async () => {
    const port = await proxy('ConnectPort 443');
    const result = await gopherbar([
      'probe',
      `http://127.0.0.1:${port}`,
      '--kind',
      'forward-proxy',
      '--target',
      'https://127.0.0.1:1/',
    ]);
    expect(result).toMatchObject({ cause: 'forward-proxy-refused', phase: 'response' });
  });
});

describe('dante', () => {
  it('tunnels by SOCKS5, and says when it cannot', async () => {
    const secure = await lab.proxy({ host: 'socks.lab', transport: 'h2' });
    const port = await freePort();
    const config = [
      'logoutput: stderr',
      `internal: 127.0.0.1 port = ${port}`,
      'external: lo',
      'socksmethod: none',
      'clientmethod: none',
      'user.privileged: root',
      'user.unprivileged: root',
      'client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }',
      'socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }',
    ].join('\n');
    await start('danted', ['-f', file('danted.conf', `${config}\n`), '-p', join(folder, 'danted.pid')], port);
    const probe = (target: string) =>
      gopherbar(['probe', `socks5://127.0.0.1:${port}`, '--kind', 'forward-proxy', '--target', target, '--ca', caFile]);
    expect(await probe(`https://127.0.0.1:${secure.port}/example.test/hello/@v/list`)).toMatchObject({ outcome: 'ok' });
    expect(await probe('https://127.0.0.1:1/')).toMatchObject({ cause: 'forward-proxy-refused', phase: 'response' });
  });
});

describe('nginx', () => {
  /** A front with TLS; `locations` is what it serves. */
  async function front(locations: string, http2 = true): Promise<number> {
    const port = await freePort();
    const identity = await lab.authority.leaf('good', ['front.lab', '127.0.0.1']);
    const cert = file('front.pem', identity.cert);
    const key = file('front.key', identity.key);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (one) => `${one}_temp_path ${join(folder, one)};`,
    );
    const config = `daemon off; pid ${join(folder, 'nginx.pid')}; error_log stderr; user root;
      events {}
      http { access_log off; ${temporary.join(' ')} default_type text/plain;
        server { listen 127.0.0.1:${port} ssl${http2 ? ' http2' : ''}; server_name front.lab;
          ssl_certificate ${cert}; ssl_certificate_key ${key};
          ${locations} } }`;
    await start('nginx', ['-p', folder, '-e', 'stderr', '-c', file('nginx.conf', config)], port);
    return port;
  }

  it.each([
    [true, 'h2'],
    [false, 'http/1.1'],
  ])('as the front of a module proxy (http2 %s): the probe and both versions of go agree', async (http2, protocol) => {
    const port = await front(`location / { root ${TREE}; }`, http2);
    const url = `https://127.0.0.1:${port}`;
    const probed = await gopherbar(['probe', url, '--ca', caFile, '--module', MODULE, '--key', FIXTURE_SUMDB]);
    expect(probed).toMatchObject({ outcome: 'ok', protocol });
    expect(probed.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toContain('lookup ok');
    mkdirSync(join(folder, 'home'), { recursive: true });
    for (const { path } of goToolchains()) {
      const bin = join(path, '..');
      const env = { GOPROXY: url, GOSUMDB: FIXTURE_SUMDB, SSL_CERT_FILE: caFile, PATH: `${bin}:${process.env.PATH}` };
      expect(await gopherbar(['canary', MODULE], env)).toMatchObject({ outcome: 'ok' });
    }
  });

  it('whose upstream is gone: both say 502', async () => {
    const port = await front('location / { proxy_pass http://127.0.0.1:1; }');
    const url = `https://127.0.0.1:${port}`;
    expect(await gopherbar(['probe', url, '--ca', caFile, '--module', MODULE])).toMatchObject({
      cause: 'http-server-error',
    });
    const env = { GOPROXY: url, GOSUMDB: 'off', SSL_CERT_FILE: caFile };
    expect(await gopherbar(['canary', MODULE], env)).toMatchObject({ cause: 'http-server-error' });
  });

  it('in front of git http-backend: discovery and refs', async () => {
    const repositories = join(folder, 'git');
    await run('git', ['init', '--quiet', '--bare', join(repositories, 'lib.git')]);
    const backend = await gitBackend(repositories);
    const port = await front(`
      location = /lib { return 200 '<html><head><meta name="go-import" content="$http_host/lib git https://$http_host/git/lib.git"></head></html>'; }
      location /git/ { proxy_pass http://127.0.0.1:${backend.port}/; }`);
    const url = `https://127.0.0.1:${port}/lib`;
    const result = await gopherbar(['probe', url, '--kind', 'vcs', '--ca', caFile]);
    const missing = await gopherbar([
      'probe',
      `https://127.0.0.1:${port}/git/nosuch.git`,
      '--kind',
      'vcs',
      '--ca',
      caFile,
    ]);
    backend.close();
    expect(result).toMatchObject({ outcome: 'ok' });
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(['go-get ok', 'refs ok']);
    expect(missing).toMatchObject({ cause: 'vcs-repo-not-found' });
  });
});

/** git's own CGI program behind a minimal HTTP server (git-http-backend(1)). */
async function gitBackend(repositories: string): Promise<{ port: number; close(): void }> {
  const server = http.createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://git');
    const cgi = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: repositories,
        GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: request.method,
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        // Created by root for a server that is root: git would otherwise call the ownership dubious.
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
      },
    });
    const chunks: Buffer[] = [];
    cgi.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    cgi.on('close', () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      const headers = output.subarray(0, end).toString('latin1').split('\r\n');
      const fields = headers.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
      const status = Number(fields.find(([name]) => name === 'Status')?.[1]?.slice(0, 3) ?? 200);
      response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name !== 'Status')));
      response.end(output.subarray(end + 4));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
