/** Waiting for real processes that a crashed switch left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { settle } from './settle.ts';

/** A process that runs until its input ends. */
function child() {
  const one = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  if (one.pid === undefined) throw new Error('cat did not start');
  return { pid: one.pid, stop: async () => Promise.all([once(one, 'exit'), one.stdin.end()]) };
}

function waiting(children: readonly number[], clock: FakeClock) {
  const state = { done: false };
  const promise = settle(children, clock).then(() => {
    state.done = true;
  });
  return { state, promise };
}

it('waits until every process has ended', async () => {
  const [one, other] = [child(), child()];
  const clock = new FakeClock();
  const { state, promise } = waiting([one.pid, other.pid], clock);
  await clock.advance(100);
  await one.stop();
  await clock.advance(100);
  expect(state.done).toBe(false);
  await other.stop();
  await clock.advance(20);
  await promise;
});

it('stops waiting for a process that runs longer than a switch takes', async () => {
  const one = child();
  const clock = new FakeClock();
  const { state, promise } = waiting([one.pid], clock);
  await clock.advance(4_900);
  expect(state.done).toBe(false);
  await clock.advance(200);
  await promise;
  await one.stop();
});

it('waits a moment when no process was recorded: it may have started just before the crash', async () => {
  const clock = new FakeClock();
  const { state, promise } = waiting([], clock);
  await clock.advance(200);
  expect(state.done).toBe(false);
  await clock.advance(50);
  await promise;
});
