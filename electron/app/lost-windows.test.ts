import { expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import type { Log } from '../system/log.ts';
import { LostWindows } from './lost-windows.ts';

const CRASH = { reason: 'crashed', exitCode: 5 };

function setup() {
  const clock = new FakeClock();
  const lines: unknown[] = [];
  const line = (event: string, facts?: object) => void lines.push({ event, ...facts });
  const log: Log = { info: line, warn: line, error: line };
  return { clock, lines, windows: new LostWindows(clock, log) };
}

it('opens a window again once, and no more within a minute', async () => {
  const { clock, windows } = setup();
  expect(windows.died('dashboard', CRASH, true)).toBe('reopen');
  await clock.advance(30_000);
  expect(windows.died('dashboard', CRASH, true)).toBe('tell');
  await clock.advance(61_000);
  expect(windows.died('dashboard', CRASH, true)).toBe('reopen');
});

it('counts each window alone, and leaves a hidden one closed', () => {
  const { windows } = setup();
  expect(windows.died('dashboard', CRASH, true)).toBe('reopen');
  expect(windows.died('popover', CRASH, false)).toBe('nothing');
  expect(windows.died('popover', CRASH, true)).toBe('tell');
});

it('logs every death with its reason', () => {
  const { lines, windows } = setup();
  windows.died('popover', { reason: 'unresponsive', exitCode: null }, false);
  expect(lines).toEqual([{ event: 'window-died', window: 'popover', reason: 'unresponsive', exitCode: null }]);
});
