/** Where the marks of a chart stand, and which share a place because they would cover one another. Pure. */
import type { Chart } from '../../../shared/domain/timeline.ts';
import type { EpochMs } from '../../../shared/domain/units.ts';
import type { Zoom } from '../dashboard-store.ts';
import type { TimelineMark } from './timeline-marks.ts';

/** Marks of one lane that share a place; most have one. */
export interface MarkPlace {
  /** Of the first mark, so that it stays the same while others join or leave. */
  readonly key: string;
  readonly lane: TimelineMark['lane'];
  /** CSS px from the left of the plot: the middle of a gap, the beginning of anything else. */
  readonly x: number;
  /** CSS px that a gap is wide; 0 for anything else. */
  readonly width: number;
  readonly marks: readonly TimelineMark[];
}

/** A mark is this wide: closer ones share a place. CSS px. */
export const MARK_SIZE = 20;
/** Around what is zoomed to, in its own length. */
const ZOOM_AROUND = 1;
/** At least so much is shown around a moment: half an hour, or a quarter of what is shown already. */
const LEAST_SHOWN_MS = 30 * 60_000;
const LEAST_SHARE = 0.25;

/** In the order of time; `width` of the plot in CSS px. */
export function placesOf(
  marks: readonly TimelineMark[],
  { from, to }: Pick<Chart, 'from' | 'to'>,
  width: number,
): readonly MarkPlace[] {
  const xOf = (at: EpochMs) => (Math.min(to, Math.max(from, at)) - from) * (width / (to - from));
  const places: MarkPlace[] = [];
  const lastOf = new Map<string, number>();
  for (const mark of marks) {
    const { lane, key } = mark;
    const start = xOf(mark.from);
    const end = xOf(mark.to);
    const x = lane === 'gap' ? (start + end) / 2 : start;
    const index = lastOf.get(lane);
    const before = index === undefined ? undefined : places[index];
    if (index !== undefined && before !== undefined && x - before.x < MARK_SIZE) {
      places[index] = { ...before, marks: [...before.marks, mark] };
      continue;
    }
    lastOf.set(lane, places.length);
    places.push({ key, lane, x, width: lane === 'gap' ? end - start : 0, marks: [mark] });
  }
  return places.sort((a, b) => (a.marks[0]?.from ?? 0) - (b.marks[0]?.from ?? 0));
}

/** The span to show when someone looks closer at a place; null when it fills the chart already. */
export function zoomOnto({ marks }: MarkPlace, chart: Pick<Chart, 'from' | 'to'>): Zoom {
  const from = Math.min(...marks.map((one) => one.from));
  const to = Math.max(...marks.map((one) => one.to));
  const least = Math.min(LEAST_SHOWN_MS, (chart.to - chart.from) * LEAST_SHARE);
  const around = Math.max((to - from) * ZOOM_AROUND, (least - (to - from)) / 2);
  const length = to - from + 2 * around;
  if (length >= (chart.to - chart.from) * 0.9) return null;
  // At an edge of the chart it is moved, not cut: half of the span would be too little.
  const start = Math.min(chart.to - length, Math.max(chart.from, from - around));
  return { from: Math.round(start), to: Math.round(start + length) };
}

/** About how wide a text of the caption's size (11 px) is with its padding, CSS px: Chinese characters fill a square. */
export function captionWidth(text: string): number {
  return [...text].reduce((sum, char) => sum + (char >= '\u2e80' ? 11 : 6.2), 8);
}
