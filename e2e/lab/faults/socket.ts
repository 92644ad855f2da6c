/** Faults that act on the bare TCP connection, before a byte has been read. */
import type { Socket } from 'node:net';
import type { Fault } from '../fault.ts';

/** Carries out the fault; false when it is none of these. */
export function actAtAccept(fault: Fault | null, socket: Socket): boolean {
  switch (fault?.type) {
    case 'drop-at-accept':
      if (fault.how === 'reset') resetAtFirstByte(socket);
      else drainThenEnd(socket);
      return true;
    case 'silent-at-accept':
      // Read and forget: an unread ClientHello would turn the later close into a reset.
      socket.resume();
      return true;
    case 'say-at-accept':
      socket.resume();
      socket.end(fault.bytes);
      return true;
    default:
      return false;
  }
}

/** Reads the ClientHello first, as a device on the path does, and passes the connection on unless it offends. */
export function lookAtHello(
  fault: Extract<Fault, { type: 'reset-name' | 'swallow-large-hello' }>,
  socket: Socket,
  pass: () => void,
): void {
  socket.once('data', (hello) => {
    if (fault.type === 'reset-name' && hello.includes(Buffer.from(fault.name))) {
      socket.resetAndDestroy();
      return;
    }
    if (fault.type === 'swallow-large-hello' && hello.length > fault.bytes) {
      socket.resume();
      return;
    }
    socket.pause();
    socket.unshift(hello);
    pass();
  });
}

/** On loopback an immediate reset would still count as a failed connect: no real network is that quick. */
function resetAtFirstByte(socket: Socket): void {
  socket.once('data', () => socket.resetAndDestroy());
}

/** Closing with unread bytes in the buffer sends a reset; an orderly FIN needs them read first. */
function drainThenEnd(socket: Socket): void {
  socket.resume();
  socket.once('data', () => socket.end());
  socket.once('end', () => socket.end());
}
