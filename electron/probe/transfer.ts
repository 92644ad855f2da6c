/** Bytes that a probe's sockets read and wrote, handshakes included. */
import type { Socket } from 'node:net';

export class Transfer {
  readonly #sockets: Socket[] = [];

  /** Counts a socket, now and later. */
  watch(socket: Socket): void {
    this.#sockets.push(socket);
  }

  get bytes(): number {
    return this.#sockets.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0);
  }
}
