/** Lab servers enough for one list at a time, and the real go sent through it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../../e2e/lab/fault.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import type { Lab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import type { Behaviour, WalkerRow } from './walker-rows.ts';

const FAULTS: Readonly<Record<Exclude<Behaviour, 'ok'>, Fault>> = {
  '404': { type: 'status', status: 404 },
  '410': { type: 'status', status: 410 },
  '403': { type: 'status', status: 403 },
  '500': { type: 'status', status: 500 },
  EOF: { type: 'drop-request', how: 'fin' },
  refused: { type: 'refuse' },
  'TLS silence': { type: 'silent-at-accept' },
  'no relay': { type: 'no-sumdb-relay' },
  HTML: { type: 'answer', body: '<!DOCTYPE html><title>Welcome</title>', contentType: 'text/html' },
};

/** What go did with a list. */
export interface GoDid {
  readonly downloaded: boolean;
  /** Ports of the servers that were connected to. */
  readonly asked: readonly number[];
  /** The checksum database itself was asked. */
  readonly askedDatabase: boolean;
  /** What it printed. */
  readonly error: string;
}

/** A list with the servers' addresses in it. */
export interface PreparedRow {
  readonly goproxy: string;
  /** Behaviour by base URL. */
  readonly behaviours: ReadonlyMap<string, Behaviour>;
}

/** One lane plays one row at a time; several lanes play side by side. */
export class WalkerLane {
  readonly #lab: Lab;
  readonly #servers = new Map<string, GoproxyServer>();
  readonly #source: http.Server;
  #root = '';
  #tunnels: string[] = [];

  private constructor(lab: Lab, source: http.Server) {
    this.#lab = lab;
    this.#source = source;
  }

  static async start(lab: Lab): Promise<WalkerLane> {
    const source = http.createServer();
    const lane = new WalkerLane(lab, source);
    // The module's own source: asked through HTTP_PROXY, for loopback is never proxied. It names a GOPROXY (go-import mod).
    source.on('request', (_, response) => {
      const meta = `<meta name="go-import" content="example.test mod ${lane.#root}">`;
      response.end(lane.#root === '' ? 'nothing here' : `<html><head>${meta}</head></html>`);
    });
    // Nothing beyond loopback is reached: who asked for a tunnel is noted.
    source.on('connect', (request, socket) => {
      lane.#tunnels.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
    return lane;
  }

  close(): void {
    this.#source.close();
  }

  /** Puts servers in the place of the braces. */
  async prepare({ list }: WalkerRow): Promise<PreparedRow> {
    const behaviours = new Map<string, Behaviour>();
    const parts = list.split(/(\{[^}]+\})/);
    for (const [i, part] of parts.entries()) {
      if (!part.startsWith('{')) continue;
      const behaviour = part.slice(1, -1) as Behaviour;
      const server = await this.#server(`${behaviour} ${i}`, behaviour);
      const url = `${behaviour === 'TLS silence' ? 'https' : 'http'}://127.0.0.1:${server.port}`;
      behaviours.set(url, behaviour);
      parts[i] = url;
    }
    return { goproxy: parts.join(''), behaviours };
  }

  /** Runs `go mod download` with an empty cache. */
  async play(go: string, row: WalkerRow, { goproxy }: PreparedRow): Promise<GoDid> {
    const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-walker-'));
    const own = await this.#server('source', 'ok');
    this.#root = row.directWorks === true ? `http://127.0.0.1:${own.port}` : '';
    this.#tunnels = [];
    const forward = `http://127.0.0.1:${(this.#source.address() as AddressInfo).port}`;
    const before = new Map([...this.#servers.values()].map((server) => [server, server.connections]));
    try {
      const { code, output } = await run(go, scratch, {
        PATH: process.env.PATH,
        HOME: scratch,
        GOMODCACHE: join(scratch, 'cache'),
        GOENV: 'off',
        GOFLAGS: '-modcacherw',
        GOTOOLCHAIN: 'local',
        GOSUMDB: row.database === true ? FIXTURE_SUMDB : 'off',
        GOINSECURE: 'example.test',
        HTTP_PROXY: forward,
        ...(row.database === true ? { HTTPS_PROXY: forward } : {}),
        GOPROXY: goproxy,
        ...row.variables,
      });
      const asked = [...before].filter(([server, count]) => server !== own && server.connections > count);
      const askedDatabase = this.#tunnels.some((one) => one.startsWith(`${FIXTURE_SUMDB.split('+')[0]}:`));
      return { downloaded: code === 0, asked: asked.map(([server]) => server.port), askedDatabase, error: output };
    } finally {
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  async #server(key: string, behaviour: Behaviour): Promise<GoproxyServer> {
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const transport = behaviour === 'TLS silence' ? 'h1' : 'http';
    const server = await this.#lab.proxy({ host: 'walker.lab', transport });
    if (behaviour !== 'ok') await server.setFault(FAULTS[behaviour]);
    this.#servers.set(key, server);
    return server;
  }
}

const { path, version } = FIXTURE_MODULE;

/** Two silent entries cost ten seconds each, for each of three files. */
const TIMEOUT_MS = 150_000;

function run(go: string, cwd: string, env: Record<string, string | undefined>) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(go, ['mod', 'download', '-json', `${path}@${version}`], { cwd, env, timeout: TIMEOUT_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
