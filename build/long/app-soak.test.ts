import { expect, it } from 'vitest';
import { type Reading, readProcess, slopeOf, wakeupsPerMinute } from './app-soak-measure.ts';

const at = (minute: number, mainMb: number, wakeups = 0): Reading => ({
  minute,
  mainMb,
  allMb: 0,
  windows: 1,
  handles: 0,
  threads: 0,
  wakeups,
});
const minutes = Array.from({ length: 30 }, (_, minute) => minute);

it('leaves the warm-up out, and gives the growth of the rest', () => {
  const steady = minutes.map((minute) => at(minute, minute < 10 ? 100 + 5 * minute : 150));
  expect(slopeOf(steady, ({ mainMb }) => mainMb)).toEqual({ from: 150, to: 150, perHour: 0 });
  const leaking = minutes.map((minute) => at(minute, 100 + minute));
  expect(slopeOf(leaking, ({ mainMb }) => mainMb)).toEqual({ from: 110, to: 129, perHour: 60 });
});

it('sees a small growth through noise, and says nothing from three readings', () => {
  const noisy = minutes.map((minute) => at(minute, 200 + 0.5 * minute + (minute % 2 === 0 ? 6 : -6)));
  const { perHour = 0 } = slopeOf(noisy, ({ mainMb }) => mainMb) ?? {};
  expect(Math.abs(perHour - 30)).toBeLessThan(8);
  expect(slopeOf(noisy.slice(0, 4), ({ mainMb }) => mainMb)).toBeNull();
});

it('counts timers between readings', () => {
  const rates = wakeupsPerMinute([at(0, 0, 100), at(1, 0, 160), at(3, 0, 180)]);
  expect(rates.map(({ wakeups }) => wakeups)).toEqual([60, 10]);
});

it('reads this very process', () => {
  const { mainMb, handles, threads } = readProcess(process.pid);
  expect(mainMb).toBeGreaterThan(20);
  expect(handles).toBeGreaterThan(2);
  expect(threads).toBeGreaterThan(1);
});
