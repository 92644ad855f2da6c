import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../shared/domain/result.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { openHistory } from '../history/open-history.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { DayStrip, STRIP_CELL_MS, stripStart } from './day-strip.ts';

const NOON = Date.UTC(2026, 5, 10, 12, 10);

function sample(at: number, outcome: 'ok' | 'slow' | 'failed' = 'ok', totalMs = 40): Sample {
  const cause = outcome === 'failed' ? ({ cause: 'eof-no-response' } as const) : {};
  return { endpointId: 'a', at, outcome, phases: {}, totalMs, ...cause };
}

describe('a day in half-hour columns', () => {
  it('ends with the half hour that holds now, and begins a day before', () => {
    const strip = new DayStrip();
    strip.add(sample(NOON));
    strip.add(sample(NOON - 23.5 * HOUR_MS));
    strip.add(sample(NOON - 25 * HOUR_MS));
    const { cells } = strip.at(NOON);
    expect(cells).toHaveLength(48);
    expect(cells.map(({ outcome }) => outcome).filter((one) => one === 'up')).toHaveLength(2);
    expect(cells.at(-1)).toEqual({ outcome: 'up', latencyMs: 40 });
    expect(strip.at(NOON + 30 * MINUTE_MS).cells.at(-2)?.outcome).toBe('up');
  });

  it('counts failures', () => {
    const strip = new DayStrip();
    for (let i = 0; i < 9; i++) strip.add(sample(NOON));
    strip.add(sample(NOON, 'failed'));
    expect(strip.at(NOON)).toMatchObject({ uptime: 0.9 });
    expect(strip.at(NOON).cells.at(-1)?.outcome).toBe('failed');
  });

  it('equals the history, whether samples were added one by one or read from it', async () => {
    const clock = new FakeClock(NOON);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            ago: fc.integer({ min: 0, max: 26 * 60 }),
            outcome: fc.constantFrom('ok' as const, 'slow' as const, 'failed' as const),
            totalMs: fc.integer({ min: 1, max: 3_000 }),
          }),
          { maxLength: 80 },
        ),
        async (drawn) => {
          const byTime = new Map(drawn.map((one) => [one.ago, one]));
          const samples = [...byTime.values()].map((one) =>
            sample(NOON - one.ago * MINUTE_MS, one.outcome, one.totalMs),
          );
          const { store } = await openHistory({ file: ':memory:', clock });
          await store.record(samples);
          const from = stripStart(NOON);
          const read = new DayStrip(await store.series('a', from, from + 48 * STRIP_CELL_MS, 48, false)).at(NOON);
          await store.close();
          const live = new DayStrip();
          for (const one of samples) live.add(one);
          const day = live.at(NOON);
          expect(day.cells.map(({ outcome }) => outcome)).toEqual(read.cells.map(({ outcome }) => outcome));
          expect(day.uptime).toEqual(read.uptime);
        },
      ),
      { numRuns: 40 },
    );
  });
});
