/**
 * Private servers that want Basic authentication: the probe is let in exactly where the real go, old and newer, is. The
 * credentials come from .netrc and GOAUTH; what they are is in no result.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goToolchains, type Toolchain } from '../../build/go-toolchains.ts';
import { LabAuthority } from '../../e2e/lab/certificates.ts';
import { FIXTURE_MODULE, readTree } from '../../e2e/lab/tree.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { CanaryPool } from './canary-pool.ts';
import { CredentialPool } from './credential-pool.ts';
import { InlinePool } from './inline-pool.ts';

const PASSWORD = 'correct-horse';
const BASIC = `Basic ${Buffer.from(`ann:${PASSWORD}`).toString('base64')}`;
const OTHER = `Basic ${Buffer.from('bob:battery-staple').toString('base64')}`;
const runner = new SystemProcessRunner(systemClock);
const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-credentials-'));
const caFile = join(scratch, 'ca.pem');
let authority: LabAuthority;
const servers: PrivateServer[] = [];

/** Serves the fixture tree to signed-in clients; `redirectTo` sends these elsewhere. */
class PrivateServer {
  accepts = BASIC;
  redirectTo: string | null = null;
  /** Authorization of each request, '' = none. */
  readonly seen: string[] = [];
  readonly #server: https.Server;

