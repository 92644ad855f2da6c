import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { followPower } from './power.ts';

function followed() {
  const power = new EventEmitter();
  const calls: string[] = [];
  const stop = followPower(power, {
    suspend: () => calls.push('suspend'),
    wake: () => calls.push('wake'),
    supply: () => calls.push('supply'),
    lock: () => calls.push('lock'),
  });
  return { power, calls, stop };
}

test('a sleep reported twice is one sleep and one wake', () => {
  const { power, calls } = followed();
  for (const event of ['suspend', 'suspend', 'resume', 'unlock-screen', 'resume']) power.emit(event);
  expect(calls).toEqual(['suspend', 'wake']);
});

test('unlocking without a sleep before is not a wake', () => {
  const { power, calls } = followed();
  power.emit('lock-screen');
  power.emit('unlock-screen');
  expect(calls).toEqual(['lock']);
});

test('stopping removes every listener', () => {
  const { power, stop } = followed();
  stop();
  expect(power.eventNames()).toEqual([]);
});

test('plugging in and out is passed on', () => {
  const { power, calls } = followed();
  power.emit('on-battery');
  power.emit('on-ac');
  expect(calls).toEqual(['supply', 'supply']);
});
