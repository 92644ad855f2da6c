/** The lines of a chart: percentiles, or phases laid upon each other. Pure. */
import { PHASES } from '../../../shared/domain/result.ts';
import type { Chart, SeriesColumn } from '../../../shared/domain/timeline.ts';
import type { Translate } from '../../../shared/messages/messages.ts';

export type Mode = 'percentiles' | 'phases';

export interface Layer {
  readonly label: string;
  /** Custom property that holds its colour. */
  readonly color: string;
  readonly width: number;
  /** The area below it is filled. */
  readonly fills: boolean;
  /** ms; null = a gap. */
  readonly valueIn: (column: SeriesColumn) => number | null;
}

/** The lines, those drawn first first. */
export function layersOf({ columns }: Chart, mode: Mode, t: Translate): readonly Layer[] {
  if (mode === 'percentiles') return PERCENTILES;
  const present = PHASES.filter((phase) => columns.some(({ phases }) => phases[phase] !== undefined));
  // The whole stack first: each lower one is painted over it.
  return present
    .map((phase, i) => ({
      label: t(`phase.${phase}`),
      color: `--phase-${phase}`,
      width: 1,
      fills: true,
      valueIn: ({ phases }: SeriesColumn) =>
        Object.keys(phases).length === 0
          ? null
          : present.slice(0, i + 1).reduce((sum, name) => sum + (phases[name] ?? 0), 0),
    }))
    .reverse();
}

const PERCENTILES: readonly Layer[] = [
  { label: 'p99', color: '--p99', width: 1, fills: false, valueIn: ({ p99 }) => p99 },
  { label: 'p95', color: '--p95', width: 1.5, fills: false, valueIn: ({ p95 }) => p95 },
  { label: 'p50', color: '--p50', width: 2, fills: true, valueIn: ({ p50 }) => p50 },
];
