/** What the settings file means: its values over the defaults. Pure. */
import type { EndpointEntry, SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import { DEFAULT_LIMITS, type Endpoint, type Limits, parseModuleVersion } from '../../shared/domain/endpoint.ts';
import { displayName } from '../../shared/domain/goproxy-list.ts';
import type { KnownNetwork } from '../../shared/domain/network.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../shared/domain/snapshot.ts';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../../shared/domain/status.ts';
import { SECOND_MS } from '../../shared/domain/units.ts';

/** The effective settings: the file's values over the defaults. */
export interface Settings {
  readonly preferences: Preferences;
  readonly endpoints: readonly Endpoint[];
  readonly networks: readonly KnownNetwork[];
  readonly bytesPerDay: { readonly usual: number | null; readonly metered: number | null };
  readonly watchedModules: readonly string[];
  readonly profiles: readonly Profile[];
  readonly builtInProfiles: boolean;
  readonly profileOrder: readonly string[];
  readonly intervals: { readonly visibleMs: number; readonly hiddenMs: number };
  readonly thresholds: Thresholds;
  readonly limits: Limits;
  readonly resolver: string | undefined;
  readonly extraCa: readonly string[];
  readonly goPath: string | undefined;
  readonly gitPath: string | undefined;
  /** Programs that GOAUTH of a profile may make `go` run: confirmed once each. */
  readonly allowedPrograms: readonly string[];
  /** URLs of resolvers that only the doctor queries. */
  readonly doctorResolvers: readonly string[];
  /** Whether the doctor may read operators' status feeds. */
  readonly statusFeeds: boolean;
  readonly gateway: GatewayChoices;
  /** Where metrics are served on 127.0.0.1; null = nowhere. */
  readonly metricsPort: number | null;
  /** Where metrics are sent as OTLP over HTTP; null = nowhere. */
  readonly metricsCollector: string | null;
  readonly updates: { readonly enabled: boolean; readonly feeds: readonly string[] };
  readonly demo: boolean;
}

/** How the gateway is to run. */
export interface GatewayChoices {
  /** Whether the app runs it. */
  readonly enabled: boolean;
  /** null = chosen at the first start and kept. */
  readonly port: number | null;
  /** null = the module proxies among the endpoints. */
  readonly upstreams: readonly string[] | null;
  readonly cacheBytes: number;
  readonly containers: boolean;
  readonly allowUnverified: boolean;
  /** 0 = off. */
  readonly cooldownDays: number;
  readonly cooldownExcept: readonly string[];
}

/** The project's releases, and the same files where GitHub cannot be reached. */
const DEFAULT_FEEDS = [
  'https://github.com/gopherbar/gopherbar/releases/latest/download',
  'https://gopherbar.dev/releases',
];

const DEFAULT_CACHE_BYTES = 10_000_000_000;

/** The endpoints of a file that names none. */
export const DEFAULT_ENTRIES: readonly EndpointEntry[] = [
  { url: 'https://goproxy.cn' },
  { url: 'https://proxy.golang.org' },
  { url: 'https://goproxy.io' },
];

/** In and outside of mainland China, over UDP, TLS and HTTPS; by address, because names may not resolve. */
const DEFAULT_RESOLVERS = [
  'udp://8.8.8.8',
  'udp://223.5.5.5',
  'tls://223.5.5.5',
  'https://223.5.5.5/dns-query',
  'https://1.1.1.1/dns-query',
];

/** Released often, and widely used. */
const DEFAULT_WATCHED = ['golang.org/x/net', 'golang.org/x/tools'];

/** Fills in the defaults. */
export function settingsFrom(content: SettingsFileContent): Settings {
  return {
    preferences: { ...DEFAULT_PREFERENCES, ...content.preferences },
    endpoints: unique((content.endpoints ?? DEFAULT_ENTRIES).map(readEndpoint)),
    networks: content.networks ?? [],
    // Ten endpoints every half minute need about 170 MB, mostly certificates.
    bytesPerDay: { usual: 300_000_000, metered: 20_000_000, ...content.bytesPerDay },
    watchedModules: content.watchedModules ?? DEFAULT_WATCHED,
    profiles: (content.profiles ?? []).map((one) => ({
      explanation: '',
      git: [],
      networks: [],
      ...one,
      builtIn: false,
    })),
    builtInProfiles: content.builtInProfiles ?? true,
    profileOrder: content.profileOrder ?? [],
    intervals: { visibleMs: 15 * SECOND_MS, hiddenMs: 30 * SECOND_MS, ...content.intervals },
    thresholds: { ...DEFAULT_THRESHOLDS, ...content.thresholds },
    limits: {
      soft: { ...DEFAULT_LIMITS.soft, ...content.limits?.soft },
      hard: { ...DEFAULT_LIMITS.hard, ...content.limits?.hard },
    },
    resolver: content.network?.resolver,
    extraCa: content.trust?.extraCa ?? [],
    goPath: content.go?.path,
    gitPath: content.git?.path,
    allowedPrograms: content.go?.allowedPrograms ?? [],
    doctorResolvers: content.doctor?.resolvers ?? DEFAULT_RESOLVERS,
    statusFeeds: content.doctor?.statusFeeds ?? false,
    gateway: {
      enabled: false,
      port: null,
      upstreams: null,
      cacheBytes: DEFAULT_CACHE_BYTES,
      containers: false,
      allowUnverified: false,
      cooldownDays: 0,
      cooldownExcept: [],
      ...content.gateway,
    },
    metricsPort: content.metrics?.port ?? null,
    metricsCollector: content.metrics?.collector ?? null,
    updates: { enabled: content.updates?.enabled ?? true, feeds: content.updates?.feeds ?? DEFAULT_FEEDS },
    demo: content.demo ?? false,
  };
}

/** An endpoint of the file with what it leaves out. */
export function readEndpoint(entry: EndpointEntry): Endpoint {
  const url = entry.url.replace(/(?<!\/)\/+$/, '');
  const kind = entry.kind ?? 'goproxy';
  const isModule = kind === 'module';
  const name = isModule ? url.slice('module://'.length) : displayName(url);
  const module = isModule ? parseModuleVersion(name) : entry.module;
  const { key, target, criticality, quietHours, limits } = entry;
  // The same host may be listed as several kinds.
  const ownId = kind === 'goproxy' ? name : `${kind}:${name}`;
  return {
    id: entry.id ?? ownId.replace(/[^A-Za-z0-9._:-]/g, '-').slice(0, 100),
    kind,
    name: entry.name ?? name,
    url,
    ...(module === null || module === undefined ? {} : { module: { path: module.path, version: module.version } }),
    ...(key === undefined ? {} : { key }),
    ...(target === undefined ? {} : { target }),
    ...(criticality === undefined ? {} : { criticality }),
    ...(quietHours === undefined ? {} : { quietHours }),
    ...(limits === undefined ? {} : { limits }),
  };
}

/** The first of each id wins: history is keyed by it. */
function unique(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const seen = new Set<string>();
  return endpoints.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** The sections of a file over their defaults, in the form of the file. */
export function sectionsOf(content: SettingsFileContent): SettingsFileContent {
  const {
    intervals,
    thresholds,
    limits,
    bytesPerDay,
    watchedModules,
    doctorResolvers,
    statusFeeds,
    builtInProfiles,
    gateway,
    updates,
  } = settingsFrom(content);
  const { enabled, cacheBytes, containers, allowUnverified, cooldownDays } = gateway;
  return {
    endpoints: [...(content.endpoints ?? DEFAULT_ENTRIES)],
    networks: content.networks ?? [],
    bytesPerDay: { ...bytesPerDay },
    watchedModules: [...watchedModules],
    builtInProfiles,
    intervals: { ...intervals },
    thresholds: { ...thresholds },
    limits: { soft: { ...limits.soft }, hard: { ...limits.hard } },
    network: { ...content.network },
    trust: { extraCa: [], ...content.trust },
    go: { allowedPrograms: [], ...content.go },
    git: { ...content.git },
    doctor: { ...content.doctor, resolvers: [...doctorResolvers], statusFeeds },
    metrics: { ...content.metrics },
    updates: { enabled: updates.enabled, ...content.updates },
    gateway: { enabled, cacheBytes, containers, allowUnverified, cooldownDays, ...content.gateway },
  };
}
