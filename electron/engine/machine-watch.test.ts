/** When the facts of the machine are read. */
import { expect, it } from 'vitest';
import type { MachineFacts } from '../../shared/domain/timeline.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { MACHINE_REST_MS, MACHINE_ROUND_MS, MachineWatch } from './machine-watch.ts';

function start(read: () => Promise<MachineFacts> = async () => ({})) {
  const clock = new FakeClock();
  let readings = 0;
  const seen: MachineFacts[] = [];
  const watch = new MachineWatch({
    clock,
    read: () => {
      readings += 1;
      return read();
    },
    onRead: (facts) => seen.push(facts),
  });
  return { clock, watch, seen, readings: () => readings };
}

it('reads at once, once for failures that come together, and again in the next round', async () => {
  const { clock, watch, readings } = start();
  watch.look();
  watch.look();
  await clock.advance(1);
  expect(readings()).toBe(1);
  for (let i = 0; i < 20; i += 1) watch.look();
  await clock.advance(MACHINE_REST_MS - 2);
  expect(readings()).toBe(1);
  await clock.advance(2);
  expect(readings()).toBe(2);
  await clock.advance(MACHINE_ROUND_MS);
  expect(readings()).toBe(3);
  await watch.close();
});

it('reports nothing after close, which waits for a reading that runs', async () => {
  let end: (facts: MachineFacts) => void = () => {};
  const { clock, watch, seen, readings } = start(() => new Promise((resolve) => (end = resolve)));
  watch.look();
  await clock.advance(1);
  let isClosed = false;
  const closed = watch.close().then(() => {
    isClosed = true;
  });
  await Promise.resolve();
  expect(isClosed).toBe(false);
  end({ tunnels: 'utun4' });
  await closed;
  watch.look();
  await clock.advance(2 * MACHINE_ROUND_MS);
  expect(seen).toEqual([]);
  expect(readings()).toBe(1);
});
