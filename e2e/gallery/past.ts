/** A made-up past for pictures of the dashboard: a year, its slow evenings, an outage, a drill. */
import type { Incident } from '../../shared/domain/incident.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type {
  Chart,
  ChartGap,
  Dashboard,
  HistoryEvent,
  SeriesColumn,
  UptimeRow,
} from '../../shared/domain/timeline.ts';

const HOUR = 3_600_000;

function noise(i: number): number {
  return Math.abs(Math.sin(i * 12.9898) * 43_758.5453) % 1;
}

function incident(endpointId: string, at: number, ms: number | null, change: Partial<Incident> = {}): Incident {
  return {
    id: `${endpointId}@${at}`,
    endpointId,
    severity: 'down',
    cause: 'connection-reset',
    verdict: 'upstream-outage',
    profileIds: ['china-comma'],
    startedAt: at,
    endedAt: ms === null ? null : at + ms,
    unobservedMs: 0,
    drill: false,
    evidence: null,
    ...change,
  };
}

function incidentsOf(snapshot: Snapshot, now: number): Incident[] {
  const [first, second, third] = snapshot.endpoints.map(({ endpoint }) => endpoint.id);
  if (first === undefined) return [];
  const isDown = snapshot.verdict.severity === 'down';
  return [
    ...(isDown ? [incident(first, now - 192_000, null)] : []),
    incident(first, now - 3 * HOUR, 12 * 60_000, { verdict: 'sni-blocked', cause: 'connection-reset' }),
    incident(second ?? first, now - 7 * HOUR, 40 * 60_000, { severity: 'intermittent', cause: 'http-server-error' }),
    incident(first, now - 9 * HOUR, 40_000, { drill: true, cause: 'eof-no-response' }),
    incident(third ?? first, now - 15 * HOUR, 2 * HOUR, { severity: 'degraded', cause: null, verdict: null }),
    incident(first, now - 60 * HOUR, 25 * 60_000, { severity: 'flapping', cause: 'connect-timeout' }),
  ];
}

const EVENTS: readonly HistoryEvent['kind'][] = ['switched', 'slept', 'woke', 'network-changed', 'undone'];

/** When the first measurement was: twenty minutes ago while nothing is known yet, or else more than a year. */
function sinceOf({ endpoints }: Snapshot, now: number): number {
  return endpoints.every(({ status }) => status === 'unknown') ? now - 20 * 60_000 : now - 400 * 24 * HOUR;
}

/** Hours before the end of a chart in which nothing was measured, and why. */
const GAPS: readonly (readonly [from: number, to: number, reason: ChartGap['reason']])[] = [
  [90, 70, 'not-running'],
  [52, 44, 'offline'],
  [20, 14, 'asleep'],
  [6.5, 6, 'paused'],
  [5, 4.5, 'unknown'],
];

function gapsOf(from: number, to: number): readonly ChartGap[] {
  return GAPS.map(([begin, end, reason]) => ({ from: to - begin * HOUR, to: to - end * HOUR, reason })).filter(
    (gap) => gap.from >= from && gap.to - gap.from > (to - from) / 240,
  );
}

/** A chart as the history would give it. */
export function chartOf(snapshot: Snapshot, endpointId: string, asked: number, to: number): Chart {
  const count = 240;
  const now = to;
  const since = sinceOf(snapshot, now);
  const from = Math.max(asked, since);
  const gaps = gapsOf(from, to);
  const incidents = incidentsOf(snapshot, now).filter(
    (one) => one.endpointId === endpointId && (one.endedAt ?? now) > from,
  );
  const columns = Array.from({ length: count }, (_, i): SeriesColumn => {
    const at = from + ((to - from) / count) * i;
    const hour = Math.floor(at / HOUR) % 24;
    const silent = gaps.some((gap) => at >= gap.from && at < gap.to);
    const level = 34 + 8 * noise(i) + (hour >= 20 && hour < 23 ? 70 : 0);
    const down = incidents.some(
      (one) => one.severity === 'down' && at >= one.startedAt && at < (one.endedAt ?? now) && !one.drill,
    );
    if (silent) return { at, n: 0, slow: 0, failed: 0, p50: null, p95: null, p99: null, phases: {} };
    if (down) return { at, n: 12, slow: 0, failed: 12, p50: null, p95: null, p99: null, phases: {} };
    const phases = {
      dns: level * 0.08,
      connect: level * 0.24,
      tls: level * 0.36,
      response: level * 0.26,
      body: level * 0.06,
    };
    return { at, n: 12, slow: 0, failed: 0, p50: level, p95: level * (1.6 + noise(i + 7)), p99: level * 3, phases };
  });
  const events = EVENTS.map((kind, i) => ({ at: to - (i + 1) * ((to - from) / 7), kind, detail: '' }));
  const changePoints = to - from > 100 * HOUR ? [{ at: from + (to - from) * 0.6, beforeMs: 62, afterMs: 38 }] : [];
  return { endpointId, from, to, since, gaps, columns, incidents, events: events.reverse(), changePoints };
}

/** The tables beside it. */
export function dashboardOf(snapshot: Snapshot, now: number): Dashboard {
  const ids = snapshot.endpoints.map(({ endpoint }) => endpoint.id);
  const uptime = snapshot.endpoints.map(
    ({ endpoint: { id: endpointId }, uptime24h }, i): UptimeRow => ({
      endpointId,
      since: i === 1 ? now - 9 * 24 * HOUR : sinceOf(snapshot, now),
      // The same share as in the row of the endpoint.
      day: uptime24h,
      week: 0.9971 - i * 0.01,
      month: 0.9966,
      year: i === 1 ? null : 0.9951,
      p50: 38 + 30 * i,
      p95: 120 + 90 * i,
      p99: 410 + 800 * i,
      outages: Math.max(0, 3 - i),
      downtimeMs: Math.max(0, (3 - i) * 754_000),
    }),
  );
  const mirrors = ids.slice(0, 3);
  const cell = (i: number, behind: number | null, hours: number | null, newest: string | null) => ({
    endpointId: mirrors[i] ?? '',
    newest,
    versionsBehind: behind,
    hoursBehind: hours,
  });
  return {
    at: now,
    uptime,
    incidents: incidentsOf(snapshot, now),
    events: [],
    lag: [
      {
        module: 'golang.org/x/net',
        at: now - 2 * HOUR,
        cells: [cell(0, 0, 0, 'v0.48.0'), cell(1, 1, 31, 'v0.47.0'), cell(2, 0, 0, 'v0.48.0')],
      },
      {
        module: 'golang.org/x/tools',
        at: now - 2 * HOUR,
        cells: [cell(0, 0, 0, 'v0.40.0'), cell(1, null, null, null), cell(2, 0, 0, 'v0.40.0')],
      },
    ].map((row) => ({ ...row, cells: row.cells.filter(({ endpointId }) => endpointId !== '') })),
    mirrors: mirrors.map((endpointId, i) => ({ endpointId, resumable: i !== 1, http2Holds: i === 2 ? null : i === 0 })),
    drills: [
      {
        at: now - 9 * HOUR,
        endpointId: ids[0] ?? '',
        outcome: 'done',
        selfTest: 'ok',
        detectMs: 21_400,
        notifyMs: 27_500,
        switchMs: null,
        recoverMs: 4_200,
      },
    ],
  };
}
