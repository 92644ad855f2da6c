import { expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { ProbeQueue } from './probe-queue.ts';

/** A queue whose probes end when the test says so. */
function start(measuring: number, open = measuring) {
  const clock = new FakeClock();
  const ends = new Map<string, () => void>();
  const begun: string[] = [];
  const aborted: string[] = [];
  const queue = new ProbeQueue(clock, { measuring, measuresForMs: 250, open }, (id, signal) => {
    begun.push(id);
    return new Promise((resolve) => {
      ends.set(id, resolve);
      signal.addEventListener('abort', () => {
        aborted.push(id);
        resolve();
      });
    });
  });
  const end = async (id: string) => {
    ends.get(id)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, begun, aborted, end, clock };
}

it('runs as many as it may, urgent ones first, each endpoint once', async () => {
  const { queue, begun, end } = start(1);
  for (const id of ['a', 'b', 'c', 'b', 'a']) void queue.add(id, false);
  void queue.add('d', true);
  void queue.add('c', true);
  expect(begun).toEqual(['a']);
  for (const id of ['a', 'c', 'd', 'b']) await end(id);
  expect(begun).toEqual(['a', 'c', 'd', 'b']);
});

it('says when a probe has ended, also to a second caller', async () => {
  const { queue, end } = start(2);
  const seen: string[] = [];
  void queue.add('a', false).then(() => seen.push('first'));
  void queue.add('a', true).then(() => seen.push('second'));
  expect(queue.isRunning('a')).toBe(true);
  await end('a');
  expect(seen).toEqual(['first', 'second']);
  expect(queue.isRunning('a')).toBe(false);
});

it('cancels a waiting one without running it, and a running one by its signal', async () => {
  const { queue, begun, aborted } = start(1);
  const running = queue.add('a', false);
  const waiting = queue.add('b', false);
  queue.cancel('b');
  queue.cancel('a');
  await Promise.all([running, waiting]);
  expect([begun, aborted]).toEqual([['a'], ['a']]);
});

it('ends when nothing runs any more', async () => {
  const { queue, begun, aborted } = start(2);
  for (const id of ['a', 'b', 'c']) void queue.add(id, false);
  await queue.close();
  expect([begun, aborted]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

it('gives the place of a probe that only waits to the next one', async () => {
  const { queue, begun, clock, end } = start(1, 10);
  for (const id of ['a', 'b', 'c']) void queue.add(id, false);
  await clock.advance(249);
  expect(begun).toEqual(['a']);
  await clock.advance(1);
  expect(begun).toEqual(['a', 'b']);
  // Its measuring place is free already: its end makes no second one.
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await queue.close();
  expect(clock.pending).toBe(0);
});

it('starts an urgent probe while as many hang as may be open', async () => {
  const { queue, begun, clock, end } = start(1, 3);
  for (const id of ['a', 'b', 'c', 'd']) void queue.add(id, false);
  await clock.advance(10_000);
  expect(begun).toEqual(['a', 'b', 'c']);
  void queue.add('e', true);
  expect(begun).toEqual(['a', 'b', 'c', 'e']);
  await clock.advance(10_000);
  expect(begun).toEqual(['a', 'b', 'c', 'e']);
  await end('a');
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c', 'e', 'd']);
});

it('starts a waiting probe that becomes urgent', async () => {
  const { queue, begun, clock } = start(1, 2);
  for (const id of ['a', 'b', 'c']) void queue.add(id, false);
  await clock.advance(1_000);
  void queue.add('c', true);
  expect(begun).toEqual(['a', 'b', 'c']);
});
