/** From the module proxy to the download: each check once where it finds something and once where all is well. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goToolchains } from '../../../build/go-toolchains.ts';
import { diagnosis, type World } from '../../../e2e/doubles/diagnosis.ts';
import { ForwardProxy } from '../../../e2e/lab/forward-proxy.ts';
import type { GoproxyServer } from '../../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB, readTree } from '../../../e2e/lab/tree.ts';
import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import { CanaryPool } from '../../probe/canary-pool.ts';
import { InlinePool } from '../../probe/inline-pool.ts';
import { systemClock } from '../../system/clock.ts';
import { SystemProcessRunner } from '../../system/process-runner.ts';
import type { CheckResult, DoctorCheck } from './check.ts';
import { downloadCheck } from './download.ts';
import { forwardProxyCheck } from './forward-proxy.ts';
import { gitCheck } from './git.ts';
import { goEnvironmentCheck } from './go-environment.ts';
import { goproxyCheck } from './goproxy.ts';
import { sumdbCheck } from './sumdb.ts';

let lab: Lab;
let one: GoproxyServer;
let two: GoproxyServer;

beforeAll(async () => {
  lab = await startLab();
  one = await lab.proxy({ host: 'one.lab', transport: 'http' });
  two = await lab.proxy({ host: 'two.lab', transport: 'http' });
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

/** Proxies of the list are asked for the lab's own module. */
function proxy(url: string): Endpoint {
  return { id: url, kind: 'goproxy', name: url, url, module: FIXTURE_MODULE };
}

async function run(check: DoctorCheck, world: World): Promise<CheckResult> {
  const network = { resolver: lab.dns.address, extraCa: [lab.authority.ca] };
  const endpoints = [proxy(one.url), proxy(two.url), ...(world.settings?.endpoints ?? [])];
  return check.run(diagnosis(network, { ...world, settings: { ...world.settings, endpoints } }));
}

const said = ({ notes }: CheckResult) => notes.map(({ key, severity, params }) => [key, severity, params]);
const keys = ({ notes }: CheckResult) => notes.map(({ key }) => key);
const noteOf = ({ notes }: CheckResult, key: string) => notes.find((note) => note.key === key);

