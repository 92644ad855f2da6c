import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../shared/domain/units.ts';
import { changePoints } from './change-points.ts';

const START = Date.UTC(2026, 5, 1);
const hours = (level: (i: number) => number, count = 240) =>
  Array.from({ length: count }, (_, i) => ({ at: START + i * HOUR_MS, n: 120, failed: 0, p50: level(i), p95: 1 }));
/** Noise of ±10 %, the same each time. */
const noise = (i: number) => 1 + 0.1 * Math.sin(i * 12.9898);

describe('change points', () => {
  it('are found where the level changes, and only there', () => {
    const found = changePoints(hours((i) => noise(i) * (i < 100 ? 50 : 150)));
    expect(found).toHaveLength(1);
    expect(Math.abs((found[0]?.at ?? 0) - START - 100 * HOUR_MS)).toBeLessThanOrEqual(2 * HOUR_MS);
    expect(found[0]?.beforeMs).toBeCloseTo(50, -1);
    expect(found[0]?.afterMs).toBeCloseTo(150, -2);
  });

  it('are not made by noise, by slow evenings, nor by a bad hour', () => {
    expect(changePoints(hours((i) => 50 * noise(i)))).toEqual([]);
    expect(changePoints(hours((i) => (i % 24 >= 20 ? 150 : 50) * noise(i)))).toEqual([]);
    expect(changePoints(hours((i) => (i === 120 ? 900 : 50) * noise(i)))).toEqual([]);
  });

  it('need hours on both sides', () => {
    expect(changePoints([])).toEqual([]);
    expect(changePoints(hours((i) => (i < 4 ? 50 : 500), 30))).toEqual([]);
  });
});
