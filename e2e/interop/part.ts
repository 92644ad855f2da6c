/** Starts a real server with a configuration of its own and waits until it listens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import { until } from '../until.ts';

export interface Part {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs a program until `stop`; resolves once a TCP port of it answers. Rejects with its last words when it ends before. */
export async function startPart(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  port: number,
): Promise<Part> {
  const child = spawn(file, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  await until(`${file} to listen on ${port}`, async () => {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}: ${said.slice(-1_000)}`);
    return listens(port);
  });
  return {
    child,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
