import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type QuietCheck, watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import type { Sample } from '../../shared/domain/result.ts';
import { systemClock } from '../system/clock.ts';
import { type Log, silentLog } from '../system/log.ts';
import { workerFile } from '../system/worker-files.ts';
import { openWorkerHistory } from './worker-history.ts';

const sample = (at: number): Sample => ({ endpointId: 'cn', at, outcome: 'ok', phases: {}, totalMs: 5 });

describe('the history in a worker thread', () => {
  let folder: string;
  let file: string;
  let quiet: QuietCheck;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gopherbar-history-worker-'));
    file = join(folder, 'history.sqlite');
    quiet = watchForQuiet(folder);
  });
  afterEach(async () => {
    await quiet.expectQuiet();
    rmSync(folder, { recursive: true, force: true });
  });

  it('completes all calls before it closes', async () => {
    const at = Date.now();
    const { store } = await openWorkerHistory({
      file,
      clock: systemClock,
      workerFile: workerFile('history'),
      log: silentLog,
    });
    const writes = Array.from({ length: 50 }, (_, i) => store.record([sample(at + i)]));
    await store.close();
    await Promise.all(writes);
    const again = await openWorkerHistory({
      file,
      clock: systemClock,
      workerFile: workerFile('history'),
      log: silentLog,
    });
    expect(await again.store.samples('cn', at, at + 50, 100)).toHaveLength(50);
    await again.store.close();
  });

  it('resolves every close only when the thread has ended', async () => {
    const { store } = await openWorkerHistory({
      file,
      clock: systemClock,
      workerFile: workerFile('history'),
      log: silentLog,
    });
    const order: string[] = [];
    const write = store.record([sample(Date.now())]).then(() => order.push('written'));
    await Promise.all([store.close(), store.close().then(() => order.push('closed'))]);
    await write;
    expect(order).toEqual(['written', 'closed']);
    await expect(store.latest()).rejects.toMatchObject({ code: 'closed' });
  });

  it.each([
    ['removed', () => rmSync(file)],
    ['replaced', () => renameSync(`${file}.other`, file)],
  ])('goes on in the file that is there after its own was %s, and says so once', async (_, lose) => {
    let replaced = 0;
    const onReplaced = () => {
      replaced += 1;
    };
    const options = { clock: systemClock, workerFile: workerFile('history'), log: silentLog };
    const other = await openWorkerHistory({ ...options, file: `${file}.other` });
    await other.store.close();
    const { store } = await openWorkerHistory({ ...options, file, onReplaced });
    const at = Date.now();
    await store.record([sample(at)]);
    lose();
    await store.record([sample(at + 1)]);
    await store.record([sample(at + 2)]);
    await store.close();
    const again = await openWorkerHistory({ ...options, file });
    expect((await again.store.samples('cn', at, at + 50, 100)).map((one) => one.at)).toEqual([at + 2, at + 1]);
    await again.store.close();
    expect(replaced).toBe(1);
  });

  it('rejects the pending calls of a dead thread and continues with a new one', async () => {
    const fragile = join(folder, 'fragile-worker.mjs');
    const dying = [
      "import { parentPort } from 'node:worker_threads';",
      'const on = parentPort.on.bind(parentPort);',
      'parentPort.on = (name, listener) => on(name, (call) => {',
      "  if (call.args[0]?.detail === 'die') process.exit(3);",
      '  listener(call);',
      '});',
      `await import(${JSON.stringify(workerFile('history'))});`,
    ];
    writeFileSync(fragile, dying.join('\n'));
    const lines: string[] = [];
    const log: Log = { ...silentLog, error: (event, facts) => lines.push(`${event} ${String(facts?.worker)}`) };
    const { store } = await openWorkerHistory({ file, clock: systemClock, workerFile: fragile, log });
    const at = Date.now();
    await store.record([sample(at)]);
    const fatal = store.recordEvent({ at: 1, kind: 'started', detail: 'die' });
    const owed = store.record([sample(at + 1)]);
    await expect(fatal).rejects.toMatchObject({ name: 'HistoryError', code: 'worker-lost' });
    await expect(owed).rejects.toMatchObject({ code: 'worker-lost' });
    await store.record([sample(at + 2)]);
    expect(await store.samples('cn', at, at + 9, 10)).toEqual([sample(at + 2), sample(at)]);
    expect(lines).toEqual(['worker-lost history']);
    await store.close();
  });

  it('rejects with a named error for an unusable path', async () => {
    writeFileSync(join(folder, 'plain'), '');
    const inside = join(folder, 'plain', 'history.sqlite');
    const opening = openWorkerHistory({
      file: inside,
      clock: systemClock,
      workerFile: workerFile('history'),
      log: silentLog,
    });
    await expect(opening).rejects.toMatchObject({ name: 'HistoryError' });
  });

  it('reports that a damaged file was set aside', async () => {
    writeFileSync(file, 'no database '.repeat(1000));
    const opening = await openWorkerHistory({
      file,
      clock: systemClock,
      workerFile: workerFile('history'),
      log: silentLog,
    });
    expect(opening.state).toBe('set-aside');
    expect(opening.setAsidePath).toContain('.damaged-');
    await opening.store.close();
  });
});
