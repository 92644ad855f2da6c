/** Files that a stranger made: the app goes on answering, whatever they hold and however long they take. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../system/clock.ts';
import { workerFile } from '../system/worker-files.ts';
import { readInThread } from './read-in-thread.ts';
import { readTrafficFile } from './read-traffic-file.ts';
import type { ReadChange } from './reader-messages.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-hostile-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const never = new AbortController().signal;
const NOTHING = () => {};

function inThread(file: string, options: Partial<Parameters<typeof readInThread>[1]> = {}): Promise<ReadChange> {
  const workers = { workerFile: workerFile('traffic'), clock: systemClock, signal: never, onChange: NOTHING };
  return readInThread(file, { ...workers, ...options });
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
    const read = await inThread(at('any'), { workerFile: stuckWorker(), limitMs: 500 });
    clearInterval(asking);
    expect(read).toMatchObject({ problem: { key: 'file-too-slow' } });
    expect(answers).toBeGreaterThan(3);
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
