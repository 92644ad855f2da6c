/**
 * Percentiles (or phases) of one endpoint over time, with outages as bands and events as marks. Drag to zoom, double
 * click or 0 to go back, arrows to move the crosshair. Nothing is drawn while the page is hidden.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Language } from '../../../shared/domain/snapshot.ts';
import type { Chart } from '../../../shared/domain/timeline.ts';
import { formatClock, formatLatency } from '../../../shared/messages/format.ts';
import type { Translate } from '../../../shared/messages/messages.ts';
import type { Zoom } from '../dashboard-store.ts';
import { type Layer, layersOf, type Mode } from './chart-layers.ts';
import { CHART_HEIGHT, dataOf, optionsOf } from './chart-options.ts';

interface Props {
  readonly chart: Chart;
  readonly mode: Mode;
  readonly t: Translate;
  readonly language: Language;
  /** What the colours come from; a change redraws. */
  readonly theme: string;
  readonly onZoom: (zoom: Zoom) => void;
}

export function LatencyChart({ chart, mode, t, language, theme, onZoom }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const layers = layersOf(chart, mode, t);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `theme` changes the colours that are read from the page
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = new uPlot(
      optionsOf({ chart, layers, element, language, onMove: setAt, onZoom }),
      dataOf(chart, layers),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: CHART_HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [chart, mode, language, theme]);
  useEffect(() => setAt((before) => (before !== null && before < chart.columns.length ? before : null)), [chart]);
  const move = (step: number) => {
    const next = Math.min(chart.columns.length - 1, Math.max(0, (at ?? chart.columns.length) + step));
    const column = chart.columns[next];
    const { current } = plot;
    if (column !== undefined && current !== null) {
      current.setCursor({ left: current.valToPos(column.at / 1_000, 'x'), top: CHART_HEIGHT / 3 });
    }
    setAt(next);
  };
  const zoomBy = (factor: number) => {
    const { from, to, columns } = chart;
    const middle = columns[at ?? -1]?.at ?? (from + to) / 2;
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
    };
    const wanted = act[event.key === '=' ? '+' : event.key];
    if (wanted === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    wanted();
  };
  return (
    <figure className="chart">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair moves by arrows */}
      <section tabIndex={0} aria-label={t('dashboard.chart-keys')} data-testid="chart" onKeyDown={onKey}>
        <div ref={place} aria-hidden="true" />
      </section>
      <figcaption className="num" aria-live="polite" data-testid="chart-readout">
        <Readout chart={chart} layers={layers} at={at} t={t} language={language} />
      </figcaption>
    </figure>
  );
}

interface ReadoutProps {
  readonly chart: Chart;
  readonly layers: readonly Layer[];
  readonly at: number | null;
  readonly t: Translate;
  readonly language: Language;
}

/** What the crosshair stands on, or else what the lines are. */
function Readout({ chart, layers, at, t, language }: ReadoutProps) {
  const column = at === null ? undefined : chart.columns[at];
  return (
    <>
      {layers.map(({ label, color, valueIn }) => {
        const value = column === undefined ? null : valueIn(column);
        return (
          <span key={label}>
            <i className="swatch" style={{ background: `var(${color})` }} />
            {label} {value !== null && <b>{formatLatency(value)}</b>}
          </span>
        );
      })}
      {column !== undefined && (
        <span className="dim">
          {formatClock(column.at, chart.to, language)} ·{' '}
          {column.n === 0 ? t('dashboard.nothing') : t('dashboard.counts', { n: column.n, failed: column.failed })}
        </span>
      )}
    </>
  );
}
