/** Outages, gaps, events and changes of level of a chart, each in words, in the order of time. Pure. */
import { downtimeOf, type Incident } from '../../../shared/domain/incident.ts';
import type { Language } from '../../../shared/domain/snapshot.ts';
import type { Status } from '../../../shared/domain/status.ts';
import type { ChangePoint, Chart, ChartGap, HistoryEvent } from '../../../shared/domain/timeline.ts';
import type { EpochMs } from '../../../shared/domain/units.ts';
import { eventText } from '../../../shared/messages/event-text.ts';
import { formatClock, formatDuration, formatLatency } from '../../../shared/messages/format.ts';
import { causeShort, isMessageKey, type Translate } from '../../../shared/messages/messages.ts';

/** What a mark is drawn as, beside the words. */
export type MarkGlyph = 'switch' | 'network' | 'power' | 'sleep' | 'pause' | 'drill' | 'settings' | 'level' | 'gap';

export interface TimelineMark {
  /** Stays the same when the chart is read again. */
  readonly key: string;
  readonly lane: 'outage' | 'gap' | 'event';
  readonly from: EpochMs;
  /** Equal to `from` for what has no length; the end of the chart while it lasts. */
  readonly to: EpochMs;
  /** A status is drawn in its own shape. */
  readonly glyph: MarkGlyph | Status;
  readonly drill: boolean;
  /** Such as “Connection reset”. */
  readonly title: string;
  /** When, how long and to whom it was attributed. */
  readonly detail: string;
}

export interface MarkWords {
  readonly t: Translate;
  readonly language: Language;
  /** Resolves the id of a profile, also of one that is gone. */
  readonly profileName: (id: string) => string;
}

/** All marks, oldest first. Events that only begin or end a gap are left out: the gap says it. */
export function marksOf(chart: Chart, words: MarkWords): readonly TimelineMark[] {
  const { incidents, gaps, events, changePoints, to, from } = chart;
  return [
    ...incidents.filter((one) => (one.endedAt ?? to) > from).map((one) => outageMark(one, to, words)),
    ...gaps.map((one) => gapMark(one, to, words)),
    ...events.filter((one) => !isEdgeOfGap(one, chart)).map((one) => eventMark(one, to, words)),
    ...changePoints.map((one) => levelMark(one, to, words)),
  ].sort((a, b) => a.from - b.from);
}

/** The outage, or else the gap, that an instant lies in; `slackMs` on both sides, for what is narrower than the pointer. */
export function markAt(marks: readonly TimelineMark[], at: EpochMs, slackMs: number): TimelineMark | null {
  const within = marks.filter((one) => one.lane !== 'event' && at >= one.from - slackMs && at <= one.to + slackMs);
  return within.find(({ lane }) => lane === 'outage') ?? within[0] ?? null;
}

/** A mark in one line, for those who hear it. */
export function markText({ title, detail }: TimelineMark): string {
  return `${title} · ${detail}`;
}

function outageMark(incident: Incident, to: EpochMs, words: MarkWords): TimelineMark {
  const { t } = words;
  const { id, severity, cause, verdict, startedAt, endedAt, drill } = incident;
  const title = cause === null ? t(`status.${severity}`) : causeShort(t, cause);
  const blame = verdict === null ? [] : [verdictName(verdict, t)];
  const span = spanText(startedAt, endedAt, to, words);
  return {
    key: `outage-${id}`,
    lane: 'outage',
    from: startedAt,
    to: endedAt ?? to,
    glyph: severity === 'intermittent' ? 'degraded' : severity,
    drill,
    title: drill ? t('dashboard.drill-of', { cause: title }) : title,
    detail: [span, formatDuration(downtimeOf(incident, to), t), ...blame].join(' · '),
  };
}

function gapMark({ from, to, reason }: ChartGap, end: EpochMs, words: MarkWords): TimelineMark {
  const { t } = words;
  return {
    key: `gap-${from}`,
    lane: 'gap',
    from,
    to,
    glyph: GAP_GLYPHS[reason],
    drill: false,
    title: t(`dashboard.gap-${reason}`),
    detail: [spanText(from, to, end, words), formatDuration(to - from, t)].join(' · '),
  };
}

function eventMark(event: HistoryEvent, to: EpochMs, { t, language, profileName }: MarkWords): TimelineMark {
  const { at, kind } = event;
  return {
    key: `event-${at}-${kind}`,
    lane: 'event',
    from: at,
    to: at,
    glyph: EVENT_GLYPHS[kind],
    drill: false,
    title: eventText(t, event, profileName),
    detail: formatClock(at, to, language),
  };
}

function levelMark({ at, beforeMs, afterMs }: ChangePoint, to: EpochMs, { t, language }: MarkWords): TimelineMark {
  return {
    key: `level-${at}`,
    lane: 'event',
    from: at,
    to: at,
    glyph: 'level',
    drill: false,
    title: t('dashboard.level', { before: formatLatency(beforeMs), after: formatLatency(afterMs) }),
    detail: formatClock(at, to, language),
  };
}

const GAP_GLYPHS = {
  'not-running': 'power',
  asleep: 'sleep',
  paused: 'pause',
  offline: 'network',
  unknown: 'gap',
} as const satisfies Record<ChartGap['reason'], MarkGlyph>;

const EVENT_GLYPHS = {
  started: 'power',
  stopped: 'power',
  paused: 'pause',
  resumed: 'pause',
  slept: 'sleep',
  woke: 'sleep',
  'network-changed': 'network',
  'went-offline': 'network',
  'back-online': 'network',
  switched: 'switch',
  undone: 'switch',
  'failed-over': 'switch',
  'failed-back': 'switch',
  reverted: 'switch',
  drilled: 'drill',
  'settings-changed': 'settings',
  'go-changed': 'settings',
  'go-settings-changed': 'settings',
  'addresses-changed': 'network',
  'issuer-changed': 'network',
  'mirror-stale': 'network',
  'resolvers-changed': 'network',
  'system-proxy-changed': 'network',
  'local-proxy-changed': 'network',
  'tunnels-changed': 'network',
  'policies-changed': 'settings',
} as const satisfies Record<HistoryEvent['kind'], MarkGlyph>;

const EDGES: ReadonlySet<HistoryEvent['kind']> = new Set([
  'started',
  'stopped',
  'paused',
  'resumed',
  'slept',
  'woke',
  'went-offline',
  'back-online',
]);

function isEdgeOfGap({ at, kind }: HistoryEvent, { gaps, columns, from, to }: Chart): boolean {
  const width = (to - from) / Math.max(1, columns.length);
  return EDGES.has(kind) && gaps.some((gap) => at >= gap.from - width && at <= gap.to + width);
}

function spanText(from: EpochMs, to: EpochMs | null, now: EpochMs, { t, language }: MarkWords): string {
  const end = to === null ? t('popover.ongoing') : formatClock(to, from, language);
  return `${formatClock(from, now, language)} – ${end}`;
}

function verdictName(name: string, t: Translate): string {
  const key = `verdict-name.${name}`;
  return isMessageKey(key) ? t(key, {}) : name;
}
