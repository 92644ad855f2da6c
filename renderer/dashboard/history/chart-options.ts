/** How uPlot draws the latency chart: scales, axes, lines and what a drag or double click does. */
import type uPlot from 'uplot';
import type { Language } from '../../../shared/domain/snapshot.ts';
import type { Chart } from '../../../shared/domain/timeline.ts';
import { DAY_MS, type EpochMs } from '../../../shared/domain/units.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import type { Zoom } from '../dashboard-store.ts';
import type { Layer } from './chart-layers.ts';
import { type Color, drawBands, drawLevels } from './chart-marks.ts';
import type { ChartRow } from './chart-rows.ts';

/** CSS px. */
export const CHART_HEIGHT = 264;
/** Around the plot, CSS px: latencies on the left, the marks of outages above, those of events and the time below. */
export const PLOT_EDGES = { left: 58, top: 24, right: 12, bottom: 54 } as const;
/** The lane of the events, between the plot and the time, CSS px. */
const EVENT_LANE = 28;

/** Between two dates below a chart of days, s. */
const DAY_STEPS = [1, 2, 4, 7, 14, 30, 61, 92, 183].map((days) => days * (DAY_MS / 1_000));

/** The lines' colours are six hexadecimal digits; these two make an area of them. */
const FILL_ALPHA = '38';

/** The rows as uPlot takes them: x in seconds, then each line; a gap interrupts all of them. */
export function dataOf(rows: readonly ChartRow[], layers: readonly Layer[]): uPlot.AlignedData {
  return [
    rows.map(({ at }) => at / 1_000),
    ...layers.map(({ heightIn }) => rows.map(({ column }) => (column === null ? null : heightIn(column)))),
  ];
}

export interface ChartOptions {
  readonly chart: Chart;
  readonly rows: readonly ChartRow[];
  readonly layers: readonly Layer[];
  /** Gives the width and, by its style, the colours and the font. */
  readonly element: HTMLElement;
  readonly language: Language;
  /** Where the crosshair is; null when it left the chart. */
  readonly onMove: (at: EpochMs | null) => void;
  readonly onZoom: (zoom: Zoom) => void;
}

/** Everything uPlot needs to draw a chart in the page's colours. */
export function optionsOf(options: ChartOptions): uPlot.Options {
  const { chart, rows, layers, element, language, onMove, onZoom } = options;
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return {
    width: element.clientWidth,
    height: CHART_HEIGHT,
    padding: [PLOT_EDGES.top, PLOT_EDGES.right, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 }, y: false },
    scales: {
      x: { time: true, range: [chart.from / 1_000, chart.to / 1_000] },
      y: { range: (_plot, _min, max) => [0, Math.max(10, (max ?? 0) * 1.1)] },
    },
    axes: axesOf(chart, language, color),
    series: [{}, ...layers.map((layer) => seriesOf(layer, rows, color))],
    bands: layers.flatMap(({ fills, color: name }, i) =>
      fills === 'next' ? [{ series: [i + 1, i + 2] as uPlot.Band.Bounds, fill: `${color(name)}${FILL_ALPHA}` }] : [],
    ),
    hooks: {
      drawClear: [(plot) => drawBands(plot, chart, color)],
      draw: [(plot) => drawLevels(plot, chart, color)],
      setCursor: [(plot) => onMove(cursorAt(plot))],
      setSelect: [(plot) => zoomToSelection(plot, onZoom)],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => onZoom(null))],
    },
  };
}

function cursorAt(plot: uPlot): EpochMs | null {
  const { left } = plot.cursor;
  return left === undefined || left < 0 ? null : plot.posToVal(left, 'x') * 1_000;
}

function axesOf(chart: Chart, language: Language, color: Color): uPlot.Axis[] {
  const axis = { stroke: color('--ink-3'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
  const font = `11px ${color('--font')}`;
  return [
    {
      ...axis,
      font,
      size: PLOT_EDGES.bottom,
      // A day is named once.
      ...(chart.to - chart.from > 2 * DAY_MS ? { incrs: DAY_STEPS } : {}),
      gap: EVENT_LANE,
      values: (_plot, ticks) => ticks.map((tick) => tickText(tick * 1_000, chart, language)),
    },
    {
      ...axis,
      font,
      size: PLOT_EDGES.left,
      values: (_plot, ticks) => ticks.map((tick) => (tick === 0 ? '0' : formatLatency(tick))),
    },
  ];
}

function seriesOf({ label, color: name, width, fills }: Layer, rows: readonly ChartRow[], color: Color): uPlot.Series {
  return {
    label,
    stroke: color(name),
    width,
    ...(fills === 'floor' ? { fill: `${color(name)}${FILL_ALPHA}` } : {}),
    spanGaps: false,
    points: { show: rows.length < 40, size: 4 },
  };
}

/** A drag of a few pixels is a click. */
function zoomToSelection(plot: uPlot, onZoom: (zoom: Zoom) => void): void {
  const { left, width } = plot.select;
  if (width < 8) return;
  const from = plot.posToVal(left, 'x') * 1_000;
  const to = plot.posToVal(left + width, 'x') * 1_000;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom({ from: Math.round(from), to: Math.round(to) });
}

function tickText(at: number, { from, to }: Chart, language: Language): string {
  const span = to - from;
  const options: Intl.DateTimeFormatOptions =
    span <= 2 * DAY_MS
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : span <= 100 * DAY_MS
        ? { month: 'short', day: 'numeric' }
        : { year: '2-digit', month: 'short' };
  return new Intl.DateTimeFormat(language, options).format(at);
}
