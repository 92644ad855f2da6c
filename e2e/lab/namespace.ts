/**
 * Runs a command where names and port 443 are the lab's: in mount and network namespaces of its own, with loopback up,
 * its own hosts and resolv.conf. Needs root (unshare(1)).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface NamespaceRun {
  readonly exitCode: number | null;
  readonly output: string;
}

const LIMIT_MS = 60_000;

/**
 * A fixed script: mounts, brings loopback up and a cable that leads nowhere (a machine without any is offline), then
 * becomes the command. Everything variable is an argument.
 */
const SCRIPT =
  'mount --bind "$1/hosts" /etc/hosts && mount --bind "$1/resolv.conf" /etc/resolv.conf && ip link set lo up && ip link add out0 type veth peer name out1 && ip addr add 192.0.2.2/24 dev out0 && ip link set out0 up && ip link set out1 up && shift && exec "$@"';

/** Runs `argv` in fresh namespaces. `hosts` maps names to loopback addresses. */
export function runInNamespace(
  argv: readonly string[],
  options: {
    readonly hosts: Readonly<Record<string, string>>;
    readonly env: Readonly<Record<string, string | undefined>>;
    /** The working directory; this process's unless given. */
    readonly folder?: string;
    /** A minute unless given. */
    readonly limitMs?: number;
  },
): Promise<NamespaceRun> {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-ns-'));
  const hosts = Object.entries({ localhost: '127.0.0.1', ...options.hosts }).map(
    ([name, address]) => `${address} ${name}\n`,
  );
  writeFileSync(join(folder, 'hosts'), hosts.join(''));
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.53\n');
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', ['-mn', 'sh', '-c', SCRIPT, 'sh', folder, ...argv], {
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.limitMs ?? LIMIT_MS,
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
      killSignal: 'SIGKILL',
    });
    let output = '';
    const hear = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (error) => reject(new Error(`namespaces are refused here: ${error.message}`)));
    child.on('close', (exitCode) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ exitCode, output });
    });
  });
}