/** A server with answers of its own, for one test. */
async function serve(handler: http.RequestListener): Promise<{ host: string; close: () => void }> {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

describe('goproxy', () => {
  it('is silent where the first entry serves', async () => {
    const result = await run(goproxyCheck, { effective: { GOPROXY: `${one.url},${two.url}` } });
    expect(result.status).toBe('ok');
    expect(said(result)).toEqual([
      ['entry-works', 'info', { entry: one.url }],
      ['entry-not-reached', 'info', { entry: two.url }],
      ['list-end', 'info', { outcome: 'works' }],
    ]);
    expect(result.commands[0]).toMatch(/^curl -v -- http:\/\/one\.lab:\d+\/golang\.org\/x\/text\/@v\//);
  });

  it('fires where an entry ends the list: after a comma only 404 and 410 go on', async () => {
    await one.setFault({ type: 'status', status: 502 });
    const result = await run(goproxyCheck, { effective: { GOPROXY: `${one.url},${two.url}` } });
    expect(result.status).toBe('failed');
    expect(noteOf(result, 'entry-fails')).toMatchObject({
      severity: 'error',
      params: { entry: one.url, cause: 'http-server-error' },
    });
    expect(noteOf(result, 'list-end')?.params.outcome).not.toBe('works');
  });

  it('only warns where a pipe leads on to one that serves', async () => {
    await one.setFault({ type: 'status', status: 502 });
    const result = await run(goproxyCheck, { effective: { GOPROXY: `${one.url}|${two.url}` } });
    expect(result.status).toBe('warning');
    expect(said(result).map(([key, severity]) => [key, severity])).toEqual([
      ['entry-fails', 'warning'],
      ['entry-works', 'info'],
      ['list-end', 'info'],
    ]);
    expect(noteOf(result, 'list-end')?.params).toEqual({ outcome: 'later' });
  });

  it('names the one request that fails beside others that work', async () => {
    const half = await serve(async (request, response) => {
      const found = request.url?.endsWith('.mod') ? null : await readTree(request.url ?? '/');
      if (request.url?.endsWith('.mod')) response.writeHead(500).end();
      else if (found === null) response.writeHead(404).end();
      else response.setHeader('content-type', found.contentType).end(found.body);
    });
    const url = `http://${half.host}`;
    const settings = { endpoints: [proxy(url)] };
    const result = await run(goproxyCheck, { effective: { GOPROXY: url }, settings });
    half.close();
    expect(result.status).toBe('failed');
    expect(noteOf(result, 'goproxy-step')).toMatchObject({
      severity: 'error',
      params: { step: 'mod', cause: 'http-server-error' },
    });
  });

  it('has nothing to ask for a private module or without a list', async () => {
    expect((await run(goproxyCheck, { effective: {} })).status).toBe('not-needed');
    const effective = { GOPROXY: one.url, GOPRIVATE: 'example.test' };
    expect((await run(goproxyCheck, { target: 'example.test/hello', effective })).status).toBe('not-needed');
  });
});

describe('sumdb', () => {
  const GOPROXY = () => one.url;
  const direct = (server: GoproxyServer) => `${FIXTURE_SUMDB} ${server.url}/sumdb/sum.example.test`;

  it('is silent where the database answers and proves what it says', async () => {
    const result = await run(sumdbCheck, { effective: { GOPROXY: GOPROXY(), GOSUMDB: direct(one) } });
    expect([result.status, keys(result)]).toEqual(['ok', ['sumdb-works']]);
    expect(result.commands).toEqual([`curl -v -- ${one.url}/sumdb/sum.example.test/latest`]);
  });

  it('fires where it does not answer and no proxy relays it', async () => {
    await two.setFault({ type: 'status', status: 503 });
    const result = await run(sumdbCheck, { effective: { GOPROXY: GOPROXY(), GOSUMDB: direct(two) } });
    expect(result.status).toBe('failed');
    expect(said(result)[0]).toMatchObject(['cause', 'error', { cause: 'http-server-error' }]);
    expect(keys(result)).toEqual(['cause', 'said']);
  });

  it('is silent where it does not answer but the proxy relays it', async () => {
    const network = { resolver: lab.dns.address, extraCa: [lab.authority.ca] };
    const effective = { GOPROXY: GOPROXY(), GOSUMDB: FIXTURE_SUMDB };
    const module = { ...proxy(one.url), key: FIXTURE_SUMDB };
    const context = diagnosis(network, { effective, settings: { endpoints: [module] } });
    await context.subjectResult();
    const result = await sumdbCheck.run(context);
    expect(result.status).toBe('ok');
    expect(noteOf(result, 'sumdb-relayed')?.params).toEqual({ host: one.url });
    expect(noteOf(result, 'cause')?.severity).toBe('info');
  });

  it('warns where it is switched off, and has no part for a module that is not in it', async () => {
    const off = await run(sumdbCheck, { effective: { GOPROXY: GOPROXY(), GOSUMDB: 'off' } });
    expect([off.status, keys(off)]).toEqual(['warning', ['sumdb-off']]);
    const effective = { GOPROXY: GOPROXY(), GOSUMDB: direct(one), GONOSUMDB: 'example.test' };
    expect((await run(sumdbCheck, { target: 'example.test/hello', effective })).status).toBe('not-needed');
    expect((await run(sumdbCheck, { effective: null })).status).toBe('not-needed');
  });
});

describe('git', () => {
  const REFS = '001e# service=git-upload-pack\n0000';
  const source = (isWell: boolean) =>
    serve((request, response) => {
      if (!isWell) return void response.writeHead(502).end();
      if (request.url?.includes('info/refs'))
        return void response.setHeader('content-type', 'application/x-git-upload-pack-advertisement').end(REFS);
      const { host } = request.headers;
      response.end(`<meta name="go-import" content="${host}/lib git http://${host}/repo.git">`);
    });
  const vcs = (host: string): Endpoint => ({ id: host, kind: 'vcs', name: host, url: `http://${host}/lib` });

  it('quotes the repository that a server names: a shell runs nothing of it', async () => {
    const root = 'https://127.0.0.1:9/$(touch$IFS.owned);`id`';
    const server = await serve((_, response) => {
      response.end(`<meta name="go-import" content="${server.host}/lib git ${root}">`);
    });
    const { commands } = await run(gitCheck, { settings: { endpoints: [vcs(server.host)] } });
    server.close();
    const folder = mkdtempSync(join(tmpdir(), 'gopherbar-paste-'));
    const stub = '#!/bin/sh\nprintf "%s\\n" "$0" "$@" >> "$RECORD"\n';
    for (const name of ['curl', 'git']) writeFileSync(join(folder, name), stub, { mode: 0o755 });
    const env = { PATH: folder, RECORD: join(folder, 'record') };
    for (const line of commands) execFileSync('/bin/sh', ['-c', line], { cwd: folder, env });
    const ran = readFileSync(env.RECORD, 'utf8');
    rmSync(folder, { recursive: true });
    expect(ran).toBe(
      `${folder}/curl\n-v\n--\nhttp://${server.host}/lib?go-get=1\n${folder}/git\nls-remote\n--\n${root}\n`,
    );
  });

  it('is silent where discovery and refs answer', async () => {
    const server = await source(true);
    const result = await run(gitCheck, { settings: { endpoints: [vcs(server.host)] } });
    server.close();
    expect(said(result)).toEqual([['git-works', 'info', { host: server.host }]]);
    expect(result).toMatchObject({
      status: 'ok',
      commands: [
        `curl -v -- 'http://${server.host}/lib?go-get=1'`,
        `GIT_CURL_VERBOSE=1 git ls-remote -- http://${server.host}/repo.git`,
      ],
    });
  });

  it('fails where the case depends on it, and only warns where it does not', async () => {
    const server = await source(false);
    const settings = { endpoints: [vcs(server.host)] };
    const beside = await run(gitCheck, { settings, effective: { GOPROXY: one.url } });
    const asked = await run(gitCheck, { settings, target: server.host });
    server.close();
    expect([beside.status, asked.status]).toEqual(['warning', 'failed']);
    expect(noteOf(asked, 'cause')?.params).toEqual({ cause: 'http-server-error', host: server.host });
  });

  it('has no part where nothing comes from sources', async () => {
    expect((await run(gitCheck, { effective: { GOPROXY: one.url } })).status).toBe('not-needed');
  });
});

describe('forward proxy', () => {
  const through = (url: string): World => ({ effective: { GOPROXY: one.url }, ports: { env: { HTTP_PROXY: url } } });

  it('has no part without one', async () => {
    const result = await run(forwardProxyCheck, { effective: { GOPROXY: one.url } });
    expect([result.status, keys(result)]).toEqual(['not-needed', ['proxy-none']]);
  });

  it('is silent where requests get through', async () => {
    const route = () => ({ host: '127.0.0.1', port: one.port });
    const forward = await ForwardProxy.start({ kind: 'http', route });
    const { url } = forward;
    const result = await run(forwardProxyCheck, through(url));
    await forward.close();
    expect(said(result)).toEqual([['proxy-works', 'info', { proxy: url }]]);
    expect(result.commands).toEqual([`curl -v -x ${url} -o /dev/null -- ${one.url}`]);
  });

  it('fires where it is gone, and shows no password', async () => {
    const forward = await ForwardProxy.start({ kind: 'http', route: () => null });
    const { url } = forward;
    await forward.close();
    const result = await run(forwardProxyCheck, through(url.replace('//', '//lin:s3cret@')));
    expect(result.status).toBe('failed');
    expect(noteOf(result, 'proxy-fails')).toMatchObject({
      severity: 'error',
      params: { cause: 'forward-proxy-unreachable' },
    });
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });
});

describe('go environment', () => {
  it('warns without a go', async () => {
    const result = await run(goEnvironmentCheck, { effective: null });
    expect(said(result)).toEqual([['go-missing', 'warning', { detail: 'go-missing' }]]);
    expect(result.commands).toEqual(['which go']);
  });

  it('shows what is in force and is silent about good settings', async () => {
    const effective = { GOPROXY: 'https://proxy.golang.org|direct', GOSUMDB: 'sum.golang.org' };
    const result = await run(goEnvironmentCheck, { effective });
    expect(result.status).toBe('ok');
    expect(result.notes.filter(({ key }) => key === 'go-value').map(({ params }) => params.name)).toEqual([
      'GOPROXY',
      'GOSUMDB',
    ]);
    expect(keys(result)).not.toContain('lint');
  });

  it('fires on a list that go refuses, and shows no password of it', async () => {
    const effective = { GOPROXY: `${one.url};https://lin:s3cret@two.lab` };
    const result = await run(goEnvironmentCheck, { effective });
    expect(result.status).toBe('failed');
    expect(noteOf(result, 'lint')).toMatchObject({ severity: 'error' });
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });
});

describe('download', () => {
  const home = mkdtempSync(join(tmpdir(), 'gopherbar-download-'));
  const go = goToolchains()[0];
  afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

  function download(list: string, world: World = {}): Promise<CheckResult> {
    writeFileSync(join(home, 'goenv'), `GOPROXY=${list}\nGOSUMDB=off\nGOFLAGS=-modcacherw\n`);
    const env = { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local' };
    const runner = new SystemProcessRunner(systemClock);
    const findGo = async () =>
      go === undefined
        ? ({ ok: false, problem: { key: 'go-missing', params: {} } } as const)
        : ({ ok: true, go } as const);
    const pool = new CanaryPool(new InlinePool(systemClock), systemClock, { runner, env, findGo });
    return run(downloadCheck, { effective: { GOPROXY: list }, ...world, ports: { pool } });
  }
  const at = (server: GoproxyServer) => `http://127.0.0.1:${server.port}`;
  const target = `${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`;

  it('is silent where the real go downloads', async () => {
    const result = await download(at(one), { target });
    expect(result.status).toBe('ok');
    expect(said(result)).toMatchObject([['download-works', 'info', { module: target }]]);
    expect(result.commands).toEqual([`GOMODCACHE=$(mktemp -d) GOFLAGS=-modcacherw go mod download -x -- ${target}`]);
  });

  it('fires with what go itself said', async () => {
    await one.setFault({ type: 'status', status: 404 });
    const result = await download(at(one), { target });
    expect(result.status).toBe('failed');
    expect(said(result)[0]).toMatchObject(['cause', 'error', { cause: 'module-not-found', host: target }]);
    expect(String(noteOf(result, 'said')?.params.text)).toContain('404');
  });

  it('has no part without a go, or for a host', async () => {
    expect((await download(at(one), { effective: null })).status).toBe('not-needed');
    expect((await download(at(one), { target: one.url })).status).toBe('not-needed');
  });
});
