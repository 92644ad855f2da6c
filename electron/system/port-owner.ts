/** The process that listens on a port, where the system reveals it, and a free port. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { systemClock } from './clock.ts';
import { SystemProcessRunner } from './process-runner.ts';

/**
 * `owner` such as `nginx, process 4711`; null when the system does not say. `free` is another port, 0 when there is
 * none.
 */
export async function portOwner(port: number): Promise<{ readonly owner: string | null; readonly free: number }> {
  const owner = process.platform === 'linux' ? await linuxOwner(port) : await lsofOwner(port);
  return { owner, free: await freePort() };
}

/** proc(5): `net/tcp` has the inode of each listening socket, `PID/fd` its owner. */
async function linuxOwner(port: number): Promise<string | null> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const listening = new RegExp(`^ *\\d+: [0-9A-F]+:${hex} [0-9A-F:]+ 0A (?:\\S+ +){5}(\\d+)`, 'm');
  const inode = tables.map((table) => listening.exec(table)?.[1]).find((found) => found !== undefined);
  if (inode === undefined) return null;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (target !== `socket:[${inode}]`) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return `${name.trim()}, PID ${pid}`;
    }
  }
  return null;
}

/** lsof(8) -F: `p` and the process, `c` and its command. */
async function lsofOwner(port: number): Promise<string | null> {
  const runner = new SystemProcessRunner(systemClock);
  const argv = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
  const ran = await runner.run({ file: '/usr/sbin/lsof', args: argv, env: {}, timeoutMs: 5_000 });
  if (ran.ended !== 'exited') return null;
  const [, pid, name] = /^p(\d+)\nc(.+)$/m.exec(ran.stdout) ?? [];
  return pid === undefined ? null : `${name}, PID ${pid}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(0));
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
