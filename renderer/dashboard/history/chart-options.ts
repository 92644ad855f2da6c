/** How uPlot draws the latency chart: scales, axes, lines and what a drag or double click does. */
import type uPlot from 'uplot';
import type { Language } from '../../../shared/domain/snapshot.ts';
import type { Chart } from '../../../shared/domain/timeline.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import type { Zoom } from '../dashboard-store.ts';
import type { Layer } from './chart-layers.ts';
import { type Color, drawBands, drawMarks } from './chart-marks.ts';

/** CSS px. */
export const CHART_HEIGHT = 240;

/** The lines' colours are six hexadecimal digits; these two make an area of them. */
const FILL_ALPHA = '38';

/** The columns as uPlot takes them: x in seconds, then each line. */
export function dataOf({ columns }: Chart, layers: readonly Layer[]): uPlot.AlignedData {
  return [columns.map(({ at }) => at / 1_000), ...layers.map(({ valueIn }) => columns.map(valueIn))];
}

export interface ChartOptions {
  readonly chart: Chart;
  readonly layers: readonly Layer[];
  /** Gives the width and, by its style, the colours and the font. */
  readonly element: HTMLElement;
  readonly language: Language;
  /** The column under the crosshair; null when it left the chart. */
  readonly onMove: (at: number | null) => void;
  readonly onZoom: (zoom: Zoom) => void;
}

/** Everything uPlot needs to draw a chart in the page's colours. */
export function optionsOf({ chart, layers, element, language, onMove, onZoom }: ChartOptions): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return {
    width: element.clientWidth,
    height: CHART_HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 }, y: false },
    scales: {
      x: { time: true, range: [chart.from / 1_000, chart.to / 1_000] },
      y: { range: (_plot, _min, max) => [0, Math.max(10, (max ?? 0) * 1.1)] },
    },
    axes: axesOf(chart, language, color),
    series: [{}, ...layers.map((layer) => seriesOf(layer, chart, color))],
    hooks: {
      drawClear: [(plot) => drawBands(plot, chart, color)],
      draw: [(plot) => drawMarks(plot, chart, color)],
      setCursor: [(plot) => onMove(plot.cursor.idx ?? null)],
      setSelect: [(plot) => zoomToSelection(plot, onZoom)],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => onZoom(null))],
    },
  };
}

function axesOf(chart: Chart, language: Language, color: Color): uPlot.Axis[] {
  const axis = { stroke: color('--ink-3'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
  const font = `11px ${color('--font')}`;
  return [
    {
      ...axis,
      font,
      size: 30,
      values: (_plot, ticks) => ticks.map((tick) => tickText(tick * 1_000, chart, language)),
    },
    {
      ...axis,
      font,
      size: 58,
      values: (_plot, ticks) => ticks.map((tick) => (tick === 0 ? '0' : formatLatency(tick))),
    },
  ];
}

function seriesOf({ label, color: name, width, fills }: Layer, { columns }: Chart, color: Color): uPlot.Series {
  return {
    label,
    stroke: color(name),
    width,
    ...(fills ? { fill: `${color(name)}${FILL_ALPHA}` } : {}),
    spanGaps: false,
    points: { show: columns.filter(({ n }) => n > 0).length < 40, size: 4 },
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
    span <= 2 * 86_400_000
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : span <= 100 * 86_400_000
        ? { month: 'short', day: 'numeric' }
        : { year: '2-digit', month: 'short' };
  return new Intl.DateTimeFormat(language, options).format(at);
}
