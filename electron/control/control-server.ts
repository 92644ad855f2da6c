/** The control socket of a running engine: for its owner's command line alone, bounded in connections, size and time. */
import { chmod, lstat, unlink } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { errorMessage } from '../system/error-facts.ts';
import { PendingWork } from '../system/pending-work.ts';
import { type Answer, type Ask, readQuestion } from './control-protocol.ts';
import { MAX_QUESTION } from './control-socket.ts';

/** Listening, or why not. */
export type ControlListening =
  | { readonly ok: true; close(): Promise<void> }
  | { readonly ok: false; readonly message: string };

/** Who connects must ask within this time. */
const LIMIT_MS = 5_000;
const MAX_CONNECTIONS = 16;

/** sun_path of macOS, with its final zero; a longer path would be cut. */
const MAX_PATH = 103;

/**
 * Serves `answer` at a path of the private data folder until it is closed. The caller holds the engine's lock: a socket
 * that is there is left over from an engine that was killed. Anything else there is not touched.
 */
export async function serveControl(
  path: string,
  version: string,
  answer: (ask: Ask) => Promise<Answer>,
): Promise<ControlListening> {
  if (Buffer.byteLength(path) > MAX_PATH) return { ok: false, message: `${path} is too long for a socket` };
  const running = new PendingWork();
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    readLine(socket, (line) => {
      const question = readQuestion(line);
      const answered: Promise<Answer> =
        question?.version === version ? answer(question.ask) : Promise.resolve({ refused: true });
      void running.add(
        answered.then(
          (one) => void socket.end(`${JSON.stringify(one)}\n`),
          // Closed without an answer: who asked reports that.
          () => void socket.destroy(),
        ),
      );
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  try {
    if ((await lstat(path).catch(() => null))?.isSocket() === true) await unlink(path);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    // The folder is closed to others already; this holds if its permissions are changed.
    await chmod(path, 0o600);
  } catch (error) {
    server.close();
    return { ok: false, message: errorMessage(error) };
  }
  return {
    ok: true,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await running.settled();
      for (const socket of open) socket.destroySoon();
      await closed;
    },
  };
}

/** The first line; a connection that sends too much, or nothing in time, is ended. */
function readLine(socket: Socket, onLine: (line: string) => void): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.setTimeout(LIMIT_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  // Without a whole line there is nothing to answer.
  const onEnd = () => socket.destroy();
  const onData = (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end === -1 && text.length <= MAX_QUESTION) return;
    socket.off('data', onData);
    socket.off('end', onEnd);
    if (end === -1 || end > MAX_QUESTION) return void socket.destroy();
    // What it asks for may take as long as a switch takes.
    socket.setTimeout(0);
    socket.resume();
    onLine(text.slice(0, end));
  };
  socket.on('data', onData);
  socket.once('end', onEnd);
}
