/** The lines of a chart: median and 95th percentile, or phases stacked. Pure. */
import { PHASES } from '../../../shared/domain/result.ts';
import type { Chart, SeriesColumn } from '../../../shared/domain/timeline.ts';
import type { Translate } from '../../../shared/messages/messages.ts';

export type Mode = 'percentiles' | 'phases';

export interface Layer {
  readonly label: string;
  /** Custom property that holds its colour. */
  readonly color: string;
  readonly width: number;
  /** What is filled: down to zero, down to the next layer, or nothing. */
  readonly fills: 'floor' | 'next' | null;
  /** What a person reads, ms; null = not measured. */
  readonly valueIn: (column: SeriesColumn) => number | null;
  /** Where the line is drawn, ms: in a stack the sum up to here; null = the line is interrupted. */
  readonly heightIn: (column: SeriesColumn) => number | null;
}

/** The layers, the highest first. */
export function layersOf({ columns }: Pick<Chart, 'columns'>, mode: Mode, t: Translate): readonly Layer[] {
  if (mode === 'percentiles') return percentiles(t);
  const present = PHASES.filter((phase) => columns.some(({ phases }) => phases[phase] !== undefined));
  return present
    .map((phase, i): Layer => {
      const stacked = present.slice(0, i + 1);
      return {
        label: t(`phase.${phase}`),
        color: `--phase-${phase}`,
        width: 1,
        fills: i === 0 ? 'floor' : 'next',
        valueIn: ({ phases }) => phases[phase] ?? null,
        heightIn: ({ phases }) =>
          Object.keys(phases).length === 0 ? null : stacked.reduce((sum, name) => sum + (phases[name] ?? 0), 0),
      };
    })
    .reverse();
}

function percentiles(t: Translate): readonly Layer[] {
  const p95 = ({ p95: value }: SeriesColumn) => value;
  const p50 = ({ p50: value }: SeriesColumn) => value;
  return [
    { label: 'p95', color: '--p95', width: 1.5, fills: null, valueIn: p95, heightIn: p95 },
    { label: t('dashboard.median'), color: '--p50', width: 2, fills: 'floor', valueIn: p50, heightIn: p50 },
  ];
}
