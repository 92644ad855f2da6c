/** Peers whose phase timings are compared: curl's own counters, and blackbox_exporter where Debian has it. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache.mjs';

/** Phases of one request, ms. */
export interface PeerTimings {
  readonly connect: number;
  readonly tls: number;
  readonly response: number;
  readonly body: number;
}

const run = promisify(execFile);

/** One request by curl (curl(1), --write-out), with a given address: its times are since the start, in seconds. */
export async function curlTimings(url: string, caFile: string, address: string): Promise<PeerTimings> {
  const { hostname, port } = new URL(url);
  const names = ['namelookup', 'connect', 'appconnect', 'pretransfer', 'starttransfer', 'total'];
  const format = names.map((name) => `%{time_${name}}`).join(' ');
  const pinned = ['--resolve', `${hostname}:${port}:${address}`];
  const { stdout } = await run('curl', ['-sS', '-o', '/dev/null', '--cacert', caFile, ...pinned, '-w', format, url]);
  const [named = 0, connected = 0, secured = 0, written = 0, first = 0, total = 0] = stdout
    .split(' ')
    .map((text) => Number(text) * 1_000);
  return {
    connect: connected - named,
    tls: secured === 0 ? 0 : secured - connected,
    response: first - written,
    body: total - first,
  };
}

export interface Blackbox {
  measure(url: string): Promise<PeerTimings>;
  stop(): void;
}

/**
 * Starts blackbox_exporter from Debian's package, if it lies in the cache or may be downloaded; null if not to be had.
 */
export async function startBlackbox(
  caFile: string,
  scratch: string,
  { download }: { readonly download: boolean },
): Promise<Blackbox | null> {
  const file = blackboxFile(download);
  if (file === null) return null;
  const config = join(scratch, 'blackbox.yml');
  const module = `{prober: http, http: {preferred_ip_protocol: ip4, tls_config: {ca_file: ${caFile}}}}`;
  writeFileSync(config, `modules:\n  plain: ${module}\n`);
  const port = await freePort();
  const child = spawn(file, [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  const ask = async (target: string) =>
    (await fetch(`http://127.0.0.1:${port}/probe?module=plain&target=${encodeURIComponent(target)}`)).text();
  for (let i = 0; i < 100; i += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      break;
    await delay(50);
  }
  return {
    async measure(url) {
      const text = await ask(url);
      const phase = (name: string) =>
        Number(new RegExp(`probe_http_duration_seconds\\{phase="${name}"\\} (\\S+)`).exec(text)?.[1] ?? 'NaN') * 1_000;
      return { connect: phase('connect'), tls: phase('tls'), response: phase('processing'), body: phase('transfer') };
    },
    stop: () => void child.kill(),
  };
}

function blackboxFile(download: boolean): string | null {
  const folder = join(cacheFolder(), 'blackbox-1');
  const file = join(folder, 'usr', 'bin', 'prometheus-blackbox-exporter');
  if (existsSync(file)) return file;
  if (!download) return null;
  mkdirSync(cacheFolder(), { recursive: true });
  const scratch = mkdtempSync(join(cacheFolder(), 'unpacking-'));
  try {
    const args = ['-qq', '-o', 'APT::Sandbox::User=root', 'download', 'prometheus-blackbox-exporter'];
    if (spawnSync('apt-get', args, { cwd: scratch, stdio: 'ignore' }).status !== 0) return null;
    const deb = globSync('*.deb', { cwd: scratch })[0] ?? '';
    const unpacked = spawnSync('dpkg', ['-x', deb, 'root'], { cwd: scratch, stdio: 'ignore' });
    if (unpacked.status !== 0) return null;
    renameSync(join(scratch, 'root'), folder);
    return file;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
