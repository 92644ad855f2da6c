/** States around a switch: it can be undone, something else changed the settings, the environment wins. */
import type { Make } from '../parts.ts';
import { COMMA, profiles, walk } from '../profile-parts.ts';
import { healthy } from './healthy.ts';

export const SWITCHING_STATES: Readonly<Record<string, Make>> = {
  undo: (now) => ({
    ...healthy(now),
    undo: { switchId: 's', from: 'china-comma', to: 'china-pipe', at: now },
    recovery: { endpointId: 'goproxy.cn', outageMs: 754_000, at: now, drill: false },
  }),
  overridden: (now) => ({
    ...healthy(now),
    profiles: profiles(null),
    go: {
      state: 'found',
      path: '/usr/local/go/bin/go',
      version: 'go1.26.10',
      envFile: '',
      effective: { GOPROXY: 'https://mirror.corp.example/artifactory/api/go/go-all,https://goproxy.cn,direct' },
      set: [],
      unknown: [],
      git: [],
      overrides: [{ variable: 'GOPROXY', value: 'https://mirror.corp.example' }],
      checkedAt: now,
    },
  }),
  drift: (now) => ({
    ...healthy(now),
    profiles: profiles(null, { 'china-comma': walk(COMMA, 'stops', 0, null, 'connection-reset') }),
    drift: {
      variables: [{ name: 'GOPROXY', from: 'https://goproxy.cn|direct', to: 'https://mirror.corp.example|direct' }],
      git: [{ key: 'http.proxy', from: [], to: ['http://127.0.0.1:7890'] }],
    },
    switches: [
      { switchId: 'b', from: 'china-comma', to: 'china-pipe', at: now - 120_000 },
      { switchId: 'a', from: 'official', to: 'china-comma', at: now - 90_000_000 },
    ],
  }),
};
