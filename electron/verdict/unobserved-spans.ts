/**
 * When an endpoint was not measured, and why: from what the history says about the app and the machine, or else only
 * from the silence. Pure.
 */
import type { ChartGap, HistoryEvent, SeriesColumn } from '../../shared/domain/timeline.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';

export interface ObservationFacts {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Equal columns over [from, to). */
  readonly columns: readonly Pick<SeriesColumn, 'at' | 'n'>[];
  /** Oldest first; those before `from` say in which state the span begins. */
  readonly events: readonly Pick<HistoryEvent, 'at' | 'kind'>[];
  /** A silence that nothing explains is a gap from this length on. */
  readonly leastSilenceMs: DurationMs;
}

type Span = Pick<ChartGap, 'from' | 'to'>;
type KnownReason = Exclude<ChartGap['reason'], 'unknown'>;

/** Where spans overlap the earlier reason holds: an app that does not run cannot know that the machine sleeps. */
const REASONS = ['not-running', 'asleep', 'paused', 'offline'] as const satisfies readonly KnownReason[];

const BEGINS: Readonly<Partial<Record<HistoryEvent['kind'], KnownReason>>> = {
  stopped: 'not-running',
  slept: 'asleep',
  paused: 'paused',
  'went-offline': 'offline',
};

const ENDS: Readonly<Partial<Record<HistoryEvent['kind'], KnownReason>>> = {
  woke: 'asleep',
  resumed: 'paused',
  'back-online': 'offline',
};

/** Gaps within [from, to), oldest first, none shorter than a column; they do not overlap. */
export function unobservedSpans(facts: ObservationFacts): readonly ChartGap[] {
  const { from, to, columns, leastSilenceMs } = facts;
  const widthMs = (to - from) / Math.max(1, columns.length);
  const known = knownSpans(facts, widthMs);
  const gaps: ChartGap[] = [];
  const add = (spans: readonly Span[], reason: ChartGap['reason'], leastMs: DurationMs) => {
    const free = spans.flatMap((span) => without(clip(span, from, to), gaps));
    gaps.push(...free.filter((one) => one.to - one.from >= leastMs).map((one) => ({ ...one, reason })));
  };
  for (const reason of REASONS) add(known[reason], reason, widthMs);
  add(silences(columns, widthMs), 'unknown', Math.max(widthMs, leastSilenceMs));
  return gaps.sort((a, b) => a.from - b.from);
}

/** What the events say, unclipped. */
function knownSpans(
  { events, columns, to }: ObservationFacts,
  widthMs: DurationMs,
): Readonly<Record<KnownReason, readonly Span[]>> {
  const spans: Record<KnownReason, Span[]> = { 'not-running': [], asleep: [], paused: [], offline: [] };
  const open = new Map<KnownReason, EpochMs>();
  const close = (reason: KnownReason, at: EpochMs) => {
    const since = open.get(reason);
    if (since !== undefined) spans[reason].push({ from: since, to: at });
    open.delete(reason);
  };
  for (const { at, kind } of events) {
    if (kind === 'started') {
      // Without a recorded end it was killed, or the power went: it ran until the last measurement before.
      if (!open.has('not-running')) spans['not-running'].push({ from: lastMeasured(columns, at, widthMs), to: at });
    }
    // A new run begins awake, not paused and online, and nothing of the kind outlasts a run.
    if (kind === 'started' || kind === 'stopped') for (const reason of REASONS) close(reason, at);
    const begun = BEGINS[kind];
    if (begun !== undefined && !open.has(begun)) open.set(begun, at);
    const ended = ENDS[kind];
    if (ended !== undefined) close(ended, at);
  }
  for (const reason of REASONS) close(reason, to);
  return spans;
}

/** The end of the last column before an instant in which something was measured; the instant when there is none. */
function lastMeasured(columns: ObservationFacts['columns'], at: EpochMs, widthMs: DurationMs): EpochMs {
  const last = columns.findLast((column) => column.n > 0 && column.at < at);
  return last === undefined ? at : Math.min(at, last.at + widthMs);
}

/** Runs of columns without a measurement. */
function silences(columns: ObservationFacts['columns'], widthMs: DurationMs): readonly Span[] {
  const spans: Span[] = [];
  for (const { at, n } of columns) {
    if (n > 0) continue;
    const before = spans.at(-1);
    // Sums of widths are not exact to the bit.
    if (before !== undefined && at - before.to < widthMs / 2) spans[spans.length - 1] = { ...before, to: at + widthMs };
    else spans.push({ from: at, to: at + widthMs });
  }
  return spans;
}

function clip({ from, to }: Span, least: EpochMs, most: EpochMs): Span {
  return { from: Math.max(from, least), to: Math.min(to, most) };
}

/** What of a span none of the others covers. */
function without(span: Span, others: readonly Span[]): readonly Span[] {
  return others
    .reduce<readonly Span[]>(
      (left, other) =>
        left.flatMap((one) =>
          other.to <= one.from || other.from >= one.to
            ? [one]
            : [
                { from: one.from, to: other.from },
                { from: other.to, to: one.to },
              ],
        ),
      [span],
    )
    .filter(({ from, to }) => to > from);
}
