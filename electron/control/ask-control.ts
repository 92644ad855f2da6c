/** Asks the engine that runs on this data folder. */
import { lstat } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Answer, Ask, Question } from './control-protocol.ts';
import { MAX_ANSWER } from './control-socket.ts';

/** `absent`: nothing was asked, no engine that could answer; `silent`: it was asked and what came of it is not known. */
export type Asked = Answer | { readonly absent: true } | { readonly silent: true };

/** Resolves with the answer, or after `limitMs`. A socket that belongs to another user, or is open to others, is not used. */
export async function askControl(path: string, version: string, ask: Ask, limitMs: number): Promise<Asked> {
  const found = await lstat(path).catch(() => null);
  const own = process.geteuid?.();
  if (found === null || !found.isSocket() || (own !== undefined && found.uid !== own) || (found.mode & 0o077) !== 0) {
    return { absent: true };
  }
  const question: Question = { version, ask };
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isConnected = false;
    const socket = connect(path, () => {
      isConnected = true;
      socket.write(`${JSON.stringify(question)}\n`);
    });
    const end = () => {
      clearTimeout(limit);
      socket.destroy();
      if (!isConnected) return resolve({ absent: true });
      resolve(readAnswer(Buffer.concat(chunks).toString('utf8')));
    };
    const limit = setTimeout(end, limitMs);
    socket.on('data', (chunk) => {
      size += chunk.length;
      if (size <= MAX_ANSWER) chunks.push(chunk);
      else end();
    });
    socket.once('error', end);
    socket.once('end', end);
    socket.once('close', end);
  });
}

/** A whole line of the same version is what its type says: the server belongs to the same person. */
function readAnswer(text: string): Asked {
  if (!text.endsWith('\n')) return { silent: true };
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return { silent: true };
  }
}
