/**
 * Latency of one endpoint over time, with its outages, gaps and events. Drag to zoom, double click or 0 to go back, arrows
 * to move the crosshair. Nothing is drawn while the page is hidden.
 */
import { useRef, useState } from 'react';
import type { Language } from '../../../shared/domain/snapshot.ts';
import type { Chart } from '../../../shared/domain/timeline.ts';
import { formatClock, formatLatency } from '../../../shared/messages/format.ts';
import type { Translate } from '../../../shared/messages/messages.ts';
import type { Zoom } from '../dashboard-store.ts';
import { type Layer, layersOf, type Mode } from './chart-layers.ts';
import { type ChartRow, nearestRow, rowsOf } from './chart-rows.ts';
import { MarkLayer } from './mark-layer.tsx';
import { markAt, markText, type TimelineMark } from './timeline-marks.ts';
import { usePlot } from './use-plot.ts';

/** How near the pointer has to come to an outage of seconds, CSS px. */
const SLACK = 4;

interface Props {
  readonly chart: Chart;
  readonly marks: readonly TimelineMark[];
  readonly mode: Mode;
  readonly t: Translate;
  readonly language: Language;
  /** Names the colours in force; a change redraws. */
  readonly ink: string;
  readonly onZoom: (zoom: Zoom) => void;
}

export function LatencyChart({ chart, marks, mode, t, language, ink, onZoom }: Props) {
  const section = useRef<HTMLElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const label = t('dashboard.chart-keys');
  const layers = layersOf(chart, mode, t);
  const rows = rowsOf(chart);
  const { place, width, pointAt } = usePlot({ chart, rows, layers, language, onMove: setAt, onZoom }, ink);
  const under = at === null ? null : markAt(marks, at, ((chart.to - chart.from) / Math.max(1, width)) * SLACK);
  const move = (step: number) => {
    const from = at === null ? rows.length : nearestRow(rows, at);
    const next = rows[Math.min(rows.length - 1, Math.max(0, from + step))];
    if (next === undefined) return;
    pointAt(next.at);
    setAt(next.at);
  };
  const zoomBy = (factor: number) => {
    const { from, to } = chart;
    const middle = at ?? (from + to) / 2;
    const half = ((to - from) * factor) / 2;
    onZoom({ from: Math.round(middle - half), to: Math.round(Math.min(middle + half, Date.now())) });
  };
  const onKey = (event: React.KeyboardEvent) => {
    const act: Record<string, () => void> = {
      ArrowLeft: () => move(-1),
      ArrowRight: () => move(1),
      '+': () => zoomBy(0.5),
      '-': () => zoomBy(2),
      '0': () => onZoom(null),
      Escape: () => {
        pointAt(null);
        setAt(null);
      },
    };
    const wanted = act[event.key === '=' ? '+' : event.key];
    if (wanted === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    wanted();
  };
  return (
    <figure className="chart">
      <div className="chart-body">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair moves by arrows */}
        <section ref={section} tabIndex={0} aria-label={label} data-testid="chart" onKeyDown={onKey}>
          <div ref={place} aria-hidden="true" />
        </section>
        <MarkLayer {...{ chart, marks, width, under, t, onZoom }} onLeave={() => section.current?.focus()} />
      </div>
      <figcaption className="num" aria-live="polite" data-testid="chart-readout">
        <Readout
          row={at === null ? undefined : rows[nearestRow(rows, at)]}
          {...{ chart, layers, under, t, language }}
        />
      </figcaption>
    </figure>
  );
}

interface ReadoutProps {
  readonly chart: Chart;
  readonly layers: readonly Layer[];
  readonly row: ChartRow | undefined;
  readonly under: TimelineMark | null;
  readonly t: Translate;
  readonly language: Language;
}

/** What the crosshair stands on, or else what the lines are. */
function Readout({ chart, layers, row, under, t, language }: ReadoutProps) {
  const column = row?.column ?? null;
  return (
    <>
      {layers.map(({ label, color, valueIn }) => {
        const value = column === null ? null : valueIn(column);
        return (
          <span key={label}>
            <i className="swatch" style={{ background: `var(${color})` }} />
            {label} {value !== null && <b>{formatLatency(value)}</b>}
          </span>
        );
      })}
      {column !== null && (
        <span className="dim">
          {formatClock(column.at, chart.to, language)} · {t('dashboard.counts', { n: column.n, failed: column.failed })}
        </span>
      )}
      {under !== null && <span className="hidden-text">{markText(under)}</span>}
    </>
  );
}
