/** What changed before an outage, on simulated mornings. */
import { expect, it } from 'vitest';
import { playMorning } from '../../build/long/morning.ts';
import { MORNINGS } from '../../build/long/mornings.ts';

it.each(MORNINGS.map((morning) => [morning.name, morning] as const))(
  '%s',
  async (_name, morning) => {
    const { changes, complete } = await playMorning(morning);
    expect(complete).toBe(morning.hasGap !== true);
    if (morning.first === null) expect(changes).toEqual([]);
    else expect(morning.first).toContain(changes[0]?.kind);
  },
  90_000,
);
