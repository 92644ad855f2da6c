/** A made-up past for pictures of the dashboard: a year, its slow evenings, an outage, a drill. */
import type { Incident } from '../../shared/domain/incident.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { Chart, Dashboard, HistoryEvent, SeriesColumn, UptimeRow } from '../../shared/domain/timeline.ts';

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

/** A chart as the history would give it. */
export function chartOf(snapshot: Snapshot, endpointId: string, from: number, to: number): Chart {
  const count = 240;
  const now = to;
  const incidents = incidentsOf(snapshot, now).filter((one) => one.endpointId === endpointId);
  const columns = Array.from({ length: count }, (_, i): SeriesColumn => {
    const at = from + ((to - from) / count) * i;
    const hour = Math.floor(at / HOUR) % 24;
    const asleep = hour >= 1 && hour < 7;
    const level = 34 + 8 * noise(i) + (hour >= 20 && hour < 23 ? 70 : 0);
    const down = incidents.some(
      (one) => one.severity === 'down' && at >= one.startedAt && at < (one.endedAt ?? now) && !one.drill,
    );
    if (asleep) return { at, n: 0, slow: 0, failed: 0, p50: null, p95: null, p99: null, phases: {} };
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
  return { endpointId, from, to, columns, incidents, events: events.reverse(), changePoints };
}

/** The tables beside it. */
export function dashboardOf(snapshot: Snapshot, now: number): Dashboard {
  const ids = snapshot.endpoints.map(({ endpoint }) => endpoint.id);
  const uptime = ids.map(
    (endpointId, i): UptimeRow => ({
      endpointId,
      day: i === 2 ? 0.934 : 0.9987 - i * 0.004,
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