  constructor(identity: { key: string; cert: string }) {
    this.#server = https.createServer(
      identity,
      (request, response) => void this.#answer(request.url ?? '', request.headers.authorization ?? '', response),
    );
  }

  static async start(): Promise<PrivateServer> {
    const server = new PrivateServer(await authority.leaf('good', ['127.0.0.1', 'localhost']));
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async #answer(path: string, authorization: string, response: ServerResponse) {
    this.seen.push(authorization);
    if (authorization !== this.accepts) {
      response.writeHead(401, { 'www-authenticate': 'Basic', 'content-type': 'text/plain' });
      response.end(`no entry for ${authorization}\n`);
      return;
    }
    if (this.redirectTo !== null) {
      response.writeHead(302, { location: `${this.redirectTo}${path}` }).end();
      return;
    }
    const found = await readTree(path);
    if (found === null) response.writeHead(404).end();
    else response.setHeader('content-type', found.contentType).end(found.body);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

beforeAll(async () => {
  authority = await LabAuthority.create();
  writeFileSync(caFile, authority.ca);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
// `go` leaves a process behind that writes its telemetry for a moment.
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

let homes = 0;

/** A home folder with a .netrc, or without one. */
function homeWith(netrc: string | null): string {
  homes += 1;
  const home = join(scratch, `home-${homes}`);
  mkdirSync(home);
  if (netrc !== null) writeFileSync(join(home, '.netrc'), netrc, { mode: 0o600 });
  return home;
}

function poolFor(toolchain: Toolchain, env: Record<string, string | undefined>) {
  const base = { PATH: process.env.PATH, GOENV: 'off', GOSUMDB: 'off', GOTOOLCHAIN: 'local', SSL_CERT_FILE: caFile };
  const findGo = async () => ({ ok: true, go: toolchain }) as const;
  const tools = { runner, env: { ...base, GIT_CONFIG_NOSYSTEM: '1', ...env }, findGo };
  return new CanaryPool(new CredentialPool(new InlinePool(systemClock), systemClock, tools), systemClock, tools);
}

const shared = { depth: 'full', limits: DEFAULT_LIMITS } as const;
const never = () => new AbortController().signal;

async function probe(toolchain: Toolchain, url: string, env: Record<string, string | undefined>): Promise<ProbeResult> {
  const endpoint = { id: 'x', kind: 'goproxy', name: 'x', url, module: FIXTURE_MODULE } as const;
  return poolFor(toolchain, env).probe({ ...shared, endpoint, network: { extraCa: [authority.ca] } }, never());
}

/** How probe and go fare with the same environment. */
async function both(toolchain: Toolchain, url: string, env: Record<string, string | undefined>) {
  const probed = await probe(toolchain, url, env);
  const endpoint = { id: 'x', kind: 'module', name: 'x', url: 'module://x', module: FIXTURE_MODULE } as const;
  const canary = poolFor(toolchain, { ...env, GOPROXY: url });
  const downloaded = await canary.probe({ ...shared, endpoint, network: { extraCa: [authority.ca] } }, never());
  return [probed.outcome, downloaded.outcome];
}

const isOld = ({ version }: Toolchain) => /go1\.(?:1\d|2[0-3])\b/.test(version);
const machineOf = (toolchain: Toolchain, { port }: PrivateServer) =>
  isOld(toolchain) ? '127.0.0.1' : `127.0.0.1:${port}`;
const OK = ['ok', 'ok'];
const FAILED = ['failed', 'failed'];

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s and the probe', (_, toolchain) => {
  const entry = (server: PrivateServer, login = 'ann', password = PASSWORD) =>
    `machine ${machineOf(toolchain, server)}\n  login ${login}\n  password ${password}\n`;

  it('agree on a server that .netrc has credentials for', async () => {
    const server = await PrivateServer.start();
    expect(await both(toolchain, server.url, { HOME: homeWith(entry(server)) })).toEqual(OK);
    expect(await both(toolchain, `${server.url}/`, { HOME: homeWith(entry(server)) })).toEqual(OK);
  });

  it.each<[string, (server: PrivateServer) => string | null]>([
    ['none at all', () => null],
    ['one for another host', () => `machine localhost login ann password ${PASSWORD}\n`],
    ['one that is wrong', (server) => entry(server, 'ann', 'wrong')],
    ['a wrong one before the right one', (server) => entry(server, 'ann', 'wrong') + entry(server)],
    ['one after a default', (server) => `default\n${entry(server)}`],
    ['one without a password', (server) => entry(server).replace(/ *password.*/, '')],
  ])('agree on a .netrc with %s', async (_name, netrc) => {
    const server = await PrivateServer.start();
    expect(await both(toolchain, server.url, { HOME: homeWith(netrc(server)) })).toEqual(FAILED);
  });

  it('agree on which machine counts: by host before Go 1.24, by host and port since', async () => {
    const server = await PrivateServer.start();
    const byHost = homeWith(`machine 127.0.0.1 login ann password ${PASSWORD}\n`);
    expect(await both(toolchain, server.url, { HOME: byHost })).toEqual(isOld(toolchain) ? OK : FAILED);
    const byPort = homeWith(`machine 127.0.0.1:${server.port} login ann password ${PASSWORD}\n`);
    expect(await both(toolchain, server.url, { HOME: byPort })).toEqual(isOld(toolchain) ? FAILED : OK);
  });

  it('agree on NETRC', async () => {
    const server = await PrivateServer.start();
    const NETRC = join(homeWith(entry(server)), '.netrc');
    expect(await both(toolchain, server.url, { HOME: homeWith(null), NETRC })).toEqual(OK);
    const empty = join(homeWith(''), '.netrc');
    expect(await both(toolchain, server.url, { HOME: homeWith(entry(server)), NETRC: empty })).toEqual(FAILED);
  });

  it('agree on GOAUTH', async () => {
    const server = await PrivateServer.start();
    const HOME = homeWith(entry(server));
    expect(await both(toolchain, server.url, { HOME, GOAUTH: 'netrc' })).toEqual(OK);
    expect(await both(toolchain, server.url, { HOME, GOAUTH: 'off' })).toEqual(isOld(toolchain) ? OK : FAILED);
  });

  it('agree on GOAUTH in the file of go env', async () => {
    const server = await PrivateServer.start();
    const HOME = homeWith(entry(server));
    const GOENV = join(HOME, 'goenv');
    writeFileSync(GOENV, 'GOAUTH=off\n');
    expect(await both(toolchain, server.url, { HOME, GOENV })).toEqual(isOld(toolchain) ? OK : FAILED);
  });

  it('agree on GOAUTH=git, whose helper is asked after a refusal', async () => {
    const server = await PrivateServer.start();
    const HOME = homeWith(null);
    const helper = `!f() { test "$1" = get && echo username=ann && echo password=${PASSWORD}; }; f`;
    writeFileSync(
      join(HOME, '.gitconfig'),
      `[credential "https://127.0.0.1:${server.port}"]\n\thelper = "${helper.replaceAll('"', '\\"')}"\n`,
    );
    const env = { HOME, GIT_CONFIG_GLOBAL: join(HOME, '.gitconfig') };
    expect(await both(toolchain, server.url, { ...env, GOAUTH: `git ${HOME}` })).toEqual(
      isOld(toolchain) ? FAILED : OK,
    );
    expect(await both(toolchain, server.url, { ...env, GOAUTH: `git ${HOME};netrc` })).toEqual(
      isOld(toolchain) ? FAILED : OK,
    );
    expect(await both(toolchain, server.url, { ...env, GOAUTH: 'netrc' })).toEqual(FAILED);
    const elsewhere = await PrivateServer.start();
    expect(await both(toolchain, elsewhere.url, { ...env, GOAUTH: `git ${HOME}` })).toEqual(FAILED);
  });

  it('agree on credentials in the URL, beside those of .netrc', async () => {
    const server = await PrivateServer.start();
    const inUrl = (pair: string) => server.url.replace('://', `://${pair}@`);
    expect(await both(toolchain, inUrl(`ann:${PASSWORD}`), { HOME: homeWith(null) })).toEqual(OK);
    // Before Go 1.24 .netrc wins, since then the URL.
    const right = { HOME: homeWith(entry(server)) };
    expect(await both(toolchain, inUrl('ann:wrong'), right)).toEqual(isOld(toolchain) ? OK : FAILED);
    const wrong = { HOME: homeWith(entry(server, 'ann', 'wrong')) };
    expect(await both(toolchain, inUrl(`ann:${PASSWORD}`), wrong)).toEqual(isOld(toolchain) ? FAILED : OK);
  });

  it('agree on a redirect to another port of the host, and send nothing to another host', async () => {
    const front = await PrivateServer.start();
    const back = await PrivateServer.start();
    const HOME = homeWith(entry(front));
    front.redirectTo = back.url;
    expect(await both(toolchain, front.url, { HOME })).toEqual(isOld(toolchain) ? FAILED : OK);
    front.redirectTo = `https://localhost:${back.port}`;
    back.seen.length = 0;
    expect(await both(toolchain, front.url, { HOME })).toEqual(FAILED);
    expect(new Set(back.seen)).toEqual(new Set(['']));
  });

  it('show no credentials in a result, even when the server repeats them', async () => {
    const server = await PrivateServer.start();
    server.accepts = OTHER;
    const result = await probe(toolchain, server.url, { HOME: homeWith(entry(server)) });
    expect(result).toMatchObject({ outcome: 'failed', failure: { cause: 'http-unauthorized' } });
    expect(server.seen).toContain(BASIC);
    const text = JSON.stringify(result);
    for (const secret of [PASSWORD, BASIC.slice(6), 'ann:']) expect(text).not.toContain(secret);
    expect(text).toContain('no entry for Basic xxxxx');
  });
});

describe('a credential', () => {
  const [toolchain] = goToolchains();
  if (toolchain === undefined) throw new Error('no go');
  const entry = `machine 127.0.0.1 login ann password ${PASSWORD}\n`;

  it('is never sent over a certificate that is not accepted', async () => {
    const server = await PrivateServer.start();
    const endpoint = { id: 'x', kind: 'goproxy', name: 'x', url: server.url, module: FIXTURE_MODULE } as const;
    const pool = poolFor(toolchain, { HOME: homeWith(entry) });
    expect(await pool.probe({ ...shared, endpoint, network: {} }, never())).toMatchObject({ outcome: 'failed' });
    const changed = { serverName: 'another.example' };
    await pool.probe({ ...shared, endpoint, network: { extraCa: [authority.ca], changed } }, never());
    const url = server.url.replace('://', `://ann:${PASSWORD}@`);
    await pool.probe({ ...shared, endpoint: { ...endpoint, url }, network: { changed } }, never());
    // Not even a request without a credential: a changed name ends at the handshake.
    expect(server.seen).toEqual([]);
  });

  it('is not waited for when the pool is closed: git and its helper end with it', async () => {
    const newest = goToolchains().at(-1) ?? toolchain;
    const server = await PrivateServer.start();
    const HOME = homeWith(null);
    const pidFile = join(HOME, 'pid');
    const config = join(HOME, '.gitconfig');
    writeFileSync(config, `[credential]\n\thelper = "!f() { echo $$ > ${pidFile}; sleep 60; }; f"\n`);
    const pool = poolFor(newest, { HOME, GIT_CONFIG_GLOBAL: config, GOAUTH: `git ${HOME}` });
    const endpoint = { id: 'x', kind: 'goproxy', name: 'x', url: server.url, module: FIXTURE_MODULE } as const;
    const probing = pool.probe({ ...shared, endpoint, network: { extraCa: [authority.ca] } }, never());
    await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8'), { timeout: 10_000 }).toMatch(/\d\n/);
    await pool.close();
    expect(await probing).toMatchObject({ outcome: 'failed', failure: { cause: 'http-unauthorized' } });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    // On Linux a process that has ended has no program any more, even before anyone has waited for it.
    await expect.poll(() => existsSync(`/proc/${pid}/exe`), { timeout: 5_000 }).toBe(false);
  });

  it('that is still looked for when the pool is closed leaves nothing running', async () => {
    const server = await PrivateServer.start();
    const pool = poolFor(toolchain, { HOME: homeWith(entry) });
    const endpoint = { id: 'x', kind: 'goproxy', name: 'x', url: server.url, module: FIXTURE_MODULE } as const;
    const probing = pool.probe({ ...shared, endpoint, network: { extraCa: [authority.ca] } }, never());
    await pool.close();
    expect(await probing).toMatchObject({ outcome: 'cancelled' });
    expect(server.seen).toEqual([]);
  });

  it('of a program in GOAUTH is not asked for: the result says so', async () => {
    const newest = goToolchains().at(-1) ?? toolchain;
    const server = await PrivateServer.start();
    const ran = join(scratch, 'ran');
    const program = join(scratch, 'helper');
    writeFileSync(program, `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
    const result = await probe(newest, server.url, { HOME: homeWith(null), GOAUTH: program });
    expect(result).toMatchObject({ outcome: 'failed', evidence: { notes: ['goauth-not-run'] } });
    expect(() => readFileSync(ran)).toThrow('ENOENT');
  });
});
