/** A uPlot in an element, rebuilt whenever what it draws or the page's colours change. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { CHART_HEIGHT, type ChartOptions, dataOf, optionsOf } from './chart-options.ts';

/** Where uPlot puts a crosshair that left the chart. */
const AWAY = -10;

export interface Plot {
  readonly place: RefObject<HTMLDivElement | null>;
  /** Of the element, CSS px; 0 before it is laid out. */
  readonly width: number;
  /** Puts the crosshair on an instant; null removes it. */
  readonly pointAt: (at: number | null) => void;
}

/** `ink` names the colours in force: another one draws the chart again. */
export function usePlot(options: Omit<ChartOptions, 'element'>, ink: string): Plot {
  const { chart, rows, layers, language } = options;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [width, setWidth] = useState(0);
  const mode = layers.map(({ color }) => color).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ink` changes the colours that are read from the page, `mode` the layers
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = new uPlot(optionsOf({ ...options, element }), dataOf(rows, layers), element);
    plot.current = made;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: CHART_HEIGHT });
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [chart, mode, language, ink]);
  const pointAt = (at: number | null) => {
    const { current } = plot;
    const left = at === null || current === null ? AWAY : current.valToPos(at / 1_000, 'x');
    current?.setCursor({ left, top: at === null ? AWAY : CHART_HEIGHT / 3 });
  };
  return { place, width, pointAt };
}
