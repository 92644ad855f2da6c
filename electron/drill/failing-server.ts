/** The server that plays the outage: accepts every connection and closes it without an answer. Loopback only. */
import { createServer, type Socket } from 'node:net';

export interface FailingServer {
  readonly port: number;
  /** Resolves when neither the server nor a connection of it is open. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. Rejects with the system's error when it cannot. */
export function startFailingServer(): Promise<FailingServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    // Only after the client has sent something: then it looks like a request that was cut off.
    socket.once('data', () => socket.destroy());
    socket.setTimeout(1_000, () => socket.destroy());
  });
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      for (const socket of sockets) socket.destroy();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('a TCP server has a port'));
      else resolve({ port: address.port, close });
    });
  });
}
