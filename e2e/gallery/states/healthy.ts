/** States in which downloads work: healthy, the demo, nothing to probe, and the first start. */
import type { Snapshot, StripCell } from '../../../shared/domain/snapshot.ts';
import { sampleSnapshot } from '../../doubles/sample-snapshot.ts';
import { endpoint, type Make, strip, verdict } from '../parts.ts';
import { profiles, walk } from '../profile-parts.ts';

const slowEvening = (i: number, cell: StripCell): StripCell => {
  if (i === 18) return { outcome: 'failed', latencyMs: null };
  if (i > 36) return { outcome: 'slow', latencyMs: 1_900 + 40 * i };
  return { ...cell, latencyMs: (cell.latencyMs ?? 0) / 2 };
};

const asleep = (i: number, cell: StripCell): StripCell =>
  i > 14 && i < 23 ? { outcome: 'gap', latencyMs: null } : cell;

/** Two proxies are up, the third is slow but not used first. */
export function healthy(now: number): Snapshot {
  return sampleSnapshot({
    at: now,
    verdict: verdict({ name: 'healthy', severity: 'healthy', since: now - 3_600_000, endpointId: 'goproxy.cn' }),
    endpoints: [
      endpoint(now, 'goproxy.cn', 7, { uptime: 0.988, latencyMs: 38 }),
      endpoint(now, 'goproxy.io', 11, { latencyMs: 61, uptime: 0.991, cells: strip(11, 61, asleep) }),
      endpoint(now, 'proxy.golang.org', 5, {
        status: 'degraded',
        latencyMs: 1_900,
        uptime: 0.934,
        cells: strip(5, 900, slowEvening),
      }),
    ],
    profiles: profiles('china-pipe'),
    go: {
      state: 'found',
      path: '/usr/local/go/bin/go',
      version: 'go1.26.10',
      envFile: '',
      effective: {},
      set: [],
      unknown: [],
      git: [],
      overrides: [],
      checkedAt: now,
    },
    network: { id: 'n', description: 'en0 · 192.168.1.0/24', isHotspot: false, name: null, metered: false },
    schedule: { intervalMs: 30_000, nextAt: now + 18_000, paused: null },
  });
}

export const HEALTHY_STATES: Readonly<Record<string, Make>> = {
  healthy,
  demo: (now) => ({ ...healthy(now), demo: true }),
  empty: (now) => ({
    ...healthy(now),
    endpoints: [],
    verdict: verdict({ name: 'cannot-tell', severity: 'unknown', since: now }),
    profiles: profiles('china-pipe').map((one) => ({ ...one, walk: walk(one.profile, 'unproven', 0, null) })),
  }),
  'first-start': (now) => ({
    ...healthy(now),
    verdict: verdict({ name: 'cannot-tell', severity: 'unknown', since: now }),
    endpoints: ['goproxy.cn', 'goproxy.io', 'proxy.golang.org'].map((name, i) => ({
      ...endpoint(now, name, i, { status: 'unknown' }),
      probing: true,
    })),
    profiles: profiles(null).map((one) => ({ ...one, walk: walk(one.profile, 'unproven', 0, null) })),
    go: { state: 'detecting' },
  }),
};
