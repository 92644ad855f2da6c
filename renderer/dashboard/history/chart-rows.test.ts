import { describe, expect, it } from 'vitest';
import { chartOf } from '../../../e2e/gallery/past.ts';
import { healthy } from '../../../e2e/gallery/states/healthy.ts';
import { HOUR_MS } from '../../../shared/domain/units.ts';
import { translator } from '../../../shared/messages/messages.ts';
import { layersOf } from './chart-layers.ts';
import { nearestRow, rowsOf } from './chart-rows.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
const chart = chartOf(healthy(NOW), 'goproxy.cn', NOW - 24 * HOUR_MS, NOW);

describe('the rows of a chart', () => {
  it('are the measured columns and one interruption for each gap, in the order of time', () => {
    const rows = rowsOf(chart);
    expect(rows.filter(({ gap }) => gap !== null)).toHaveLength(3);
    expect(rows.every(({ column, gap }) => gap !== null || column.n > 0)).toBe(true);
    expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it('go on over a column between two probes', () => {
    const columns = chart.columns.map((column, i) => (i % 2 === 0 ? column : { ...column, n: 0, p50: null }));
    expect(rowsOf({ columns, gaps: [] }).every(({ column }) => column?.n)).toBe(true);
  });

  it('are found by the nearest instant', () => {
    const rows = rowsOf(chart);
    expect(nearestRow(rows, NOW + HOUR_MS)).toBe(rows.length - 1);
    expect(nearestRow(rows, (rows[3]?.at ?? 0) + 1)).toBe(3);
    expect(nearestRow([], NOW)).toBe(-1);
  });
});

describe('the layers of a chart', () => {
  it('are p95 and the median', () => {
    expect(layersOf(chart, 'percentiles', translator('en')).map(({ label }) => label)).toEqual(['p95', 'median']);
  });

  it('are phases stacked: each stands on the next, and is read with its own value', () => {
    const layers = layersOf(chart, 'phases', translator('en'));
    const column = chart.columns.find(({ p50 }) => p50 !== null);
    if (column === undefined) throw new Error('nothing is measured');
    const heights = layers.map(({ heightIn }) => heightIn(column) ?? 0);
    const values = layers.map(({ valueIn }) => valueIn(column) ?? 0);
    expect(layers.map(({ fills }) => fills)).toEqual(['next', 'next', 'next', 'next', 'floor']);
    expect(heights[0]).toBeCloseTo(values.reduce((sum, one) => sum + one, 0));
    for (const [i, height] of heights.entries()) expect(height - (heights[i + 1] ?? 0)).toBeCloseTo(values[i] ?? -1);
  });
});
