/** The control socket over real sockets: who may ask, what is answered, what is left. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import { DONE } from '../../shared/domain/outcome.ts';
import { askControl } from './ask-control.ts';
import type { Answer, Ask } from './control-protocol.ts';
import { type ControlListening, serveControl } from './control-server.ts';
import { controlPath } from './control-socket.ts';

let folder: string;
let path: string;
let asked: Ask[];
let served: ControlListening | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-control-'));
  path = controlPath(folder);
  asked = [];
  served = null;
});
afterEach(async () => {
  if (served?.ok === true) await served.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(answer: (ask: Ask) => Promise<Answer> = async () => ({ outcome: DONE })): Promise<void> {
  served = await serveControl(path, '1.0.0', (ask) => {
    asked.push(ask);
    return answer(ask);
  });
  expect(served).toMatchObject({ ok: true });
}

/** Sends bytes as they are; the answer until the other side closes. */
function send(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(path, () => socket.end(text));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

it('answers its owner over a socket that is closed to others, and leaves nothing', async () => {
  const quiet = watchForQuiet(folder);
  await serve();
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  expect(await askControl(path, '1.0.0', { do: 'use', profile: 'one' }, 5_000)).toEqual({ outcome: DONE });
  expect(asked).toEqual([{ do: 'use', profile: 'one' }]);
  if (served?.ok === true) await served.close();
  served = null;
  expect(existsSync(path)).toBe(false);
  await quiet.expectQuiet();
  quiet.stop();
});

it('is absent without a socket, and when what is there is open to others or no socket', async () => {
  expect(await askControl(path, '1.0.0', { do: 'status' }, 1_000)).toEqual({ absent: true });
  await serve();
  chmodSync(path, 0o666);
  expect(await askControl(path, '1.0.0', { do: 'status' }, 1_000)).toEqual({ absent: true });
  expect(asked).toEqual([]);
  const file = join(folder, 'file');
  writeFileSync(file, '', { mode: 0o600 });
  expect(await askControl(file, '1.0.0', { do: 'status' }, 1_000)).toEqual({ absent: true });
});

it('does nothing for another version, or for what is not a question', async () => {
  await serve();
  expect(await askControl(path, '2.0.0', { do: 'undo' }, 1_000)).toEqual({ refused: true });
  const refused = '{"refused":true}\n';
  expect(await send('hello\n')).toBe(refused);
  expect(await send('{"version":"1.0.0","ask":{"do":"use"}}\n')).toBe(refused);
  expect(await send('{"version":"1.0.0","ask":{"do":"status","more":1}}\n')).toBe(refused);
  expect(await send(`{"version":"1.0.0","ask":{"do":"use","profile":"${'x'.repeat(201)}"}}\n`)).toBe(refused);
  expect(await send('x'.repeat(5_000))).toBe('');
  expect(await send(`${'x'.repeat(5_000)}\n`)).toBe('');
  expect(await send('{"version":"1.0.0"')).toBe('');
  expect(asked).toEqual([]);
});

it('says that nothing is known when an engine takes a question and does not answer', async () => {
  await serve(() => Promise.reject(new Error('broken')));
  expect(await askControl(path, '1.0.0', { do: 'undo' }, 5_000)).toEqual({ silent: true });
  let answer = (_: Answer) => {};
  await (served?.ok === true ? served.close() : null);
  await serve(() => new Promise((resolve) => (answer = resolve)));
  expect(await askControl(path, '1.0.0', { do: 'undo' }, 100)).toEqual({ silent: true });
  answer({ outcome: DONE });
});

it('ends only after what was asked for is done', async () => {
  let finish = () => {};
  await serve(async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    return { outcome: DONE };
  });
  const answer = askControl(path, '1.0.0', { do: 'undo' }, 5_000);
  await expect.poll(() => asked.length).toBe(1);
  let ended = false;
  const closing = served?.ok === true ? served.close().then(() => (ended = true)) : null;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ended).toBe(false);
  finish();
  expect(await answer).toEqual({ outcome: DONE });
  await closing;
  served = null;
});

it('takes the place of a socket that a killed process left, and touches nothing else', async () => {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await new Promise((resolve) => spawn(process.execPath, ['-e', script]).on('close', resolve));
  expect(lstatSync(path).isSocket()).toBe(true);
  expect(await askControl(path, '1.0.0', { do: 'status' }, 1_000)).toEqual({ absent: true });
  await serve();
  expect(await askControl(path, '1.0.0', { do: 'undo' }, 5_000)).toEqual({ outcome: DONE });
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  expect(await serveControl(file, '1.0.0', async () => ({ outcome: DONE }))).toMatchObject({ ok: false });
  expect(existsSync(file)).toBe(true);
  expect(await serveControl(join(folder, 'x'.repeat(200)), '1.0.0', async () => ({ outcome: DONE }))).toEqual({
    ok: false,
    message: expect.stringContaining('too long'),
  });
});
