/** nginx in a scratch folder: the origin of the bench, and its proxy_pass and proxy_cache as the peers. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A server under measurement: a process of its own, listening on loopback. */
export interface MeasuredServer {
  readonly pid: number;
  readonly port: number;
  close(): void;
}

/** Where Debian's nginx-light and Homebrew put it; null when it is not installed. */
export function findNginx(): string | null {
  const places = ['/usr/sbin/nginx', '/opt/homebrew/bin/nginx', '/usr/local/bin/nginx', 'nginx'];
  return places.find((one) => spawnSync(one, ['-v']).status === 0) ?? null;
}

/** Serves any `.info` from its configuration and the zips of `folder/tree`. */
export function origin(nginx: string, folder: string, port: number): Promise<MeasuredServer> {
  const info = `{"Version":"v1.0.0","Time":"2024-01-10T08:00:00Z","Origin":{"Ref":"${'x'.repeat(900)}"}}`;
  return start(nginx, folder, port, '', [
    'keepalive_requests 1000000;',
    `location ~ [.]info$ { default_type application/json; return 200 '${info}'; }`,
    'location ~ [.]list$ { return 404; }',
    `location ~ [.]zip$ { default_type application/zip; root ${folder}/tree; }`,
  ]);
}

/** proxy_pass with kept connections; `isCached` = proxy_cache before it. */
export function proxy(
  nginx: string,
  folder: string,
  to: number,
  isCached: boolean,
  port: number,
): Promise<MeasuredServer> {
  const upstream = `upstream up { server 127.0.0.1:${to}; keepalive 16; keepalive_requests 1000000; }
    proxy_cache_path ${folder}/cache levels=1:2 keys_zone=c:10m max_size=500m;`;
  return start(nginx, folder, port, upstream, [
    'keepalive_requests 1000000;',
    `location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection "";
      ${isCached ? 'proxy_cache c; proxy_cache_valid 200 1h;' : ''} }`,
  ]);
}

async function start(
  nginx: string,
  folder: string,
  port: number,
  before: string,
  server: readonly string[],
): Promise<MeasuredServer> {
  mkdirSync(join(folder, 'temp'), { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/temp/${name};`,
  );
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 256; }
http { access_log off; sendfile on; ${temporary.join(' ')} ${before}
  server { listen 127.0.0.1:${port}; ${server.join('\n')} } }
`,
  );
  const child = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  await reachable(child, port);
  return { pid: child.pid ?? 0, port, close: () => void child.kill() };
}

/** Resolves once a process answers on its port; rejects when it ends before, or after 10 s. */
export async function reachable(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server on port ${port} ended with ${child.exitCode}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('connect', () => socket.destroy());
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return;
    await delay(50);
  }
  throw new Error(`nothing answers on port ${port}`);
}
