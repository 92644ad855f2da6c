/**
 * A port that looks filtered: its connection queue is full and none is accepted, so that the kernel drops further
 * SYNs, as a firewall would (listen(2), tcp_abort_on_overflow = 0). The listener's thread sleeps for good.
 */
import { once } from 'node:events';
import * as net from 'node:net';
import { Worker } from 'node:worker_threads';

const LISTENER = `
const { createServer } = require('node:net');
const { parentPort } = require('node:worker_threads');
const server = createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** More than the kernel queues for a backlog of 1. */
const FILLERS = 4;

export interface FullBacklog {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the listener and fills its queue. */
export async function startFullBacklog(): Promise<FullBacklog> {
  const worker = new Worker(LISTENER, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = Array.from({ length: FILLERS }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.race(fillers.map((socket) => once(socket, 'connect')));
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    port,
    async close() {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  };
}
