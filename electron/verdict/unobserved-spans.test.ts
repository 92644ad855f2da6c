import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { unobservedSpans } from './unobserved-spans.ts';

/** Ten hours in columns of six minutes, measured except in the given minutes. */
const TO = 10 * HOUR_MS;
const WIDTH = 6 * MINUTE_MS;

function columns(...silent: readonly (readonly [from: number, to: number])[]) {
  return Array.from({ length: TO / WIDTH }, (_, i) => {
    const minute = i * 6;
    return { at: i * WIDTH, n: silent.some(([from, to]) => minute >= from && minute < to) ? 0 : 12 };
  });
}

function event(minute: number, kind: HistoryEvent['kind']) {
  return { at: minute * MINUTE_MS, kind };
}

function gaps(events: readonly ReturnType<typeof event>[], ...silent: readonly (readonly [number, number])[]) {
  const facts = { from: 0, to: TO, columns: columns(...silent), events, leastSilenceMs: 15 * MINUTE_MS };
  return unobservedSpans(facts).map(({ from, to, reason }) => [from / MINUTE_MS, to / MINUTE_MS, reason]);
}

describe('times without measurements', () => {
  it('are none while everything is measured', () => {
    expect(gaps([event(-5, 'started')])).toEqual([]);
  });

  it.each([
    ['slept', 'woke', 'asleep'],
    ['paused', 'resumed', 'paused'],
    ['went-offline', 'back-online', 'offline'],
    ['stopped', 'started', 'not-running'],
  ] as const)('from %s to %s are called %s, to the minute', (begin, end, reason) => {
    expect(gaps([event(61, begin), event(123, end)], [60, 124])).toEqual([[61, 123, reason]]);
  });

  it('last to the end while nothing ends them, and begin before the chart', () => {
    expect(gaps([event(-30, 'slept'), event(30, 'woke'), event(500, 'paused')], [0, 30], [500, 600])).toEqual([
      [0, 30, 'asleep'],
      [500, 600, 'paused'],
    ]);
  });

  it('begin at the last measurement when the app was killed', () => {
    expect(gaps([event(300, 'started')], [120, 300])).toEqual([[120, 300, 'not-running']]);
  });

  it('end with the run: a sleep or pause does not outlast the app', () => {
    expect(gaps([event(60, 'paused'), event(90, 'stopped'), event(150, 'started')], [60, 150])).toEqual([
      [60, 90, 'paused'],
      [90, 150, 'not-running'],
    ]);
  });

  it('have one reason at a time: offline while asleep is asleep', () => {
    const events = [event(60, 'went-offline'), event(80, 'slept'), event(160, 'woke'), event(180, 'back-online')];
    expect(gaps(events, [60, 180])).toEqual([
      [60, 80, 'offline'],
      [80, 160, 'asleep'],
      [160, 180, 'offline'],
    ]);
  });

  it('without a reason are gaps only when they are longer than any pause between probes', () => {
    expect(gaps([], [60, 72], [300, 330])).toEqual([[300, 330, 'unknown']]);
  });

  it('shorter than a column are left out: restarting the app is no gap', () => {
    expect(gaps([event(60, 'stopped'), event(60.5, 'started')])).toEqual([]);
  });
});
