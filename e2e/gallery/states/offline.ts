/** States in which nothing is judged: no network, or paused. */
import { type Make, verdict } from '../parts.ts';
import { healthy } from './healthy.ts';

export const OFFLINE_STATES: Readonly<Record<string, Make>> = {
  offline: (now) => ({
    ...healthy(now),
    verdict: verdict({ name: 'local-offline', severity: 'offline', since: now }),
    endpoints: healthy(now).endpoints.map((one) => ({ ...one, reason: 'offline' as const })),
  }),
  paused: (now) => ({
    ...healthy(now),
    verdict: verdict({ name: 'cannot-tell', severity: 'paused', since: now }),
    endpoints: healthy(now).endpoints.map((one) => ({ ...one, reason: 'paused' as const })),
    schedule: { intervalMs: 30_000, nextAt: null, paused: { until: now + 900_000 } },
  }),
};
