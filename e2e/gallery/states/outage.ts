/** States with something wrong upstream: down, degraded, intermittent, flapping, and a drill. */
import type { Snapshot, StripCell } from '../../../shared/domain/snapshot.ts';
import { endpoint, type Make, strip, verdict } from '../parts.ts';
import { COMMA, PIPE, profiles, walk } from '../profile-parts.ts';
import { healthy } from './healthy.ts';

const lateFailures = (i: number, cell: StripCell): StripCell =>
  i > 45 ? { outcome: 'failed', latencyMs: null } : cell;

/** The first entry of a comma list resets connections; another profile would work. */
export function down(now: number): Snapshot {
  const stopped = walk(COMMA, 'stops', 0, null, 'connection-reset');
  return {
    ...healthy(now),
    verdict: verdict({
      name: 'upstream-outage',
      severity: 'down',
      since: now - 192_000,
      endpointId: 'goproxy.cn',
      cause: 'connection-reset',
      walk: stopped,
    }),
    endpoints: [
      endpoint(now, 'goproxy.cn', 7, {
        status: 'down',
        cause: 'connection-reset',
        cells: strip(7, 38, lateFailures),
        uptime: 0.988,
      }),
      ...healthy(now).endpoints.slice(1),
    ],
    profiles: profiles('china-comma', {
      'china-comma': stopped,
      'china-pipe': walk(PIPE, 'fell-back', 1, 1_900, 'connection-reset'),
    }),
    alert: {
      id: 'x',
      endpointId: 'goproxy.cn',
      severity: 'down',
      drill: false,
      cause: 'connection-reset',
      startedAt: now - 192_000,
      remedyProfileId: 'goproxy-io',
    },
  };
}

function intermittent(now: number): Snapshot {
  const [first, ...others] = healthy(now).endpoints;
  if (first === undefined) throw new Error('the healthy state has endpoints');
  return {
    ...healthy(now),
    verdict: verdict({
      name: 'upstream-outage',
      severity: 'degraded',
      since: now - 1_500_000,
      endpointId: 'goproxy.cn',
      cause: 'http-server-error',
      walk: walk(COMMA, 'slow', 0, 41, null),
      degradation: 'intermittent',
    }),
    endpoints: [
      {
        ...first,
        status: 'degraded',
        degradation: 'intermittent',
        cause: 'http-server-error',
        baseline: { medianMs: 36, limitMs: 136 },
      },
      ...others,
    ],
    alert: {
      id: 'x',
      endpointId: 'goproxy.cn',
      severity: 'intermittent',
      drill: false,
      cause: 'http-server-error',
      startedAt: now - 1_500_000,
      remedyProfileId: 'goproxy-io',
    },
  };
}

export const OUTAGE_STATES: Readonly<Record<string, Make>> = {
  down,
  intermittent,
  degraded: (now) => ({
    ...healthy(now),
    verdict: verdict({
      name: 'upstream-outage',
      severity: 'degraded',
      since: now - 500_000,
      endpointId: 'proxy.golang.org',
    }),
    profiles: profiles('official'),
  }),
  flapping: (now) => ({
    ...healthy(now),
    endpoints: healthy(now).endpoints.map((one, i) => (i === 1 ? { ...one, status: 'flapping' as const } : one)),
  }),
  drill: (now) => {
    const { alert, ...rest } = down(now);
    return {
      ...rest,
      drill: { endpointId: 'goproxy.cn', startedAt: now - 24_000, step: 'recovering' },
      mutedUntil: now + 3_000_000,
      alert: alert === null ? null : { ...alert, drill: true },
    };
  },
};
