/** Files that a stranger made: the app goes on answering, whatever they hold and however long they take. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../system/clock.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { workerFile } from '../system/worker-files.ts';
import { readInThread, type ThreadOptions } from './read-in-thread.ts';
import { readTrafficFile } from './read-traffic-file.ts';
import type { ReadChange } from './reader-messages.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-hostile-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const never = new AbortController().signal;
const NOTHING = () => {};

async function inThread(file: string, options: Partial<ThreadOptions> = {}): Promise<ReadChange> {
  const workers = { workerFile: workerFile('traffic'), clock: systemClock, signal: never };
  const read = await readInThread('traffic', { file }, file, { ...workers, ...options });
  if (read.ended === 'answered') return read.answer;
  return read.ended === 'failed' ? { problem: read.problem } : {};
}

/** A worker that never returns, as one that a slow pattern holds. */
function stuckWorker(): string {
  const file = at('stuck.mjs');
  writeFileSync(file, 'for (;;);');
  return file;
}

describe('a file whose reading does not end', () => {
  it('is given up after the limit, while the process answers', async () => {
    let answers = 0;
    const asking = setInterval(() => {
      answers += 1;
    }, 5);
    const read = await inThread(at('any'), { workerFile: stuckWorker(), stepMs: 500 });
    clearInterval(asking);
    expect(read).toMatchObject({ problem: { key: 'file-too-slow' } });
    expect(answers).toBeGreaterThan(3);
  });

  it('is read to its end as long as each step ends in time', async () => {
    const file = at('steps.mjs');
    writeFileSync(
      file,
      `import { parentPort } from 'node:worker_threads';
      let steps = 0;
      const timer = setInterval(() => {
        steps += 1;
        parentPort.postMessage({ type: 'change', change: { progress: steps / 10 } });
        if (steps < 10) return;
        clearInterval(timer);
        parentPort.postMessage({ type: 'done', answer: { kind: 'trace' } });
      }, 100);`,
    );
    expect(await inThread(at('any'), { workerFile: file, stepMs: 700 })).toEqual({ kind: 'trace' });
  });

  it('is not hurried by a person who is still typing, but by a piece that is not taken', async () => {
    const clock = new FakeClock();
    async function* typed(...texts: readonly string[]) {
      for (const text of texts) {
        await clock.advance(600_000);
        yield Buffer.from(text);
      }
    }
    const options = { workerFile: workerFile('traffic'), clock, signal: never };
    const pieces = typed('go: example.com/m@v1.0.0: Get "https://a.te', 'st/m": EOF\n');
    const read = await readInThread('explain', { file: null }, '-', { ...options, pieces });
    expect(read).toMatchObject({ answer: { ok: true, findings: [{ cause: 'eof-no-response', host: 'a.test' }] } });
    const stuck = readInThread('explain', { file: null }, '-', {
      ...options,
      workerFile: stuckWorker(),
      pieces: typed('x'),
    });
    await delay(50);
    await clock.advance(60_000);
    expect(await stuck).toMatchObject({ problem: { key: 'file-too-slow', params: { file: '-' } } });
  });

  it('is given up when a person cancels', async () => {
    const cancelled = new AbortController();
    const read = inThread(at('any'), { workerFile: stuckWorker(), signal: cancelled.signal });
    cancelled.abort();
    expect(await read).toEqual({});
  });
});

it('a thread that crashes is a problem, not an exception', async () => {
  writeFileSync(at('crash.mjs'), "throw new RangeError('Invalid string length');");
  expect(await inThread(at('any'), { workerFile: at('crash.mjs') })).toMatchObject({
    problem: { key: 'file-reader-failed', params: { detail: 'Invalid string length' } },
  });
});

it('one line of 700 MB without an end is a problem', async () => {
  writeFileSync(at('sparse'), '');
  truncateSync(at('sparse'), 700 * 1024 * 1024);
  expect(await inThread(at('sparse'))).toMatchObject({ problem: { key: 'file-no-text' } });
});

it('one line of letters without an end is read, and cut', async () => {
  writeFileSync(at('line'), `# get https://a.test/${'a'.repeat(30 * 1024 * 1024)}`);
  const { trace } = await inThread(at('line'));
  expect(trace?.requests).toHaveLength(1);
  expect(trace?.requests[0]?.url.length).toBeLessThan(20_000);
});

it.each([
  ['a FIFO', () => execFileSync('mkfifo', [at('fifo')]), at('fifo'), 'file-special'],
  ['a device', NOTHING, '/dev/zero', 'file-special'],
  ['a folder', NOTHING, folder, 'file-special'],
  ['a loop of links', () => symlinkSync(at('loop'), at('loop')), at('loop'), 'file-not-read'],
])('%s is refused by name', async (_, make, file, key) => {
  make();
  expect(await readTrafficFile(file, never, NOTHING)).toMatchObject({ problem: { key } });
});
