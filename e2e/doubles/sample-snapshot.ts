/** A plausible snapshot: two proxies, two profiles, everything works. Tests and the gallery change what they need. */
import { DEFAULT_PREFERENCES, type EndpointState, type Snapshot } from '../../shared/domain/snapshot.ts';
import type { Walk } from '../../shared/domain/verdict.ts';

/** The instant of the sample, epoch ms. */
export const SAMPLE_AT = 1_700_000_000_000;

const walk: Walk = { steps: [], outcome: 'works', endsAt: null, latencyMs: null };

/** An endpoint that is up, with changes. */
export function sampleEndpoint(id: string, change: Partial<EndpointState> = {}): EndpointState {
  return {
    endpoint: { id, kind: 'goproxy', name: `${id}.example`, url: `https://${id}.example` },
    status: 'up',
    reason: null,
    since: SAMPLE_AT,
    cause: null,
    degradation: null,
    baseline: null,
    learning: { daysKnown: 0, daysNeeded: 3 },
    probing: false,
    breaker: 'closed',
    forwardProxyOfGo: null,
    confirming: 0,
    last: null,
    lastSample: null,
    strip: [],
    uptime24h: null,
    ...change,
  };
}

/** The sample with changes. */
export function sampleSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    at: SAMPLE_AT,
    verdict: {
      name: 'healthy',
      severity: 'healthy',
      since: SAMPLE_AT,
      endpointId: null,
      cause: null,
      walk: null,
      degradation: null,
    },
    endpoints: [sampleEndpoint('first'), sampleEndpoint('second')],
    profiles: [
      {
        profile: {
          id: 'one',
          name: { en: 'One', 'zh-CN': '一' },
          explanation: '',
          builtIn: true,
          variables: {},
          git: [],
          networks: [],
        },
        active: true,
        walk,
      },
      {
        profile: {
          id: 'two',
          name: { en: 'Two', 'zh-CN': '二' },
          explanation: '',
          builtIn: true,
          variables: {},
          git: [],
          networks: [],
        },
        active: false,
        walk,
      },
    ],
    go: {
      state: 'found',
      path: '/usr/bin/go',
      version: 'go1.24.0',
      envFile: '/scratch/env',
      effective: {},
      set: [],
      unknown: [],
      git: [],
      overrides: [],
      checkedAt: SAMPLE_AT,
    },
    undo: null,
    switches: [],
    drift: null,
    failedOverFrom: null,
    switching: false,
    alert: null,
    recovery: null,
    mutedUntil: null,
    network: null,
    drill: null,
    schedule: { intervalMs: 60_000, nextAt: SAMPLE_AT, paused: null },
    preferences: { ...DEFAULT_PREFERENCES, language: 'en' },
    managed: [],
    notices: [],
    demo: false,
    ...change,
  };
}
