/** Network, power and byte budget: what makes probes rarer, and when the machine has moved. */
import { describe, expect, it } from 'vitest';
import type { KnownNetwork, NetworkIdentity } from '../../shared/domain/network.ts';
import { DAY_MS } from '../../shared/domain/units.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { NetworkConditions } from './network-conditions.ts';
import { Usage } from './usage.ts';

const CAFE: NetworkIdentity = { id: 'cafe', description: 'wlan0', isHotspot: false };
const HOME: NetworkIdentity = { id: 'home', description: 'en0', isHotspot: false };

function start(networks: readonly KnownNetwork[] = []) {
  const clock = new FakeClock();
  let identity: NetworkIdentity | null = CAFE;
  let gate: Promise<void> = Promise.resolve();
  let onChange = (_addressesDiffer: boolean) => {};
  let isWatched = false;
  const moves: (string | null)[] = [];
  let known = 0;
  const conditions = new NetworkConditions({
    clock,
    network: {
      read: async () => {
        await gate;
        return identity;
      },
      watch: (listener) => {
        onChange = listener;
        isWatched = true;
        return async () => {
          isWatched = false;
        };
      },
    },
    settings: () => ({ networks, bytesPerDay: { usual: 1_000, metered: 100 } }),
    onKnown: () => {
      known += 1;
    },
    onMoved: (to) => moves.push(to?.id ?? null),
  });
  conditions.start();
  return {
    clock,
    conditions,
    moves,
    known: () => known,
    isWatched: () => isWatched,
    hold: () => {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return () => open();
    },
    change: async (to: NetworkIdentity | null, addressesDiffer: boolean) => {
      identity = to;
      onChange(addressesDiffer);
      await clock.advance(0);
    },
  };
}

describe('the network', () => {
  it('is known after the start, which is no move', async () => {
    const { clock, conditions, moves, known } = start([{ id: 'cafe', name: 'Café', metered: true }]);
    expect(conditions.network).toBeNull();
    await clock.advance(0);
    expect(conditions.network).toMatchObject({ id: 'cafe', name: 'Café', metered: true });
    expect([moves, known()]).toEqual([[], 1]);
  });

  it('is left for another one, for none, or for other addresses in the same one', async () => {
    const { clock, change, moves } = start();
    await clock.advance(0);
    await change(HOME, false);
    await change(HOME, true);
    await change(HOME, false);
    await change(null, true);
    expect(moves).toEqual(['home', null, null]);
  });
});

describe('conditions', () => {
  it('say battery, energy saving and metered networks', async () => {
    const { clock, conditions } = start([{ id: 'cafe', name: undefined, metered: true }]);
    await clock.advance(0);
    conditions.power = { onBattery: true, lowPower: true };
    expect(conditions.conditions()).toEqual({ onBattery: true, lowPower: true, metered: true, spent: 0 });
  });

  it('say how much of the budget is spent: that of the kind of network, until the next day', async () => {
    const { clock, conditions, change } = start([{ id: 'home', name: undefined, metered: true }]);
    await clock.advance(0);
    conditions.used(50, clock.now());
    expect(conditions.conditions().spent).toBe(0.05);
    await change(HOME, false);
    expect(conditions.bytesPerDay).toBe(100);
    expect(conditions.conditions().spent).toBe(0.5);
    expect(conditions.today()).toEqual({ probesToday: 1, bytesToday: 50 });
    await clock.advance(2 * DAY_MS);
    expect(conditions.conditions().spent).toBe(0);
  });
});

it('the end waits for a read that runs, whose result is dropped', async () => {
  const { clock, conditions, change, hold, moves, known, isWatched } = start();
  await clock.advance(0);
  const open = hold();
  await change(HOME, true);
  let ended = false;
  const closing = conditions.close().then(() => {
    ended = true;
  });
  await clock.advance(0);
  expect(ended).toBe(false);
  open();
  await closing;
  expect([isWatched(), moves, known()]).toEqual([false, [], 1]);
});

it('usage counts by local day', () => {
  const usage = new Usage((at) => (at < 100 ? 'one' : 'two'));
  usage.add(10, 1);
  usage.add(20, 99);
  expect([usage.bytesToday(99), usage.probesToday(99)]).toEqual([30, 2]);
  expect([usage.bytesToday(100), usage.probesToday(100)]).toEqual([0, 0]);
});
