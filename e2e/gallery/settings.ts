/** The settings page's answers. */
import type { ImportPreview, Licences, MirrorTest, SettingsView } from '../../shared/contract/settings-change.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';

const FOLDER = '/Users/me/Library/Application Support/Gopherbar';

/** The settings in a state of the gallery: with a mistake in the file in `notice`. */
export function settingsAt(state: string): SettingsView {
  return {
    file: `${FOLDER}/settings.json`,
    revision: 'r1',
    problem:
      state === 'notice'
        ? {
            key: 'settings-invalid',
            params: { file: `${FOLDER}/settings.json`, line: 14, field: 'endpoints.1.url', expected: 'url-of-kind' },
          }
        : null,
    canUndo: true,
    values: {
      endpoints: [
        { url: 'https://goproxy.cn' },
        { url: 'https://proxy.golang.org', criticality: 'low' },
        { url: 'https://goproxy.corp.example/go', name: 'Company', quietHours: '20:00-08:00' },
        { url: 'https://sum.golang.org', kind: 'sumdb' },
      ],
      networks: [{ id: '0123456789ab', name: 'Hotel', metered: true }],
      bytesPerDay: { usual: 300_000_000, metered: 20_000_000 },
      watchedModules: ['golang.org/x/net', 'golang.org/x/tools'],
      builtInProfiles: true,
      intervals: { visibleMs: 15_000, hiddenMs: 30_000 },
      thresholds: { failuresToDown: 3, successesToUp: 2 },
      limits: { soft: { ...DEFAULT_LIMITS.soft }, hard: { ...DEFAULT_LIMITS.hard } },
      network: {},
      trust: { extraCa: ['/Users/me/certificates/company.pem'] },
      go: { allowedPrograms: ['/usr/local/bin/corp-auth'] },
      git: {},
      gateway: {
        enabled: true,
        cacheBytes: 10_000_000_000,
        containers: false,
        allowUnverified: false,
        cooldownDays: 7,
        cooldownExcept: ['corp.example/platform/*', 'golang.org/x/*'],
      },
      updates: { enabled: true },
      doctor: { resolvers: ['udp://8.8.8.8', 'https://223.5.5.5/dns-query'], statusFeeds: true },
    },
    endpointIds: ['goproxy.cn', 'proxy.golang.org', 'goproxy.corp.example', 'sumdb:sum.golang.org'],
    locked: ['preferences.launchAtLogin', 'trust.extraCa', 'metrics.port'],
    set: ['endpoints', 'networks', 'trust'],
    bytes: { settings: 2_140, history: 18_300_000 },
    folder: FOLDER,
    startsAtLogin: false,
    version: '0.1.0',
    commit: '4f1c09a7d2be',
  };
}

export const IMPORT: ImportPreview = {
  file: '/Users/me/Downloads/gopherbar-settings.json',
  sections: ['endpoints', 'profiles', 'intervals'],
  changes: [
    { key: 'intervals.visibleMs', before: '15000', after: '20000' },
    { key: 'profiles.work.variables.GOSUMDB', before: null, after: '"off"' },
    {
      key: 'endpoints.https://artifacts.platform-engineering.example.com/api/go/go-virtual',
      before: null,
      after: '{"url":"https://build:xxxxx@artifacts.platform-engineering.example.com/api/go/go-virtual"}',
    },
  ],
  weakenings: [{ key: 'sumdb-off', value: 'off' }],
  leftOut: ['/opt/go/bin/go'],
  locked: ['metrics.port'],
  missing: ['endpoints.3.url'],
};

export const MIRRORS: MirrorTest = {
  mirrors: [
    { profileId: 'china-pipe', host: 'goproxy.cn', latencyMs: 38, cause: null },
    { profileId: 'goproxy-io', host: 'goproxy.io', latencyMs: null, cause: 'connection-reset' },
    { profileId: 'official', host: 'proxy.golang.org', latencyMs: 940, cause: null },
  ],
  recommended: 'china-pipe',
};

/** Libraries in the app. */
export const LICENCES: Licences = ['react', 'graceful-fs', '@modelcontextprotocol/server'].map((name, index) => ({
  name,
  version: `19.${index}.1`,
  licence: index === 1 ? 'BlueOak-1.0.0' : 'MIT',
  text: `MIT License\n\nCopyright (c) The authors of ${name}\n\n${'Permission is hereby granted, free of charge, to any person obtaining a copy of this software. '.repeat(8)}`,
}));
