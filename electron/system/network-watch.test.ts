import { expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { NETWORK_LOOK_MS, watchNetwork } from './network-watch.ts';

test('a changed address is told once, at the next look', async () => {
  const clock = new FakeClock();
  let network = 'en0=192.0.2.7';
  let changes = 0;
  const stop = watchNetwork(
    clock,
    () => changes++,
    () => network,
  );
  await clock.advance(10 * NETWORK_LOOK_MS);
  expect(changes).toBe(0);
  network = 'en0=198.51.100.7';
  await clock.advance(10 * NETWORK_LOOK_MS);
  expect(changes).toBe(1);
  stop();
  expect(clock.pending).toBe(0);
});

test('stopping from within the callback leaves no timer behind', async () => {
  const clock = new FakeClock();
  let network = 'a';
  const stop = watchNetwork(
    clock,
    () => stop(),
    () => network,
  );
  network = 'b';
  await clock.advance(NETWORK_LOOK_MS);
  expect(clock.pending).toBe(0);
});
