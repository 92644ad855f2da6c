/** The small server that plays the outage: takes every connection and closes it without an answer. Loopback only. */
import { type AddressInfo, createServer } from 'node:net';

export interface FailingServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. Rejects with the system's error when it cannot. */
export function startFailingServer(): Promise<FailingServer> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    // Whoever connects has said something first: then it looks as a reset request does.
    socket.once('data', () => socket.destroy());
    socket.setTimeout(1_000, () => socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      const { port } = server.address() as AddressInfo;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
