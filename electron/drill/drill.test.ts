/** A drill's steps and times, in fake time: without failover, and with one that practises a switch or never does. */
import { expect, it } from 'vitest';
import type { DrillReport } from '../../shared/domain/timeline.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { Drill } from './drill.ts';

async function begin(waits: boolean) {
  const clock = new FakeClock();
  const reports: DrillReport[] = [];
  let diverted = false;
  const drill = new Drill('a', {
    clock,
    startServer: async () => ({ port: 1, close: async () => {} }),
    selfTest: async () => 'ok',
    divert: (detour) => {
      diverted = detour !== null;
    },
    waitsForSwitch: () => waits,
    onChange: () => {},
    onEnd: (report) => reports.push(report),
  });
  await drill.start();
  return { clock, drill, reports, isDiverted: () => diverted };
}

it('without failover the outage ends once a notification was sent', async () => {
  const { clock, drill, reports, isDiverted } = await begin(false);
  await clock.advance(2_000);
  drill.observe('down');
  await clock.advance(1_000);
  drill.observe('notified');
  expect(isDiverted()).toBe(false);
  await clock.advance(500);
  drill.observe('up');
  expect(reports).toMatchObject([
    { outcome: 'done', detectMs: 2_000, notifyMs: 3_000, switchMs: null, recoverMs: 500 },
  ]);
});

it('with failover it lasts until the switch was practised and the notification sent, in either order', async () => {
  for (const order of [['notified', 'switched'] as const, ['switched', 'notified'] as const]) {
    const { clock, drill, reports, isDiverted } = await begin(true);
    await clock.advance(2_000);
    drill.observe('down');
    drill.observe(order[0]);
    expect(isDiverted()).toBe(true);
    await clock.advance(1_000);
    drill.observe(order[1]);
    expect(isDiverted()).toBe(false);
    drill.observe('up');
    expect(reports).toMatchObject([{ outcome: 'done', switchMs: order[0] === 'switched' ? 2_000 : 3_000 }]);
  }
});

it('with failover that finds nothing it ends all the same', async () => {
  const { clock, drill, reports, isDiverted } = await begin(true);
  drill.observe('down');
  drill.observe('notified');
  await clock.advance(MINUTE_MS);
  expect(isDiverted()).toBe(false);
  drill.observe('up');
  expect(reports).toMatchObject([{ outcome: 'done', switchMs: null }]);
});

it.each(['self-test', 'server'])('a %s that throws ends it as failed, with nothing diverted', async (part) => {
  const clock = new FakeClock();
  const reports: DrillReport[] = [];
  const detours: unknown[] = [];
  const drill = new Drill('a', {
    clock,
    selfTest: async () => {
      if (part === 'self-test') throw new Error('no scratch folder');
      return 'ok';
    },
    startServer: async () => {
      throw new Error('no port');
    },
    divert: (detour) => detours.push(detour),
    waitsForSwitch: () => false,
    onChange: () => {},
    onEnd: (report) => reports.push(report),
  });
  await drill.start();
  expect(reports).toMatchObject([{ outcome: 'failed', detectMs: null }]);
  expect(detours.at(-1)).toBeNull();
  await drill.close();
  expect(clock.pending).toBe(0);
});

it('its end waits for the self-test and closes a server that starts late', async () => {
  const clock = new FakeClock();
  let open = () => {};
  let closed = 0;
  const drill = new Drill('a', {
    clock,
    selfTest: () =>
      new Promise((resolve) => {
        open = () => resolve('ok');
      }),
    startServer: async () => ({
      port: 1,
      close: async () => {
        closed += 1;
      },
    }),
    divert: () => {},
    waitsForSwitch: () => false,
    onChange: () => {},
    onEnd: () => {},
  });
  void drill.start();
  let ended = false;
  const closing = drill.close().then(() => {
    ended = true;
  });
  await clock.advance(0);
  expect(ended).toBe(false);
  open();
  await closing;
  expect([closed, clock.pending]).toEqual([0, 0]);
});
