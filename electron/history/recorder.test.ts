import { expect, it } from 'vitest';
import type { Sample } from '../../shared/domain/result.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { HistoryError } from './history-error.ts';
import { openHistory } from './open-history.ts';
import { Recorder } from './recorder.ts';

const sample = (at: number): Sample => ({ endpointId: 'cn', at, outcome: 'ok', phases: {}, totalMs: 5 });

/** A recorder over a real history that refuses while `error` is set. */
async function refusing() {
  const clock = new FakeClock();
  const { store } = await openHistory({ file: ':memory:', clock });
  const state: { error: Error | null; reports: string[] } = { error: null, reports: [] };
  const guarded =
    <A extends readonly unknown[]>(write: (...args: A) => Promise<void>) =>
    (...args: A) =>
      state.error === null ? write(...args) : Promise.reject(state.error);
  const recorder = new Recorder(
    { ...store, record: guarded(store.record), recordEvent: guarded(store.recordEvent) },
    clock,
    { onRefused: (what) => state.reports.push(`refused ${what}`), onStored: () => state.reports.push('stored') },
  );
  return { clock, store, state, recorder };
}

it('writes what a full disk refused once there is space again, and says so', async () => {
  const { clock, store, state, recorder } = await refusing();
  const at = clock.now();
  state.error = new HistoryError('disk-full', 'database or disk is full');
  recorder.add(sample(at));
  recorder.event('switched', 'two');
  await recorder.flush();
  recorder.add(sample(at + 1));
  await clock.advance(60_000);
  expect(state.reports).toContain('refused event');
  expect(state.reports).not.toContain('stored');
  state.error = null;
  await clock.advance(60_000);
  expect(state.reports.at(-1)).toBe('stored');
  expect(await store.samples('cn', at, at + 10, 10)).toHaveLength(2);
  expect(await store.events(0, clock.now() + 1, 10)).toMatchObject([{ kind: 'switched', detail: 'two' }]);
  await recorder.close();
});

it('gives up what kills the history each time, and goes on with the rest', async () => {
  const { clock, store, state, recorder } = await refusing();
  state.error = new HistoryError('worker-lost', 'the history thread died');
  recorder.event('switched', 'bad');
  await clock.advance(60_000);
  state.error = null;
  recorder.event('switched', 'good');
  await recorder.close();
  expect(state.reports.filter((one) => one === 'refused event')).toHaveLength(3);
  expect(await store.events(0, clock.now() + 1, 10)).toMatchObject([{ detail: 'good' }]);
});
